"""Fixed bundle prices that a contract has, and contracts that were cancelled on their first day (P18a, P25)."""

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle
from pricing_engine.quoting.request import Cancel, Reinstate
from tests.contracts import MIDYEAR, PRICES, START, a_contract, crm_and_analytics, some_terms
from tests.rulebooks import D, a_book, a_product, a_rulebook, add, ref

AUTUMN = date(2026, 10, 1)


def a_duo(book_id="book-usd", hash="0" * 64):
    """CRM and Analytics for 70,000 a year."""
    duo = Bundle(
        "duo", "Duo", (frozenset({"crm"}), frozenset({"analytics"})), ref("duo"), price_key="duo.price", price_months=12
    )
    book = replace(a_book({**PRICES, "duo.price": Price(Flat(D(70000)))}), id=book_id)
    products = [a_product(id_) for id_ in ("crm", "analytics", "core")]
    return a_rulebook(products, [book], bundles=[duo], terms=[some_terms()], hash=hash)


def nets(quote):
    return [(line.id, line.net_per_year) for line in quote.lines]


def test_a_bundle_granted_from_a_price_book_of_another_name_keeps_its_price():
    book = a_contract(a_duo(), add("core", "100")).under(a_duo("usd-2026", hash="1" * 64))
    bundled = book.book(add("crm", "100"), add("analytics", "100"), bundles=("duo",), on=MIDYEAR)
    # 70,000 by list: CRM 60,000 and Analytics 24,000 of 84,000.
    assert nets(bundled.quote(add("core", "1"), on=AUTUMN)) == [
        ("core.seats", D("12120.00")),
        ("crm.seats", D("50000.00")),
        ("analytics.seats", D("20000.00")),
    ]


@pytest.mark.parametrize(("bundles", "yearly"), [((), "75600"), (("duo",), "70000")])
def test_what_was_cancelled_on_its_first_day_comes_back_at_what_was_agreed(bundles, yearly):
    if bundles:
        book = a_contract(a_duo(), add("crm", "100"), add("analytics", "100"), bundles=bundles)
    else:
        book = crm_and_analytics()
    cancelled = book.book(Cancel(), on=START)
    assert cancelled.contract.lines_on(START) == ()
    back = cancelled.quote(Reinstate(), on=date(2026, 1, 11))
    assert sum(line.net_per_year for line in back.lines) == D(yearly)
    # 10/365 of the yearly fees for the lapse and 20% of them: of 75,600, 2,071.232… + 15,120.
    (fee,) = back.change.items
    assert fee.amount == {"75600": D("17191.23"), "70000": D("15917.81")}[yearly]
    assert cancelled.book(Reinstate(), on=date(2026, 1, 11)).contract.lines_on(date(2026, 2, 1))


def test_what_was_added_and_cancelled_on_one_day_comes_back_with_its_bundle():
    book = a_contract(a_duo(), add("core", "100"))
    bundled = book.book(add("crm", "100"), add("analytics", "100"), bundles=("duo",), on=MIDYEAR)
    back = bundled.book(Cancel(), on=MIDYEAR).quote(Reinstate(), on=MIDYEAR)
    assert sum(line.net_per_year for line in back.lines) == D("82000.00")
    # The last day it was in force it had Core only: 20% of 12,000.
    assert [item.amount for item in back.change.items] == [D("2400.00")]
