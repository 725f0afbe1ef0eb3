"""What a change of price did to customers, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.cli.show_effect import NOT_DEFINED, points, share
from pricing_engine.document.amounts import Amounts
from pricing_engine.retention.behaviour import Behaviour, Group, Outcome
from pricing_engine.retention.behaviour_cases import LeftOut
from pricing_engine.retention.behaviour_statistics import Interval
from pricing_engine.retention.behaviour_words import DEFINITIONS, verdict_in_words
from pricing_engine.usecases.read_behaviour import ReadBehaviour

_LEFT_OUT: Final = {
    LeftOut.NOT_OVER: "the months after are not over",
    LeftOut.NOT_THERE_BEFORE: "had nothing on some day of the months before",
    LeftOut.HIT_BEFORE: "was hit in the months before, too",
    LeftOut.NOTHING_LIKE: "no like account",
}


def behaviour_parts(read: ReadBehaviour, locale: Locale) -> list[RenderableType]:
    """The verdict, the figures of both groups with their differences, who is not compared, and what it all means."""
    asked, found, amounts = read.asked, read.found, Amounts(read.currency, locale)
    window = f"{amounts.day(found.design.window.opening)} to {amounts.day(found.design.window.closing)}"
    event = asked.event.replace("_", " ")
    return [
        Text(f"What {event} ({asked.direction}) did from {window}, {asked.around} months before and after", "bold"),
        Text(_sentence(verdict_in_words(found)), style="bold"),
        *(_compared(found, amounts) if found.differences else ()),
        *_not_compared(found),
        Text("\nWhat the figures mean", style="bold"),
        *[Text(f"  {_sentence(name.replace('_', ' '))}: {meaning}") for name, meaning in DEFINITIONS.items()],
    ]


def _compared(found: Behaviour, amounts: Amounts) -> Iterator[RenderableType]:
    yield from (Text(""), _groups(found, amounts), Text(""), _figures(found, amounts))
    yield Text("  in points, hit less like; after less before. The ranges hold all three at 95%")
    before = [f"{name} {' ('.join(_interval(each))})" for name, each in found.before.items() if each.lower is not None]
    alike = {True: "alike, as far as can be seen", False: "not alike", None: "too few to see whether alike"}
    told = f"; hit less like, in points: {', '.join(before)}" if before else ""
    yield Text(f"Before: {alike[found.is_alike_before]}{told}")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _groups(found: Behaviour, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("")
    for name in ("Accounts", "Cases", "Count as", "ARR before", "Price"):
        add_amount_column(table, name)
    for name, group in (("Hit", found.hit), ("Like", found.like)):
        changed = NOT_DEFINED if group.changed is None else f"{points(group.changed)}%"
        numbers = f"{group.accounts:,}", f"{group.cases:,}", f"{group.counts_as:,.1f}", amounts.money(group.arr)
        table.add_row(name, *numbers, changed)
    return table


def _figures(found: Behaviour, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("")
    for name in ("Hit before", "Like before", "Hit after", "Like after", "Difference", "Range"):
        add_amount_column(table, name)
    for outcome in Outcome:
        means = [_mean(side, outcome, amounts) for side in _sides(found.hit, found.like)]
        table.add_row(_sentence(outcome), *means, *_interval(found.differences.get(outcome)))
    return table


def _sides(hit: Group, like: Group) -> Iterator[Mapping[Outcome, Decimal]]:
    for side in (hit.before, like.before, hit.after, like.after):
        yield side or {}


def _mean(side: Mapping[Outcome, Decimal], outcome: Outcome, amounts: Amounts) -> str:
    return share(side.get(outcome), amounts)


def _interval(each: Interval | None) -> tuple[str, str]:
    if each is None:
        return NOT_DEFINED, NOT_DEFINED
    has_bounds = each.lower is not None
    return points(each.difference), f"{points(each.lower)} to {points(each.upper)}" if has_bounds else NOT_DEFINED


def _not_compared(found: Behaviour) -> Iterator[Text]:
    out = [f"{number:,}: {_LEFT_OUT[reason]}" for reason, number in found.left_out.items() if number]
    if out:
        yield Text(f"Hit and not compared: {'; '.join(out)}")
    if found.hit_later:
        yield Text(f"Of the like cases {found.hit_later:,} were hit in the months after")
    yield Text(
        f"{found.left_at_end_of_term:,} accounts left when a term of theirs ended, in the days compared: "
        "whether a price made them, the ledger does not say"
    )
