"""Finds the period a unit of price names: how many months it is, or that rules have no `per` for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pricing_engine.imports.identifiers import names_in
from pricing_engine.rulebook.documents.fields import MONTHS_OF

MONTH = 1
QUARTER = 3
HALF_YEAR = 6
YEAR = 12

_MONTHS: dict[str, int | None] = {
    **dict.fromkeys(names_in("month months monthly mo mos mth mths pm pcm"), MONTH),
    **dict.fromkeys(names_in("quarter quarters quarterly qtr qtrs trimester trimesters"), QUARTER),
    **dict.fromkeys(names_in("halfyear halfyearly semiannual semiannually semester semesters"), HALF_YEAR),
    **dict.fromkeys(names_in("year years yearly yr yrs annum annual annually pa"), YEAR),
    **dict.fromkeys(names_in("week weeks weekly wk wks weekend weekends fortnight fortnights fortnightly"), None),
    **dict.fromkeys(names_in("day days daily weekday weekdays night nights nightly"), None),
    **dict.fromkeys(names_in("hour hours hourly hr hrs minute minutes seconds sec secs"), None),
    **dict.fromkeys(names_in("bimonthly biweekly semimonthly semiweekly biannual biannually multiyear"), None),
    **dict.fromkeys(names_in("biennial biennially biennium triennial triennially decade decades"), None),
}
# Also the first letters of other words, so they are periods only where nothing else stands beside them.
_SHORT: dict[str, int | None] = {
    "m": MONTH,
    "q": QUARTER,
    "y": YEAR,
    **dict.fromkeys(names_in("w d h min mins second"), None),
}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18}
_LONGEST_NUMBER = 3
_HALVES = names_in("half semi")
_OTHER_RHYTHMS = names_in("other alternate second bi tri multi twice thrice times x")
_BILLED = names_in("billed paid payable invoiced charged prepaid")
_FILLERS = names_in("a an the per each every once for in of upfront advance calendar fiscal full whole")
_BEFORE = _FILLERS | _BILLED | _HALVES | _OTHER_RHYTHMS | frozenset(_NUMBERS)
_USER_WORDS = names_in(
    "user users member members seat seats license licenses licence licences person people employee employees"
)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period of `months` (None: rules have no `per` for it), and the parts of the unit besides it."""

    months: int | None
    rest: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that name a period, such as `every 2 months`; `is_billing` where they say when bills are written."""

    start: int
    end: int
    months: int | None
    is_billing: bool


def find_period(parts: tuple[Words, ...]) -> NamedPeriod | None:
    """The period that the parts of a unit name, as `user` and `year` do; None where no part has a word for one.

    The last part is asked first, so that `hour/month` is hours per month.
    """
    phrases = [tuple(_phrases(part)) for part in parts]
    at = next((place for place in (*range(len(parts))[-1:], *range(len(parts))) if phrases[place]), None)
    if at is None:
        return None
    months = _months_of(parts[at], phrases[at])
    rest: list[Words] = []
    for place, part in enumerate(parts):
        if place != at and (not _is_ended_by(phrases[place], part) or _is_counted(place, phrases[place])):
            rest.append(part)
            continue
        rest.append(_besides(part, phrases[place]))
        if place != at and phrases[place][-1].months != months:
            months = None
    return NamedPeriod(months, tuple(part for part in rest if part))


def _is_ended_by(phrases: tuple[_Phrase, ...], part: Words) -> bool:
    return bool(phrases) and phrases[-1].end == len(part)


def _is_counted(place: int, phrases: tuple[_Phrase, ...]) -> bool:
    """Whether a period that is not the price's is what is sold: `hour/month`, but not `month/year`."""
    return place == 0 and phrases[-1].months is None


def _phrases(part: Words) -> Iterator[_Phrase]:
    done = 0
    for place, word in enumerate(part):
        start = place
        while start > done and (part[start - 1] in _BEFORE or part[start - 1].isdigit()):
            start -= 1
        is_alone = start == 0 and place == len(part) - 1
        if word in _MONTHS or (is_alone and word in _SHORT):
            before = part[start:place]
            months = _times(before, _MONTHS[word] if word in _MONTHS else _SHORT[word])
            done = place + 1
            yield _Phrase(start, done, months, not _BILLED.isdisjoint(before))


def _times(before: Words, months: int | None) -> int | None:
    """The months of `2 months` or `half a year`, as far as rules have a `per` for them."""
    factors = [word for word in before if word in _NUMBERS or word in _HALVES or word.isdigit()]
    if months is None or len(factors) > 1 or not _OTHER_RHYTHMS.isdisjoint(before):
        return None
    found = _multiplied(months, factors[0]) if factors else months
    return found if found in MONTHS_OF.values() else None


def _multiplied(months: int, factor: str) -> int | None:
    if factor in _HALVES:
        return None if months % 2 else months // 2
    if factor in _NUMBERS:
        return months * _NUMBERS[factor]
    return None if len(factor) > _LONGEST_NUMBER else months * int(factor)


def _months_of(part: Words, phrases: tuple[_Phrase, ...]) -> int | None:
    """The price's period: what leads the part, else the one that all name; when bills are written comes last."""
    stated = [phrase for phrase in phrases if not phrase.is_billing] or list(phrases)
    is_leading = stated[0].start == 0 and "or" not in part
    agreed = is_leading or len({phrase.months for phrase in stated}) == 1
    return stated[0].months if agreed else None


def _besides(part: Words, phrases: tuple[_Phrase, ...]) -> Words:
    """What is counted in the part of the period: what leads it; else users right behind it, as in `annual user`."""
    if phrases[0].start > 0:
        return part[: phrases[0].start]
    behind = part[phrases[0].end : phrases[1].start if len(phrases) > 1 else None]
    return behind if len(behind) == 1 and is_user_word(behind[0]) else ()


def is_user_word(word: str) -> bool:
    """Whether the word means a person with a seat."""
    return word in _USER_WORDS
