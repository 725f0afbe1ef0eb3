"""A whole new sale priced slowly from the design's text: day by day, line by line, in fractions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import ProductType, Timing
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.policies.discounts import DiscountPolicy
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from tests.oracle.calendar import month_later
from tests.oracle.day_price import Cost, DayPrice
from tests.oracle.day_worth import worth_of_days
from tests.oracle.rating import list_amount
from tests.oracle.sale_read import CONDITIONS, Line, Sale
from tests.oracle.splitting_fractions import half_up, share_out

State = tuple[tuple[int, ...], frozenset[str]]
"""What makes one day's prices differ from another's: how many ramp steps were taken, and which promotions ended."""


@dataclass(frozen=True)
class Amounts:
    """A line's four amounts, each rounded once."""

    list_per_year: Decimal
    net_per_year: Decimal
    list_term: Decimal
    net_term: Decimal


@dataclass(frozen=True)
class Bill:
    """One invoice: its day, its period and the amount of each line."""

    day: date
    start: date
    end: date
    lines: Mapping[str, Decimal]


class QuoteOracle:
    """The amounts, totals and invoices of a new sale."""

    def __init__(self, request: QuoteRequest, rulebook: Rulebook) -> None:
        self.sale = Sale(request, rulebook)
        self.request, self.rulebook = request, rulebook
        self.digits = self.sale.currency.digits
        plan = request.billing or rulebook.default_billing
        self.plan: BillingPlan = rulebook.billing_plans[plan]
        self.worth = worth_of_days(self.sale.start, request.term_months, self.plan.months or 12, rulebook.proration)
        self._priced: dict[State, DayPrice] = {}

    @cached_property
    def facts(self) -> dict[str, object]:
        """What conditions of policies see."""
        start, sale = self.sale.start, self.sale
        users = sale.total("users", start)
        facts: dict[str, object] = {
            "segment": self.request.account.attributes.get("segment"),
            "users": Decimal(0) if users is None else users,
            "term_months": self.request.term_months,
            "product_count": len({line.product.id for line in sale.lines if self._counts(line)}),
        }
        bare = DayPrice(sale, start, {}, facts)
        yearly = [bare.at_list(line).list for line in bare.plain if line.charge.timing is not Timing.ONE_TIME]
        return facts | {"list_arr": sum(yearly, Fraction(0)) * sale.rate}

    @staticmethod
    def _counts(line: Line) -> bool:
        return line.product.type in (ProductType.MODULE, ProductType.ADD_ON) and not is_free(line.price)

    @cached_property
    def granted(self) -> dict[str, DiscountPolicy]:
        """The policies whose window and conditions hold, by id."""
        return {policy.id: policy for policy in self.rulebook.discounts if self._holds(policy)}

    def _holds(self, policy: DiscountPolicy) -> bool:
        as_of = self.request.as_of
        return (
            (policy.requested_from is None or policy.requested_from <= as_of)
            and (policy.requested_until is None or as_of < policy.requested_until)
            and (policy.ends_on is None or policy.ends_on > self.sale.start)
            and all(CONDITIONS[each.text](self.facts) for each in (policy.when, policy.hold) if each is not None)
        )

    def end_of(self, policy: DiscountPolicy) -> date | None:
        """The first day without a promotion."""
        ends = [policy.ends_on] if policy.ends_on is not None else []
        if policy.months is not None:
            ends.append(month_later(self.sale.start, policy.months))
        return min(ends, default=None)

    @cached_property
    def ramp_days(self) -> list[list[date]]:
        """The days each change's ramp steps begin."""
        changes = self.request.changes
        return [[month_later(self.sale.start, step.after_months) for step in add.ramp] for add in changes]

    @cached_property
    def ends(self) -> dict[str, date]:
        """The first day without each promotion that was granted."""
        return {id_: end for id_, policy in self.granted.items() if (end := self.end_of(policy)) is not None}

    def state(self, day: date) -> State:
        """What is in force on a day."""
        taken = tuple(sum(1 for begins in days if begins <= day) for days in self.ramp_days)
        return taken, frozenset(id_ for id_, end in self.ends.items() if end <= day)

    def prices(self, day: date) -> DayPrice:
        """The prices of a day; two days in the same state have the same."""
        state = self.state(day)
        if state not in self._priced:
            live = {id_: policy for id_, policy in self.granted.items() if id_ not in state[1]}
            self._priced[state] = DayPrice(self.sale, day, live, self.facts)
        return self._priced[state]

    @cached_property
    def stretches(self) -> list[tuple[int, DayPrice, Fraction]]:
        """How many years' worth each day's prices hold within each billing period, by the period's number."""
        found: dict[tuple[int, State], Fraction] = {}
        first_days: dict[State, date] = {}
        number = 0
        for day, worth in self.worth.items():
            while day >= self.periods[number][1]:
                number += 1
            state = self.state(day)
            first_days.setdefault(state, day)
            found[number, state] = found.get((number, state), Fraction(0)) + worth
        return [(number, self.prices(first_days[state]), worth) for (number, state), worth in found.items()]

    @cached_property
    def periods(self) -> list[tuple[date, date]]:
        """The billing periods of the term; one for all up front."""
        start, end, months = self.sale.start, self.sale.end, self.plan.months
        if months is None:
            return [(start, end)]
        starts = [month_later(start, number * months) for number in range(-(-self.request.term_months // months))]
        return list(zip(starts, [*starts[1:], end], strict=True))

    def cost_on_first_day(self, line: Line) -> Cost | None:
        """What a line costs at the first day's prices; None when it has no price."""
        return self.prices(self.sale.start).costs.get(line.id)

    @cached_property
    def amounts(self) -> dict[str, Amounts | None]:
        """The amounts of each line, None for one without a price."""
        return {line.id: self._amounts(line) for line in self.sale.lines}

    def _amounts(self, line: Line) -> Amounts | None:
        first = self.cost_on_first_day(line)
        if first is None:
            return None
        if line.charge.timing is Timing.ONE_TIME:
            listed, net = half_up(first.list, self.digits), half_up(first.net, self.digits)
            return Amounts(Decimal(0), Decimal(0), listed, net)
        listed_term = sum((prices.costs[line.id].list * worth for _, prices, worth in self.stretches), Fraction(0))
        net_term = sum((prices.costs[line.id].net * worth for _, prices, worth in self.stretches), Fraction(0))
        return Amounts(*(half_up(amount, self.digits) for amount in (first.list, first.net, listed_term, net_term)))

    @cached_property
    def totals(self) -> dict[str, Decimal] | None:
        """The sums of rounded lines; None while a line has no price."""
        lines = list(self.amounts.items())
        priced = [amounts for _, amounts in lines if amounts is not None]
        if len(priced) < len(lines):
            return None
        once = {line.id for line in self.sale.lines if line.charge.timing is Timing.ONE_TIME}
        net = sum((each.net_term for each in priced), Decimal(0))
        one_time = sum((each.net_term for id_, each in lines if id_ in once and each is not None), Decimal(0))
        listed = sum((each.list_term for each in priced), Decimal(0))
        arr = sum((each.net_per_year for each in priced), Decimal(0))
        bills = self.bills
        return {
            "list": listed,
            "discount": listed - net,
            "net": net,
            "tcv": net,
            "one_time": one_time,
            "arr": arr,
            "mrr": half_up(Fraction(arr) / 12, self.digits),
            "acv": half_up(Fraction(net - one_time) * 12 / self.request.term_months, self.digits),
            "first_invoice": sum(bills[0].lines.values()) if bills else Decimal(0),
        }

    @cached_property
    def bills(self) -> list[Bill]:
        """The invoices in order of day: each line's term amount over contract years, then over their periods."""
        once: dict[str, Decimal] = {}
        parts: list[dict[str, Decimal]] = [{} for _ in self.periods]
        for line in self.sale.lines:
            amounts = self.amounts[line.id]
            assert amounts is not None
            if line.charge.timing is Timing.ONE_TIME:
                once[line.id] = amounts.net_term
            else:
                for found, amount in zip(parts, self._instalments(line, amounts.net_term), strict=True):
                    found[line.id] = amount
        first, after = self.periods[0]
        if self.plan.in_advance:
            parts[0] |= once
            once = {}
        bills = [Bill(first, first, after, once)]
        for (start, end), found in zip(self.periods, parts, strict=True):
            bills.append(Bill(start if self.plan.in_advance else end, start, end, found))
        owed = [
            Bill(bill.day, bill.start, bill.end, {id_: amount for id_, amount in bill.lines.items() if amount})
            for bill in bills
        ]
        return [bill for bill in owed if bill.lines]

    def _instalments(self, line: Line, net_term: Decimal) -> list[Decimal]:
        worths = [Fraction(0)] * len(self.periods)
        for number, prices, worth in self.stretches:
            worths[number] += prices.costs[line.id].net * worth
        per_year = max(12 // (self.plan.months or 12), 1)
        years = [worths[first : first + per_year] for first in range(0, len(worths), per_year)]
        units = share_out(int(net_term.scaleb(self.digits)), [sum(year, Fraction(0)) for year in years])
        parts = [part for whole, year in zip(units, years, strict=True) for part in share_out(whole, year)]
        return [Decimal(part).scaleb(-self.digits) for part in parts]


def is_free(price: Price | None) -> bool:
    """Whether a listed price is nothing at every quantity; a price on request is not."""
    if price is None:
        return False
    bands = getattr(price.model, "bands", ())
    bounds = [Fraction(band.up_to) for band in bands if band.up_to is not None]
    tried = [Fraction(1), *bounds, *(bound + 1 for bound in bounds)]
    return all(list_amount(price, quantity + Fraction(price.included)) == 0 for quantity in tried)
