"""Adapters for use above a commitment, and for what is added to a running contract (P8, P17, P26)."""

from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.money import ONE, ZERO, round_money
from pricing_engine.periods import ProrationMethod, add_months
from pricing_engine.quoting.contract_change import DueKind
from pricing_engine.quoting.request import Change, TrueUp
from pricing_engine.terms.amounts import is_over_use, over_use_charge
from pricing_engine.terms.terms import OverUse, OverUseMode
from tests.contracts import START, Book, a_contract, some_terms
from tests.rulebooks import a_product, a_rulebook, add, ref, seats
from tests.vectors.discounts import CENTS
from tests.vectors.shapes import Answer, Given, adapts, count, number, percent

LONG = 120
HELD = Decimal(100)


def allowing(tolerance: Decimal = ZERO, multiplier: Decimal = ONE, mode: OverUseMode = OverUseMode.TRUE_UP) -> OverUse:
    """The terms of over-use."""
    return OverUse(ref("over-use"), mode, tolerance, multiplier)


def a_long_contract(
    unit_price: Decimal, months: int, over_use: OverUse, proration: ProrationMethod = ProrationMethod.MONTHS_DAYS
) -> Book:
    """100 users of CRM for the longest term there is, paid up front; another product has the same price per months."""
    charge = seats(months=months)
    rulebook = a_rulebook(
        [a_product("crm", charge), a_product("extra", charge)],
        {"crm.seats": Price(PerUnit(unit_price)), "extra.seats": Price(PerUnit(unit_price))},
        proration=proration,
        terms=[some_terms(over_use=over_use)],
    )
    return a_contract(rulebook, add("crm", f"{HELD:f}"), term_months=LONG, billing="up_front")


def costs(book: Book, change: Change, on: date) -> Decimal:
    """What a change adds to all invoices of the term, and what it charges for the past."""
    done = book.change(change, on=on)
    past = [item.amount for item in done.items if item.kind is DueKind.OVER_USE]
    return sum((done.tcv_after, -done.tcv_before, *past), ZERO)


@adapts("true_forward", "over_units remaining_months unit_price_month")
def true_forward(given: Given) -> Answer:
    """The past costs nothing, so the multiplier must not show."""
    rule = allowing(multiplier=Decimal("1.25"), mode=OverUseMode.TRUE_FORWARD)
    book = a_long_contract(number(given["unit_price_month"]), 1, rule)
    used = sum((HELD, number(given["over_units"])), ZERO)
    on = add_months(START, LONG - count(given["remaining_months"]))
    return {"charge": costs(book, TrueUp("crm", {"users": used}, START), on)}


@adapts("coterm_prorate", "annual_unit qty remaining_months")
@adapts("coterm_prorate", "annual_unit qty remaining_days")
def added_until_the_end(given: Given) -> Answer:
    by_days = "remaining_days" in given
    method = ProrationMethod.DAYS if by_days else ProrationMethod.MONTHS_DAYS
    book = a_long_contract(number(given["annual_unit"]), 12, allowing(), method)
    if by_days:
        on = book.contract.ends - timedelta(days=count(given["remaining_days"]))
    else:
        on = add_months(START, LONG - count(given["remaining_months"]))
    return {"charge": costs(book, add("extra", str(given["qty"])), on)}


@adapts("audit_true_up", "audit_cost audit_cost_threshold_pct previously_paid surcharge_pct underpaid")
def surcharge(given: Given) -> Answer:
    """At 1.00 a unit: what the multiplier adds to what should have been paid."""
    paid, underpaid = number(given["previously_paid"]), number(given["underpaid"])
    with_surcharge = sum((ONE, percent(given["surcharge_pct"])), ZERO)
    charges = [charged(paid, sum((paid, underpaid), ZERO), allowing(multiplier=each)) for each in (with_surcharge, ONE)]
    return {"surcharge": round_money(sum((charges[0], -charges[1]), ZERO), CENTS)}


def charged(committed: Decimal, used: Decimal, rule: OverUse) -> Decimal:
    """What over-use costs a period at 1.00 a unit."""
    if not is_over_use(rule, committed=committed, used=used):
        return ZERO
    return over_use_charge(rule, Price(PerUnit(ONE)), committed=committed, used=used)


@adapts("growth_allowance", "allow_after_pct allow_first_6m_pct entitled month used")
def growth_allowance(given: Given) -> Answer:
    """At 1.00 a unit; our terms have one tolerance, so these are those of the first half year, then others."""
    first, after = (allowing(percent(given[key])) for key in ("allow_first_6m_pct", "allow_after_pct"))
    entitled = number(given["entitled"])
    rows = zip(given["month"], given["used"], strict=True)
    return {
        "billable_over": tuple(
            charged(entitled, number(used), first if count(month) <= 6 else after) for month, used in rows
        )
    }
