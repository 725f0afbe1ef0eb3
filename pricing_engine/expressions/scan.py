"""The look at the text before any parser sees it: after `scan` returns, `ast.parse` can meet nothing surprising.

One pass from left to right over at most 1,000 characters, whatever was sent.
"""

import keyword
import re
import unicodedata
from dataclasses import dataclass, field

from pricing_engine.expressions import signs
from pricing_engine.expressions.faults import ExpressionFault, ExpressionRefused, Span, fault_at

MOST_CHARACTERS = 1_000
MOST_TOKENS = 240
DEEPEST_BRACKETS = 12
MOST_DIGITS = 15
MOST_DECIMALS = 8

_PLAIN_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE_BREAKS = re.compile(f"[{_BREAKS}]")
# Letters and marks that draw nothing, or nothing but a gap, although Unicode calls them printable.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_TOKEN = re.compile(
    r"""(?P<blank>[ ]+)
      | (?P<grouped>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![\w.,]))
      | (?P<number>\.?[0-9](?:[\w.])*)
      | (?P<prefixed>[A-Za-z_]\w*(?:"[^"]*"|'[^']*'))
      | (?P<word>[A-Za-z_]\w*)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<open_text>["'][^"""
    + _BREAKS
    + r"""]*)
      | (?P<attribute>(?:\.[ ]*[A-Za-z_]\w*)+|\.+)
      | (?P<comment>\#[^"""
    + _BREAKS
    + r"""]*)
      | (?P<backslash>\\+)
      | (?P<line_break>["""
    + _BREAKS
    + r"""]+)
      | (?P<foreign>[^\x20-\x7e"""
    + _BREAKS
    + r"""]+)
      | (?P<bracket>[()\[\]])
      | (?P<sign>"""
    + signs.PATTERN
    + r""")""",
    re.ASCII | re.VERBOSE,
)


@dataclass(slots=True)
class _Scanning:
    faults: list[ExpressionFault] = field(default_factory=list)
    open_brackets: list[tuple[str, Span]] = field(default_factory=list)
    previous: str = "start"
    tokens: int = 0

    def refuse(self, at: Span, code: str, what: str, fix: str) -> None:
        self.faults.append(fault_at(at, code, what, fix))


def scan(text: str) -> None:
    """Nothing, when `text` is one line of plain tokens within the limits.

    Raises: ExpressionRefused with every fault of the text.
    """
    _refuse_length(text)
    scanning = _Scanning()
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "sign"
        if kind == "blank":
            continue
        _look_at(kind, found.group(), Span(found.start() + 1, len(found.group())), scanning)
    for bracket, at in scanning.open_brackets:
        scanning.refuse(at, "E024", f"`{bracket}` is never closed", f"close it with `{signs.CLOSING[bracket]}`")
    if scanning.tokens > MOST_TOKENS:
        scanning.refuse(
            Span(1, len(text)),
            "E022",
            f"{scanning.tokens} words and signs; at most {MOST_TOKENS} are read",
            "split the rule in two, or use a lookup table",
        )
    if scanning.faults:
        raise ExpressionRefused(scanning.faults)


