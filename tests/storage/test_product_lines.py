"""A product and its successor are one line in figures of retention, also where the rules say so later (N2)."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Add, Remove
from pricing_engine.retention.movements import ArrKind, Cause
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.read_quote_effect import read_quote_effect
from tests.rulebooks import D
from tests.storage.retained_book import START, TERMS, agree, ask, crm, customer, figures, on_day, with_rules
from tests.unit.rulebook.small_rules import small_rules

NEXT = """\
kind: product
id: crm-next
name: CRM Next
type: module
family: sales
charges:
  - {id: seats, metric: users, timing: recurring, per: month}
"""
SUCCESSOR = NEXT + "replaces: [crm]\n"
PRICED = "prices:\n  crm-next.seats: [{from: 2026-01-01, why: first, model: per_unit, unit_price: '60.00'}]\n"
SWAPPED = date(2026, 9, 1)


def sold_beside() -> dict[str, str]:
    """The files that price and offer the successor."""
    files = {name: text.decode() for name, text in small_rules().items()}
    books = {name: text.replace("prices:\n", PRICED, 1) for name, text in files.items() if "price_books/" in name}
    offered = files["tiers/platform.yaml"].replace("offers: [crm, onb", "offers: [crm, crm-next, onb", 1)
    return {**books, "tiers/platform.yaml": offered}


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk, **{"products/crm-next.yaml": NEXT, **sold_beside()})


def say_it_replaces(desk: Desk) -> None:
    files = small_rules({"terms/standard.yaml": TERMS, "products/crm-next.yaml": SUCCESSOR, **sold_beside()})
    publish_rulebook(on_day(desk, SWAPPED), files, author="ada", activate=True, reason="a successor")


def test_a_swap_is_no_churn_once_the_rules_say_what_replaces_what(ready: Desk) -> None:
    account = customer(ready, "swaps")
    agree(ready, account, START, crm(10), term_months=24)
    quote = ask(ready, account, SWAPPED, Remove("crm"), Add("crm-next", {"users": D(10)}))
    agree(ready, account, SWAPPED, Remove("crm"), Add("crm-next", {"users": D(10)}))
    # 10 × 12 × 50 are 6,000, and 10 × 12 × 60 are 7,200.
    apart = figures(ready, by="product")
    assert (apart.whole.rates.nrr, apart.whole.rates.grr) == (D("1.2"), D(0))
    assert set(apart.segments) == {"crm", "crm-next"}
    effect = read_quote_effect(on_day(ready, SWAPPED), quote_id=quote).book
    assert effect.accepted.grr == D(0)

    say_it_replaces(ready)
    one = figures(ready, by="product")
    assert (one.whole.rates.nrr, one.whole.rates.grr) == (D("1.2"), D(1))
    assert {name: each.bridge.closing for name, each in one.segments.items()} == {"crm-next": 7200}
    assert [(each.kind, each.cause, each.amount) for each in one.whole.bridge.moved] == [
        (ArrKind.EXPANSION, Cause.TIER_UPGRADE, 1200)
    ]
    effect = read_quote_effect(on_day(ready, SWAPPED), quote_id=quote).book
    assert (effect.accepted.nrr, effect.accepted.grr) == (D("1.2"), D(1))
