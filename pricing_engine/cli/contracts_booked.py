"""`contracts book`, `show` and `history`: book a quote, what an account has on a day, what was booked for it."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.screen import JsonFlag, say, screen, show, write_answer, write_text

if TYPE_CHECKING:
    from babel import Locale

    from pricing_engine.desk import Desk
    from pricing_engine.usecases.read_contract import AccountContracts
    from pricing_engine.usecases.records import Booking, Page

AccountId = Annotated[str, typer.Argument(metavar="ACCOUNT", help="An account's id.")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="What is in force on this day; today if absent.")]
KnownOn = Annotated[
    str | None, typer.Option(metavar="DATE", help="As it was known at the end of this day; now if absent.")
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the newest so many; all if absent.")]

_AT_ONCE: Final = 200


def book(
    quote: Annotated[str, typer.Argument(metavar="QUOTE", help="A kept quote's id.")],
    by: Annotated[str | None, typer.Option(help="Who books it; the user of this machine if absent.")] = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Make the contract that a kept quote agrees, or change the one it was priced from."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.contract_json import stored_contract_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_contract import contract_parts
        from pricing_engine.usecases.book_quote import book_quote

        chosen = read_locale(locale)
        with open_ready_desk() as desk:
            stored = book_quote(desk, quote_id=quote, by=by or getpass.getuser())
        day = stored.contract.effective
        if as_json:
            write_answer(stored_contract_json(stored, on=day))
        else:
            show(*contract_parts(stored, on=day, locale=chosen, width=screen().width))


def show_account(
    account: AccountId,
    on: On = None,
    known_on: KnownOn = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show what an account has, had or will have on a day, line by line."""
    with outcome_shown(as_json=as_json, origins={"/on": "--on", "/known_on": "--known-on"}):
        from pricing_engine.api.contract_json import account_contracts_json
        from pricing_engine.api.wire_faults import validate
        from pricing_engine.api.wire_queries import ContractQuery
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.read_contract import read_contract

        chosen = read_locale(locale)
        days = validate(ContractQuery, {"on": on, "known_on": known_on})
        with open_ready_desk() as desk:
            read = read_contract(desk, account_id=account, on=days.on, known_on=days.known_on)
        if as_json:
            write_answer(account_contracts_json(read))
        else:
            show_contracts(read, chosen)


def history(account: AccountId, limit: Limit = None, as_json: JsonFlag = False, locale: LocaleName = "en_US") -> None:
    """List everything that was booked for an account, newest first."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.contract_json import history_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_history import history_part

        chosen = read_locale(locale)
        with open_ready_desk() as desk:
            newest = _newest(desk, account, limit)
        if as_json:
            write_answer(history_json(account, newest))
        else:
            show(history_part(account, newest.items, chosen))
            if newest.next_cursor is not None:
                say(f"these are the newest {limit}; leave --limit out for all of them")


def _newest(desk: Desk, account: str, limit: int | None) -> Page[Booking]:
    """So many of an account's bookings, or all of them."""
    from pricing_engine.usecases.read_contract_history import read_contract_history
    from pricing_engine.usecases.records import Page

    found: list[Booking] = []
    cursor: str | None = None
    while True:
        wanted = _AT_ONCE if limit is None else min(_AT_ONCE, limit - len(found))
        page = read_contract_history(desk, account_id=account, cursor=cursor, limit=wanted)
        found += page.items
        cursor = page.next_cursor
        if cursor is None or len(found) == limit:
            return Page(tuple(found), cursor)


def show_contracts(read: AccountContracts, locale: Locale) -> None:
    """Writes an account's contracts as people read them."""
    from pricing_engine.cli.show_contract import contract_parts
    from pricing_engine.cli.show_history import later_words

    if not read.contracts:
        known = "" if read.known_on is None else f", as known on {read.known_on}"
        write_text(f"{read.account_id} has no contract on {read.on}{known}")
        say(f"what was booked for it, for any day: pricing-engine contracts history {read.account_id}")
    for place, stored in enumerate(read.contracts):
        later = read.upcoming(stored)
        parts = contract_parts(stored, on=read.on, locale=locale, width=screen().width, later=later)
        show(*(["", *parts] if place else parts))
    for booking in read.not_begun:
        write_text(f"{booking.contract_id} {later_words(booking, locale)}")