def _refuse_length(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        what = f"{len(text):,} characters; an expression has at most {MOST_CHARACTERS:,}"
        raise ExpressionRefused(
            [
                fault_at(
                    Span(MOST_CHARACTERS + 1, 1), "E012", what, "split the rule, or move its values to a lookup table"
                )
            ]
        )
    if not text.strip(" "):
        what = "the expression is empty"
        raise ExpressionRefused(
            [
                fault_at(
                    Span(1, max(1, len(text))), "E011", what, "write a condition or a formula, or leave the field out"
                )
            ]
        )


def _look_at(kind: str, token: str, at: Span, scanning: _Scanning) -> None:
    scanning.tokens += 1
    match kind:
        case "number":
            _look_at_number(token, at, scanning)
        case "grouped":
            _look_at_grouped(token, at, scanning)
        case "word":
            _look_at_word(token, at, scanning)
        case "text":
            _look_at_text(token, at, scanning)
        case "bracket":
            _look_at_bracket(token, at, scanning)
        case "sign":
            _look_at_sign(token, at, scanning)
        case _:
            _look_at_stranger(kind, token, at, scanning)
    if kind == "word" and token in signs.WORDS:
        scanning.previous = "joining word"
    else:
        scanning.previous = token if kind in ("bracket", "sign") else "number" if kind == "grouped" else kind


def _look_at_grouped(token: str, at: Span, scanning: _Scanning) -> None:
    """A thousands separator, or in brackets, where commas have a meaning, several numbers."""
    numbers = token.split(",")
    if not scanning.open_brackets or any(len(number) > 1 and number.startswith("0") for number in numbers):
        what, fix = f"`{_short(token)}` is written with separators", f"write `{token.replace(',', '')}`"
        scanning.refuse(at, "E020", what, fix)
        return
    scanning.tokens += 2 * (len(numbers) - 1)
    for number in numbers:
        _look_at_number(number, at, scanning)


def _look_at_number(token: str, at: Span, scanning: _Scanning) -> None:
    if not _PLAIN_NUMBER.fullmatch(token):
        fix = signs.number_hint(token)
        scanning.refuse(at, "E020", f"`{_short(token)}` is not a plain decimal number", fix)
        return
    whole, _, decimals = token.partition(".")
    if len(whole) + len(decimals) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
        what = f"a number of {len(whole)} digits and {len(decimals)} decimals"
        fix = f"write at most {MOST_DIGITS} digits, {MOST_DECIMALS} of them decimals"
        scanning.refuse(at, "E021", what, fix)


def _look_at_word(token: str, at: Span, scanning: _Scanning) -> None:
    lowered = token.lower()
    if token in signs.WORDS:
        return
    if token.startswith("_"):
        scanning.refuse(at, "E053", f"`{_short(token)}` starts with an underscore", "use a name of the vocabulary")
    elif lowered in signs.WORDS:
        scanning.refuse(at, "E034", f"`{token}` is not how this is written here", f"write `{lowered}`")
    elif lowered in signs.REFUSED_WORDS:
        code, what, fix = signs.REFUSED_WORDS[lowered]
        scanning.refuse(at, code, f"`{token}` {what}", fix)
    elif keyword.iskeyword(token):
        scanning.refuse(at, "E037", f"`{token}` is not a word of this language", "write a single condition or formula")


def _look_at_text(token: str, at: Span, scanning: _Scanning) -> None:
    if scanning.previous == "text":
        scanning.refuse(
            at, "E019", "two texts stand side by side and would be glued together", "put a comma between them"
        )
    inside = token[1:-1]
    if _LINE_BREAKS.search(inside):
        scanning.refuse(at, "E010", "a line break inside the text", "write the expression on one line")
    elif "\\" in inside:
        scanning.refuse(at, "E015", "a backslash inside the text", "write the character itself; there are no escapes")
    elif not inside.isprintable() or _INVISIBLE.search(inside):
        what = "the text holds a character that cannot be seen"
        scanning.refuse(at, "E014", what, "type the text again with visible characters and plain blanks")
    elif not unicodedata.is_normalized("NFC", inside):
        what = "the text holds a letter built from several characters, which looks the same but compares unequal"
        scanning.refuse(at, "E014", what, "type the letter as one character (Unicode NFC)")


def _look_at_bracket(token: str, at: Span, scanning: _Scanning) -> None:
    if token == "[" and scanning.previous in signs.ENDS_A_VALUE:
        what = "a value is not taken apart with square brackets"
        scanning.refuse(at, "E032", what, 'compare the whole value, or use `lookup("table", key)`')
    if token == "(" and scanning.previous == ")":
        scanning.refuse(at, "E041", "a bracket is called", "only a listed function by its name can be called")
    if token in signs.CLOSING:
        scanning.open_brackets.append((token, at))
        if len(scanning.open_brackets) == DEEPEST_BRACKETS + 1:
            scanning.refuse(at, "E023", f"brackets nested more than {DEEPEST_BRACKETS} deep", "name a part of the rule")
        return
    if not scanning.open_brackets:
        scanning.refuse(at, "E024", f"`{token}` closes nothing", "remove it, or open it before")
        return
    opened, _ = scanning.open_brackets.pop()
    if signs.CLOSING[opened] != token:
        scanning.refuse(at, "E024", f"`{opened}` is closed by `{token}`", f"close it with `{signs.CLOSING[opened]}`")


def _look_at_sign(token: str, at: Span, scanning: _Scanning) -> None:
    if token in signs.ALLOWED:
        return
    if token == "%" and scanning.previous == "number":
        what = "a number with a percent sign"
        scanning.refuse(at, "E026", what, "write the share as a decimal: 0.15 for 15%")
        return
    code, what, fix = signs.REFUSED.get(token, signs.ANY_OTHER)
    scanning.refuse(at, code, f"`{token}` {what}", fix)


def _look_at_stranger(kind: str, token: str, at: Span, scanning: _Scanning) -> None:
    if kind == "foreign":
        _look_at_foreign(token, at, scanning)
        return
    scanning.refuse(at, *signs.REFUSED_KINDS["dots" if token.startswith("...") else kind])


def _look_at_foreign(token: str, at: Span, scanning: _Scanning) -> None:
    shown = " ".join(f"U+{ord(character):04X}" for character in token[:4])
    what = f"{shown} ({signs.character_name(token[0])}) outside quotes"
    scanning.refuse(at, "E013", what, signs.character_hint(token[0]))


def _short(token: str) -> str:
    return token if len(token) <= 24 else token[:20] + "…"
