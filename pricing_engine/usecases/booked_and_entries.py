"""Whether what is kept of contracts is what the journal says that quotes booked: each version, and what it moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from pricing_engine.quoting.lifecycle import Action
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.journal_chain import Broken
from pricing_engine.storage.quote_bookings import RowOfBooking
from pricing_engine.storage.quote_histories import QuoteHistory
from pricing_engine.usecases.quote_life import HAPPENED
from pricing_engine.usecases.steps_and_entries import broken

_PRESENTED, _VERSIONS, _MOVEMENTS = "presented_booking", "contract_version", "arr_movement"


def first_misbooked(history: QuoteHistory) -> Broken | None:
    """The first thing about what a quote is to book, or booked, that is not as the entries of those steps say.

    Of later days and single products they say nothing: those are what `verify_ledger` compares.
    """
    if history.booked is None:
        return broken(history, "what it booked cannot be read", table=_VERSIONS)
    return _unlike_presented(history) or _unlike_accepted(history, history.booked)


def _unlike_presented(history: QuoteHistory) -> Broken | None:
    """Where it is not there it was presented before bookings were kept, or the schema was taken back since.

    Then it is made anew when it is accepted, whose entry tells its hash.
    """
    presented, accepted = _entry_of(history, Action.PRESENT), _entry_of(history, Action.ACCEPT)
    kept = history.presented
    if kept is None:
        return None
    entry = accepted if accepted is not None and "booking_hash" in accepted.data else presented
    vouched = None if entry is None else entry.data.get("booking_hash")
    if {kept.hash_of_stored} == {kept.hash, vouched or kept.hash}:
        return None
    return broken(history, "what it was to book is not as it was presented", entry=entry, table=_PRESENTED)


def _entry_of(history: QuoteHistory, action: Action) -> Entry | None:
    return next((each for each in history.entries if each.type == HAPPENED[action]), None)


def _unlike_accepted(history: QuoteHistory, booked: Sequence[RowOfBooking]) -> Broken | None:
    accepted = _entry_of(history, Action.ACCEPT)
    if accepted is None:
        if not booked:
            return None
        what = f"it booked {_named(booked[0])}, and the log has no acceptance of it"
        return broken(history, what, table=_VERSIONS)
    wanted = accepted.data.get("contract_id"), accepted.data.get("contract_version")
    if [(each.contract_id, each.version) for each in booked] != [wanted]:
        is_there = ", ".join(map(_named, booked)) or "nothing"
        what = f"entry {accepted.number} of the log says that it booked version {wanted[1]} of contract {wanted[0]}"
        return broken(history, f"{what}, and {is_there} is there", entry=accepted, table=_VERSIONS)
    found = _unlike(booked[0], accepted)
    return next((broken(history, what, entry=accepted, table=table) for table, what in found), None)


def _unlike(booked: RowOfBooking, entry: Entry) -> Iterator[tuple[str, str]]:
    """What differs, each with the table that it shows in."""
    data, where = entry.data, f"entry {entry.number} of the log"
    for word, kept, told in (
        ("account_id", booked.account_id, data.get("account_id")),
        ("by", booked.by, entry.by),
        ("currency", booked.currency, data.get("currency")),
        ("arr", booked.arr, _amount(data.get("arr"))),
    ):
        if kept != told:
            yield _VERSIONS, f"{_named(booked)} and {where} differ: {word} is {kept} in it, {told} in the entry"
    if {booked.hash_of_stored} != {booked.content_hash, data.get("contract_hash", booked.content_hash)}:
        yield _VERSIONS, f"{_named(booked)} is not as it was stored: its content has another hash"
    if booked.moved != booked.arr:
        yield _MOVEMENTS, f"the movements up to {_named(booked)} sum to {booked.moved}, and {where} says {booked.arr}"


def _named(booked: RowOfBooking) -> str:
    return f"version {booked.version} of contract {booked.contract_id}"


def _amount(said: object) -> Decimal | None:
    """The number of an entry; whoever could write the log may have written anything."""
    try:
        return Decimal(str(said))
    except InvalidOperation:
        return None
