"""Use above the commitment, by what was committed on each day since it began (P26)."""

from datetime import date

import pytest

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Charge, Timing
from pricing_engine.quoting.changes.refusals import ChangesConflict
from pricing_engine.quoting.request import Add, Remove, Set, TrueUp, Waiver
from pricing_engine.terms.terms import Waivable
from tests.contracts import MIDYEAR, a_contract, a_rulebook_of_three, some_terms
from tests.rulebooks import D, a_product, a_rulebook, add, seats

SINCE = date(2026, 3, 1)
GROWN = date(2026, 5, 1)


def over_use(quote):
    return [(item.line, str(item.amount)) for item in quote.change.items if item.kind.value == "over_use"]


def test_the_excess_is_over_what_was_committed_on_each_day():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).book(Add("crm", {"users": D(20)}), on=GROWN)
    quote = book.quote(TrueUp("crm", {"users": D(130)}, SINCE))
    # At 750 a user and year: 30 × 61/365 = 3,760.27 and 10 × 61/365 = 1,253.42; together 5,013.70 rounded once.
    assert over_use(quote) == [("crm.seats", "5013.70")]
    (item,) = [each for each in quote.change.items if each.kind.value == "over_use"]
    assert item.how == "30, then 10 users since 2026-03-01 at list × 1.25"


def test_days_within_the_tolerance_of_their_commitment_are_not_charged():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).book(Add("crm", {"users": D(20)}), on=GROWN)
    quote = book.quote(TrueUp("crm", {"users": D(125)}, SINCE))
    # 125 are within 5% of 120, but were not of 100: 25 × 750 × 61/365 = 3,133.56. Nothing more is committed.
    assert over_use(quote) == [("crm.seats", "3133.56")]
    assert "within-tolerance" not in [finding.code for finding in quote.findings]
    assert quote.lines[0].quantity == 120


def test_what_was_given_up_meanwhile_was_committed_then():
    book = a_contract(a_rulebook_of_three(), add("crm", "130")).book(Remove("crm", {"users": D(30)}), on=GROWN)
    # 130 were committed until May: 30 × 750 × 61/365 = 3,760.27 from then on.
    assert over_use(book.quote(TrueUp("crm", {"users": D(130)}, SINCE))) == [("crm.seats", "3760.27")]


def test_a_product_that_was_not_there_yet_was_not_used_above_a_commitment():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).book(add("core", "10"), on=GROWN)
    # 10 more for 61 days, not for 122: 10 × 10 × 12 × 1.25 × 61/365 = 250.68.
    assert over_use(book.quote(TrueUp("core", {"users": D(20)}, SINCE))) == [("core.seats", "250.68")]


def test_a_waiver_to_an_amount_is_of_all_charges_together():
    product = a_product("crm", seats(), Charge("storage", Timing.RECURRING, metric="storage_gb", months=1))
    rulebook = a_rulebook([product], {"crm.seats": "50", "crm.storage": "10"}, terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "100", quantities={"storage_gb": "100"}))
    used = TrueUp("crm", {"users": D(120), "storage_gb": D(200)}, SINCE)
    # 15,000 × 122/365 = 5,013.70, both.
    assert over_use(book.quote(used)) == [("crm.seats", "5013.70"), ("crm.storage", "5013.70")]
    waived = book.quote(used, waivers=(Waiver(Waivable.OVER_USE_CHARGE.value, "1000.01"),))
    assert over_use(waived) == [("crm.seats", "500.01"), ("crm.storage", "500.00")]
    assert over_use(book.quote(used, waivers=(Waiver(Waivable.OVER_USE_CHARGE.value),))) == []


@pytest.mark.parametrize("change", [Add("api", {"api_calls": D(10)}), Set("api", {"api_calls": D(10)})])
def test_units_of_what_is_committed_by_amount_are_refused_and_not_ignored(change):
    product = a_product("api", Charge("calls", Timing.USAGE, metric="api_calls", months=1))
    rulebook = a_rulebook([product, a_product("crm")], {"api.calls": Price(PerUnit(D("0.01"))), "crm.seats": "50"})
    book = a_contract(rulebook, add("crm", "1"), Add("api", commitments={"calls": D(500)}))
    with pytest.raises(ChangesConflict, match="by amount") as refused:
        book.quote(change, on=MIDYEAR)
    assert refused.value.pointer == "/changes/0/quantities/api_calls"
    more = book.quote(Set("api", commitments={"calls": D(600)}), on=MIDYEAR)
    assert more.change is not None
