"""The strict YAML reader: bytes of one rule file in, data with positions and every fault out; it executes nothing."""

import re

from yaml import YAMLError

from pricing_engine.rulebook.faults import FILE_START, Fault, Severity, sort_faults
from pricing_engine.rulebook.yaml_characters import decode
from pricing_engine.rulebook.yaml_document import Data, Document, Positions, SourceText, Spot, Style
from pricing_engine.rulebook.yaml_events import Builder, HaltError
from pricing_engine.rulebook.yaml_syntax import explain

__all__ = ["MAX_BYTES", "Data", "Document", "Positions", "Spot", "Style", "read_yaml"]

MAX_BYTES = 8_000_000

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?=\s|$)", re.MULTILINE)
_COMMENT = re.compile(r"(?<=[^ \n])( +)#")


def read_yaml(file: str, content: bytes) -> tuple[Document | None, tuple[Fault, ...]]:
    """The document, or None when there is an error, and every fault found, sorted.

    Shape: scalars stay text unless written as a plain decimal, true, false or null.
    """
    if len(content) > MAX_BYTES:
        what = f"the file has {len(content)} bytes; at most {MAX_BYTES} are read"
        fault = Fault("Y001", Severity.ERROR, file, FILE_START, 1, "", what, "split it into several files")
        return None, (fault,)
    text, refused = decode(content)
    source = SourceText.of(file, text)
    faults = [_fault(source, run.index, run.length, run.code, run.what, run.fix) for run in refused]
    if any(run.code == "Y002" for run in refused):
        return None, tuple(faults)
    if (conflict := _CONFLICT.search(text)) is not None:
        what = "two versions of the file stand here side by side: a merge that was not finished"
        fix = "keep one of them, and delete the lines that start with <<<<<<<, ======= and >>>>>>>"
        return None, (_fault(source, conflict.start(), len(conflict[0]), "Y029", what, fix),)
    near, far = _comment_places(text)
    builder = Builder(source, comments=near, far_comments=far)
    faults += _build(builder, source, lines_at_fault={fault.position.line for fault in faults})
    if any(fault.severity is Severity.ERROR for fault in faults):
        return None, sort_faults(faults)
    return Document(file, builder.root.data[0], Positions(source, builder.marks)), sort_faults(faults)


def _build(builder: Builder, source: SourceText, *, lines_at_fault: set[int]) -> list[Fault]:
    """Every fault of structure; what libyaml says of a line at fault already is a consequence and left out."""
    try:
        builder.build()
    except HaltError:
        return builder.faults
    except YAMLError as error:
        found = explain(error, source)
        line = source.position(found.at).line
        errors = {fault.position.line for fault in builder.faults if fault.severity is Severity.ERROR} | lines_at_fault
        if errors & {line, line - 1}:
            return builder.faults
        return [*builder.faults, _fault(source, found.at, 1, found.code, found.what, found.fix)]
    return _with_root_checked(builder, source)


def _with_root_checked(builder: Builder, source: SourceText) -> list[Fault]:
    """The faults, with one more unless the top level is a mapping."""
    data, bounds = builder.root.data, builder.marks.bounds
    if not data or bounds[1] == bounds[2]:
        empty = _fault(source, 0, 1, "Y007", "the file is empty", 'start it with "kind: …", or delete the file')
        return [*(fault for fault in builder.faults if fault.code != "Y022"), empty]
    if isinstance(data[0], dict):
        return builder.faults
    found = "a list" if isinstance(data[0], list) else "a single value"
    what = f"a rule file must be a mapping (key: value), this is {found}"
    return [*builder.faults, _fault(source, bounds[1], 1, "Y006", what, 'start it with "kind: …"')]


def _comment_places(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The ends of what stands before a comment on its line: with one blank between, and with more."""
    if "#" not in text:
        return frozenset(), frozenset()
    found = [(match.start(), len(match[1])) for match in _COMMENT.finditer(text)]
    near = frozenset(start for start, blanks in found if blanks == 1)
    return near, frozenset(start for start, _ in found) - near


def _fault(source: SourceText, index: int, length: int, code: str, what: str, fix: str) -> Fault:
    return Fault(code, Severity.ERROR, source.file, source.position(index), length, "", what, fix)
