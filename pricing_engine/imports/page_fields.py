"""Reads the fields of one part of a page by type; what has another type becomes a line of the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeVar

from pricing_engine.imports.page import FeatureValue, LimitValue, Reference, Unlimited
from pricing_engine.imports.page_nodes import Mapping, Node, Scalar, Sequence
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.report import Report
from pricing_engine.rulebook.faults import Position

Entry = TypeVar("Entry")

_NUMBER = re.compile(r"[-+]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][-+]?\d{1,2})?", re.ASCII)
_GROUPING = re.compile(r"(?<=\d)_(?=\d)", re.ASCII)
_INFINITE = re.compile(r"\+?\.(inf|Inf|INF)")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", re.ASCII)
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one part of a page: a plan, a usage limit, the page itself."""

    part: str
    name: str
    node: Mapping
    report: Report

    def has(self, field: str) -> bool:
        """Whether the page says something in this field."""
        return self._said(field) is not None

    def _said(self, field: str) -> Node | None:
        node = self.node.get(field)
        return None if isinstance(node, Scalar) and node.is_null else node

    def position(self, field: str) -> Position:
        """Where the field's value stands, or the part where there is none."""
        node = self.node.get(field)
        return node.position if node is not None else self.node.position

    def text(self, field: str) -> str:
        """The field's text on one line; "" where the page says nothing."""
        node = self._said(field)
        if node is None:
            return ""
        if isinstance(node, Scalar):
            return one_line(node.text)
        self.report.error(node.position, self.part, self.name, f"{field} is a text", fix=f"write {field}: some text")
        return ""

    def scalar(self, field: str) -> Scalar | None:
        """The field's scalar as written, or None where the page says nothing."""
        node = self._said(field)
        if node is None:
            return None
        if isinstance(node, Scalar):
            return node
        self.report.error(node.position, self.part, self.name, f"{field} is one value, not a list or mapping")
        return None

    def number(self, field: str) -> Decimal | None:
        """The field's number, exact as written, or None where there is none."""
        node = self.scalar(field)
        if node is None:
            return None
        found = read_number(node.text)
        if found is None:
            self.report.error(node.position, self.part, self.name, f"{field} is a number, not {one_line(node.text)!r}")
        return found

    def day(self, field: str) -> date | None:
        """The field's day; a time of day is passed over."""
        node = self.scalar(field)
        if node is None:
            return None
        found = read_day(node.text)
        if found is None:
            what = f"{field} is a day, not {one_line(node.text)!r}"
            self.report.error(node.position, self.part, self.name, what, fix=f"write {field}: '2025-02-26'")
        return found

    def references(self, field: str) -> tuple[Reference, ...] | None:
        """The names listed in the field, each once, or None where the page says nothing."""
        node = self._said(field)
        if node is None:
            return None
        items = node.items if isinstance(node, Sequence) else (node,)
        found: dict[str, Reference] = {}
        for item in items:
            if isinstance(item, Scalar):
                found.setdefault(item.text, Reference(item.text, item.position))
            else:
                what = f"{field} is a list of names"
                self.report.error(item.position, self.part, self.name, what, fix=f"write {field}: [NAME, NAME]")
        return tuple(found.values())

    def entries(self, field: str, read: Callable[[Scalar, Node], Entry | None]) -> tuple[Entry, ...]:
        """What `read` makes of each named entry of the field; entries it gives None for are passed over."""
        node = self._said(field)
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            what = f"{field} is a mapping of names"
            self.report.error(node.position, self.part, self.name, what, fix=f"write {field}: and names below it")
            return ()
        made = (read(key, value) for key, value in node.items)
        return tuple(entry for entry in made if entry is not None)

    def report_unknown(self, known: frozenset[str]) -> None:
        """Name every field that Pricing2Yaml does not have."""
        for key, _ in self.node.items:
            if key.text not in known:
                close = get_close_matches(key.text, known, n=1)
                what = f"{self.part} {self.name} has a field Pricing2Yaml does not know; it was not read".replace(
                    "  ", " "
                )
                fix = f"did you mean {close[0]}?" if close else ""
                self.report.warning(key.position, "field", one_line(key.text), what, fix=fix)


def read_number(text: str) -> Decimal | None:
    """The number exactly as written (`1_000` is 1000, as YAML 1.1 has it), or None when the text is no number."""
    stripped = _GROUPING.sub("", text.strip())
    return Decimal(stripped) if _NUMBER.fullmatch(stripped) else None


def read_day(text: str) -> date | None:
    """The day a text starts with (2025-2-6, 2025-02-06T10:00:00Z), or None."""
    found = _DAY.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_flag(node: Scalar) -> bool | None:
    """Whether the scalar means true or false, or None when it is neither."""
    if not node.is_plain:
        return None
    word = node.text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def read_feature_value(node: Node) -> FeatureValue | None:
    """A feature's value: true or false, a number, a text, or a list of texts as one; None where nothing is said."""
    match node:
        case Scalar() if node.is_null:
            return None
        case Scalar():
            flag = read_flag(node)
            number = read_number(node.text) if node.is_plain else None
            if flag is not None:
                return flag
            return number if number is not None else one_line(node.text)
        case Sequence():
            return ", ".join(one_line(item.text) for item in node.items if isinstance(item, Scalar))
        case Mapping():
            return None


def read_limit_value(node: Node) -> LimitValue | None:
    """A usage limit's value: a number, `.inf` as unlimited, true or false, or a text; None where nothing is said."""
    if not isinstance(node, Scalar) or node.is_null:
        return None
    if node.is_plain and _INFINITE.fullmatch(node.text):
        return Unlimited()
    flag, number = read_flag(node), read_number(node.text)
    if flag is not None:
        return flag
    return number if number is not None else one_line(node.text)
