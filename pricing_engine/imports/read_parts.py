"""Reads one feature, usage limit, plan or add-on of a price page; each reader names every fault it meets."""

from __future__ import annotations

from collections.abc import Mapping as Names
from decimal import Decimal

from pricing_engine.imports.identifiers import names_in
from pricing_engine.imports.page import (
    AddOn,
    Feature,
    FeatureSetting,
    LimitSetting,
    PagePrice,
    Plan,
    QuantityBounds,
    Unlimited,
    UsageLimit,
    Words,
)
from pricing_engine.imports.page_fields import Fields, read_feature_value, read_limit_value
from pricing_engine.imports.page_nodes import Mapping, Node, Scalar
from pricing_engine.imports.page_prices import read_price
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.report import Report

_FEATURE_FIELDS = names_in(
    "description type valueType defaultValue value expression serverExpression integrationType "
    "automationType docUrl docURL pricingUrls pricingURLs render tag"
)
_LIMIT_FIELDS = names_in("description type valueType defaultValue value unit linkedFeatures render period trackable")
_SOLD_FIELDS = names_in("description price monthlyPrice annualPrice unit private features usageLimits")
_BOUND_FIELDS = names_in("min max step minQuantity maxQuantity quantityStep")
_ADD_ON_FIELDS = _SOLD_FIELDS | names_in(
    "availableFor dependsOn excludes usageLimitsExtensions subscriptionConstraints"
)


def read_feature(key: Scalar, node: Node, report: Report) -> Feature | None:
    """A feature, or None when it is wrong; then the report says so."""
    fields = _fields("feature", key, node, report, _FEATURE_FIELDS)
    if fields is None:
        return None
    value = _default(fields, key)
    default = read_feature_value(value) if value is not None else None
    return Feature(key.text, key.position, fields.text("description"), False if default is None else default)


def read_usage_limit(key: Scalar, node: Node, report: Report) -> UsageLimit | None:
    """A usage limit, or None when it is wrong; then the report says so."""
    fields = _fields("usage limit", key, node, report, _LIMIT_FIELDS)
    if fields is None:
        return None
    value = _default(fields, key)
    default = read_limit_value(value) if value is not None else None
    if value is None or default is None:
        return None
    if fields.text("valueType") == "NUMERIC" and not isinstance(default, Decimal | Unlimited):
        what = f"is NUMERIC, but its default {default!r} is no number"
        report.error(value.position, "usage limit", fields.name, what, fix="write a number, or .inf for unlimited")
    return UsageLimit(
        name=key.text,
        position=key.position,
        description=fields.text("description"),
        unit=fields.text("unit"),
        is_renewed=fields.text("type") == "RENEWABLE",
        default=default,
        linked_features=tuple(reference.name for reference in fields.references("linkedFeatures") or ()),
    )


def read_plan(key: Scalar, node: Node, report: Report, variables: Names[str, Decimal]) -> Plan | None:
    """A plan, or None when it is wrong; then the report says so."""
    fields = _fields("plan", key, node, report, _SOLD_FIELDS)
    if fields is None:
        return None
    return Plan(
        name=key.text,
        position=key.position,
        description=fields.text("description"),
        price=_price(fields, key, variables),
        price_position=fields.position(_price_field(fields)),
        unit=fields.text("unit"),
        annual=_annual(fields, variables),
        features=_feature_settings(fields),
        limits=_limit_settings(fields, "usageLimits"),
    )


def read_add_on(key: Scalar, node: Node, report: Report, variables: Names[str, Decimal]) -> AddOn | None:
    """An add-on, or None when it is wrong; then the report says so."""
    fields = _fields("add-on", key, node, report, _ADD_ON_FIELDS)
    if fields is None:
        return None
    return AddOn(
        name=key.text,
        position=key.position,
        description=fields.text("description"),
        price=_price(fields, key, variables),
        price_position=fields.position(_price_field(fields)),
        unit=fields.text("unit"),
        annual=_annual(fields, variables),
        available_for=fields.references("availableFor"),
        depends_on=fields.references("dependsOn") or (),
        excludes=fields.references("excludes") or (),
        features=_feature_settings(fields),
        limits=_limit_settings(fields, "usageLimits"),
        extensions=_limit_settings(fields, "usageLimitsExtensions"),
        bounds=_bounds(fields),
    )


