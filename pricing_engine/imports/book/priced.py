"""How a line came to its price: at its net price, by list and a discount, by list and policies, or as a trial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Grant, Stretch
from pricing_engine.imports.book.bought import Book, Bought, Terms, imported
from pricing_engine.imports.book.grants import find_policies, grants_in_turn, take_off
from pricing_engine.imports.book.prices import Listed, in_measure, is_same, list_per_year, list_price, schedule_of
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.money import ZERO
from pricing_engine.policies.discounts import DiscountPolicy

_DAY: Final = timedelta(days=1)


class Priced(NamedTuple):
    """How a line came to its price; `agreed` is the net unit price where it is less than list without a policy.

    `grants` and `stretches` are from the day it was bought on, before the term in force perhaps.
    """

    entry: RuleRef
    price: Price
    grants: tuple[Grant, ...]
    stretches: tuple[Stretch, ...]
    agreed: Decimal | None = None


def price_line(bought: Bought, terms: Terms, book: Book) -> Priced | Problem:
    """How the line came to its price: as a trial, by list and policies, by list and a discount, or at its net price."""
    row, sold, amounts = bought.row, bought.sold, bought.amounts
    if row.trial:
        return _trial(bought, terms, book)
    if row.policies:
        return _with_policies(bought, terms, book)
    if row.list_unit_price is None:
        entry = imported(row, book, "the contracted net price; the row says nothing of list")
        stretch = bought.at(amounts.per_year, amounts.per_year)
        return Priced(entry, schedule_of(sold, amounts.unit_price), (), (stretch,))
    listed = row.list_unit_price * bought.quantity * sold.charge.periods_per_year
    if listed < amounts.per_year:
        what = f"the net price is above list: {amounts.unit_price} a unit against {row.list_unit_price}"
        return book.problem(row, book.measure, Wrong("net-above-list", what, "mend one of them"))
    entry = imported(row, book, "list price of the row")
    stretch = bought.at(listed, amounts.per_year)
    agreed = amounts.unit_price if listed > amounts.per_year else None
    return Priced(entry, schedule_of(sold, row.list_unit_price), (), (stretch,), agreed)


def _trial(bought: Bought, terms: Terms, book: Book) -> Priced:
    """At list, and free: what it would cost stays to be seen (P29)."""
    found = list_price(bought.sold, book=terms.price_book, day=bought.start)
    amount = list_per_year(found.price, bought.sold, bought.quantity) if isinstance(found, Listed) else ZERO
    if isinstance(found, Wrong) or isinstance(amount, Wrong):
        found, amount = Listed(schedule_of(bought.sold, ZERO), imported(bought.row, book, "a trial")), ZERO
    return Priced(found.entry, found.price, (), (bought.at(amount, ZERO),))


def _with_policies(bought: Bought, terms: Terms, book: Book) -> Priced | Problem:
    """At list with the grants that come to the row's net price."""
    row, sold = bought.row, bought.sold
    policies, wrong = find_policies(row.policies, sold, book.rulebook)
    if wrong:
        return book.problem(row, "policies", wrong[0])
    listed = _listed(bought, terms, book)
    if isinstance(listed, Wrong):
        return book.problem(row, "policies", listed)
    amount = list_per_year(listed.price, sold, bought.quantity, below=bought.below)
    if isinstance(amount, Wrong):
        return book.problem(row, "quantity", amount)
    seen = min(max(bought.start, book.book_date), bought.end - _DAY)
    nets: list[Decimal] = []
    for grants in grants_in_turn(policies, begun=terms.begun):
        held = tuple([grant for grant in grants if grant.ends is None or grant.ends > bought.begun])
        stretches = _stretches(bought, amount, held, policies, book)
        net = next(each.net for each in stretches if each.start <= seen < each.end)
        computed = in_measure(net, book.measure, sold, bought.quantity)
        if row.net is not None and is_same(row.net, computed, terms.currency):
            return Priced(listed.entry, listed.price, held, stretches)
        nets.append(computed)
    told = " or ".join(f"{each:.2f}" for each in nets[:3])
    what = f"list and {', '.join(row.policies)} come to {told} on {seen}, the row says {row.net}"
    fix = "mend one of them, or leave the policies out: then the net price is contracted as it is"
    return book.problem(row, book.measure, Wrong("net-mismatch", what, fix))


def _listed(bought: Bought, terms: Terms, book: Book) -> Listed | Wrong:
    row = bought.row
    if row.list_unit_price is not None:
        return Listed(schedule_of(bought.sold, row.list_unit_price), imported(row, book, "list price of the row"))
    return list_price(bought.sold, book=terms.price_book, day=bought.start)


def _stretches(
    bought: Bought, listed: Decimal, grants: Sequence[Grant], policies: Sequence[DiscountPolicy], book: Book
) -> tuple[Stretch, ...]:
    """The days of the line, cut where a grant ends (P18)."""
    by_id = {policy.id: policy for policy in policies}
    cuts = {grant.ends for grant in grants if grant.ends is not None and grant.ends < bought.end}
    days = sorted({bought.begun, *cuts, bought.end})
    stretches = []
    for start, end in pairwise(days):
        held = [grant for grant in grants if grant.ends is None or grant.ends > start]
        left = take_off(listed, held, by_id, quantity=bought.below + bought.quantity, rules=book.rulebook)
        stretches.append(Stretch(start, end, bought.quantity, listed, left.net, left.by_policy))
    return tuple(stretches)
