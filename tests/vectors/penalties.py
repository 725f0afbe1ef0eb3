"""Adapters for what ending, lapsing and falling short cost (P22, P23, P25, P28)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.money import ZERO, round_money
from pricing_engine.policies.discounts import QUANTITY, Schedule
from pricing_engine.quoting.request import Reinstate as ComeBack
from pricing_engine.quoting.request import Remove
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.amounts import guarantee_credit, limit_fee
from pricing_engine.terms.terms import CreditBase, Fee, Guarantee, Reinstatement, RenewalBasis, RenewalTerms
from tests.contracts import START, a_contract, fee, giving_up, some_terms
from tests.rulebooks import a_policy, a_product, a_rulebook, add, ref, seats
from tests.vectors.discounts import CENTS, HUNDRED
from tests.vectors.shapes import Answer, Given, adapts, choose, count, for_each, number, only_keys, percent

BY_YEAR = fee("remaining_fees * (0.25 if year_of_term == 1 else 0.15 if year_of_term == 2 else 0.10)")
"""The clause of the sources: 25%, 15% and 10% by the year of the term."""

SOLD_ON = date(2024, 1, 1)
"""The three years after this one's contract have 365 days each."""

MUCH_MORE = Decimal(10**12)


def owed(what: Fee, remaining_fees: Decimal, year_of_term: Decimal = Decimal(1)) -> Decimal:
    """A fee within its limits, in a year of the term."""
    facts = {"remaining_fees": remaining_fees, "year_of_term": year_of_term}
    return round_money(limit_fee(what.formula.evaluate(facts), cap=None, remaining_fees=remaining_fees), CENTS)


@adapts("early_termination_fee", "remaining_fees year_of_term")
def early_termination(given: Given) -> Answer:
    """The number of percent is the fee of 100."""
    year = number(given["year_of_term"])
    return {"pct": owed(BY_YEAR, HUNDRED, year), "fee": owed(BY_YEAR, number(given["remaining_fees"]), year)}


@adapts("late_fee_greater_of", "min_fee pct renewal")
def greater_of(given: Given) -> Answer:
    """A fee of what a renewal costs, which it may not be above (P23)."""
    clause = fee(f"max(remaining_fees * {percent(given['pct']):f}, {number(given['min_fee']):f})")
    return {"fee": for_each(given, "renewal", lambda renewal: owed(clause, renewal))}


def a_yearly_rulebook(prices: dict[str, Decimal], hash: str = "0" * 64, **more: Any) -> Rulebook:
    """One product per price, each of a yearly charge."""
    products = [a_product(id_, seats(months=12)) for id_ in prices]
    listed = {f"{id_}.seats": Price(PerUnit(price)) for id_, price in prices.items()}
    return a_rulebook(products, listed, hash=hash, **more)


@adapts("reinstatement", "annual_fee basis lapsed_days multiplier new_term_years uplift_pct")
def coming_back(given: Given) -> Answer:
    """A contract of a year that lapsed, and comes back for a new term; its list has risen a lot meanwhile."""
    share = number(given["multiplier"])
    shares = choose(given["basis"], {"accrued_since_lapse": (share, ZERO), "last_annual_fee": (ZERO, share)})
    terms = some_terms(
        reinstatement=Reinstatement(ref("reinstatement"), 3650, *shares),
        renewal=RenewalTerms(ref("renewal"), RenewalBasis.CONTRACTED, uplift=percent(given["uplift_pct"])),
    )
    sold = a_yearly_rulebook({"care": number(given["annual_fee"])}, terms=[terms])
    book = a_contract(sold, add("care", "1"), as_of=SOLD_ON, effective_date=SOLD_ON)
    back = book.under(a_yearly_rulebook({"care": MUCH_MORE}, "1" * 64, terms=[terms])).quote(
        ComeBack(),
        on=book.contract.ends + timedelta(days=count(given["lapsed_days"])),
        term_months=12 * count(given["new_term_years"]),
    )
    assert back.change is not None
    assert back.totals is not None
    return {
        "reinstatement": back.change.due_now,
        "new_term": back.totals.tcv,
        "total": sum((back.change.due_now, back.totals.tcv), ZERO),
    }


@adapts("sla_credit", "monthly_fee tiers uptime")
def credit_by_uptime(given: Given) -> Answer:
    """A promise that is kept to a degree: the credit of the degree's band, of a month's fees."""
    bands = sorted((number(least), percent(credit)) for least, credit in given["tiers"])
    schedule = Schedule(QUANTITY, tuple(bands))
    fees_per_year = sum([number(given["monthly_fee"])] * 12, ZERO)

    def credit(uptime: Decimal) -> Decimal:
        missed = Guarantee("uptime", ref("uptime"), 30, schedule.fraction_at(uptime), CreditBase.MONTH_FEES)
        return round_money(guarantee_credit(missed, fees_per_year=fees_per_year), CENTS)

    return {"credit": for_each(given, "uptime", credit)}


@adapts("partial_churn_reprice", "drop lines multi_discount_by_count")
def partial_churn(given: Given) -> Answer:
    """Yearly amounts before and after, and the part of the difference that repricing makes."""
    rows = [only_keys(row, "id", "list_then", "list_now") for row in given["lines"]]
    names = {row["id"]: f"line-{index}" for index, row in enumerate(rows)}
    bands = sorted((number(least), number(share)) for least, share in given["multi_discount_by_count"].items())
    rulebook = a_yearly_rulebook(
        {names[row["id"]]: number(row["list_then"]) for row in rows},
        discounts=[a_policy("multi-product", Schedule("product_count", tuple(bands)))],
        terms=[some_terms(partial_cancellation=giving_up(None))],
    )
    book = a_contract(rulebook, *(add(name, "1") for name in names.values()))
    change = book.change(*(Remove(names[dropped]) for dropped in given["drop"]), on=START)
    repricing = sum((line.repricing for line in change.lines), ZERO)
    return {
        "old_total": change.arr_before,
        "naive_new": sum((change.arr_after, -repricing), ZERO),
        "repriced": change.arr_after,
        "customer_saving": sum((change.arr_before, -change.arr_after), ZERO),
        "clawback": repricing,
    }
