"""The words and signs of the language, and for those of other languages what to write instead."""

import re
import unicodedata
from collections.abc import Mapping

WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
CLOSING: Mapping[str, str] = {"(": ")", "[": "]"}
ALLOWED = frozenset({"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", ","})
# What a value can end with: a `[` after one of these would take it apart.
ENDS_A_VALUE = frozenset({"word", "number", "text", ")", "]"})

_OPERATOR = ("is not an operator of this language", "use + - * / on numbers, `and` `or` `not` on conditions")
_ASSIGNS = ("would assign or name an argument", "compare with `==`; give arguments by position")
_STRANGE = ("is not a sign of this language", "write a single condition or formula")
ANY_OTHER = ("E052", *_STRANGE)
_LEAVE_SIGN_OUT = "leave the sign out: amounts are in the reporting currency"

REFUSED: Mapping[str, tuple[str, str, str]] = {
    **{sign: ("E033", *_OPERATOR) for sign in ("**", "//", "<<", ">>", "%", "&", "|", "^", "~", "@")},
    **{
        sign: ("E034", "belongs to another language", f"write `{ours}`")
        for sign, ours in {
            "&&": "and",
            "||": "or",
            "!": "not",
            "<>": "!=",
            "===": "==",
            "!==": "!=",
            "=>": ">=",
            "=<": "<=",
            "<=>": "==",
        }.items()
    },
    **{
        sign: ("E035", *_ASSIGNS)
        for sign in ("=", ":=", "+=", "-=", "*=", "/=", "%=", "**=", "//=", "&=", "|=", "^=", "@=", "<<=", ">>=")
    },
    "--": ("E050", "undoes itself, and hides the rest of a line elsewhere", "write one minus, or a plus"),
    ";": ("E036", "would start a second statement", "write one expression; a second rule is a second entry"),
    **{sign: ANY_OTHER for sign in ("{", "}", ":", "?", "`", "->")},
    "$": ("E052", "is not written with an amount", _LEAVE_SIGN_OUT),
}

_CONSTANT = ("E040", "is a constant", "write the yes/no name itself, or `not name`")
_MISSING = ("E039", "is not a value of this language", "ask `known(name)` or `not known(name)`")
_NO_VALUE = ("E038", "is not a value of this language", "write a number or a vocabulary name")
# Compared in lower case: no vocabulary has a use for any spelling of these.
REFUSED_WORDS: Mapping[str, tuple[str, str, str]] = {
    **{word: _CONSTANT for word in ("true", "false")},
    **{word: _MISSING for word in ("none", "null")},
    **{word: _NO_VALUE for word in ("nan", "inf", "infinity", "notimplemented", "ellipsis")},
    "is": ("E051", "compares identities, not values", "write `==` or `!=`"),
}
REFUSED_KINDS: Mapping[str, tuple[str, str, str]] = {
    "prefixed": (
        "E018",
        "letters stand directly before a quote",
        "write only the quoted text; put a blank between a word and a text",
    ),
    "open_text": ("E017", "the quote is never closed", "close the text with the same quote"),
    "attribute": (
        "E031",
        "a dot outside a number: values have no parts or methods",
        "use a name of the vocabulary or a listed function",
    ),
    "dots": ("E038", "`...` is not a value of this language", "write the whole expression"),
    "comment": ("E016", "a comment hides the rest of the line", "put the reason in the rule's `why`"),
    "line_break": ("E010", "a line break", "write the expression on one line"),
    "backslash": ("E015", "a backslash", "remove it; there are no escapes and no continued lines"),
}

PATTERN = "|".join(re.escape(sign) for sign in sorted({*ALLOWED, *REFUSED}, key=lambda sign: (-len(sign), sign)))


def number_hint(token: str) -> str:
    """What to write instead of a number in another notation."""
    if token.startswith("."):
        return f"write `0{token}`" if token[1:].isdigit() else "write digits, a point, digits"
    if token.endswith(".") and token[:-1].isdigit():
        return f"write `{token[:-1]}`"
    if "_" in token and token.replace("_", "").isdigit():
        return f"write `{token.replace('_', '')}`"
    if token.isdigit():
        return f"write `{token.lstrip('0') or '0'}` without leading zeros"
    return "write digits, a point, digits: 1000 or 0.15"


def character_name(character: str) -> str:
    """The Unicode name of a character, or what sort of character it is when it has none."""
    return unicodedata.name(character, "control character" if unicodedata.category(character) == "Cc" else "unnamed")


def character_hint(character: str) -> str:
    """What to type instead of a character that only looks like one of ours."""
    plain = unicodedata.normalize("NFKC", character)
    if character in "“”„‟«»‘’‚‛":
        return "write straight quotes"
    if unicodedata.category(character) == "Sc":
        return _LEAVE_SIGN_OUT
    if character == "\t" or plain == " ":
        return "write a plain blank"
    if plain != character and plain.isascii() and plain.isprintable():
        return f"write the plain `{plain}`"
    return "outside quotes only plain ASCII letters, digits and signs are read"
