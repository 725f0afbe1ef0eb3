"""A request read slowly: which lines there are, how many of each on a day, and the tier they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Charge, Combine, Product, ProductType, Tier, Timing
from pricing_engine.quoting.request import Add, QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from tests.oracle.calendar import month_later

CONDITIONS: Mapping[str, Callable[[Mapping[str, object]], bool]] = {
    "users >= 50": lambda facts: facts["users"] >= 50,  # type: ignore[operator]
    "term_months >= 24": lambda facts: facts["term_months"] >= 24,  # type: ignore[operator]
    "product_count >= 2": lambda facts: facts["product_count"] >= 2,  # type: ignore[operator]
    'segment == "smb"': lambda facts: facts["segment"] == "smb",
    "list_arr >= 20000": lambda facts: facts["list_arr"] >= 20000,  # type: ignore[operator]
    "arr_after < 50000": lambda facts: facts["arr_after"] < 50000,  # type: ignore[operator]
}
"""The conditions the oracle understands, each written a second time."""


@dataclass(frozen=True)
class Line:
    """One charge to price; `added` is what the request says of its product, empty for a platform nobody named."""

    id: str
    product: Product
    charge: Charge
    tier: Tier | None
    price: Price | None
    added: Add
    bundle: Bundle | None

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage of other lines."""
        return self.charge.of_lines is not None


class Sale:
    """A new sale; every question about it is answered by going through the request again."""

    def __init__(self, request: QuoteRequest, rulebook: Rulebook) -> None:
        self.request, self.rulebook = request, rulebook
        self.start = request.effective_date
        self.end = month_later(self.start, request.term_months)
        self.currency = rulebook.currencies[request.currency]
        self.rate = self._rate()
        self.book = self._book()
        self.tier, self.asked_tier = self._tier()
        self.lines = self._lines()

    def _rate(self) -> Fraction:
        if self.request.currency == self.rulebook.reporting_currency.code:
            return Fraction(1)
        rates = self.rulebook.rates
        dated = [found for since, found in zip(rates.starts, rates.rates, strict=True) if since <= self.start]
        return Fraction(dated[-1][self.request.currency])

    def _book(self) -> PriceBook:
        market = self.request.account.market
        books = [book for book in self.rulebook.price_books if book.currency == self.currency]
        return next((book for book in books if market in book.markets), None) or next(
            book for book in books if not book.markets
        )

    def entry(self, key: str) -> Price | None:
        """The price in force on the effective date; None when it is on request."""
        found = [
            entry
            for entry in self.book.prices[key].entries
            if entry.start <= self.start and (entry.end is None or self.start < entry.end)
        ]
        return found[0].price if isinstance(found[0].price, Price) else None

    def step_days(self) -> list[date]:
        """The first day and every day a ramp changes something."""
        steps = {month_later(self.start, step.after_months) for add in self.request.changes for step in add.ramp}
        return sorted({self.start, *steps})

    def quantities(self, add: Add, day: date) -> dict[str, Decimal]:
        """What a product has of each metric on a day."""
        found = dict(add.quantities)
        for step in add.ramp:
            if month_later(self.start, step.after_months) <= day:
                found.update(step.quantities)
        return found

    def unit_prices(self, add: Add, day: date) -> dict[str, Decimal]:
        """The unit prices given for a day, by charge."""
        found = dict(add.unit_prices)
        for step in add.ramp:
            if month_later(self.start, step.after_months) <= day:
                found.update(step.unit_prices)
        return found

    def total(self, metric: str, day: date) -> Decimal | None:
        """How many of a metric the account has on a day."""
        counts = [self.quantities(add, day).get(metric) for add in self.request.changes]
        known = [count for count in counts if count is not None]
        combined = None
        if known:
            combined = max(known) if self.rulebook.metrics[metric].combine is Combine.MAX else sum(known, Decimal(0))
        if metric in self.request.usage:
            return max(self.request.usage[metric], combined or Decimal(0))
        return combined

    def peak(self, metric: str) -> Decimal | None:
        """The most of a metric on any day of the term."""
        totals = [total for day in self.step_days() if (total := self.total(metric, day)) is not None]
        return max(totals, default=None)

    def quantity(self, line: Line, day: date) -> Decimal:
        """How many units of a line on a day; one of what is not counted."""
        if line.charge.metric is None:
            return Decimal(1)
        given = self.quantities(line.added, day).get(line.charge.metric)
        if given is not None:
            return given
        if line.charge.timing is Timing.USAGE:
            return Decimal(0)
        return self.total(line.charge.metric, day) or Decimal(0)

    def _tier(self) -> tuple[Tier | None, Tier | None]:
        ladder = self.rulebook.ladder
        products = [self.rulebook.products[add.product] for add in self.request.changes]
        if ladder is None:
            return None, None
        order = [tier.id for tier in ladder.tiers]
        asked = None if self.request.tier is None else ladder.tiers[order.index(self.request.tier)]
        if asked is None and all(product.type is ProductType.SERVICE for product in products):
            return None, None
        lowest = 0 if asked is None else order.index(asked.id)
        for product in products:
            if product.requires_tier is not None:
                lowest = max(lowest, order.index(product.requires_tier))
        for tier in ladder.tiers[lowest:]:
            offered = [
                (tier.offers is None or product.id in tier.offers)
                and (product.offered_in is None or tier.id in product.offered_in)
                for product in products
                if product != ladder.platform
            ]
            if all(offered) and not self.breached(tier, even_with_overage=False):
                return tier, asked
        raise LookupError("no tier fits")

    def breached(self, tier: Tier, *, even_with_overage: bool) -> list[str]:
        """The metrics that are more than the tier holds."""
        return [
            limit.metric
            for limit in tier.limits
            if limit.included is not None
            and (even_with_overage or not limit.overage)
            and (self.peak(limit.metric) or 0) > limit.included
        ]

    def _lines(self) -> list[Line]:
        ladder, lines = self.rulebook.ladder, []
        adds = {add.product: add for add in self.request.changes}
        if self.tier is not None and ladder is not None:
            platform = ladder.platform
            for charge in self.tier.charges:
                key = f"{self.tier.id}.{charge.id}"
                added = adds.get(platform.id, Add(platform.id))
                lines.append(Line(key, platform, charge, self.tier, self.entry(key), added, None))
        for add in self.request.changes:
            product = self.rulebook.products[add.product]
            if ladder is not None and product == ladder.platform:
                continue
            for charge in product.charges:
                key = f"{product.id}.{charge.id}"
                bundle = self._bundle(product.id) if charge.timing is Timing.RECURRING else None
                lines.append(Line(key, product, charge, None, self.entry(key), add, bundle))
        return lines

    def _bundle(self, product: str) -> Bundle | None:
        chosen = [add.product for add in self.request.changes]
        for asked in self.request.bundles:
            for item in self.rulebook.bundles[asked].items:
                if product == next(each for each in chosen if each in item):
                    return self.rulebook.bundles[asked]
        return None