def _fields(part: str, key: Scalar, node: Node, report: Report, known: frozenset[str]) -> Fields | None:
    if not one_line(key.text):
        report.error(key.position, part, "", f"a {part} without a name", fix="give it one")
        return None
    if not isinstance(node, Mapping):
        fix = "write its fields below the name, indented"
        report.error(key.position, part, one_line(key.text), f"a {part} is a mapping of fields", fix=fix)
        return None
    fields = Fields(part, one_line(key.text), node, report)
    fields.report_unknown(known)
    if fields.text("private").lower() == "true":
        report.note(key.position, part, fields.name, "is private on the page; it is sold like any other here")
    return fields


def _default(fields: Fields, key: Scalar) -> Node | None:
    if fields.has("defaultValue"):
        return fields.node.get("defaultValue")
    what = "has no defaultValue"
    fields.report.error(key.position, fields.part, fields.name, what, fix="add defaultValue: and its value")
    return None


def _price_field(fields: Fields) -> str:
    """`price`; before syntax 2.0 it was called monthlyPrice, and annualPrice where nothing is sold by the month."""
    written = (name for name in ("price", "monthlyPrice", "annualPrice") if fields.has(name))
    return next(written, "price")


def _price(fields: Fields, key: Scalar, variables: Names[str, Decimal]) -> PagePrice:
    field = _price_field(fields)
    if not fields.has(field):
        fix = "add price: 9.99, or price: Contact Sales if there is none"
        fields.report.error(key.position, fields.part, fields.name, "has no price", fix=fix)
    return read_price(fields, field, variables) or Words("")


def _annual(fields: Fields, variables: Names[str, Decimal]) -> PagePrice | None:
    if not fields.has("annualPrice") or _price_field(fields) == "annualPrice":
        return None
    return read_price(fields, "annualPrice", variables)


def _feature_settings(fields: Fields) -> tuple[FeatureSetting, ...]:
    def read(key: Scalar, node: Node) -> FeatureSetting | None:
        value = read_feature_value(_unwrapped(node))
        if value is None:
            _report_empty(fields, key, "feature")
            return None
        return FeatureSetting(key.text, key.position, value)

    return fields.entries("features", read)


def _limit_settings(fields: Fields, field: str) -> tuple[LimitSetting, ...]:
    def read(key: Scalar, node: Node) -> LimitSetting | None:
        value = read_limit_value(_unwrapped(node))
        if value is None:
            _report_empty(fields, key, "usage limit")
            return None
        return LimitSetting(key.text, key.position, value)

    return fields.entries(field, read)


def _unwrapped(node: Node) -> Node:
    """The value of `{value: …}`; pages also write it without."""
    inner = node.get("value") if isinstance(node, Mapping) else None
    return inner if inner is not None else node


def _report_empty(fields: Fields, key: Scalar, what: str) -> None:
    message = f"{fields.part} {fields.name} names it but gives no value, so its default stays"
    fields.report.warning(key.position, what, one_line(key.text), message, fix="write value: and the value")


def _bounds(fields: Fields) -> QuantityBounds | None:
    """How often the add-on may be taken; `.inf` is no bound."""
    node = fields.node.get("subscriptionConstraints")
    if not isinstance(node, Mapping):
        return None
    inner = Fields("add-on", fields.name, node, fields.report)
    inner.report_unknown(_BOUND_FIELDS)
    least, most = _bound(inner, "minQuantity", "min"), _bound(inner, "maxQuantity", "max")
    if least is not None and most is not None and least > most:
        what = f"may be taken at least {least:f} and at most {most:f} times"
        fields.report.error(node.position, "add-on", fields.name, what, fix="write a maximum of at least the minimum")
    return QuantityBounds(least, most, _bound(inner, "quantityStep", "step"))


def _bound(fields: Fields, *names: str) -> Decimal | None:
    field = next((name for name in names if fields.has(name)), None)
    node = fields.scalar(field) if field is not None else None
    if field is None or node is None or isinstance(read_limit_value(node), Unlimited):
        return None
    number = fields.number(field)
    if number is not None and number <= 0:
        fields.report.error(node.position, "add-on", fields.name, f"{field} is {number:f}, not above 0")
    return number
