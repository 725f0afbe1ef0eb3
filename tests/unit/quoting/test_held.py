"""What is made once of a contract that is held, for all changes that are weighed of it."""

from __future__ import annotations

from datetime import date, timedelta

from pricing_engine.pricing.price import price
from pricing_engine.quoting.changes.work_out import work_out
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import Change, Remove
from tests.contracts import MIDYEAR, Book, a_contract, a_rulebook_of_three
from tests.rulebooks import add


def test_what_is_held_makes_something_once_and_anew_when_it_is_given_something_else() -> None:
    held = a_contract(a_rulebook_of_three(), add("crm", "100")).held
    made: list[date] = []

    def later(of: Held, days: int) -> date:
        made.append(of.contract.effective + timedelta(days=days))
        return made[-1]

    found = [held.once(later, 1), held.once(later, 1), held.once(later, 2), held.once(later, 1)]
    assert [day.day for day in found] == [2, 2, 3, 2]
    assert len(made) == 3  # only the last is remembered


def a_book() -> Book:
    # CRM at 100 and Core at 40 users, both 10% off for being two products.
    return a_contract(a_rulebook_of_three(), add("crm", "100"), add("core", "40"))


def lines_of(held: Held, book: Book, *changes: Change) -> dict[str, object]:
    worked = work_out(book.request(*changes, on=MIDYEAR), book.rulebook, held)
    return {line.id: line for line in worked.pricing.lines}


def test_lines_that_two_changes_leave_as_they_are_are_priced_once() -> None:
    book = a_book()
    held = book.held
    # Ten users more of CRM, at the same price, join their line; Core goes on in both.
    one, other = lines_of(held, book, add("crm", "10")), lines_of(held, book, add("crm", "20"))
    assert one["core.seats"] is other["core.seats"]
    assert one["crm.seats"] != other["crm.seats"]


def test_a_line_that_is_granted_something_else_is_priced_anew() -> None:
    book = a_book()
    held = book.held
    kept, alone = lines_of(held, book, add("crm", "10")), lines_of(held, book, Remove("core"))
    # Of two products one is left, and its 10% goes: 100 × 50 × 12.
    assert kept["crm.seats"] != alone["crm.seats"]
    assert alone == lines_of(book.held, book, Remove("core"))


def test_what_lines_are_known_to_cost_at_list_is_what_they_do() -> None:
    book = a_book()
    held = book.held
    worked = work_out(book.request(add("crm", "10"), on=MIDYEAR), book.rulebook, held)
    conditions = worked.conditions
    core = next(item for item in conditions.items if item.id == "core.seats")
    listed, others = held.known.listed(conditions.items, MIDYEAR)
    again = price(conditions.items, conditions.terms)
    assert core not in others
    assert listed == sum(line.list_per_year for line in again.lines if line.id not in {item.id for item in others})
    assert held.known.listed(conditions.items, MIDYEAR + timedelta(days=1)) == (0, conditions.items)
