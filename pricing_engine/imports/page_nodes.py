"""Reads a price page as YAML without interpreting it: every scalar stays text, and every value knows its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pricing_engine.imports.report import Report
from pricing_engine.rulebook.faults import FILE_START, Position

MAX_BYTES = 5_000_000
MAX_DEPTH = 32
MAX_ALIASES = 1_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it is written; `is_plain` without quotes."""

    position: Position
    text: str
    is_plain: bool

    @property
    def is_null(self) -> bool:
        """Whether the page says nothing here."""
        return self.is_plain and self.text in NULLS


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    position: Position
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Values by name, in the order of the page, each name once."""

    position: Position
    items: tuple[tuple[Scalar, Node], ...]

    def get(self, name: str) -> Node | None:
        """The value of a name, or None when the page has no such name."""
        return next((value for key, value in self.items if key.text == name), None)


Node = Scalar | Sequence | Mapping


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    position: Position
    is_mapping: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)


class _Unreadable(Exception):
    """The page cannot be read as a tree of values."""

    def __init__(self, position: Position, what: str, fix: str) -> None:
        super().__init__(what)
        self.position = position
        self.what = what
        self.fix = fix


def read_nodes(content: bytes, *, report: Report) -> Mapping | None:
    """The page's top mapping, or None when it cannot be read; then the report says why and where.

    Aliases and merge keys are followed, because editors write them; tags are ignored.
    """
    try:
        root = _read(content, report=report)
    except _Unreadable as error:
        report.error(error.position, "page", "", error.what, fix=error.fix)
        return None
    if isinstance(root, Mapping):
        return root
    report.error(root.position, "page", "", "a price page is a mapping: saasName, plans, addOns …", fix="")
    return None


def _read(content: bytes, *, report: Report) -> Node:
    if len(content) > MAX_BYTES:
        raise _Unreadable(FILE_START, f"the page is larger than {MAX_BYTES} bytes", "split it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(Position(line, 1), "the page is not UTF-8 text", "save it as UTF-8") from None
    tree = _Tree(report)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            tree.take(event)
    except yaml.MarkedYAMLError as error:
        raise _Unreadable(
            _position(error.problem_mark or error.context_mark),
            f"this is not YAML: {error.problem}",
            "compare with the lines above",
        ) from None
    except yaml.YAMLError as error:
        what = "this is not YAML: " + " ".join(str(error).split())
        raise _Unreadable(FILE_START, what, "remove the character") from None
    if tree.root is None:
        raise _Unreadable(FILE_START, "the page is empty", "name a file in Pricing2Yaml syntax")
    return tree.root


class _Tree:
    """Builds nodes from events with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self, report: Report) -> None:
        self.root: Node | None = None
        self._report = report
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._aliases = 0

    def take(self, event: Event) -> None:
        """Take the next event of the parser."""
        position = _position(event.start_mark)
        match event:
            case ScalarEvent():
                self._place(Scalar(position, event.value, not event.style), event.anchor)
            case MappingStartEvent() | SequenceStartEvent():
                self._begin(position, is_mapping=isinstance(event, MappingStartEvent), anchor=event.anchor)
            case MappingEndEvent() | SequenceEndEvent():
                self._end()
            case AliasEvent():
                self._place(self._resolve(position, event.anchor), None)
            case DocumentStartEvent() if self.root is not None:
                raise _Unreadable(position, "the file holds several documents", "put each page in a file of its own")
            case _:
                pass

    def _begin(self, position: Position, *, is_mapping: bool, anchor: str | None) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _Unreadable(position, f"the page is nested deeper than {MAX_DEPTH} levels", "it is no price page")
        self._open.append(_Open(position, is_mapping, anchor))

    def _end(self) -> None:
        done = self._open.pop()
        node: Node
        if done.is_mapping:
            node = Mapping(done.position, self._pairs(done))
        else:
            node = Sequence(done.position, tuple(done.children))
        self._place(node, done.anchor)

    def _place(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _resolve(self, position: Position, anchor: str | None) -> Node:
        self._aliases += 1
        found = self._anchors.get(anchor or "")
        if found is None or self._aliases > MAX_ALIASES:
            raise _Unreadable(position, f"the alias *{anchor} leads nowhere, or there are too many", "write it out")
        return found

    def _pairs(self, done: _Open) -> tuple[tuple[Scalar, Node], ...]:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        merged: list[Node] = []
        for key, value in zip(done.children[::2], done.children[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise _Unreadable(key.position, "a name is a text, not a list or mapping", "write a text")
            if key.text == "<<" and key.is_plain:
                merged.append(value)
            elif key.text in pairs:
                self._report.error(key.position, "name", key.text, "is given twice", fix="keep one of the two")
            else:
                pairs[key.text] = (key, value)
        for key, value in _merged_pairs(merged):
            pairs.setdefault(key.text, (key, value))
        return tuple(pairs.values())


def _position(mark: Any) -> Position:
    return FILE_START if mark is None else Position(mark.line + 1, mark.column + 1)


def _merged_pairs(merged: list[Node]) -> list[tuple[Scalar, Node]]:
    mappings: list[Node] = []
    for node in merged:
        mappings.extend(node.items if isinstance(node, Sequence) else (node,))
    return [pair for node in mappings if isinstance(node, Mapping) for pair in node.items]
