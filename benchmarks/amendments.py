"""`amend-N`: a change to a contract of so many lines, beside the new sale of the same lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from benchmarks.catalogue import a_catalogue, a_request
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import race
from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import Add, QuoteRequest, Remove
from pricing_engine.rulebook.rulebook import Rulebook

MICROSECONDS = 1e6
MOST_TIMES_NEW_SALE = Target(2)
CHANGED_ON = date(2026, 7, 1)
MORE_USERS = Add("module-0", {"users": Decimal(20)})


def amend_lines(lines: int, effort: Effort) -> list[Reading]:
    """The readings of `amend-N`: twenty users more, and a product less."""
    rulebook = a_catalogue(lines)
    sale = a_request(lines)
    contract = book_contract(sale, rulebook=rulebook, contract_id="ctr_bench")
    grow = change_of(sale, MORE_USERS)
    drop = change_of(sale, Remove("module-1"))
    contenders: dict[str, Callable[[], object]] = {
        "new sale": lambda: assemble_quote(sale, rulebook=rulebook, quote_id="quo_bench"),
        "grow": priced(grow, rulebook, contract),
        "drop": priced(drop, rulebook, contract),
    }
    laps = race(contenders, effort)
    return [
        Reading(
            f"amend-{lines} {name}",
            "µs",
            laps[name].best * MICROSECONDS,
            laps["new sale"].best * MICROSECONDS,
            target=MOST_TIMES_NEW_SALE,
            more={"usual_us": laps[name].usual * MICROSECONDS},
        )
        for name in ("grow", "drop")
    ]


def change_of(sale: QuoteRequest, change: Add | Remove) -> QuoteRequest:
    """A request for one change in the middle of the term."""
    return sale._replace(changes=(change,), tier=None, effective_date=CHANGED_ON, as_of=CHANGED_ON)


def priced(request: QuoteRequest, rulebook: Rulebook, contract: Contract) -> Callable[[], object]:
    """What prices a change; what is held is new each time, as of each request: it remembers what was made of it."""
    rulebooks = {rulebook.hash: rulebook}
    return lambda: assemble_quote(request, rulebook=rulebook, quote_id="quo_bench", held=Held(contract, rulebooks))
