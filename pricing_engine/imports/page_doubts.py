"""Points out what a price page most likely did not mean: add-ons nobody can buy, plans that cost more for nothing."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from pricing_engine.imports.page import AddOn, FeatureValue, LimitValue, ListAmount, Page, Plan, Unlimited
from pricing_engine.imports.report import Report


def find_unbuyable(page: Page, *, report: Report) -> frozenset[str]:
    """The names of the add-ons that are in no valid configuration; each is reported with the reason."""
    by_name = {add_on.name: add_on for add_on in page.add_ons}
    found: set[str] = set()
    for add_on in page.add_ons:
        reason = _why_unbuyable(add_on, by_name, page)
        if reason:
            found.add(add_on.name)
            what = f"can never be bought: {reason}; it is left out"
            report.warning(
                add_on.position, "add-on", add_on.name, what, fix="correct availableFor, dependsOn or excludes"
            )
    return frozenset(found)


def _why_unbuyable(add_on: AddOn, by_name: dict[str, AddOn], page: Page) -> str:
    """What stands against taking the add-on with all it needs; "" when nothing does.

    Taking exactly what is needed is the least one can take, so a conflict in it stands in every configuration.
    """
    needed = _needed(add_on, by_name)
    for member in needed:
        for excluded in member.excludes:
            if any(other.name == excluded.name for other in needed):
                return f"it needs both {member.name} and {excluded.name}, and the first excludes the second"
    plans = {plan.name for plan in page.plans}
    for member in needed:
        if member.available_for is not None and page.plans:
            plans &= {reference.name for reference in member.available_for}
    if page.plans and not plans:
        names = ", ".join(member.name for member in needed)
        return f"no plan offers all of {names}" if len(needed) > 1 else "it is available for no plan"
    return ""


def _needed(add_on: AddOn, by_name: dict[str, AddOn]) -> tuple[AddOn, ...]:
    """The add-on and all it depends on, directly or through others."""
    found, waiting = {add_on.name: add_on}, [add_on]
    while waiting:
        for reference in waiting.pop().depends_on:
            if reference.name not in found:
                found[reference.name] = by_name[reference.name]
                waiting.append(by_name[reference.name])
    return tuple(found.values())


def report_doubts(page: Page, *, report: Report) -> None:
    """Warn about plans that cost more for no more, add-ons that give nothing, and features limited to 0."""
    if page.features or page.limits:
        for lower, higher in combinations(page.plans, 2):
            _compare_plans(page, lower, higher, report)
    for add_on in page.add_ons:
        _compare_add_on(page, add_on, report)
    for plan in page.plans:
        _check_zero_limits(page, plan, report)


def _compare_plans(page: Page, lower: Plan, higher: Plan, report: Report) -> None:
    if not isinstance(lower.price, ListAmount) or not isinstance(higher.price, ListAmount) or lower.unit != higher.unit:
        return
    if lower.price == higher.price:
        return
    dear, cheap = (lower, higher) if lower.price.amount > higher.price.amount else (higher, lower)
    if _gives_at_least(page, cheap, dear):
        what = f"costs more than plan {cheap.name} ({_amount(dear)} against {_amount(cheap)}) and gives nothing more"
        report.warning(dear.position, "plan", dear.name, what, fix="compare the features and limits of the two")


def _amount(plan: Plan) -> str:
    return f"{plan.price.amount:f}" if isinstance(plan.price, ListAmount) else "on request"


def _gives_at_least(page: Page, plan: Plan, other: Plan) -> bool:
    """Whether the plan has every feature and limit of the other, or more."""
    mine, theirs = page.features_of(plan), page.features_of(other)
    if any(not _is_as_good(mine[name], value) for name, value in theirs.items()):
        return False
    my_limits, their_limits = page.limits_of(plan), page.limits_of(other)
    return all(_holds_as_much(my_limits[name], value) for name, value in their_limits.items())


def _is_as_good(mine: FeatureValue, theirs: FeatureValue) -> bool:
    """Texts are as good as each other only when equal: which is better cannot be known."""
    if theirs is False or mine == theirs:
        return True
    return isinstance(mine, Decimal) and isinstance(theirs, Decimal) and mine >= theirs


def _holds_as_much(mine: LimitValue, theirs: LimitValue) -> bool:
    if mine == theirs or isinstance(mine, Unlimited):
        return True
    return isinstance(mine, Decimal) and isinstance(theirs, Decimal) and mine >= theirs


def _compare_add_on(page: Page, add_on: AddOn, report: Report) -> None:
    """An add-on that only turns on what every plan it is sold with has already."""
    if add_on.limits or add_on.extensions or not add_on.features:
        return
    for plan in _plans_of(page, add_on):
        values = page.features_of(plan)
        if all(_is_as_good(values[setting.name], setting.value) for setting in add_on.features):
            what = f"gives nothing that plan {plan.name}, for which it is available, has not already"
            report.warning(add_on.position, "add-on", add_on.name, what, fix=f"take {plan.name} out of availableFor")


def _plans_of(page: Page, add_on: AddOn) -> tuple[Plan, ...]:
    if add_on.available_for is None:
        return page.plans
    names = {reference.name for reference in add_on.available_for}
    return tuple(plan for plan in page.plans if plan.name in names)


def _check_zero_limits(page: Page, plan: Plan, report: Report) -> None:
    features, limits = page.features_of(plan), page.limits_of(plan)
    for feature, value in features.items():
        linked = [limit.name for limit in page.limits if feature in limit.linked_features]
        if value is not False and linked and all(limits[name] == 0 for name in linked):
            what = f"has feature {feature}, but its limit {', '.join(linked)} is 0, so it cannot be used"
            fix = "raise the limit, or take the feature out of the plan"
            report.warning(plan.position, "plan", plan.name, what, fix=fix)
