"""Checks that every name a page uses exists on it, so that nothing is imported that points nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pricing_engine.imports.page import AddOn, FeatureSetting, LimitSetting, Page, Plan, Reference
from pricing_engine.imports.report import Report


def check_references(page: Page, *, report: Report) -> None:
    """Report each plan, add-on, feature or usage limit that is named but not defined, and add-ons in a circle."""
    plans = frozenset(plan.name for plan in page.plans)
    add_ons = frozenset(add_on.name for add_on in page.add_ons)
    features = frozenset(feature.name for feature in page.features)
    limits = frozenset(limit.name for limit in page.limits)
    for add_on in page.add_ons:
        by = f"add-on {add_on.name}"
        _check(add_on.available_for or (), plans, report, kind="plan", said=f"{by} is available for")
        _check(add_on.depends_on, add_ons, report, kind="add-on", said=f"{by} depends on")
        _check(add_on.excludes, add_ons, report, kind="add-on", said=f"{by} excludes")
        _check(add_on.extensions, limits, report, kind="usage limit", said=f"{by} extends")
        _check_itself(add_on, report)
    _check_circles(page, report)
    for sold in _sold(page):
        by = f"{'plan' if isinstance(sold, Plan) else 'add-on'} {sold.name}"
        _check(sold.features, features, report, kind="feature", said=f"{by} overrides")
        _check(sold.limits, limits, report, kind="usage limit", said=f"{by} overrides")
    for limit in page.limits:
        linked = (Reference(name, limit.position) for name in limit.linked_features)
        _check(linked, features, report, kind="feature", said=f"usage limit {limit.name} is linked to", is_error=False)


def _sold(page: Page) -> tuple[Plan | AddOn, ...]:
    return (*page.plans, *page.add_ons)


def _check(
    named: Iterable[Reference | FeatureSetting | LimitSetting],
    known: frozenset[str],
    report: Report,
    *,
    kind: str,
    said: str,
    is_error: bool = True,
) -> None:
    for reference in named:
        if reference.name in known:
            continue
        close = get_close_matches(reference.name, sorted(known), n=1)
        fix = f"did you mean {close[0]}?" if close else f"define the {kind}, or remove the name"
        say = report.error if is_error else report.warning
        say(reference.position, kind, reference.name, f"{said} it, but the page does not define it", fix=fix)


def _check_itself(add_on: AddOn, report: Report) -> None:
    for reference in add_on.excludes:
        if reference.name == add_on.name:
            fix = "remove the name from excludes"
            report.error(reference.position, "add-on", add_on.name, "excludes itself", fix=fix)


def _check_circles(page: Page, report: Report) -> None:
    """An add-on that needs itself through others can never be added first, and rules refuse it."""
    depends = {add_on.name: frozenset(each.name for each in add_on.depends_on) for add_on in page.add_ons}
    for add_on in page.add_ons:
        for reference in add_on.depends_on:
            if add_on.name in _reached(reference.name, depends):
                what = f"depends on {reference.name}, which depends on it in turn: neither can be added first"
                fix = "take one of them out of dependsOn"
                report.error(reference.position, "add-on", add_on.name, what, fix=fix)


def _reached(start: str, depends: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """An add-on and all it depends on, directly or through others."""
    found, waiting = {start}, [start]
    while waiting:
        new = depends.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)
