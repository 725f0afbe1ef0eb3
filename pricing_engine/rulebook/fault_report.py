"""Shows faults to people and machines: text with excerpts, JSON, GitHub workflow commands and SARIF."""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pricing_engine.errors import CodePage
from pricing_engine.rulebook.faults import Fault, Position, Severity, sort_faults

EXCERPT_WIDTH = 120
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_URI_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")


def render_text(faults: Sequence[Fault], sources: Mapping[str, bytes]) -> str:
    """The faults as a person reads them, each with the line it stands on, and a count as the last line.

    Shape: `sources` holds the bytes of every file by the name faults use; a fault of an absent file has no excerpt.
    """
    blocks: list[str] = []
    for file, group in groupby(sort_faults(faults), key=lambda fault: fault.file):
        lines = sources[file].decode("utf-8-sig", errors="replace").split("\n") if file in sources else []
        blocks.extend(_render_fault(fault, lines) for fault in group)
    return "\n".join([*blocks, count_text(faults)])


def count_text(faults: Sequence[Fault]) -> str:
    """How many errors and warnings there are, in words: `2 errors, 1 warning`."""
    unique = sort_faults(faults)
    errors = sum(fault.severity is Severity.ERROR for fault in unique)
    return f"{counted(errors, 'error')}, {counted(len(unique) - errors, 'warning')}"


def counted(number: int, noun: str) -> str:
    """The number with its noun: `1 error`, `2 errors`, `3 discount policies`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{number} {noun}s"


def _render_fault(fault: Fault, lines: Sequence[str]) -> str:
    line = fault.position.line
    gutter = " " * len(str(line))
    where = f"{_visible(fault.file)}:{line}:{fault.position.column}"
    path = f"  ({_visible(fault.path)})" if fault.path else ""
    shown = [
        f"{fault.code} {fault.severity}: {_visible(fault.what)}",
        f"{gutter}--> {where}{path}",
        f"{gutter} |",
    ]
    if line <= len(lines):
        excerpt, marker = _excerpt(lines[line - 1].rstrip("\r"), fault.position.column, fault.length)
        shown += [f"{line} | {excerpt}", f"{gutter} | {marker}"]
    notes = [
        f"{gutter} = note: {_visible(note.what)}: {_visible(note.file)}:{note.position.line}:{note.position.column}"
        for note in fault.related
    ]
    helps = [f"{gutter} = help: {_visible(fault.fix)}"] if fault.fix else []
    return "\n".join([*shown, *notes, *helps, f"{gutter} = see: pricing-engine explain {fault.code}", ""])


def _excerpt(line: str, column: int, length: int) -> tuple[str, str]:
    """The line, cut to a window round the fault, and the carets that stand under it."""
    start = min(column - 1, len(line))
    first = max(0, start - EXCERPT_WIDTH // 2) if len(line) > EXCERPT_WIDTH else 0
    last = first + EXCERPT_WIDTH
    head, tail = "…" if first else "", "…" if len(line) > last else ""
    before, marked = _visible(line[first:start]), _visible(line[start : min(start + length, last)])
    after = _visible(line[min(start + length, last) : last])
    return f"{head}{before}{marked}{after}{tail}", " " * _width(head + before) + "^" * max(1, _width(marked))


def _visible(text: str) -> str:
    """The text with every character that a terminal would obey or hide written as an escape."""
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}" if character != "\t" else "\\t"


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def render_json(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """The faults as JSON-ready dicts, sorted."""
    return [
        {
            "code": fault.code,
            "severity": str(fault.severity),
            "file": fault.file,
            **_json_position(fault.position),
            "length": fault.length,
            "path": fault.path,
            "what": fault.what,
            "fix": fault.fix,
            "related": [
                {"file": note.file, **_json_position(note.position), "what": note.what} for note in fault.related
            ],
        }
        for fault in sort_faults(faults)
    ]


def _json_position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def render_github(faults: Sequence[Fault]) -> str:
    """The faults as workflow commands that GitHub shows on the lines of a pull request."""
    return "\n".join(_github_command(fault) for fault in sort_faults(faults))


def _github_command(fault: Fault) -> str:
    place = {
        "file": fault.file,
        "line": str(fault.position.line),
        "col": str(fault.position.column),
        "endColumn": str(fault.position.column + fault.length),
        "title": f"{fault.code} {fault.path}".rstrip(),
    }
    properties = ",".join(f"{name}={_github_property(value)}" for name, value in place.items())
    message = f"{fault.what}; {fault.fix}" if fault.fix else fault.what
    return f"::{fault.severity} {properties}::{_github_message(message)}"


def _github_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_message(text).replace(":", "%3A").replace(",", "%2C")


def render_sarif(faults: Sequence[Fault], *, pages: Mapping[str, CodePage]) -> dict[str, Any]:
    """The faults as a JSON-ready SARIF 2.1.0 log; `pages` describes the codes."""
    unique = sort_faults(faults)
    codes = sorted({fault.code for fault in unique})
    driver = {"name": "pricing-engine", "rules": [_sarif_rule(code, pages.get(code)) for code in codes]}
    results = [_sarif_result(fault, rule_index=codes.index(fault.code)) for fault in unique]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _sarif_rule(code: str, page: CodePage | None) -> dict[str, Any]:
    if page is None:
        return {"id": code}
    return {"id": code, "shortDescription": {"text": page.title}, "fullDescription": {"text": page.why}}


def _sarif_result(fault: Fault, *, rule_index: int) -> dict[str, Any]:
    notes = [{**_sarif_location(note.file, note.position, 1), "message": {"text": note.what}} for note in fault.related]
    return {
        "ruleId": fault.code,
        "ruleIndex": rule_index,
        "level": _SARIF_LEVELS[fault.severity],
        "message": {"text": f"{fault.what}; {fault.fix}" if fault.fix else fault.what},
        "locations": [_sarif_location(fault.file, fault.position, fault.length)],
        **({"relatedLocations": notes} if notes else {}),
    }


def _sarif_location(file: str, position: Position, length: int) -> dict[str, Any]:
    region = {"startLine": position.line, "startColumn": position.column, "endColumn": position.column + length}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _uri(file: str) -> str:
    """The file name as a relative URI."""
    return "".join(
        character if character in _URI_CHARACTERS else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in file
    )
