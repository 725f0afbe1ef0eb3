"""The rows of a deal made into one, what is strange about it, and what it says otherwise than it was imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.errors import DomainError
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.deals.rows import DealRow
from pricing_engine.money import ONE
from pricing_engine.scoring.deal import LIST_PER_YEAR, Deal, DealLine

FAR_ABOVE: Final = 10
"""A net of so many times its list is likely to be of another period, or in another currency."""

_OF_DEAL: Final = ("account", "created", "closed", "outcome", "reason", "facts", "currency", "draw")

ToReporting = Callable[[str, date], Decimal]
"""What one unit of a currency is worth on a day; raises a DomainError where nobody says."""


class Read(NamedTuple):
    """A deal with what is wrong or strange about it; None: nothing can be made of it."""

    deal: Deal | None
    problems: list[Problem]


def deal_of(
    rows: Sequence[DealRow], file: str, *, today: date, rate: ToReporting, families: Mapping[str, str | None]
) -> Read:
    """The deal of some rows that name it; what refuses it is among the problems.

    `families` are those of products that are known; the table may say others.
    Rounds: never; amounts are in the reporting currency at the rate of the day it was created.
    """
    first = rows[0]
    problems = [_problem(file, line, wrong) for line, wrong in _contradictions(rows, today)]
    if problems or first.created is None:
        return Read(None, problems)
    try:
        worth = rate(first.currency, first.created) if first.currency else ONE
    except DomainError as missing:
        return Read(None, [_problem(file, first.line, Wrong(missing.code, missing.what, missing.fix))])
    lines = tuple([_line(row.sold, worth, families) for row in rows if row.sold is not None])
    deal = Deal(
        *(first.id, first.account or f"(deal {first.id})", first.created, first.closed, first.outcome),
        *(first.facts, lines, first.reason, first.draw),
    )
    if deal.list is not None and LIST_PER_YEAR not in deal.facts:
        deal = deal._replace(facts={**deal.facts, LIST_PER_YEAR: deal.list})
    strange = [_problem(file, row.line, wrong, refuses=False) for row in rows for wrong in _strange(row)]
    return Read(deal, strange)


def _contradictions(rows: Sequence[DealRow], today: date) -> Iterator[tuple[int, Wrong]]:
    first = rows[0]
    for row in rows[1:]:
        differ = [field for field in _OF_DEAL if getattr(row, field) != getattr(first, field)]
        if differ:
            what = f"deal {first.id} has another {' and '.join(differ)} in line {first.line}"
            yield row.line, Wrong("deal-differs", what, "make its rows agree, or give each deal an id of its own")
        elif row.sold is None:
            fix = "give each deal an id of its own, or map product where a deal has several lines"
            yield row.line, Wrong("deal-twice", f"deal {first.id} is in line {first.line} already", fix)
    if first.created is not None and first.created > today:
        fix = "mend the day, or say under dates how the table writes them"
        yield first.line, Wrong("day-ahead", f"it is created on {first.created}, which has not come yet", fix)
    if first.closed is None:
        return
    if first.created is not None and first.closed < first.created:
        what = f"it is {first.outcome} on {first.closed}, before it was created on {first.created}"
        yield first.line, Wrong("closed-first", what, "mend the days")
    if first.closed > today:
        what = f"it is {first.outcome} on {first.closed}, which has not come yet"
        yield first.line, Wrong("day-ahead", what, "mend the day, or say under outcome that it is open")


def _strange(row: DealRow) -> Iterator[Wrong]:
    """What may be so, and makes no sense of a discount."""
    sold = row.sold
    if sold is None or sold.list is None or sold.net is None:
        return
    if not sold.list:
        what = f"{sold.product} has a list of 0, of which its net is no share"
        yield Wrong("no-list", what, "leave list empty where it is not known")
    elif sold.net > FAR_ABOVE * sold.list:
        what = f"{sold.product} has a net of {sold.net:f}, more than {FAR_ABOVE} times its list of {sold.list:f}"
        yield Wrong("net-far-above-list", what, "have both of the same period and in the same currency")


def _line(sold: DealLine, worth: Decimal, families: Mapping[str, str | None]) -> DealLine:
    listed = None if sold.list is None else sold.list * worth
    net = None if sold.net is None else sold.net * worth
    return DealLine(sold.product, sold.family or families.get(sold.product), listed, net)


def _problem(file: str, line: int, wrong: Wrong, *, refuses: bool = True) -> Problem:
    return Problem(file, line, "", "", *wrong, refuses)


def renewed(kept: Deal, now: Deal) -> tuple[Deal, list[str]]:
    """A deal that is there as it is to be, and what is said otherwise of it now and not taken.

    One that was open takes how and when it ended, and net amounts that were not known, where the list beside them is
    that of then; its facts stay those of then. Nothing ends before it was created: then it stays open.
    Families are not looked at: where the rules say them, they may say others by now.
    """
    deal = kept
    if not kept.is_decided and now.closed is not None and kept.created <= now.closed:
        deal = kept._replace(
            outcome=now.outcome, closed=now.closed, reason=now.reason, lines=_with_nets(kept.lines, now.lines)
        )
    if deal == now:
        return deal, []
    was, is_ = (each._replace(lines=tuple([line._replace(family=None) for line in each.lines])) for each in (deal, now))
    differ = [field for field in Deal._fields if field != "facts" and getattr(was, field) != getattr(is_, field)]
    names = sorted({*deal.facts, *now.facts})
    return deal, differ + [name for name in names if deal.facts.get(name) != now.facts.get(name)]


def _with_nets(kept: Sequence[DealLine], now: Sequence[DealLine]) -> tuple[DealLine, ...]:
    if [each.product for each in kept] != [each.product for each in now]:
        return tuple(kept)
    pairs = zip(kept, now, strict=True)
    return tuple([each._replace(net=other.net) if _lacks_net_of(each, other) else each for each, other in pairs])


def _lacks_net_of(kept: DealLine, now: DealLine) -> bool:
    """Whether a net is to be taken: one of another size beside the list of then would be a discount nobody gave."""
    return kept.net is None and kept.list == now.list


def restated(file: str, line: int, kept: Deal, differ: Sequence[str]) -> Problem:
    """That the table says otherwise of a deal that is there, which stays as it is."""
    what = f"deal {kept.id} was imported with another {', '.join(differ)}"
    return _problem(
        file, line, Wrong("restated", what, "what was imported stays; find out which is right"), refuses=False
    )


def is_left_out(rows: Sequence[DealRow]) -> bool:
    """Whether the mapping leaves the deal out: it is open, and nobody dated it."""
    return all([row.created is None for row in rows])
