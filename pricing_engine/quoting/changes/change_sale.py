"""The target of a change read against the rulebook in force: tier, bundles, book and plan (P14, P16, P18a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pricing_engine.catalog.products import ProductType
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.quoting.bundle_choice import bundle_of_products
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.refusals import ChangesConflict, ProductGone
from pricing_engine.quoting.changes.target import Target
from pricing_engine.quoting.changes.waivers import plan_asked
from pricing_engine.quoting.chosen import Chosen, highest_totals
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.refusals import UnknownBilling, UnknownRole
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.sale import Sale, check_usage
from pricing_engine.quoting.tier_resolution import HeldTier, ResolvedTier, resolve_tier
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean


def read_change_sale(request: QuoteRequest, target: Target, held: Held, rulebook: Rulebook, kind: Kind) -> Sale:
    """The sale that a target means, over the days from the change to the end of the term.

    Raises: UnknownRole; UnknownBilling; ChangesConflict; ProductGone; PriceBookMissing; RateMissing; NoTierFits; …
    """
    contract = held.contract
    if request.role not in rulebook.roles:
        raise UnknownRole(f"there is no role {request.role}", fix=did_you_mean(request.role, rulebook.roles))
    rulebook = _knowing_metrics(rulebook, held)
    chosen = target.chosen
    if kind.is_new_term:
        chosen = tuple([_sold_now(each, rulebook) for each in chosen if not _is_over(each, target, held, rulebook)])
        request = _with_bundles(request, chosen, held, rulebook)
    if request.usage:
        check_usage(request, rulebook)
    totals = highest_totals(chosen, request.usage, rulebook.metrics)
    return Sale(
        request,
        rulebook,
        contract.currency,
        rulebook.rates.rate(contract.currency.code, request.effective_date),
        rulebook.price_book(contract.currency.code, request.account.market),
        _plan(request, held, rulebook, kind),
        kind.days,
        chosen,
        bundle_of_products(request.bundles, chosen, rulebook.bundles),
        totals,
        None if kind.type is QuoteType.CANCELLATION else _tier(target, chosen, totals, held, rulebook, kind),
    )


def _knowing_metrics(rulebook: Rulebook, held: Held) -> Rulebook:
    """The rulebook with the metrics that the contract's own versions have and it does not."""
    if held.rulebooks.keys() <= {rulebook.hash}:
        return rulebook
    pinned = {id_: metric for each in held.rulebooks.values() for id_, metric in each.metrics.items()}
    if pinned.keys() <= rulebook.metrics.keys():
        return rulebook
    return replace(rulebook, metrics={**pinned, **rulebook.metrics})


def _is_over(each: Chosen, target: Target, held: Held, rulebook: Rulebook) -> bool:
    """Whether it was owed once only and is not sold any more: there is nothing of it in a new term."""
    id_ = each.product.id
    if id_ in rulebook.products or id_ in target.asked_of:
        return False
    return all(line.product != id_ for line in held.contract.lines if line.phases)


def _sold_now(each: Chosen, rulebook: Rulebook) -> Chosen:
    """A product by its definition in force, for a new term."""
    product = rulebook.products.get(each.product.id)
    if product is None:
        raise ProductGone(
            f"{each.product.id} is on the contract and is not sold any more",
            fix=f"renew without it: remove {each.product.id}, or swap it for what is sold",
            pointer="/changes",
            gone=each.product.id,
        )
    return each._replace(product=product)


def _with_bundles(request: QuoteRequest, chosen: Sequence[Chosen], held: Held, rulebook: Rulebook) -> QuoteRequest:
    """The request with the contract's bundles, where none is asked for and they are still sold and complete."""
    if request.bundles:
        return request
    ids = {each.product.id for each in chosen}
    had = dict.fromkeys(line.bundle for line in held.contract.lines if line.bundle is not None and line.phases)
    kept = [
        bundle.id
        for id_ in had
        if (bundle := rulebook.bundles.get(id_)) is not None
        if all(not ids.isdisjoint(item) for item in bundle.items)
    ]
    return request._replace(bundles=tuple(kept)) if kept else request


def _plan(request: QuoteRequest, held: Held, rulebook: Rulebook, kind: Kind) -> BillingPlan:
    contract = held.contract
    asked = plan_asked(request, rulebook.billing_plans)
    if asked is None or asked == contract.billing.id:
        return contract.billing
    if not kind.is_new_term:
        raise ChangesConflict(
            f"contract {contract.id} is billed {contract.billing.id} until its term ends",
            fix="change the billing when it renews",
            pointer="/billing",
        )
    plan = rulebook.billing_plans.get(asked)
    if plan is None:
        raise UnknownBilling(
            f"the rulebook offers no billing plan {asked}",
            fix=did_you_mean(asked, rulebook.billing_plans),
            pointer="/billing",
        )
    return plan


def _tier(
    target: Target,
    chosen: Sequence[Chosen],
    totals: Mapping[str, Decimal],
    held: Held,
    rulebook: Rulebook,
    kind: Kind,
) -> ResolvedTier | None:
    contract, ladder = held.contract, rulebook.ladder
    if contract.tier is None:
        was_without = any(each.product.type is not ProductType.SERVICE for each in target.held)
        if target.tier is None and was_without:
            return None  # it was sold without a tier and stays so until one is asked for
        return resolve_tier(ladder, asked=target.tier, chosen=chosen, totals=totals)
    if kind.is_new_term:
        if target.tier is None and (ladder is None or contract.tier not in ladder.ranks):
            raise ProductGone(
                f"tier {contract.tier} is on the contract and is not sold any more",
                fix="renew on a tier that is sold: change_tier",
                pointer="/changes",
                gone=contract.tier,
            )
        return resolve_tier(ladder, asked=target.tier or contract.tier, chosen=chosen, totals=totals)
    pinned = held.rulebooks[contract.tier_rulebook].ladder
    assert pinned is not None  # a contract on a tier is pinned to a rulebook with a ladder
    tier = HeldTier(pinned.tiers[pinned.ranks[contract.tier]], target.held, rulebook.metrics)
    return resolve_tier(ladder, asked=target.tier, chosen=chosen, totals=totals, held=tier)
