"""A page's ways of billing as billing plans of the engine, with what each multiplies the monthly price by."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pricing_engine.imports.identifiers import words_of
from pricing_engine.imports.offer import OfferBilling
from pricing_engine.imports.page import AddOn, Coefficient, ListAmount, Page, Plan
from pricing_engine.imports.report import Report
from pricing_engine.money import ONE, exact_arithmetic
from pricing_engine.rulebook.yaml_scalars import MAX_DECIMALS

MONTHLY = "monthly_in_advance"
FACTOR_DECIMALS = MAX_DECIMALS + 2
"""Of a coefficient, so that what it takes off is a percentage that rule files can hold."""

_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("monthly", "month"), (MONTHLY, "monthly-billing")),
    **dict.fromkeys(("annual", "annually", "yearly", "year"), ("yearly_in_advance", "annual-billing")),
    **dict.fromkeys(("quarterly", "quarter", "trimester"), ("quarterly_in_advance", "quarterly-billing")),
    **dict.fromkeys(
        ("semester", "semestral", "semiannual", "semiannually", "biannual", "biannually", "halfyearly"),
        ("half_yearly_in_advance", "half-yearly-billing"),
    ),
}


def billing_options(page: Page, *, report: Report) -> tuple[OfferBilling, ...]:
    """The ways of billing the engine has a plan for; every other one is reported. Without any: monthly."""
    found: dict[str, OfferBilling] = {}
    for option in page.billing or _from_annual_prices(page, report):
        known = _WORDS.get("".join(words_of(option.name)))
        if known is None:
            report.left_out(option.position, "billing", option.name, "is no billing plan the engine has")
        elif option.factor > ONE:
            what = f"multiplies prices by {option.factor:f}; a discount policy only takes off"
            report.left_out(option.position, "billing", option.name, what)
        elif known[0] in found:
            report.left_out(option.position, "billing", option.name, f"is the same as {found[known[0]].said}")
        else:
            plan, policy = known
            found[plan] = OfferBilling(plan, policy, option.name, _fitting(option, report))
    return tuple(found.values()) or (OfferBilling(MONTHLY, "monthly-billing", "monthly", ONE),)


def _fitting(option: Coefficient, report: Report) -> Decimal:
    """The coefficient with at most as many decimals as a percentage can hold."""
    with exact_arithmetic():
        rounded = round(option.factor, FACTOR_DECIMALS)
    if rounded != option.factor:
        what = f"{option.factor:f} is rounded to {FACTOR_DECIMALS} decimals"
        report.warning(option.position, "billing", option.name, what)
        return rounded
    return option.factor


def _from_annual_prices(page: Page, report: Report) -> tuple[Coefficient, ...]:
    """Monthly and annual billing of pages before syntax 2.0, where each plan and add-on has a price for both."""
    sold: tuple[Plan | AddOn, ...] = (*page.plans, *page.add_ons)
    factors = {factor for each in sold if (factor := _annual_factor(each)) is not None}
    if not factors:
        return ()
    monthly = Coefficient("monthly", page.position, ONE)
    if len(factors) == 1 and (exact := _exact(next(iter(factors)))) is not None:
        return (monthly, Coefficient("annual", page.position, exact))
    for each in sold:
        if _annual_factor(each) is not None:
            part = "plan" if isinstance(each, Plan) else "add-on"
            what = "has an annualPrice that is not the same share of the monthly price as the others'"
            report.left_out(each.position, part, each.name, what)
    return (monthly,)


def _annual_factor(sold: Plan | AddOn) -> Fraction | None:
    """Annual ÷ monthly price; None where one is missing, on request or 0."""
    if not isinstance(sold.annual, ListAmount) or not isinstance(sold.price, ListAmount) or not sold.price.amount:
        return None
    return Fraction(sold.annual.amount) / Fraction(sold.price.amount)


def _exact(factor: Fraction) -> Decimal | None:
    with exact_arithmetic():
        number = round(Decimal(factor.numerator) / Decimal(factor.denominator), FACTOR_DECIMALS)
    return number.normalize() if Fraction(number) == factor else None
