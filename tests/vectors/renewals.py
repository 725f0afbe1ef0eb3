"""Adapters for renewals, proration of terms, and what is taken off a price (P8, P18, P19, P27)."""

from decimal import Decimal
from fractions import Fraction

from pricing_engine.money import ONE, ZERO, round_money
from pricing_engine.periods import Period, ProrationMethod, add_months, period_at, share_of_period, tile
from pricing_engine.policies.discounts import Percent, Pick
from pricing_engine.pricing.term import weigh
from pricing_engine.pricing.uplift import limit_uplift
from pricing_engine.terms.amounts import uplift_limit
from pricing_engine.terms.terms import RenewalBasis, RenewalTerms
from tests.rulebooks import ref
from tests.vectors.discounts import (
    HUNDRED,
    Coupon,
    discounted,
    fixed,
    line_of,
    lines_of,
    off,
    taken_off,
    total,
)
from tests.vectors.proration import DOLLARS, SOME_DAY
from tests.vectors.shapes import Answer, Given, adapts, count, day, for_each, number, percent, percent_written

WITHOUT_LIMIT = Decimal("Infinity")


def raised(contracted: Decimal, uplift: Decimal, *, listed: Decimal = WITHOUT_LIMIT) -> Decimal:
    """The price of a renewal on the contracted basis."""
    terms = RenewalTerms(ref("renewal"), RenewalBasis.CONTRACTED, uplift=uplift)
    limit = uplift_limit(terms, cap=None, floor=None)
    return limit_uplift(listed, contracted=contracted, listed=listed, limit=limit)


def collared(net: Decimal, contracted: Decimal, given: Given) -> Decimal:
    """The price of a renewal by list, within the floor and the cap the input has."""
    floor, cap = (percent(given[key]) if key in given else None for key in ("floor_pct", "cap_pct"))
    limit = uplift_limit(RenewalTerms(ref("renewal")), floor=floor, cap=cap)
    return limit_uplift(net, contracted=contracted, listed=net, limit=limit)


@adapts("uplift_cap_max", "cap_pct price")
def most_a_renewal_costs(given: Given) -> Answer:
    return {"max_renewal": for_each(given, "price", lambda price: collared(WITHOUT_LIMIT, price, given))}


@adapts("uplift_cpi_collar", "cpi_pct", "cap_pct floor_pct")
def index_within_a_collar(given: Given) -> Answer:
    """A list that follows the index, for a contract of 100."""

    def uplift(index: Decimal) -> Decimal:
        return sum((collared(raised(HUNDRED, percent(index)), HUNDRED, given), -HUNDRED), ZERO)

    return {"uplift_pct": for_each(given, "cpi_pct", uplift)}


@adapts("uplift_order", "discount_amount list uplift_pct")
@adapts("uplift_order", "discount_pct list uplift_pct")
def uplift_of_net_or_of_list(given: Given) -> Answer:
    """The list has risen as well by the time of the renewal."""
    uplift = percent(given["uplift_pct"])
    groups = fixed(given["discount_amount"]) if "discount_amount" in given else off(percent(given["discount_pct"]))
    risen = raised(number(given["list"]), uplift)
    return {
        "uplift_on_net": raised(total(discounted(lines_of([given["list"]]), groups)), uplift, listed=risen),
        "uplift_on_list_then_discount": total(discounted(lines_of([risen]), groups)),
    }


@adapts("proration_fraction", "end_inclusive start")
def share_of_months(given: Given) -> Answer:
    """Shares of calendar months."""
    covered = Period.through(day(given["start"]), day(given["end_inclusive"]))
    first = covered.start.replace(day=1)

    def share(method: ProrationMethod) -> Fraction:
        parts = [(part, period_at(first, part.start, months=1)) for part in tile(covered, months=1, anchor=first)]
        return sum((share_of_period(part, month, method) for part, month in parts), Fraction(0))

    return {"actual": share(ProrationMethod.DAYS), "strict_30_360": share(ProrationMethod.THIRTY_360)}


@adapts("proration_term_ratio", "default_term_months list subscription_term_months")
def price_of_a_term(given: Given) -> Answer:
    """A list price for the default term, for a term of whole months."""
    term = Period(SOME_DAY, add_months(SOME_DAY, count(given["subscription_term_months"])))
    months = count(given["default_term_months"])
    shares = [
        share_of_period(part, period_at(SOME_DAY, part.start, months=months), ProrationMethod.MONTHS)
        for part in tile(term, months=months)
    ]
    return {
        "multiplier": sum(shares, Fraction(0)),
        "unit_price": round_money(weigh([number(given["list"])] * len(shares), shares), DOLLARS),
    }


@adapts("stacked_discount", "pcts")
def stacked(given: Given) -> Answer:
    """Groups one after the other, or one group that sums."""
    coupons = [Coupon(Percent(percent(each))) for each in given["pcts"]]
    one = [line_of(1, ONE, ONE)]
    return {
        "combined_pct": percent_written(taken_off(discounted(one, [[coupon] for coupon in coupons]))),
        "additive_pct": percent_written(taken_off(discounted(one, [coupons], pick=Pick.SUM))),
    }


@adapts("waterfall_pocket", "cost deductions list")
def pocket_price(given: Given) -> Answer:
    return {"pocket": total(discounted(lines_of([given["list"]]), fixed(given["deductions"])))}


@adapts("waterfall_pocket_chain", "list off_invoice on_invoice")
def pocket_price_after_each(given: Given) -> Answer:
    """Ours is one waterfall: what others take off after the invoice is taken off in it."""
    on_invoice = fixed(given["on_invoice"])
    return {
        "invoice": total(discounted(lines_of([given["list"]]), on_invoice)),
        "pocket": total(discounted(lines_of([given["list"]]), [*on_invoice, *fixed(given["off_invoice"])])),
    }
