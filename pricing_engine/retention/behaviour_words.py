"""What a comparison of behaviour means and comes to, in words that are shown beside its figures (N13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pricing_engine.retention.behaviour import Behaviour, Outcome, Verdict
from pricing_engine.retention.behaviour_statistics import LEAST_ACCOUNTS, Interval

DEFINITIONS: Final[Mapping[str, str]] = {
    "hit": (
        "An account and a day of the window on which the event moved its price. It had something all through the "
        "months before, was not hit in them, and the months after are over."
    ),
    "like": (
        "An account and a day on which no price of it changed: in the same quarter, of the same size (what it had when "
        "the months before began) and market as the one hit; if a term of that one ends in the months after, one of it "
        "does, too. Beside one hit when it renewed, it renewed on that day. Who is hit in the months after stays in."
    ),
    "figures": (
        "Means over accounts, each counting alike whatever it pays; like accounts weigh in each stratum as those hit. "
        "Churn: nothing left on some day of the months after. Contraction and expansion: what was given up and bought "
        "more, over what the account had, at most all of it; changes of price are in neither."
    ),
    "difference": (
        "Hit less like, after; for contraction and expansion less the same before. With a probability of 95%, if the "
        "groups would have gone on alike, all three intervals hold what the event made of the accounts hit."
    ),
    "before": (
        "Whether both groups moved alike in the months before: they did not when an interval excludes nothing, at 90% "
        "for both together. Churn cannot be compared before: who had left could not be hit."
    ),
    "cannot_be_told": (
        "Who left when told of a price, before it was booked, was never hit: of a rise at renewal this says what those "
        "did who renewed, not how many it kept from renewing. Nobody drew lots for who is hit: what made a price "
        "change may itself make accounts leave or grow. What hit all accounts alike leaves nobody to compare with."
    ),
}


def verdict_in_words(found: Behaviour) -> str:
    """What can be told and why."""
    match found.verdict:
        case Verdict.EFFECT:
            return f"of those that were hit {'; '.join(_claims(found.differences))}"
        case Verdict.NO_EVENTS:
            return "cannot tell: nobody was hit in the window"
        case Verdict.FEW_ACCOUNTS:
            return (
                f"cannot tell: accounts hit count as {found.hit.counts_as:.1f} and like ones as "
                f"{found.like.counts_as:.1f}, and {LEAST_ACCOUNTS} of each are needed"
            )
        case Verdict.DIFFERED_BEFORE:
            return f"cannot tell: already in the months before {'; '.join(_claims(found.before))}"
        case Verdict.MAY_BE_NOTHING:
            return f"cannot tell: it may have done nothing; {'; '.join(_bounds(found.differences))}"


def _claims(differences: Mapping[Outcome, Interval]) -> Iterator[str]:
    """The differences that are there."""
    for outcome, each in differences.items():
        if each.excludes_nothing:
            how = "higher" if each.difference > 0 else "lower"
            yield f"{outcome} is {how} by {abs(each.difference) * 100:.1f} points ({_range(each)})"


def _bounds(differences: Mapping[Outcome, Interval]) -> Iterator[str]:
    for outcome, each in differences.items():
        if each.lower is None:
            yield f"{outcome} is too rare to tell"
        else:
            yield f"{outcome} differs by {_range(each)} points"


def _range(each: Interval) -> str:
    if each.lower is None or each.upper is None:
        return "not known"
    return f"{each.lower * 100:+.1f} to {each.upper * 100:+.1f}"
