"""Reads a price page in Pricing2Yaml syntax (1.0 to 3.0) from bytes into a `Page`; start here to follow a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from pricing_engine.imports.identifiers import names_in
from pricing_engine.imports.page import Coefficient, Page
from pricing_engine.imports.page_fields import Fields, read_number
from pricing_engine.imports.page_nodes import Node, Scalar, read_nodes
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.read_parts import read_add_on, read_feature, read_plan, read_usage_limit
from pricing_engine.imports.report import Report

SYNTAXES = ("1.0", "1.1", "2.0", "2.1", "3.0")

_PAGE_FIELDS = names_in(
    "syntaxVersion saasName version createdAt day month year starts ends currency url tags billing "
    "hasAnnualPayment variables features usageLimits plans addOns"
)
_CODE = re.compile(r"[A-Z]{3}")
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "US$": "USD"}
_SYNTAX = re.compile(r"\d+\.\d+")


def read_page(content: bytes, *, report: Report) -> Page | None:
    """The page, or None when it is refused; the report says what is wrong, where, and how to mend it.

    Reads every field before it gives up, so that all faults of a page are reported at once.
    """
    root = read_nodes(content, report=report)
    if root is None:
        return None
    fields = Fields("page", "", root, report)
    fields.report_unknown(_PAGE_FIELDS)
    if not fields.has("plans") and not fields.has("addOns"):
        what = "there is neither a plan nor an add-on"
        report.error(root.position, "page", "", what, fix="add plans: or addOns:, with a price for each")
    if fields.has("tags"):
        report.left_out(fields.position("tags"), "field", "tags", "groups features on the page; rules have no features")
    if fields.has("hasAnnualPayment"):
        what = "says that yearly billing exists; rules take it from billing or annualPrice alone"
        report.left_out(fields.position("hasAnnualPayment"), "field", "hasAnnualPayment", what)
    variables = {name: number for name, number in fields.entries("variables", _variable_reader(report))}
    page = _assemble(fields, variables)
    return None if report.has_errors else page


def _assemble(fields: Fields, variables: Mapping[str, Decimal]) -> Page:
    report = fields.report
    syntax = _read_syntax(fields)
    return Page(
        name=_read_name(fields),
        position=fields.node.position,
        syntax=syntax,
        version=fields.text("version") if fields.has("syntaxVersion") else "",
        url=fields.text("url"),
        currency=_read_currency(fields),
        first_day=_read_first_day(fields),
        end=fields.day("ends"),
        billing=fields.entries("billing", _coefficient_reader(report)),
        features=fields.entries("features", lambda key, node: read_feature(key, node, report)),
        limits=fields.entries("usageLimits", lambda key, node: read_usage_limit(key, node, report)),
        plans=fields.entries("plans", lambda key, node: read_plan(key, node, report, variables)),
        add_ons=fields.entries("addOns", lambda key, node: read_add_on(key, node, report, variables)),
    )


def _read_name(fields: Fields) -> str:
    name = fields.text("saasName")
    if not name:
        fields.report.error(fields.position("saasName"), "page", "", "saasName is missing", fix="add saasName: Name")
    return name


def _read_syntax(fields: Fields) -> str:
    """The syntax version; before 2.1 it stood in `version`, and 1.0 had none."""
    field = "syntaxVersion" if fields.has("syntaxVersion") else "version"
    syntax = fields.text(field)
    if not _SYNTAX.fullmatch(syntax):
        return "1.0" if fields.has("year") else "2.1"
    if syntax not in SYNTAXES:
        what = f"syntax {syntax} is not known ({', '.join(SYNTAXES)} are); fields it adds are reported as not known"
        fields.report.warning(fields.position(field), "page", "", what)
    return syntax


def _read_currency(fields: Fields) -> str:
    written = fields.text("currency")
    code = _SIGNS.get(written, written.upper())
    position = fields.position("currency")
    if not _CODE.fullmatch(code):
        what = f"currency {written!r} is no ISO 4217 code" if written else "currency is missing"
        fields.report.error(position, "page", "", what, fix="write currency: USD")
    elif code != written:
        fields.report.warning(position, "page", "", f"the currency {written!r} is taken as {code}", fix=f"write {code}")
    return code


def _read_first_day(fields: Fields) -> date:
    """The first day of the prices: `starts`, else the day the page was written down."""
    starts, created = fields.day("starts"), fields.day("createdAt")
    found = starts or created or _read_old_date(fields)
    if found is not None:
        return found
    if not fields.has("starts") and not fields.has("createdAt"):
        what = "createdAt is missing, so the prices have no first day"
        fields.report.error(fields.node.position, "page", "", what, fix="add createdAt: '2025-02-26'")
    return date.min


def _read_old_date(fields: Fields) -> date | None:
    """The date of syntax 1.0, in three fields."""
    parts = [fields.number(name) for name in ("year", "month", "day")]
    if any(part is None for part in parts):
        return None
    try:
        year, month, day = (int(part) for part in parts if part is not None)
        return date(year, month, day)
    except (ValueError, OverflowError):
        what = "year, month and day make no date"
        fields.report.error(fields.position("year"), "page", "", what, fix="write year: 2024, month: 10, day: 29")
        return None


def _variable_reader(report: Report) -> Callable[[Scalar, Node], tuple[str, Decimal] | None]:
    def read(key: Scalar, node: Node) -> tuple[str, Decimal] | None:
        number = read_number(node.text) if isinstance(node, Scalar) else None
        if number is None:
            report.warning(key.position, "variable", key.text, "is no number; prices that use it cannot be worked out")
            return None
        return key.text, number

    return read


def _coefficient_reader(report: Report) -> Callable[[Scalar, Node], Coefficient | None]:
    def read(key: Scalar, node: Node) -> Coefficient | None:
        factor = read_number(node.text) if isinstance(node, Scalar) else None
        if factor is None or factor <= 0:
            what = "is no number above 0: it multiplies the monthly price"
            report.error(node.position, "billing", key.text, what, fix=f"write {one_line(key.text)}: 0.9")
            return None
        return Coefficient(one_line(key.text), key.position, factor)

    return read
