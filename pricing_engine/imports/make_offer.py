"""Turns a page into an offer: plans become tiers of one ladder, add-ons products, units charges, limits metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from pricing_engine.imports.billing_options import billing_options
from pricing_engine.imports.identifiers import Namespace, words_of
from pricing_engine.imports.offer import Offer, OfferCharge, OfferMetric, OfferProduct, OfferTier
from pricing_engine.imports.page import (
    AddOn,
    LimitValue,
    ListAmount,
    Page,
    PagePrice,
    Plan,
    Reference,
    Unlimited,
    Words,
)
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.report import Report
from pricing_engine.imports.units import USERS, Every, Once, OtherPeriod, Share, is_users, plural, read_unit
from pricing_engine.rulebook.yaml_scalars import MAX_WHOLE_DIGITS

LADDER = "plans"
"""Id of the ladder, and so of the platform product every plan is a tier of."""

_LIMIT_NOTE = (
    "is a limit of the tiers; it counts when a quote declares the use of its metric, seats do not count against it"
)


@dataclass(slots=True)
class _Metrics:
    """Hands out metrics while charges and limits are read; charges first, so that they get the plain names."""

    names: Namespace
    found: dict[str, OfferMetric] = field(default_factory=dict)
    by_counted: dict[tuple[str, ...], str] = field(default_factory=dict)

    def counted(self, counted: tuple[str, ...]) -> str:
        """The id of the metric for what a unit counts; equal units share one."""
        key = (USERS,) if is_users(counted) else counted
        if key not in self.by_counted:
            *first, last = (USERS,) if key == (USERS,) else key
            id_ = self.names.claim(" ".join((*first, plural(last))), fallback="unit", suffix="sold")
            unit = "user" if key == (USERS,) else " ".join(key)
            meaning = "people with a seat" if key == (USERS,) else f"{' '.join((*first, plural(last)))} bought"
            self.by_counted[key] = id_
            self.found[id_] = OfferMetric(id_, unit, True, meaning)
        return self.by_counted[key]

    def limited(self, name: str, unit: str, meaning: str) -> str:
        """The id of the metric a usage limit is on."""
        id_ = self.names.claim(name, fallback="limit", suffix="limit")
        self.found[id_] = OfferMetric(id_, unit or "unit", False, meaning)
        return id_


def make_offer(page: Page, *, unbuyable: frozenset[str], report: Report) -> Offer:
    """The offer of a page whose references have been checked; `unbuyable` add-ons are left out.

    What an offer has no place for is reported by name.
    """
    ids = Namespace(separator="-", taken=frozenset({LADDER}))
    metrics = _Metrics(Namespace(separator="_", taken=frozenset({"billing"})))
    add_ons = tuple(add_on for add_on in page.add_ons if add_on.name not in unbuyable)
    tier_ids = {plan.name: ids.claim(plan.name, fallback="plan", suffix="plan") for plan in page.plans}
    product_ids = {each.name: ids.claim(each.name, fallback="add-on", suffix="add-on") for each in add_ons}
    plan_charges = {plan.name: _charge(plan, metrics, report) for plan in page.plans}
    product_charges = {each.name: _charge(each, metrics, report) for each in add_ons}
    limited = _limit_metrics(page, metrics, report)
    for add_on in add_ons:
        _report_add_on_limits(add_on, report)
    for feature in page.features:
        what = "the engine prices and does not switch features; its values are listed in IMPORT.md"
        report.left_out(feature.position, "feature", one_line(feature.name), what)
    return Offer(
        name=page.name,
        currency=page.currency,
        first_day=page.first_day,
        end=_end(page, report),
        metrics=tuple(metrics.found.values()),
        tiers=tuple(
            _tier(page, plan, tier_ids[plan.name], plan_charges[plan.name], limited, report) for plan in page.plans
        ),
        products=tuple(_product(each, tier_ids, product_ids, product_charges[each.name], report) for each in add_ons),
        billing=billing_options(page, report=report),
    )


def _charge(sold: Plan | AddOn, metrics: _Metrics, report: Report) -> OfferCharge:
    part = "plan" if isinstance(sold, Plan) else "add-on"
    match read_unit(sold.unit):
        case Once():
            return OfferCharge("fee", None, None, sold.price)
        case Share():
            what = f"is priced in {sold.unit!r}, a share of something the page does not define; it is on request"
            report.left_out(sold.price_position, part, sold.name, what)
            return OfferCharge("fee", None, 1, Words(f"{_written(sold.price)} {sold.unit}"))
        case OtherPeriod(counted=counted):
            what = f"is priced in {sold.unit!r}, a period that rules have no `per` for; it is on request"
            report.left_out(sold.price_position, part, sold.name, what)
            return _recurring(counted, 1, Words(f"{_written(sold.price)} {sold.unit}"), metrics)
        case Every(months=months, counted=counted, is_period_named=is_named):
            if not is_named:
                what = f"its unit {sold.unit!r} names no period; taken per month"
                report.note(sold.price_position, part, sold.name, what)
            return _recurring(counted, months, sold.price, metrics)


def _recurring(counted: tuple[str, ...] | None, months: int, price: PagePrice, metrics: _Metrics) -> OfferCharge:
    if counted is None:
        return OfferCharge("fee", None, months, price)
    metric = metrics.counted(counted)
    return OfferCharge("seats" if metric == USERS else metric, metric, months, price)


def _written(price: PagePrice) -> str:
    return f"{price.amount:f}" if isinstance(price, ListAmount) else price.text


def _limit_metrics(page: Page, metrics: _Metrics, report: Report) -> dict[str, str]:
    """The metric of each usage limit that tiers can hold, by the limit's name."""
    found: dict[str, str] = {}
    for limit in page.limits:
        name = one_line(limit.name)
        if not isinstance(limit.default, Decimal | Unlimited):
            what = "is no number: tiers have limits on quantities only"
            report.left_out(limit.position, "usage limit", name, what)
        elif words_of(name)[:1] in (("min",), ("minimum",)):
            what = "is a least quantity; tiers have upper limits only"
            report.left_out(limit.position, "usage limit", name, what)
        else:
            renewed = ", renewed" if limit.is_renewed else ""
            unit = f" in {limit.unit}" if limit.unit else ""
            said = f": {limit.description}" if limit.description else ""
            found[limit.name] = metrics.limited(name, limit.unit, f"{name}{unit}{renewed}{said}")
            report.note(limit.position, "usage limit", name, _LIMIT_NOTE)
    return found


