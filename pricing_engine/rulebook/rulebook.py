"""The compiled, immutable set of all rule files, identified by its content hash."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.catalog.products import Bundle, Charge, Ladder, Metric, Product
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.errors import DomainError
from pricing_engine.expressions import Expression, Kind, Name
from pricing_engine.money import Currency
from pricing_engine.offers.paths import UpsellPath
from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.approvals import ApprovalMatrix
from pricing_engine.policies.discounts import DiscountGroup, DiscountPolicy
from pricing_engine.policies.discretion import Discretion
from pricing_engine.retention.targets import Target
from pricing_engine.scoring.guidance_rules import GuidanceRules
from pricing_engine.scoring.scorecard import Scorecard
from pricing_engine.terms.terms import Terms


class RateMissing(DomainError):
    """The exchange rates have no entry for a currency on a day."""

    code = "exchange-rate-missing"


class PriceBookMissing(DomainError):
    """No price book sells in the currency and market asked for."""

    code = "no-price-book"


@dataclass(frozen=True, slots=True)
class ExchangeRates:
    """Dated rates: what one unit of a currency is worth in the reporting currency."""

    reporting: str
    starts: tuple[date, ...]
    rates: tuple[Mapping[str, Decimal], ...]

    def rate(self, currency: str, day: date) -> Decimal:
        """Reporting currency per unit of `currency` on a day; 1 for the reporting currency itself.

        Raises: RateMissing, naming the currency and the day.
        """
        if currency == self.reporting:
            return Decimal(1)
        index = bisect_right(self.starts, day) - 1
        found = self.rates[index].get(currency) if index >= 0 else None
        if found is None:
            raise RateMissing(
                f"there is no exchange rate from {currency} to {self.reporting} on {day}",
                fix="add a dated entry to fx_rates.yaml",
                currency=currency,
                on=day,
                first=self.first_day(currency),
            )
        return found

    def first_day(self, currency: str) -> date | None:
        """The first day that has a rate of a currency; None where no day has."""
        return next((start for start, known in zip(self.starts, self.rates, strict=True) if currency in known), None)


@dataclass(frozen=True, slots=True)
class VocabularyName:
    """A name expressions may use, with where its value comes from (`account.segment`, `metric.users`, `quote.acv`).

    `source` and `key` are the two parts of that origin; `words` the values of an enum.
    """

    name: Name
    origin: str
    source: str = field(init=False)
    key: str = field(init=False)
    words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        source, _, key = self.origin.partition(".")
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "words", frozenset(self.name.values))


def _product_lines(products: Iterable[Product]) -> dict[str, str]:
    after = {old: product.id for product in products for old in product.replaces}

    def last(product: str) -> str:
        return last(after[product]) if product in after else product

    return {old: last(old) for old in after}


PoliciesByGroup = tuple[tuple[DiscountGroup, tuple[DiscountPolicy, ...]], ...]
"""Discount policies by stacking group, the groups in their declared order."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything a quote is priced from. Built by `load`, never by hand; equal content has an equal hash.

    `sources` are the original bytes of every file, so that a stored version can be shown and compiled again.
    `platform_id` is the product that the ladder's tiers belong to (None: there is no ladder).
    `terms` are in the order of file names; those without `when` are for every account that no others are for.
    `discounts` end with those that the incentives of upsell paths are; `policies` are the same by id.
    `product_lines` are the successors of products that others replace, in the end, by the ids of those (N2).
    `list_arr_names` are the vocabulary's names for ARR at list, which is computed only for a rule that asks;
    `scored_names` and `guided_names` are those that the scorecard and rows of guidance ask for, with their origins;
    `account_kinds` are those of them that are of the account, each with its kind.
    """

    hash: str
    name: str
    reporting_currency: Currency
    currencies: Mapping[str, Currency]
    proration: ProrationMethod
    billing_plans: Mapping[str, BillingPlan]
    default_billing: str
    term_months: tuple[int, int]
    vocabulary: Mapping[str, VocabularyName]
    metrics: Mapping[str, Metric]
    products: Mapping[str, Product]
    ladder: Ladder | None
    bundles: Mapping[str, Bundle]
    price_books: tuple[PriceBook, ...]
    rates: ExchangeRates
    discount_groups: tuple[DiscountGroup, ...]
    discounts: tuple[DiscountPolicy, ...]
    discretion: Discretion
    approvals: ApprovalMatrix | None
    roles: tuple[str, ...]
    sources: Mapping[str, bytes]
    terms: tuple[Terms, ...] = ()
    upsell_paths: tuple[UpsellPath, ...] = ()
    retention_targets: tuple[Target, ...] = ()
    scorecard: Scorecard | None = None
    guidance: GuidanceRules | None = None
    platform_id: str | None = field(init=False, compare=False, repr=False)
    policies: Mapping[str, DiscountPolicy] = field(init=False, compare=False, repr=False)
    list_arr_names: frozenset[str] = field(init=False, compare=False, repr=False)
    product_lines: Mapping[str, str] = field(init=False, compare=False, repr=False)
    scored_names: Mapping[str, str] = field(init=False, compare=False, repr=False)
    guided_names: Mapping[str, str] = field(init=False, compare=False, repr=False)
    account_kinds: tuple[tuple[str, Kind], ...] = field(init=False, compare=False, repr=False)
    _policies: dict[str, PoliciesByGroup] = field(default_factory=dict, init=False, compare=False, repr=False)
    _shared: dict[tuple[str, ...], PoliciesByGroup] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = frozenset(id_ for id_, entry in self.vocabulary.items() if entry.origin == "quote.list_arr")
        object.__setattr__(self, "list_arr_names", names)
        object.__setattr__(self, "policies", {policy.id: policy for policy in self.discounts})
        object.__setattr__(self, "platform_id", self.ladder.platform.id if self.ladder else None)
        object.__setattr__(self, "product_lines", _product_lines(self.products.values()))
        factors = () if self.scorecard is None else self.scorecard.factors
        rows = () if self.guidance is None else self.guidance.rows
        object.__setattr__(self, "scored_names", self._origins([each.value for each in factors]))
        object.__setattr__(self, "guided_names", self._origins([each.when for each in rows]))
        asked = {name: self.vocabulary[name] for name in (*self.scored_names, *self.guided_names)}
        of_accounts = [(name, each.name.kind) for name, each in asked.items() if each.source == "account"]
        object.__setattr__(self, "account_kinds", tuple(of_accounts))

    def _origins(self, asking: Iterable[Expression | None]) -> Mapping[str, str]:
        names = {name for each in asking if each is not None for name in each.names}
        return {name: self.vocabulary[name].origin for name in sorted(names)}

    def policies_for(self, key: str, product: Product, charge: Charge) -> PoliciesByGroup:
        """The discount policies that select a charge, remembered by its price key: rules about others cost nothing."""
        found = self._policies.get(key)
        if found is None:
            selected = [policy for policy in self.discounts if policy.applies_to.matches(product, charge)]
            by_group = tuple(
                (group, policies)
                for group in self.discount_groups
                if (policies := tuple(policy for policy in selected if policy.group == group.id))
            )
            # One tuple for all charges with the same policies, so that a quote can tell by identity.
            found = self._shared.setdefault(tuple(policy.id for policy in selected), by_group)
            self._policies[key] = found
        return found

    def price_book(self, currency: str, market: str | None) -> PriceBook:
        """The book of a currency that names the market, else the one of that currency that names none.

        Raises: PriceBookMissing, naming the currencies and markets there are.
        """
        books = [book for book in self.price_books if book.currency.code == currency]
        for book in books:
            if market in book.markets:
                return book
        for book in books:
            if not book.markets:
                return book
        sold = ", ".join(
            f"{book.currency.code} in {' '.join(sorted(book.markets)) or 'any market'}" for book in self.price_books
        )
        raise PriceBookMissing(
            f"no price book sells in {currency} in market {market}",
            fix=f"ask in a currency and market that is sold: {sold}",
            currency=currency,
            market=market,
        )
