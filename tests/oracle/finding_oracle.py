"""The findings and approval levels of a new sale, worked out a second time from the design's text."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pricing_engine.catalog.charge_models import Stairstep, Volume
from pricing_engine.catalog.products import Timing
from pricing_engine.policies.approvals import Range
from pricing_engine.policies.discretion import DiscretionLimit
from tests.oracle.calendar import ONE_DAY, month_later
from tests.oracle.day_price import Cost, times_a_year
from tests.oracle.quote_oracle import QuoteOracle
from tests.oracle.rating import list_amount
from tests.oracle.sale_read import CONDITIONS, Line

Found = tuple[str, str | None]
"""A finding's code and the line it is about."""


class FindingOracle:
    """What a quote must say besides its amounts."""

    def __init__(self, oracle: QuoteOracle) -> None:
        self.oracle, self.sale, self.rulebook = oracle, oracle.sale, oracle.rulebook

    def findings(self) -> list[Found]:
        """Every finding, in no order; one code may come up more than once for the whole quote."""
        found = [*self.product_rules(), *self.unpriced(), *self.limits(), *self.tier(), *self.cheaper(), *self.ends()]
        return [*found, *self.idle_asks(), *self.beyond_discretion()]

    def product_rules(self) -> Iterator[Found]:
        """Breaches of needs, exclusions and quantities."""
        request = self.oracle.request
        chosen = {add.product for add in request.changes}
        for add in request.changes:
            product = self.rulebook.products[add.product]
            yield from (("requires", None) for _ in product.requires - chosen)
            yield from (("excludes", None) for _ in product.excludes & chosen)
            asked = dict(add.quantities)
            held = [dict(asked)] + [dict(asked) for step in add.ramp if not asked.update(step.quantities)]
            for quantities in held:
                for metric, quantity in quantities.items():
                    if self._is_breach(product.id, metric, quantity):
                        yield "quantity-rule", None

    def _is_breach(self, product: str, metric: str, quantity: Decimal) -> bool:
        steps = [self.rulebook.metrics[metric].step]
        for rule in self.rulebook.products[product].quantities:
            if rule.metric == metric:
                if quantity < (rule.minimum or 0) or (rule.maximum is not None and quantity > rule.maximum):
                    return True
                steps += [rule.step] if rule.step is not None else []
        return any((Fraction(quantity) / Fraction(step)).denominator != 1 for step in steps)

    def unpriced(self) -> Iterator[Found]:
        """Lines on request without a price."""
        return (("price-on-request", id_) for id_, amounts in self.oracle.amounts.items() if amounts is None)

    def costs(self, line: Line) -> list[tuple[Cost, Fraction]]:
        """What a line costs in every state of the term with its weight; a one-time line only the first day."""
        if line.charge.timing is Timing.ONE_TIME:
            first = self.oracle.cost_on_first_day(line)
            return [] if first is None else [(first, Fraction(1))]
        return [(prices.costs[line.id], worth) for _, prices, worth in self.oracle.stretches if line.id in prices.costs]

    def limits(self) -> Iterator[Found]:
        """Lines beyond the total cap, or below the floor, at any time."""
        cap, floor = self.rulebook.discretion.max_total_discount, self.rulebook.discretion.floor
        for line in self.sale.lines:
            costs = [cost for cost, _ in self.costs(line)]
            if cap is not None and any(c.by_asks > 0 and c.net < c.list * (1 - Fraction(cap)) for c in costs):
                yield "discount-beyond-cap", line.id
            if floor is not None and any(cost.net < self._floor(cost) for cost in costs):
                yield "below-floor", line.id

    def _floor(self, cost: Cost) -> Fraction:
        floor, unit_cost = self.rulebook.discretion.floor, cost.line.charge.unit_cost
        assert floor is not None
        lowest = cost.list * Fraction(floor.net_ratio or 0)
        if floor.margin is not None and unit_cost is not None:
            per_year = Fraction(unit_cost) / self.sale.rate * Fraction(cost.quantity) * times_a_year(cost.line)
            lowest = max(lowest, per_year / (1 - Fraction(floor.margin)))
        return lowest

    def tier(self) -> Iterator[Found]:
        """An upgrade, and advice where a tier's limit is exceeded with overage."""
        tier, asked, ladder = self.sale.tier, self.sale.asked_tier, self.rulebook.ladder
        if tier is None or ladder is None:
            return
        if asked is not None and asked != tier:
            yield "tier-upgraded", None
        higher = ladder.tiers[ladder.tiers.index(tier) + 1 :]
        holding = [each for each in higher if not self.sale.breached(each, even_with_overage=True)]
        if self.sale.breached(tier, even_with_overage=True) and holding:
            compared = [(each, charge) for each in (tier, holding[0]) for charge in each.charges]
            recurring = [f"{each.id}.{charge.id}" for each, charge in compared if charge.months is not None]
            if all(self.sale.entry(key) is not None for key in recurring):
                yield "overage-or-upgrade", None

    def cheaper(self) -> Iterator[Found]:
        """Lines of which more would cost less, found by trying every larger quantity."""
        for line in self.sale.lines:
            if line.price is None or not isinstance(line.price.model, Volume | Stairstep):
                continue
            if any(self._is_dearer(line, day) for day in self._days_of(line)):
                yield "cheaper-above", line.id

    def _days_of(self, line: Line) -> list[date]:
        """The days on which the quantity of a line may change; what is owed once is owed on the first."""
        ramps = [step.after_months for add in self.oracle.request.changes for step in add.ramp]
        later = [] if line.charge.months is None else [month_later(self.sale.start, months) for months in ramps]
        return [self.sale.start, *later]

    def _is_dearer(self, line: Line, day: date) -> bool:
        assert line.price is not None
        quantity = self.sale.quantity(line, day)
        now = list_amount(line.price, quantity)
        return bool(quantity) and any(list_amount(line.price, more) < now for more in self._more(line, quantity))

    def _more(self, line: Line, quantity: Decimal) -> Iterator[Decimal]:
        """Every larger quantity that is sold: of bands of thousands, only those near a bound."""
        rule = next((rule for rule in line.product.quantities if rule.metric == line.charge.metric), None)
        metric = self.rulebook.metrics[line.charge.metric or ""]
        step = metric.step if rule is None or rule.step is None else rule.step
        assert line.price is not None
        bounds = [int(band.up_to) for band in getattr(line.price.model, "bands", ()) if band.up_to is not None]
        tried = {most for bound in bounds for most in range(max(bound - 70, 0), bound + 30)}
        for number in sorted(tried):
            more = number // step * step
            if more > quantity and (rule is None or rule.maximum is None or more <= rule.maximum):
                yield more

    def ends(self) -> Iterator[Found]:
        """Promotions that take something off a line on their last day within the term."""
        for id_, end in self.oracle.ends.items():
            if end <= self.sale.end and self._fires(id_, end - ONE_DAY):
                yield "promotion-ends", None

    def _fires(self, policy: str, day: date) -> bool:
        costs = self.oracle.prices(day).costs.values()
        return any(policy in cost.fired for cost in costs if cost.line.charge.timing is not Timing.ONE_TIME)

    def idle_asks(self) -> Iterator[Found]:
        """Discounts asked for that never take anything off."""
        for number, _ in enumerate(self.oracle.request.discounts):
            costs = [cost for line in self.sale.lines for cost, _ in self.costs(line)]
            if not any(number in cost.effective_asks for cost in costs):
                yield "discount-without-effect", None

    def discretion(self, lines: list[Line]) -> Fraction:
        """The share that was asked off lines together, of their price before it."""
        costs = [each for line in lines for each in self.costs(line)]
        before = sum((cost.before_asks * worth for cost, worth in costs), Fraction(0))
        return sum((cost.by_asks * worth for cost, worth in costs), Fraction(0)) / before if before else Fraction(0)

    def facts(self) -> dict[str, object]:
        """What limits and the approval matrix see. Amounts are in the reporting currency."""
        totals, rate = self.oracle.totals, self.sale.rate
        assert totals is not None
        costs = [each for line in self.sale.lines for each in self.costs(line)]
        listed = sum((cost.list * worth for cost, worth in costs), Fraction(0))
        net = sum((cost.net * worth for cost, worth in costs), Fraction(0))
        return self.oracle.facts | {
            "arr_after": Fraction(totals["arr"]) * rate,
            "acv": Fraction(totals["acv"]) * rate,
            "discretionary": self.discretion(self.sale.lines),
            "discount": 1 - net / listed if listed else Fraction(0),
        }

    def beyond_discretion(self) -> list[Found]:
        """Lines, and the quote, where more was asked than the role may give."""
        if self.oracle.totals is None:
            return []
        facts, role, found = self.facts(), self.oracle.request.role, []
        limits = [
            limit
            for limit in self.rulebook.discretion.limits
            if limit.role == role and (limit.when is None or CONDITIONS[limit.when.text](facts))
        ]
        binding: list[DiscretionLimit] = []
        asked = [line for line in self.sale.lines if self._asked(line) > 0]
        for line in asked:
            about = [limit for limit in limits if limit.applies_to.matches(line.product, line.charge)]
            binding += about
            if self._asked(line) > min((Fraction(limit.line_max) for limit in about), default=0):
                found.append(("discretion-exceeded", line.id))
        allowed = min((Fraction(limit.quote_max) for limit in binding), default=0)
        if asked and self.discretion(self.sale.lines) > allowed:
            found.append(("discretion-exceeded", None))
        return found

    def _asked(self, line: Line) -> Fraction:
        costs = [cost for cost, _ in self.costs(line)]
        return max((cost.by_asks / cost.before_asks for cost in costs if cost.before_asks), default=Fraction(0))

    def levels(self) -> tuple[str, ...]:
        """Who must agree, by the highest matching row."""
        if not self.beyond_discretion():
            return ()
        matrix, facts = self.rulebook.approvals, self.facts()
        assert matrix is not None
        matching = []
        for row in matrix.rows:
            cells = [(cell, facts[column]) for cell, column in zip(row.cells, matrix.columns, strict=True)]
            if all(isinstance(cell, Range) and self._holds(cell, value) for cell, value in cells):
                matching.append(row.level)
        return (max(matching, key=matrix.levels.index),)

    @staticmethod
    def _holds(cell: Range, value: object) -> bool:
        assert isinstance(value, Fraction)
        return (cell.low is None or cell.low <= value) and (cell.high is None or value < cell.high)
