"""Makes ids and snake_case names of what pages call things; each is unique, and the same page always gives the same."""

from __future__ import annotations

import keyword
import re
import unicodedata
from itertools import chain, count

MAX_LENGTH = 60


def names_in(text: str) -> frozenset[str]:
    """The words of a text, as a set of names."""
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_RESERVED = frozenset(keyword.kwlist) | names_in(
    "min max abs floor ceil clamp round_to ratio_of known either usage_share lookup months_between "
    "true false null yes no on off y n inf infinity nan"
)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in lower case: camelCase, snake_case and other signs split; accents are taken off."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return tuple(word.lower() for word in _WORD.findall(plain.replace("'", "")))


class Namespace:
    """Hands out ids that are used once; the first to ask for one gets it, later ones a number behind it."""

    def __init__(self, *, separator: str, taken: frozenset[str] = frozenset()) -> None:
        self._separator = separator
        self._taken = set(taken) | _RESERVED

    def claim(self, text: str, *, fallback: str, suffix: str = "") -> str:
        """An id for a name; `fallback` leads names without a Latin letter, `suffix` is tried before a number."""
        words = words_of(text)
        if not words or words[0][0].isdigit():
            words = (*words_of(fallback), *words)
        first = self._separator.join(words)[:MAX_LENGTH].strip(self._separator)
        second = f"{first}{self._separator}{suffix}" if suffix else first
        numbered = (f"{second}{self._separator}{number}" for number in count(2))
        free = next(name for name in chain((first, second), numbered) if name not in self._taken)
        self._taken.add(free)
        return free
