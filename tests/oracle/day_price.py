"""What every line costs a year at the prices of one day, step by step in the order of P18, in fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pricing_engine.catalog.products import Timing
from pricing_engine.policies.discounts import Amount, Base, DiscountGroup, DiscountPolicy, Percent, Pick, Schedule
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff
from tests.oracle.rating import list_amount
from tests.oracle.sale_read import Line, Sale
from tests.oracle.splitting_fractions import half_up, share_amount, share_out

ONE = Fraction(1)


@dataclass(eq=False)
class Cost:
    """A line on its way down: list and running net per year (a one-time line: in all), and what was taken by whom."""

    line: Line
    quantity: Decimal
    list: Fraction
    net: Fraction
    by_policy: Fraction = Fraction(0)
    before_asks: Fraction = Fraction(0)
    through_base: Fraction = Fraction(0)
    by_asks: Fraction = Fraction(0)
    fired: frozenset[str] = frozenset()
    effective_asks: frozenset[int] = frozenset()


class DayPrice:
    """Prices of one day: `granted` are the policies whose conditions hold, `ended` those whose time is over."""

    def __init__(self, sale: Sale, day: date, granted: Mapping[str, DiscountPolicy], facts: Mapping[str, object]):
        self.sale, self.day, self.granted, self.facts = sale, day, granted, facts
        self.digits = sale.currency.digits
        priced = [line for line in sale.lines if self.has_price(line)]
        self.plain = [line for line in priced if not line.is_share]
        shares = [line for line in priced if line.is_share]
        asks = list(enumerate(sale.request.discounts))
        share_costs = self._shares(shares, asks)
        costs = {cost.line.id: cost for cost in (*self.by_rules(self.plain_at_list()), *share_costs)}
        self.costs = {line.id: costs[line.id] for line in priced}
        self._asks(list(self.costs.values()), asks)

    def plain_at_list(self) -> list[Cost]:
        """The lines with a price of their own, before anything came off."""
        return [self.at_list(line) for line in self.plain]

    def _shares(self, lines: list[Line], asks: Sequence[tuple[int, DiscountRequest]]) -> list[Cost]:
        """Percentages by the rules, and what asks that are not about them took off them through their bases."""
        untouched = self.by_rules(self.plain_at_list())
        for cost in untouched:
            cost.before_asks = cost.net
            self._cap(cost)
        costs = self.by_rules([self.share_at_list(line, untouched) for line in lines])
        less = self.by_rules([self.share_at_list(line, self._asked_besides(line, asks)) for line in lines])
        for cost, below in zip(costs, less, strict=True):
            cost.through_base = max(cost.net - below.net, Fraction(0))
            cost.net -= cost.through_base
        return costs

    def _asked_besides(self, line: Line, asks: Sequence[tuple[int, DiscountRequest]]) -> list[Cost]:
        """The other lines after every ask that is not about this one."""
        asked = self.by_rules(self.plain_at_list())
        self._asks(asked, [(number, ask) for number, ask in asks if not is_meant(ask, line)])
        return asked

    def has_price(self, line: Line) -> bool:
        """Whether a line has a list price or was given one; a percentage needs one under every line it is of."""
        if line.is_share:
            return line.price is not None and all(self.has_price(other) for other in base_of(line, self.sale.lines))
        return line.price is not None or line.charge.id in self.sale.unit_prices(line.added, self.sale.start)

    def at_list(self, line: Line) -> Cost:
        """A line with a price of its own, at list."""
        quantity = self.sale.quantity(line, self.day)
        committed = line.added.commitments.get(line.charge.id)
        if line.charge.timing is Timing.USAGE and committed is not None:
            amount = Fraction(committed)
        elif line.charge.timing is Timing.USAGE and not quantity:
            amount = Fraction(0)
        elif line.price is None:
            given = self.sale.unit_prices(line.added, self.day)[line.charge.id]
            amount = Fraction(quantity) * Fraction(given)
        else:
            amount = list_amount(line.price, quantity)
        per_year = amount * times_a_year(line)
        return Cost(line, quantity, per_year, per_year)

    def share_at_list(self, line: Line, plain: Sequence[Cost]) -> Cost:
        """A percentage of other lines, of what they came to."""
        assert line.price is not None
        of = base_of(line, self.plain)
        base = sum((cost.net for cost in plain if cost.line in of), Fraction(0))
        per_year = list_amount(line.price, base / times_a_year(line)) * times_a_year(line)
        return Cost(line, Decimal(1), per_year, per_year)

    def by_rules(self, costs: list[Cost]) -> list[Cost]:
        """The costs after bundles and policies."""
        self._bundles(costs)
        for group in self.sale.rulebook.discount_groups:
            self._group(costs, group)
        return costs

    def _asks(self, costs: list[Cost], asks: Sequence[tuple[int, DiscountRequest]]) -> None:
        """Takes off what a rep asked for, ramps first, and what the cap gives back."""
        for cost in costs:
            cost.before_asks = cost.net + cost.through_base
            self._ramp_price(cost)
        for number, ask in asks:
            before = [cost.net for cost in costs]
            self._ask(costs, ask)
            for cost, net in zip(costs, before, strict=True):
                cost.effective_asks |= {number} if cost.net < net else set()
        for cost in costs:
            cost.by_asks = cost.before_asks - cost.net
            self._cap(cost)

    def _bundles(self, costs: list[Cost]) -> None:
        for bundle_id in self.sale.request.bundles:
            bundle = self.sale.rulebook.bundles[bundle_id]
            members = [cost for cost in costs if cost.line.bundle == bundle]
            if bundle.off_list is not None:
                for cost in members:
                    cost.net = cost.list * (1 - Fraction(bundle.off_list))
            elif members:
                self._fixed_price(members, bundle_id)

    def _fixed_price(self, members: list[Cost], bundle_id: str) -> None:
        bundle = self.sale.rulebook.bundles[bundle_id]
        assert bundle.price_key is not None
        price = self.sale.entry(bundle.price_key)
        assert price is not None
        per_year = half_up(list_amount(price, 1) * 12 / bundle.price_months, self.digits)
        if members[0].line.is_share and any(line.bundle == bundle for line in self.plain):
            per_year = Decimal(0)
        for cost, units in zip(
            members, share_out(int(per_year.scaleb(self.digits)), [cost.list for cost in members]), strict=True
        ):
            cost.net = Fraction(units, 10**self.digits)

    def selected(self, policy: DiscountPolicy, line: Line) -> bool:
        """Whether a policy is about a line."""
        bundled = line.bundle is not None and not policy.stacks_with_bundles
        return policy.applies_to.matches(line.product, line.charge) and not bundled

    def _group(self, costs: list[Cost], group: DiscountGroup) -> None:
        policies = [policy for _, policy in sorted(self.granted.items()) if policy.group == group.id]
        taken = [self._reductions(costs, policy, group) for policy in policies]
        for number, cost in enumerate(costs):
            offers = [(reductions[number], policy.id) for reductions, policy in zip(taken, policies, strict=True)]
            offers = [offer for offer in offers if offer[0] > 0]
            if group.pick is Pick.BEST and offers:
                largest = max(amount for amount, _ in offers)
                offers = [offer for offer in offers if offer[0] == largest][:1]
            for amount, policy_id in offers:
                off = min(amount, cost.net)
                cost.net -= off
                cost.by_policy += off
                cost.fired |= {policy_id} if off else set()

    def _reductions(self, costs: list[Cost], policy: DiscountPolicy, group: DiscountGroup) -> list[Fraction]:
        chosen = [cost for cost in costs if self.selected(policy, cost.line)]
        size = policy.size
        if isinstance(size, Amount):
            if chosen and chosen[0].line.is_share and any(self.selected(policy, line) for line in self.plain):
                return [Fraction(0)] * len(costs)
            amount = Fraction(half_up(Fraction(size.amount) / self.sale.rate, self.digits))
            parts = share_amount(amount, [cost.net for cost in chosen], self.digits)
            found = {cost.line.id: part for cost, part in zip(chosen, parts, strict=True)}
            return [found.get(cost.line.id, Fraction(0)) for cost in costs]
        return [
            self._fraction(size, cost) * (cost.list if group.base is Base.ADDITIVE else cost.net)
            if cost in chosen
            else Fraction(0)
            for cost in costs
        ]

    def _fraction(self, size: Percent | Schedule, cost: Cost) -> Fraction:
        if isinstance(size, Percent):
            return Fraction(size.fraction)
        number = cost.quantity if size.by == "quantity" else self.facts[size.by]
        reached = [share for start, share in size.bands if start <= number]  # type: ignore[operator]
        return Fraction(reached[-1]) if reached else Fraction(0)

    def _ramp_price(self, cost: Cost) -> None:
        target = self.sale.unit_prices(cost.line.added, self.day).get(cost.line.charge.id)
        if target is not None and cost.line.price is not None:
            self._aim(cost, target)

    def _aim(self, cost: Cost, target: Decimal) -> None:
        """Down to a unit price; what has no units keeps its price."""
        if cost.quantity:
            at_target = Fraction(target) * Fraction(cost.quantity) * times_a_year(cost.line)
            cost.net = min(cost.net, at_target)

    def _ask(self, costs: list[Cost], ask: DiscountRequest) -> None:
        meant = [cost for cost in costs if is_meant(ask, cost.line)]
        if isinstance(ask.size, PercentOff):
            for cost in meant:
                cost.net *= 1 - Fraction(ask.size.fraction)
        elif isinstance(ask.size, AmountOff):
            parts = share_amount(Fraction(ask.size.amount), [cost.net for cost in meant], self.digits)
            for cost, part in zip(meant, parts, strict=True):
                cost.net -= part
        else:
            for cost in meant:
                self._aim(cost, ask.size.unit_price)

    def _cap(self, cost: Cost) -> None:
        cap = self.sale.rulebook.discretion.max_total_discount
        if cap is not None:
            lowest = cost.list * (1 - Fraction(cap))
            cost.net += max(min(lowest - cost.before_asks, cost.by_policy), Fraction(0)) if cost.net < lowest else 0
        if not cost.by_asks:  # nobody asked, so what the cap gave back was there before
            cost.before_asks = cost.net


def is_meant(ask: DiscountRequest, line: Line) -> bool:
    """Whether a discretionary discount is about a line."""
    return ask.product in (None, line.product.id) and ask.charge in (None, line.charge.id)


def times_a_year(line: Line) -> Fraction:
    """How often a line's charge is owed in a year; a one-time charge once."""
    return ONE if line.charge.months is None else Fraction(12, line.charge.months)


def base_of(line: Line, lines: Sequence[Line]) -> list[Line]:
    """The lines a percentage is taken of: those it selects which are no percentages themselves."""
    assert line.charge.of_lines is not None
    return [each for each in lines if not each.is_share and line.charge.of_lines.matches(each.product, each.charge)]
