"""The characters a rule file may hold: what decodes as UTF-8 and can be seen, and how everything else is named."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

MAX_RUNS = 50

_ASCII_ALLOWED = bytes([0x0A, 0x0D, *range(0x20, 0x7F)])

# Controls, tabs, lone carriage returns, blanks other than the space, zero-width and direction marks, line and paragraph
# separators, fillers that draw nothing, variation selectors, tags, private use and code points that are no characters.
_FORBIDDEN_SET = (
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_FORBIDDEN = re.compile(_FORBIDDEN_SET)
_FORBIDDEN_RUN = re.compile(f"\t+|{_FORBIDDEN_SET}+")
_CONTROL_NAMES = {"\x00": "NULL", "\r": "CARRIAGE RETURN", "\x1b": "ESCAPE", "\x7f": "DELETE", "\x85": "NEXT LINE"}
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Refused:
    """A run of characters that may not stand at `index`, or bytes that are no text."""

    index: int
    length: int
    code: str
    what: str
    fix: str


def decode(content: bytes) -> tuple[str, tuple[Refused, ...]]:
    """The text with line ends as \\n and every refused character replaced by a space, and what was refused.

    Shape: bytes that are not UTF-8 give the text before them, so that their index has a line and column.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _readable_before(content, error)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii() and not content.translate(None, _ASCII_ALLOWED) and "\r" not in text:
        return text, ()
    refused: list[Refused] = []
    if text.startswith(_BOM):
        fix = "save the file as UTF-8 without byte order mark"
        refused.append(Refused(0, 1, "Y003", "the file starts with a byte order mark", fix))
        text = text[1:]
    refused.extend(_refuse(run) for run in islice(_FORBIDDEN_RUN.finditer(text), MAX_RUNS))
    return _FORBIDDEN.sub(" ", text), tuple(refused)


def find_escaped(text: str) -> str:
    """The name of the first character that may not even be written as an escape, or ""."""
    found = _FORBIDDEN.search(text)
    return character_name(found[0]) if found else ""


def character_name(character: str) -> str:
    """The character as U+00A0 NO-BREAK SPACE."""
    name = unicodedata.name(character, _CONTROL_NAMES.get(character, ""))
    return f"U+{ord(character):04X} {name}".rstrip()


def _refuse(run: re.Match[str]) -> Refused:
    character = run[0][0]
    if character == "\t":
        return Refused(run.start(), len(run[0]), "Y014", "tabs are not allowed", "write spaces")
    what = f"{character_name(character)} cannot be seen and is not allowed"
    fix = "write an ordinary space" if character.isspace() else "remove it"
    return Refused(run.start(), len(run[0]), "Y031", what, fix)


def _readable_before(content: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[Refused, ...]]:
    fix = "save the file as UTF-8"
    if content.startswith(_UTF16_OR_32):
        return "", (Refused(0, 1, "Y002", "the file is UTF-16 or UTF-32, not UTF-8", fix),)
    text = content[: error.start].decode("utf-8").replace("\r\n", "\n")
    what = f"the byte 0x{content[error.start]:02X} is not UTF-8 text"
    return text, (Refused(len(text), 1, "Y002", what, fix),)
