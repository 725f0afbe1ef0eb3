"""The workloads by name, in the order they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.acceptances import accept_quotes
from benchmarks.amend_race import amend_over_http
from benchmarks.amendments import amend_lines
from benchmarks.collector import pauses
from benchmarks.contract_reads import contract_read
from benchmarks.documents import documents
from benchmarks.growth import growth
from benchmarks.http_race import race_over_http
from benchmarks.import_race import import_book
from benchmarks.in_process import quote_lines, time_per_line
from benchmarks.instructions import instructions
from benchmarks.ledger_reads import retention
from benchmarks.offer_race import offers_over_http
from benchmarks.offer_reads import offers
from benchmarks.readings import Effort, Reading
from benchmarks.rule_text import expressions, rules_of_five_megabytes
from benchmarks.scored_quotes import scored_quotes
from benchmarks.training import training

WORKLOADS: Mapping[str, Callable[[Effort], list[Reading]]] = {
    "quote-1": partial(quote_lines, 1),
    "quote-5": partial(quote_lines, 5),
    "quote-100": partial(quote_lines, 100),
    "quote-1000": partial(quote_lines, 1_000),
    "quote-5000": partial(quote_lines, 5_000),
    "amend-5": partial(amend_lines, 5),
    "amend-100": partial(amend_lines, 100),
    "per-line": time_per_line,
    "scored-5": scored_quotes,
    "pauses-100": pauses,
    "catalogue": growth,
    "expressions": expressions,
    "rules-5mb": rules_of_five_megabytes,
    "import-100k-sqlite": partial(import_book, "sqlite"),
    "import-100k-postgresql": partial(import_book, "postgresql"),
    "contract-read": contract_read,
    "offers": offers,
    "http-offers": offers_over_http,
    "accept-sqlite": partial(accept_quotes, "sqlite"),
    "accept-postgresql": partial(accept_quotes, "postgresql"),
    "retention-sqlite": partial(retention, "sqlite"),
    "retention-postgresql": partial(retention, "postgresql"),
    "training": training,
    "document": documents,
    "http-sqlite": partial(race_over_http, "sqlite"),
    "http-postgresql": partial(race_over_http, "postgresql"),
    "http-amend-sqlite": partial(amend_over_http, "sqlite"),
    "http-amend-postgresql": partial(amend_over_http, "postgresql"),
    "instructions": instructions,
}
"""`instructions` last: under valgrind a quote takes fifty times as long, and nothing is timed meanwhile."""
