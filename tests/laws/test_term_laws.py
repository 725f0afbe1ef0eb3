"""A term that is split because a price changes in it is billed for as much time as one that is not."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.pricing.line_item import PricingTerms, granted_policies
from pricing_engine.pricing.term import share_of_term
from tests.laws.numbers import anchors, cadences


def terms_of(term: Period, billing_months: int, method: ProrationMethod) -> PricingTerms:
    """Terms without discounts, limits or asks."""
    return PricingTerms(
        currency=Currency("USD", 2),
        term=term,
        billing_months=billing_months,
        proration=method,
        groups=(),
        granted=granted_policies({}, ()),
        asks=(),
        bundle_prices={},
        max_total_discount=None,
        cap_rule=None,
        floor=None,
    )


@given(anchors, st.integers(2, 1_200), st.floats(0, 1), cadences, st.sampled_from(ProrationMethod))
@example(date(2026, 1, 1), 365, 0.2, 12, ProrationMethod.MONTHS)  # 15 March: three months and nine, not ten
def test_a_split_term_is_billed_for_no_more_and_no_less_time(
    start: date, days: int, where: float, billing_months: int, method: ProrationMethod
) -> None:
    term = Period(start, start + timedelta(days=days))
    cut = start + timedelta(days=max(1, min(days - 1, int(days * where))))
    terms = terms_of(term, billing_months, method)
    parts = [share_of_term(part, terms) for part in (Period(start, cut), Period(cut, term.end))]
    assert sum(parts) == share_of_term(term, terms)
