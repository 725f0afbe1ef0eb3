"""Which character of the file each character of a YAML text came from, past quotes, escapes, folds and indentation."""

import re

_ESCAPE = r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\n])"
_FOLD = r"(?P<fold> *\n[ \n]*)"
_JOINED = r"(?P<joined>\\\n[ \n]*)"
_PIECES = {
    "": re.compile(rf"{_FOLD}|.", re.DOTALL),
    "'": re.compile(rf"''|{_FOLD}|.", re.DOTALL),
    '"': re.compile(rf"{_JOINED}|{_ESCAPE}|{_FOLD}|.", re.DOTALL),
}


def source_offsets(text: str, value: str, *, start: int, end: int, style: str) -> list[int]:
    """The index in `text` of every character of `value`, the scalar at `start..end`, and last the one behind it.

    Shape: rising, one longer than `value`.
    """
    if style in ("|", ">"):
        offsets = _block_offsets(text, value, start=start, end=end)
    else:
        quote = 1 if style else 0
        offsets = _flow_offsets(text, start=start + quote, end=end - quote, style=style)
    missing = len(value) + 1 - len(offsets)
    return offsets + [offsets[-1]] * missing


def _flow_offsets(text: str, *, start: int, end: int, style: str) -> list[int]:
    offsets: list[int] = []
    for piece in _PIECES[style].finditer(text, start, end):
        breaks = piece[0].count("\n")
        match piece.lastgroup:
            case "joined":
                length = breaks - 1
            case "fold":
                # One line break folds to a blank; of more than one, all but the first stay.
                length = max(1, breaks - 1)
            case _:
                length = 1
        offsets.extend([piece.start()] * length)
    offsets.append(end)
    return offsets


def _block_offsets(text: str, value: str, *, start: int, end: int) -> list[int]:
    _header, *lines = text[start:end].split("\n")
    indent = _indent(lines, value)
    line_start = start + len(_header) + 1
    offsets: list[int] = []
    content_end = start
    for line in lines:
        content = line[indent:]
        if content and value.startswith(content, len(offsets)):
            offsets.extend(range(line_start + indent, line_start + len(line)))
            content_end = line_start + len(line)
        if value.startswith(("\n", " ") if content else "\n", len(offsets)):
            offsets.append(line_start + len(line))
        line_start += len(line) + 1
    offsets.append(max(content_end, *offsets[-1:], start))
    return offsets


def _indent(lines: list[str], value: str) -> int:
    """How many blanks in front of every line belong to YAML and not to the text."""
    first = next((line for line in lines if line.strip(" ")), "")
    return _leading_blanks(first) - _leading_blanks(value.lstrip("\n"))


def _leading_blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