def _tier(page: Page, plan: Plan, id_: str, charge: OfferCharge, limited: dict[str, str], report: Report) -> OfferTier:
    limits: list[tuple[str, Decimal | Unlimited]] = []
    for name, value in page.limits_of(plan).items():
        if name not in limited:
            continue
        if _is_limit(value):
            limits.append((limited[name], value))
        else:
            position = next((each.position for each in plan.limits if each.name == name), plan.position)
            what = f"plan {plan.name} sets it to {value}, which is no quantity; the tier has no limit on it"
            report.warning(position, "usage limit", one_line(name), what, fix="write a number, or .inf for unlimited")
    return OfferTier(id_, one_line(plan.name), plan.description, charge, tuple(limits))


def _is_limit(value: LimitValue) -> TypeGuard[Decimal | Unlimited]:
    if isinstance(value, Unlimited):
        return True
    return isinstance(value, Decimal) and value >= 0 and value.adjusted() < MAX_WHOLE_DIGITS


def _product(
    add_on: AddOn, tier_ids: dict[str, str], product_ids: dict[str, str], charge: OfferCharge, report: Report
) -> OfferProduct:
    offered = add_on.available_for
    offered_in = None if offered is None else tuple(tier_ids[each.name] for each in offered)
    if offered_in is not None and set(offered_in) == set(tier_ids.values()):
        offered_in = None
    bounds = add_on.bounds
    if bounds is not None and charge.metric is None:
        what = "has a least, greatest or step quantity, but a price that counts nothing"
        report.left_out(add_on.position, "add-on", add_on.name, what)
        bounds = None
    return OfferProduct(
        id=product_ids[add_on.name],
        name=one_line(add_on.name),
        description=add_on.description,
        charge=charge,
        offered_in=offered_in,
        requires=_ids(add_on.depends_on, product_ids),
        excludes=_ids(add_on.excludes, product_ids),
        bounds=bounds,
    )


def _ids(references: tuple[Reference, ...], product_ids: dict[str, str]) -> tuple[str, ...]:
    """The ids of the add-ons named; one that can never be bought needs no exclusion."""
    return tuple(product_ids[each.name] for each in references if each.name in product_ids)


def _report_add_on_limits(add_on: AddOn, report: Report) -> None:
    what = f"add-on {one_line(add_on.name)} changes it; limits belong to tiers, the change is listed in IMPORT.md"
    for setting in (*add_on.limits, *add_on.extensions):
        report.left_out(setting.position, "usage limit", one_line(setting.name), what)


def _end(page: Page, report: Report) -> date | None:
    if page.end is not None and page.end <= page.first_day:
        report.warning(page.position, "page", "", f"ends on {page.end}, before it starts; the end is left out")
        return None
    return page.end
