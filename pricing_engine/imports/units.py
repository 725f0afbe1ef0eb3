"""What a page's unit of price means: who or what is counted, over which period, or once."""

from __future__ import annotations

from dataclasses import dataclass

from pricing_engine.imports.identifiers import names_in, words_of

USERS = "users"
MONTH = 1
QUARTER = 3
YEAR = 12

_USER_WORDS = names_in(
    "user users member members seat seats license licenses licence licences person people employee employees"
)
_PERIODS = {
    **dict.fromkeys(("month", "months", "monthly", "mo"), MONTH),
    **dict.fromkeys(("quarter", "quarters", "quarterly"), QUARTER),
    **dict.fromkeys(("year", "years", "yearly", "annual", "annually", "yr"), YEAR),
}
_ONCE = frozenset(
    {("one", "time"), ("one", "time", "payment"), ("one", "time", "fee"), ("once",), ("single", "payment")}
)
_ONCE |= {("onetime",), ("lifetime",), ("one", "off"), ("setup",)}
_MONEY = names_in("usd eur gbp jpy cad aud chf inr brl dollar dollars euro euros")
_SHARE_SIGNS = ("%", "percent")


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


PageUnit = Once | Every | Share


def read_unit(text: str) -> PageUnit:
    """The meaning of a unit such as `user/month`, `/month`, `block/month`, `one time payment` or nothing at all."""
    lowered = text.lower()
    if any(sign in lowered for sign in _SHARE_SIGNS):
        return Share()
    parts = [words_of(part) for part in lowered.replace(" per ", "/").removeprefix("per ").split("/")]
    named = [part for part in parts if part and part[0] not in _MONEY]
    if len(named) == 1 and named[0] in _ONCE:
        return Once()
    months, is_named = MONTH, False
    if named and (found := _PERIODS.get(named[-1][0])) is not None:
        months, is_named = found, True
        named.pop()
    if not named:
        return Every(months, None, is_named or not text.strip())
    return Every(months, _counted(named), is_named)


def is_users(counted: tuple[str, ...]) -> bool:
    """Whether what is counted are the account's users, so that a seat of a plan and of an add-on are the same."""
    return len(counted) == 1 and counted[0] in _USER_WORDS


def plural(word: str) -> str:
    """The usual English plural, for names of metrics."""
    if word.endswith("s"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("x", "ch", "sh")) else f"{word}s"


def _counted(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The words of what is counted; `GB/user` is gb per user, `1000 emails` are blocks of 1000 emails."""
    first, *others = parts
    if first[0].isdigit():
        first = ("blocks", "of", *first)
    return first + tuple(word for part in others for word in ("per", *part))
