"""Turns libyaml's own messages into ours: what the author most likely wrote, where, and how to write it instead."""

import re
from typing import NamedTuple

from yaml import MarkedYAMLError, YAMLError

from pricing_engine.rulebook.yaml_document import SourceText


class SyntaxFault(NamedTuple):
    """Where the file cannot be read as YAML, and how to mend it."""

    at: int
    code: str
    what: str
    fix: str


_QUOTE_IT = "put the whole value in single quotes: '…'"
_ESCAPE_IT = r"write \\ for a backslash, or use single quotes"
_AFTER_KEY = r"^\s*(?:- +)*(?:[^\s:#'\"\[{][^:#]*|'[^']*'|\"[^\"]*\"): +"
_GLUED = re.compile(r"([A-Za-z][\w-]{0,40}):([\w.-]{1,40})[ \t]*$", re.MULTILINE)
_COLON_INSIDE = re.compile(_AFTER_KEY + r"[^\s'\"|>](?:.*\S)? *$")
_QUOTE_THEN_MORE = re.compile(r"""(?:^|[\s,\[{])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*') *[^\s,\]}:#]\Z""")
_BRACKET_THEN_MORE = re.compile(r"(?:: |- )\s*[\[{].*[\]}] *[^\s,\]}:#]\Z")

# What libyaml says -> our code, what is wrong, how to mend it.
_MESSAGES: tuple[tuple[str, str, str, str], ...] = (
    ("cannot start any token", "Y025", "a value may not start with this character", _QUOTE_IT),
    ("alphabetic or numeric character", "Y025", "a value may not start with * or &", _QUOTE_IT),
    ("expected comment or line break", "Y025", "a value may not start with > or |", _QUOTE_IT),
    ("block sequence entries are not allowed", "Y000", "a list may not start here", "start it on a line of its own"),
    ("tag", "Y011", "tags (!) are not allowed", "remove the tag, or put quotes around a text that starts with !"),
    ("directive", "Y009", "directives such as %YAML are not allowed", "remove the line"),
    ("incompatible YAML document", "Y009", "directives such as %YAML are not allowed", "remove the line"),
    ("escape", "Y027", "this escape does not exist in double quotes", _ESCAPE_IT),
    ("hexdecimal", "Y027", "the escape lacks a digit", _ESCAPE_IT),
    ("unexpected end of stream", "Y026", "the quote that opens here is never closed", "close it on the same line"),
    ("unexpected document indicator", "Y026", "the quote that opens here is never closed", "close it on the same line"),
    ("expected ',' or ']'", "Y028", "the list in brackets is not closed or lacks a comma", "write a comma or ]"),
    ("expected ',' or '}'", "Y028", "the mapping in braces is not closed or lacks a comma", "write a comma or }"),
    ("expected node content", "Y022", "a value is missing here", "write it, or null, or remove the comma"),
    ("expected <document start>", "Y000", "the file goes on behind its end", "mind the indentation"),
    ("expected '-'", "Y000", "the indentation does not fit the list above", "line it up with the items above"),
    ("mapping values are not allowed", "Y000", "a key may not stand here", "line it up with the keys above"),
    ("expected key", "Y000", "the indentation does not fit the keys above", "line it up with the keys above"),
)
_OPENING_MATTERS = ("Y026", "Y028")


def explain(error: YAMLError, source: SourceText) -> SyntaxFault:
    """The fault for what libyaml could not read."""
    problem, index, opening = _parts(error)
    if "expected ':'" in problem and opening is not None:
        return _unfinished_key(source, opening)
    code, what, fix = _match(problem)
    line = source.position(index).line
    start = source.line_starts[line - 1]
    before, whole = source.text[start:index], source.text[start:].partition("\n")[0]
    if "mapping values are not allowed" in problem and _COLON_INSIDE.match(before[-300:]):
        return SyntaxFault(index, "Y024", "a text that contains a colon and a blank needs quotes", _QUOTE_IT)
    # Two quoted texts side by side in brackets rather lack the comma between them.
    lacks_comma = code == "Y028" and source.text[index : index + 1] in "'\""
    if code in ("Y000", "Y028") and not lacks_comma and _is_begun_in_quotes(before, whole):
        return SyntaxFault(index, "Y025", "a value that starts with a quoted or bracketed piece goes on", _QUOTE_IT)
    if source.text[index : index + 1] == ":" and before.rstrip(" -")[-1:] in ("", "{", ","):
        return SyntaxFault(index, "Y021", "the key is missing before the colon", "write a name before the colon")
    if code in _OPENING_MATTERS and opening is not None:
        index = opening
    return SyntaxFault(index, code, what, fix)


def _unfinished_key(source: SourceText, at: int) -> SyntaxFault:
    """The fault where the key begins: libyaml itself notices only on the next line."""
    glued = _GLUED.match(source.text, at)
    fix = f'write "{glued[1]}: {glued[2]}"' if glued else 'write "key: value" with a blank behind the colon'
    what = "the blank behind the colon is missing" if glued else "a key without colon"
    return SyntaxFault(at, "Y000", what, fix)


def _parts(error: YAMLError) -> tuple[str, int, int | None]:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return str(error), 0, None
    opening = error.context_mark.index if error.context_mark is not None else None
    return error.problem or "", error.problem_mark.index, opening


def _match(problem: str) -> tuple[str, str, str]:
    for part, code, what, fix in _MESSAGES:
        if part in problem:
            return code, what, fix
    return "Y000", f"this is not YAML: {problem}", "compare with the lines above"


def _is_begun_in_quotes(before: str, line: str) -> bool:
    piece = line[: len(before) + 1][-300:]
    return bool(_QUOTE_THEN_MORE.search(piece) or _BRACKET_THEN_MORE.search(piece))
