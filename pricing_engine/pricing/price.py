"""The order in which a price is made, and nothing else (P18).

list → bundle → policy discounts by group → uplift limits (renewals) → discretionary → total cap → repricing (of what
stays of a contract) → floor → term share → rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from pricing_engine.catalog.products import ONE_TIME
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO, round_money
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.conditions import Conditions, Renewed
from pricing_engine.pricing.discretionary import apply_discretionary
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.limits import apply_cap, limit_findings
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.list_price import draft_line, estimate_usage
from pricing_engine.pricing.repricing import show_repricing
from pricing_engine.pricing.shares import apply_rules, base_of, draft_shares
from pricing_engine.pricing.term import segments_of, share_of_term, split_term, weigh_segments
from pricing_engine.pricing.uplift import apply_uplift, contracted_nets, keep_uplift
from pricing_engine.pricing.waterfall import ROUNDING, TERM, PricedLine, Segment, Step, make_step

NOT_KNOWN: Final[Mapping[str, PricedLine]] = {}
"""No line has a price yet."""


class Pricing(NamedTuple):
    """Priced lines in the order asked, and what the limits say about them.

    `is_complete`: every line has a price (P5).
    """

    lines: tuple[PricedLine, ...]
    findings: tuple[Finding, ...]
    is_complete: bool


class Past(NamedTuple):
    """What lines are priced against when they change a contract.

    `before` are the conditions `kept` lines had, in the order in which they ceased to hold; `renewed` is what a
    renewal is limited by.
    """

    kept: frozenset[str] = frozenset()
    before: tuple[Conditions, ...] = ()
    renewed: Renewed | None = None


def price(
    items: Sequence[LineItem],
    terms: PricingTerms,
    past: Past | None = None,
    known: Mapping[str, PricedLine] = NOT_KNOWN,
) -> Pricing:
    """The price of every line over the term, with its waterfall; `past` is None for a new sale.

    `known` are lines, by id, whose price is known already and depends on no others.
    Rounds: each line's yearly and term amounts once, half up, at the end (P2).
    Source: P18.
    """
    to_price = [item for item in items if item.id not in known] if known else items
    priced = priced_items(to_price)
    periods = split_term(priced, terms)
    if past is None:
        stretches = [price_stretch(priced, terms, period) for period in periods]
    else:
        past = _priced_past(past)
        periods = _split_with(past, periods)
        stretches = [_price_against(past, priced, terms, period) for period in periods]
    shares = [share_of_term(period, terms) for period in periods]
    segments = {drafts[0].item.id: segments_of(drafts, periods, shares) for drafts in zip(*stretches, strict=True)}
    findings = {
        (finding.code, finding.line): finding
        for period, drafts in zip(periods, stretches, strict=True)
        for finding in limit_findings(drafts if period is periods[0] else _owed_again(drafts), terms)
    }
    currency = terms.currency
    closing_rules = _closing_rules(terms.proration, currency.code, currency.digits)
    lines = tuple(
        [known.get(item.id) or _close_line(item, segments.get(item.id, ()), terms, closing_rules) for item in items]
    )
    return Pricing(lines, tuple(findings.values()), len(priced) == len(to_price))


def _priced_past(past: Past) -> Past:
    """The past without lines that have no price, as what is priced against it."""
    renewed = past.renewed
    return past._replace(
        before=tuple([each._replace(items=tuple(priced_items(each.items))) for each in past.before]),
        renewed=renewed and renewed._replace(items=tuple(priced_items(renewed.items))),
    )


def _split_with(past: Past, periods: list[Period]) -> list[Period]:
    """The stretches, split also where a contracted price would have changed."""
    others = [*past.before, *((past.renewed,) if past.renewed else ())]
    days = {period.start for each in others for period in split_term(each.items, each.terms)}
    starts = sorted({period.start for period in periods} | {day for day in days if periods[0].start < day})
    end = periods[-1].end
    return [Period(start, later) for start, later in pairwise([*(day for day in starts if day < end), end])]


def _price_against(past: Past, items: Sequence[LineItem], terms: PricingTerms, period: Period) -> list[Draft]:
    """The stretch's drafts, limited by the contract that is renewed, and with the repricing of what stays."""
    drafts = price_stretch(items, terms, period, past.renewed)
    if past.before:
        return show_repricing(drafts, past.before, past.kept, period, price_stretch)
    return drafts


def _owed_again(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of a later stretch that are sold: a one-time line is, at the prices of the first only."""
    return [draft for draft in drafts if draft.item.charge.timing is not ONE_TIME]


def priced_items(items: Sequence[LineItem]) -> list[LineItem]:
    """The items that have a price; a percentage of other lines has none while one of those has none (P5)."""
    return [
        item
        for item in items
        if item.has_price and (item.charge.of_lines is None or all(base.has_price for base in base_of(item, items)))
    ]


def price_stretch(
    items: Sequence[LineItem], terms: PricingTerms, period: Period, renewed: Renewed | None = None
) -> list[Draft]:
    """Every line through every step within one stretch, in the order of `items`."""
    on = period.start
    plain = [item for item in items if item.charge.of_lines is None]
    drafts = apply_rules([draft_line(item, on) for item in plain], terms, on)
    if any([item.uplifted for item in plain]):
        drafts = keep_uplift(drafts, on)
    if renewed is not None:
        contracted = price_stretch(renewed.items, renewed.terms, period)
        drafts = apply_uplift(drafts, contracted_nets(contracted), renewed.limit)
    if len(plain) < len(items):
        by_id = {draft.item.id: draft for draft in (*drafts, *draft_shares(items, drafts, terms, on))}
        drafts = [by_id[item.id] for item in items]
    return apply_cap(apply_discretionary(drafts, terms), terms)


@lru_cache(maxsize=256)
def _closing_rules(method: ProrationMethod, code: str, digits: int) -> tuple[RuleRef, RuleRef]:
    return (
        RuleRef("term", "", 0, f"yearly amounts over the term, by {method}"),
        RuleRef("rounding", "", 0, f"half up to {digits} decimals of {code}"),
    )


def _close_line(
    item: LineItem, segments: tuple[Segment, ...], terms: PricingTerms, rules: tuple[RuleRef, RuleRef]
) -> PricedLine:
    """The line with its last steps, the term share and the rounding, and its amounts."""
    currency, charge, tier = terms.currency, item.charge, item.tier
    list_year = net_year = list_term = net_term = ZERO
    closing: tuple[Step, ...] = ()
    if segments:
        first = segments[0]
        list_unrounded, unrounded = weigh_segments(segments)
        list_term, net_term = round_money(list_unrounded, currency), round_money(unrounded, currency)
        if charge.months is not None:
            list_year, net_year = round_money(first.list, currency), round_money(first.net, currency)
        closing = (
            make_step((TERM, rules[0], first.net, unrounded)),
            make_step((ROUNDING, rules[1], unrounded, net_term)),
        )
    product, bundle = item.product, item.bundle
    # By position: with seventeen keywords a named tuple takes ten times as long, a tenth of a quote (0040).
    return PricedLine(
        item.id,
        product.id,
        tier.name if tier else product.name,
        tier.id if tier else None,
        charge.id,
        charge.timing,
        charge.months,
        charge.metric,
        bundle.id if bundle else None,
        item.phases[0].quantity,
        segments,
        closing,
        list_year,
        net_year,
        list_term,
        net_term,
        None if item.declared_usage is None else estimate_usage(item, currency),
    )
