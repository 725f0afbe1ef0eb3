"""The repricing step: what stays of a contract, priced without the conditions that no longer hold (P22)."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.periods import Period
from pricing_engine.pricing.conditions import Conditions
from pricing_engine.pricing.draft import Draft, make_draft
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.waterfall import REPRICING, make_step

PriceStretch = Callable[[Sequence[LineItem], PricingTerms, Period], list[Draft]]


def show_repricing(
    drafts: Sequence[Draft], before: Sequence[Conditions], kept: Set[str], period: Period, price_stretch: PriceStretch
) -> list[Draft]:
    """The drafts, with the waterfalls of kept lines told from the contract on: as agreed, then each repricing.

    `before` are the conditions in the order in which they ceased to hold. A percentage of other lines follows those
    lines and has no repricing of its own.
    """
    runs = [{draft.item.id: draft for draft in price_stretch(each.items, each.terms, period)} for each in before]
    rules = [each.rule for each in before]
    return [
        _from_contract(draft, [run[draft.item.id] for run in runs], rules)
        if draft.item.id in kept and draft.item.charge.of_lines is None
        else draft
        for draft in drafts
    ]


def _from_contract(draft: Draft, earlier: Sequence[Draft], rules: Sequence[RuleRef]) -> Draft:
    """The draft by way of those under earlier conditions; each rule leads from one to the next."""
    first = earlier[0]
    steps, net = list(first.steps), first.net
    for later, rule in zip((*earlier[1:], draft), rules, strict=True):
        if later.net != net:
            steps.append(make_step((REPRICING, rule, net, later.net)))
            net = later.net
    return make_draft((draft.item, draft.phase, draft.list, net, tuple(steps), draft.steps))
