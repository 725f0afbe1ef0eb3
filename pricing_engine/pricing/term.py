"""Where the price changes within the term, and how yearly amounts become the term's: split, weigh, round once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm

from pricing_engine.money import ZERO
from pricing_engine.periods import Period, share_of_stretch
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import LineItem, PricingTerms
from pricing_engine.pricing.waterfall import Segment, make_segment

ONCE = Fraction(1)

# Pure, and the same for every line of a quote and every quote of a day; measured at 20 µs, a quarter of a quote.
cached_share_of_stretch = lru_cache(maxsize=4096)(share_of_stretch)


def split_term(items: Sequence[LineItem], terms: PricingTerms) -> list[Period]:
    """The stretches of the term within which no price changes: between ramp steps and promotion ends (P18)."""
    term = terms.term
    changes = [phase.start for item in items if len(item.phases) > 1 for phase in item.phases]
    changes += [end.day for end in terms.granted.ends]
    changes += [item.trial_until for item in items if item.trial_until is not None]
    changes += [part.start for item in items for part in item.uplifted]
    if not changes:
        return [term]
    days = [term.start, *sorted({day for day in changes if term.start < day < term.end}), term.end]
    return [Period(start, end) for start, end in pairwise(days)]


def share_of_term(period: Period, terms: PricingTerms) -> Fraction:
    """How many years' worth a stretch of the term is billed for. Source: P8."""
    return cached_share_of_stretch(
        period, anchor=terms.anchor or terms.term.start, billing_months=terms.billing_months, method=terms.proration
    )


def segments_of(drafts: Sequence[Draft], periods: Sequence[Period], shares: Sequence[Fraction]) -> tuple[Segment, ...]:
    """One line's segments from its drafts; neighbours of the same price are one. A one-time line has only the first.

    Shape: one draft and one share per period, in order of time.
    """
    first = drafts[0]
    if first.item.charge.months is None:
        return (_segment(first, Period(periods[0].start, periods[-1].end), ONCE),)
    if len(drafts) == 1:
        return (_segment(first, periods[0], shares[0]),)
    merged: list[Segment] = []
    for draft, period, share in zip(drafts, periods, shares, strict=True):
        segment = _segment(draft, period, share)
        last = merged[-1] if merged else None
        if last is not None and last[3:] == segment[3:]:
            merged[-1] = last._replace(end=segment.end, share=last.share + share)
        else:
            merged.append(segment)
    return tuple(merged)


def _segment(draft: Draft, period: Period, share: Fraction) -> Segment:
    _, phase, listed, net, steps, holding = draft
    return make_segment((period.start, period.end, share, phase.quantity, listed, net, steps, holding))


def weigh(amounts: Sequence[Decimal], shares: Sequence[Fraction]) -> Decimal:
    """Σ amount × share, divided once at the end, so that an amount on half a cent is not lost to a long fraction."""
    common = lcm(*(share.denominator for share in shares))
    total = ZERO
    for amount, share in zip(amounts, shares, strict=True):
        total += amount * (share.numerator * (common // share.denominator))
    return total / common


def weigh_segments(segments: Sequence[Segment]) -> tuple[Decimal, Decimal]:
    """List and net of a line over the term, unrounded."""
    first = segments[0]
    if len(segments) == 1:
        times, over = first.share.as_integer_ratio()
        if times == over:
            return first.list, first.net
        numerator, denominator = Decimal(times), Decimal(over)
        return first.list * numerator / denominator, first.net * numerator / denominator
    shares = [segment.share for segment in segments]
    return weigh([each.list for each in segments], shares), weigh([each.net for each in segments], shares)
