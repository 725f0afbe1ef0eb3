"""`http-amend-…`: a change to a contract over HTTP, beside the new sale of the same lines, from one served app."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.amendments import CHANGED_ON, MORE_USERS, MOST_TIMES_NEW_SALE
from benchmarks.catalogue import request_body
from benchmarks.databases import ROLE, asked, desk_with_rules, new_account, two_databases
from benchmarks.http_race import ROUTES, Calls, serving, spread, take_turns
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading
from pricing_engine.desk import Desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.preview_quote import preview_quote
from pricing_engine.usecases.request_quote import request_quote

LINES = (5, 100)
FEWER_REQUESTS = 5
"""A round of a hundred lines has a fifth of the requests, for each takes several times as long."""


def amend_over_http(kind: str, effort: Effort) -> list[Reading]:
    """The readings of a previewed and of a stored change to contracts of 5 and of 100 lines."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        url = stack.enter_context(two_databases(kind, folder))["ours"]
        bodies = prepare_changes(url, folder)
        server = stack.enter_context(serving("ours", url, folder))
        return [
            _race(
                f"http amend-{lines} {kind} {name}",
                {which: Calls(server, route, body) for which, body in bodies[lines].items()},
                _effort(effort, lines),
            )
            for lines in LINES
            for name, route in ROUTES.items()
        ]


def prepare_changes(url: str, folder: Path) -> Mapping[int, Mapping[str, Path]]:
    """Fills the database; the files of the requests for a new sale and for a change, by how many lines they are of."""
    with desk_with_rules(url, max(LINES)) as desk:
        return {lines: _files(_bodies(desk, lines), folder, lines) for lines in LINES}


def _bodies(desk: Desk, lines: int) -> Mapping[str, Mapping[str, Any]]:
    """The sale is for an account without contract; the change for another one, which has bought the same."""
    buyer, holder = new_account(desk), new_account(desk)
    bought = request_quote(desk, ask=asked(request_body(lines, account_id=holder)), by=ROLE)
    book_quote(desk, quote_id=bought.quote.id, by=ROLE)
    users = {metric: str(quantity) for metric, quantity in MORE_USERS.quantities.items()}
    change = {
        "account_id": holder,
        "effective_date": CHANGED_ON.isoformat(),
        "changes": [{"op": "add", "product": MORE_USERS.product, "quantities": users}],
    }
    changed = preview_quote(desk, ask=asked(change))
    assert changed.change is not None, "it changes no contract"
    assert changed.change.type is QuoteType.AMENDMENT
    assert len(changed.lines) >= lines
    assert not changed.is_refused
    return {"sale": request_body(lines, account_id=buyer), "change": change}


def _files(bodies: Mapping[str, Mapping[str, Any]], folder: Path, lines: int) -> Mapping[str, Path]:
    files = {which: folder / f"{which}-{lines}.json" for which in bodies}
    for which, file in files.items():
        file.write_text(json.dumps(bodies[which]))
    return files


def _effort(effort: Effort, lines: int) -> Effort:
    return effort if lines == min(LINES) else replace(effort, requests=effort.requests // FEWER_REQUESTS)


def _race(name: str, calls: Mapping[str, Calls], effort: Effort) -> Reading:
    rounds = take_turns(calls, effort)
    change, sale = rounds["change"], rounds["sale"]
    return Reading(
        name,
        "µs",
        MICROSECONDS / median(change.rates),
        MICROSECONDS / median(sale.rates),
        target=MOST_TIMES_NEW_SALE,
        by_rounds=median(theirs / mine for mine, theirs in zip(change.rates, sale.rates, strict=True)),
        more={
            "cpu_ratio": min(change.busy) / min(sale.busy),
            **spread("change", change),
            **spread("sale", sale),
        },
    )
