"""A request read against a rulebook: what the customer will have, and on which book, dates and plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.catalog.products import Bundle, MetricKind, ProductType
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.money import Currency
from pricing_engine.periods import Period, add_months
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.quoting.bundle_choice import bundle_of_products
from pricing_engine.quoting.changes.waivers import plan_asked
from pricing_engine.quoting.chosen import Chosen, highest_totals, read_changes, totals_on
from pricing_engine.quoting.refusals import (
    TermOutOfRange,
    UnknownBilling,
    UnknownCurrency,
    UnknownMetric,
    UnknownRole,
)
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.tier_resolution import ResolvedTier, resolve_tier
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean

_COUNTED = (ProductType.MODULE, ProductType.ADD_ON)


class Sale(NamedTuple):
    """`totals` are the account's quantities by metric, the highest of the term.

    Units: `reporting_rate` is reporting currency per unit of the quote's.
    """

    request: QuoteRequest
    rulebook: Rulebook
    currency: Currency
    reporting_rate: Decimal
    price_book: PriceBook
    plan: BillingPlan
    term: Period
    chosen: tuple[Chosen, ...]
    bundles: Mapping[str, Bundle]
    totals: Mapping[str, Decimal]
    tier: ResolvedTier | None

    @property
    def has_ramp(self) -> bool:
        """Whether anything asked for changes within the term."""
        return any([len(each.starts) > 1 for each in self.chosen])

    @property
    def first_totals(self) -> Mapping[str, Decimal]:
        """The account's quantities by metric on the first day."""
        if not self.has_ramp:
            return self.totals
        return totals_on(self.term.start, self.chosen, self.request.usage, self.rulebook.metrics)

    @property
    def billing_months(self) -> int:
        """The cadence stubs are measured by: 12 for all up front (P8)."""
        return self.plan.months or 12


def read_sale(request: QuoteRequest, rulebook: Rulebook) -> Sale:
    """The sale a request means.

    Raises: UnknownRole, UnknownCurrency, UnknownBilling, TermOutOfRange, PriceBookMissing, RateMissing, and what
    `read_changes`, `bundle_of_products`, `resolve_tier` and `plan_asked` raise.
    """
    if request.role not in rulebook.roles:
        raise UnknownRole(f"there is no role {request.role}", fix=did_you_mean(request.role, rulebook.roles))
    currency = _currency(request, rulebook)
    term = _term(request, rulebook)
    chosen = read_changes(request, rulebook, term)
    if request.usage:
        check_usage(request, rulebook)
    totals = highest_totals(chosen, request.usage, rulebook.metrics)
    return Sale(
        request,
        rulebook,
        currency,
        rulebook.rates.rate(currency.code, request.effective_date),
        rulebook.price_book(currency.code, request.account.market),
        _plan(request, rulebook),
        term,
        chosen,
        bundle_of_products(request.bundles, chosen, rulebook.bundles),
        totals,
        resolve_tier(rulebook.ladder, asked=request.tier, chosen=chosen, totals=totals),
    )


def check_usage(request: QuoteRequest, rulebook: Rulebook) -> None:
    """Usage is declared of what is measured; capacity is bought, as a quantity of a product (P16)."""
    measured = {id_ for id_, metric in rulebook.metrics.items() if metric.kind is not MetricKind.CAPACITY}
    for metric in request.usage:
        if metric not in measured:
            raise UnknownMetric(
                f"{metric} is not a metric whose use is measured",
                fix=did_you_mean(metric, measured, if_none="leave it out"),
                pointer=f"/usage/{metric}",
            )


def _currency(request: QuoteRequest, rulebook: Rulebook) -> Currency:
    currency = rulebook.currencies.get(request.currency)
    if currency is None:
        raise UnknownCurrency(
            f"nothing is sold in {request.currency}",
            fix=did_you_mean(request.currency, rulebook.currencies),
            pointer="/currency",
        )
    return currency


def _plan(request: QuoteRequest, rulebook: Rulebook) -> BillingPlan:
    id_ = plan_asked(request, rulebook.billing_plans) or rulebook.default_billing
    plan = rulebook.billing_plans.get(id_)
    if plan is None:
        raise UnknownBilling(
            f"the rulebook offers no billing plan {id_}",
            fix=did_you_mean(id_, rulebook.billing_plans),
            pointer="/billing",
        )
    return plan


def _term(request: QuoteRequest, rulebook: Rulebook) -> Period:
    least, most = rulebook.term_months
    if not least <= request.term_months <= most:
        raise TermOutOfRange(
            f"a term of {request.term_months} months is not sold",
            fix=f"ask for {least} to {most} months",
            pointer="/term_months",
        )
    return term_of(request.effective_date, request.term_months)


@lru_cache(maxsize=4096)
def term_of(start: date, months: int) -> Period:
    """The term of so many months; the same for all quotes of a day, by which its calendar is remembered too."""
    return Period(start, add_months(start, months))


def count_products(items: Iterable[LineItem]) -> int:
    """Distinct paid modules and add-ons; services and tier charges do not count (P21). On request is not free (P5)."""
    return len(
        {
            item.product.id
            for item in items
            if item.product.type in _COUNTED and (item.price is None or not item.price.is_free)
        }
    )
