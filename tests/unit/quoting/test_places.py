"""What cannot be priced is refused at the place in the request that asks for it, and named."""

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, QuantityBeyondBands, Stairstep
from pricing_engine.catalog.price_books import PriceMissing
from pricing_engine.errors import DomainError
from pricing_engine.quoting.facts import FactOutOfVocabulary
from pricing_engine.quoting.refusals import NoTierFits, TargetPriceOfQuote
from pricing_engine.quoting.request import DiscountRequest, RampStep, TargetPrice
from tests.rulebooks import ACCOUNT, a_ladder, a_product, a_rulebook, a_tier, add, quote, seats
from tests.unit.quoting.reading import FREELY

D = Decimal
TWO = [a_product("crm"), a_product("analytics")]
PRICES = {"crm.seats": "50.00", "analytics.seats": "20.00"}
UP_TO_TEN = Stairstep((Band(D(10), flat=D("100.00")),))


def refused(kind: type[DomainError], *changes, **asked) -> DomainError:
    """The refusal of a quote."""
    rulebook = asked.pop("rulebook")
    with pytest.raises(kind) as raised:
        quote(rulebook, *changes, **asked)
    return raised.value


def test_a_missing_price_is_of_the_product_that_asks_for_it():
    late = a_rulebook(TWO, PRICES)
    error = refused(
        PriceMissing, add("crm", "1"), add("analytics", "1"), rulebook=late, effective_date=date(1999, 1, 1)
    )
    assert error.pointer == "/changes/0/product"


def test_a_missing_price_of_a_tier_is_of_the_day():
    ladder = a_ladder(a_tier("only", seats("fee", metric=None)))
    rulebook = a_rulebook(TWO, {**PRICES, "only.fee": "1.00"}, ladder=ladder)
    error = refused(PriceMissing, add("crm", "1"), rulebook=rulebook, effective_date=date(1999, 1, 1))
    assert error.pointer == "/effective_date"


@pytest.mark.parametrize(
    "change",
    [add("crm", "11"), add("crm", "10", ramp=(RampStep(6, {"users": D("10.5")}),))],
)
def test_a_quantity_above_the_last_band_names_its_line(change):
    error = refused(QuantityBeyondBands, change, rulebook=a_rulebook(TWO, {**PRICES, "crm.seats": UP_TO_TEN}))
    assert error.pointer == "/changes/0/quantities/users"
    assert error.what.startswith("crm.seats: ")


def test_what_no_tier_holds_is_of_the_changes():
    ladder = a_ladder(a_tier("only", offers=("crm",)))
    assert refused(NoTierFits, add("analytics", "1"), rulebook=a_rulebook(TWO, PRICES, ladder=ladder)).pointer == (
        "/changes"
    )


def test_a_word_the_vocabulary_does_not_know_is_the_accounts():
    stranger = ACCOUNT._replace(attributes={"segment": "nowhere"})
    error = refused(FactOutOfVocabulary, add("crm", "1"), rulebook=a_rulebook(TWO, PRICES), account=stranger)
    assert error.pointer == "/account_id"


def test_one_unit_price_cannot_be_meant_for_every_line():
    asked = (DiscountRequest(TargetPrice(D("5.00"))),)
    rulebook = a_rulebook(TWO, PRICES, discretion=FREELY)
    assert refused(TargetPriceOfQuote, add("crm", "1"), rulebook=rulebook, discounts=asked).pointer == (
        "/discounts/0/target"
    )
