"""What a page's unit of price means: who or what is counted, over which period, or once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pricing_engine.imports.identifiers import names_in, words_of
from pricing_engine.imports.periods import MONTH, find_period, is_user_word

USERS = "users"

_ONCE = frozenset(
    {("one", "time"), ("one", "time", "payment"), ("one", "time", "fee"), ("once",), ("single", "payment")}
)
_ONCE |= {("onetime",), ("lifetime",), ("one", "off"), ("setup",)}
_MONEY = names_in("usd eur gbp jpy cad aud chf inr brl dollar dollars euro euros")
_SHARE_SIGNS = ("%", "percent")
_PER_LETTER = re.compile(r"\bp[./]([am])\b\.?")
"""`p.a.` and `p/m`: per annum, per month."""
_BILLED_PER = re.compile(r"\b(billed|paid|payable|invoiced|charged) per ")


@dataclass(frozen=True, slots=True)
class Once:
    """A price paid one time, whatever the quantity."""


@dataclass(frozen=True, slots=True)
class Every:
    """A price per period of `months`; `counted` is what it is multiplied by, in words (None: nothing, a flat price).

    `is_period_named` is False where the page left the period to the reader, who takes a month.
    """

    months: int
    counted: tuple[str, ...] | None
    is_period_named: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A price that is a percentage of something the page does not define."""


@dataclass(frozen=True, slots=True)
class OtherPeriod:
    """A price per period that rules have no `per` for, such as a week, or per more than one; `counted` as above."""

    counted: tuple[str, ...] | None


PageUnit = Once | Every | OtherPeriod | Share


def read_unit(text: str) -> PageUnit:
    """The meaning of a unit such as `user/month`, `/month`, `block/month`, `one time payment` or nothing at all."""
    lowered = text.lower()
    if any(sign in lowered for sign in _SHARE_SIGNS):
        return Share()
    parts = _parts(lowered)
    if len(parts) == 1 and parts[0] in _ONCE:
        return Once()
    found = find_period(parts)
    if found is None:
        return Every(MONTH, _counted(parts), not text.strip())
    counted = _counted(found.rest)
    return OtherPeriod(counted) if found.months is None else Every(found.months, counted, True)


def _parts(lowered: str) -> tuple[tuple[str, ...], ...]:
    """The words between `/` and `per`, without the currency."""
    plain = _PER_LETTER.sub(r"/p\1", " ".join(lowered.split()))
    plain = _BILLED_PER.sub(r"\1 ", plain)
    parts = [words_of(part) for part in plain.replace(" per ", "/").removeprefix("per ").split("/")]
    bare = (part[1:] if part and part[0] in _MONEY else part for part in parts)
    return tuple(part for part in bare if part)


def is_users(counted: tuple[str, ...]) -> bool:
    """Whether what is counted are the account's users, so that a seat of a plan and of an add-on are the same."""
    return len(counted) == 1 and is_user_word(counted[0])


def plural(word: str) -> str:
    """The usual English plural, for names of metrics."""
    if word.endswith("s"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("x", "ch", "sh")) else f"{word}s"


def _counted(parts: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
    """The words of what is counted; `GB/user` is gb per user, `1000 emails` are blocks of 1000 emails."""
    if not parts:
        return None
    first, *others = parts
    if first[0].isdigit():
        first = ("blocks", "of", *first)
    return first + tuple(word for part in others for word in ("per", *part))
