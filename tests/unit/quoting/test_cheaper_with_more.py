"""Where a little more of what an account has costs less in all: "3 users more, and Growth costs less" (P12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pricing_engine.catalog.charge_models import Band, Volume
from pricing_engine.quoting.offering.find_offers import find_offers
from pricing_engine.quoting.offering.offer import Unlock
from pricing_engine.quoting.request import ContractRef
from pricing_engine.rulebook.rulebook import Rulebook
from tests.contracts import MIDYEAR, Book, a_contract, some_terms
from tests.rulebooks import D, a_ladder, a_product, a_rulebook, a_tier, add, seats

FALLING = Volume((Band(D(10), D(20)), Band(None, D(15))))
"""20.00 a user and month up to 10 users, from 11 on 15.00 for each of them."""

ONE = a_product("crm")


def falling(prices: Mapping[str, Any] | None = None, **more: Any) -> Rulebook:
    return a_rulebook([ONE], prices or {"crm.seats": FALLING}, **({"terms": [some_terms()]} | more))


def unlocks(book: Book) -> tuple[Unlock, ...]:
    situation = book.request(on=MIDYEAR, contract=ContractRef(book.contract.id, book.contract.version))
    return find_offers(situation, rulebook=book.rulebook, held=book.held, measured={}).unlocks


def test_what_costs_less_with_more_of_it_is_said_at_the_price_it_would_be_quoted() -> None:
    # 9 × 20.00 × 12 = 2,160.00 a year, 11 × 15.00 × 12 = 1,980.00
    (unlock,) = unlocks(a_contract(falling(), add("crm", "9")))
    assert (unlock.source, unlock.metric, unlock.has, unlock.needs, unlock.more) == ("crm", "users", D(9), D(11), D(2))
    assert unlock.what == "2 users more, and the contract costs 180.00 less a year: Crm is cheaper from 11 users on"


def test_nothing_is_said_where_more_costs_more() -> None:
    # 8 × 20.00 = 160.00 a month and 11 × 15.00 = 165.00; 20 are in the cheapest band already.
    for users in ("8", "20"):
        assert unlocks(a_contract(falling(), add("crm", users))) == ()


def test_nothing_is_said_where_more_is_sold_at_another_price_by_now() -> None:
    # What is added costs 30.00 a user, and does not join the nine bought at 20.00.
    dearer = replace(falling({"crm.seats": "30"}), hash="1" * 64)
    assert unlocks(a_contract(falling(), add("crm", "9")).under(dearer)) == ()


def test_a_tier_is_called_by_its_name() -> None:
    growth = a_tier("growth", seats("fee"))
    ladder = a_ladder(growth)
    found = falling({"crm.seats": "1", "growth.fee": FALLING}, ladder=ladder)
    # The tier's fee counts the users of CRM: 9 × 20.00 and 9 × 1.00, 11 × 15.00 and 11 × 1.00 a month: 13.00 less.
    (unlock,) = unlocks(a_contract(found, add("crm", "9"), tier="growth"))
    assert (unlock.source, unlock.more) == ("platform", D(2))
    assert unlock.what == "2 users more, and the contract costs 156.00 less a year: Growth is cheaper from 11 users on"
