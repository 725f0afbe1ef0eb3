"""Did-you-mean for rule files and requests: the nearest known words, or the list of what there is."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_WORD = 80
_MOST_OPTIONS = 12


def did_you_mean(word: str, known: Iterable[str], *, if_none: str = "there is none yet; define it first") -> str:
    """A hint that names the nearest known word, or what may be written when none is near, or `if_none` is known."""
    options = sorted(set(known) - {word})
    near = get_close_matches(word, options, n=1) if len(word) <= _LONGEST_WORD else []
    if near:
        return f"did you mean {near[0]}?"
    if not options:
        return if_none
    if len(options) == 1:
        return f"write {options[0]}"
    more = ", …" if len(options) > _MOST_OPTIONS else ""
    return f"write one of {', '.join(options[:_MOST_OPTIONS])}{more}"
