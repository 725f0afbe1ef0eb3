"""Read what a quote does to retention: of its account, of each segment the account is in, and of the book (N10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.money import exact_arithmetic
from pricing_engine.periods import add_months
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.movements import is_given_up, movements_of
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.retention.effect import Arms, effect_of
from pricing_engine.retention.histories import with_history_taken_over
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrMovement, Cause
from pricing_engine.retention.quote_effect import QuoteEffect
from pricing_engine.retention.rates import Rates, Window
from pricing_engine.retention.segments import segment_value
from pricing_engine.retention.told import ledger_of
from pricing_engine.storage import contracts, ledger, quotes
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.storage.session import Session
from pricing_engine.usecases.current_ledger import lapsed
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.retained_book import RetainedBook, book_in
from pricing_engine.usecases.retained_rates import rates_without
from pricing_engine.usecases.retained_segments import account_attributes

_MONTHS = 12


class HorizonTooEarly(DomainError):
    """A window has to end after it begins."""

    code = "horizon-too-early"


def read_quote_effect(
    desk: Desk, *, quote_id: str, horizon: date | None = None, probability: Decimal | None = None
) -> QuoteEffect:
    """The effect from the day before the quote takes force to the horizon; None: 12 months later.

    It is weighed by the `probability` that is given, else by the chance to win that the quote was scored with.
    Raises: QuoteNotFound; HorizonTooEarly; NotBookable for a quote that lacks a price; NoRulebookInForce; RateMissing.
    """
    with desk.reading_still() as session:
        quote = quotes.load(session, quote_id).quote
        window = _window(quote, horizon)
        held = held_by(desk, session, quote.request)
        after = booked(desk, session, quote, held)
        moved = movements_of(quote.change, held.contract if held is not None else None, after)
        since = _changed_since(session, quote)
        book = book_in(desk, session, window)
        stored, ends = _own(desk, session, quote, book)
        (account,) = ledger.accounts(session, [quote.request.account.id]).values()
    sold = list(_entries(quote, after, moved, book))
    with_it = [*with_history_taken_over(stored, sold), *sold]
    arms, declined = _arms(quote, held, after, with_it, _Arm(stored, ends))
    with exact_arithmetic():
        in_one = _in_one(arms, book)
        return QuoteEffect(
            quote_id,
            window,
            book.currency,
            declined + since,
            moved,
            after.currency,
            effect_of(in_one, window),
            {key: effect_of(in_one, window, beside=others) for key, others in _segments(account, book)},
            effect_of(in_one, window, beside=rates_without(book, account.id)),
            chance_of(quote) if probability is None else probability,
            desk.now(),
        )


def chance_of(quote: Quote) -> Decimal | None:
    """How likely a quote is to be won, by the model it is pinned to; None where that does not tell."""
    return None if quote.scored is None else quote.scored.win_probability


def _changed_since(session: Session, quote: Quote) -> str:
    """What has to be said beside what happens without a quote whose contract is not as it was any more."""
    if quote.state is QuoteState.ACCEPTED and (made := contracts.booked_by_quote(session, quote.id)) is not None:
        contract_id, version = made
        latest = contracts.load(session, contract_id).contract.version
        if latest == version:
            return ""
        return f"; the quote made version {version} of it, and what was booked since, up to {latest}, is left out"
    pinned = quote.request.contract
    if pinned is None or not pinned.version:
        return ""
    latest = contracts.load(session, pinned.id).contract.version
    if latest == pinned.version:
        return ""
    return f", as it was in version {pinned.version}; it has changed since and is in version {latest}"


def _window(quote: Quote, horizon: date | None) -> Window:
    day = quote.term_start
    opening = day - timedelta(days=1)
    closing = horizon or add_months(opening, _MONTHS)
    if closing <= opening:
        raise HorizonTooEarly(
            f"the quote takes force on {day}, and the window would end on {closing}",
            fix="give a later horizon",
            pointer="/horizon",
        )
    return Window(opening, closing)


def booked(desk: Desk, session: Session, quote: Quote, held: Held | None) -> Contract:
    """The contract that accepting a quote makes of the one it changes.

    Raises: NotBookable for a quote that lacks a price.
    """
    contract_id = held.contract.id if held is not None else quote.id
    rulebook = desk.rulebook(session, quote.rulebook)
    return book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)


def _own(desk: Desk, session: Session, quote: Quote, book: RetainedBook) -> tuple[list[Entry], dict[str, date]]:
    """The account's ledger without what the quote has moved and what was booked on its contract since.

    And the first days without those of its contracts that ended by themselves.
    """
    pinned, account_id = quote.request.contract, quote.request.account.id
    if pinned is not None and pinned.version:
        beyond: tuple[str, int] | None = pinned.id, pinned.version
    else:
        made = contracts.booked_by_quote(session, quote.id)
        beyond = None if made is None else (made[0], 0)
    lines = book.rulebook.product_lines
    stored = list(ledger.entries(session, account_id, lines, by=book.window.closing, beyond=beyond))
    return stored, {each.id: each.ends for each in lapsed(desk, session, [account_id])}


class _Arm(NamedTuple):
    """Entries of the account as they are stored, and the first days without contracts of it that ended."""

    entries: Sequence[Entry]
    ends: Mapping[str, date]


class _Arms(NamedTuple):
    """The account's ledger with the quote, without it, and for a renewal if it is flat."""

    accepted: _Arm
    declined: _Arm
    flat: _Arm | None = None


def _arms(quote: Quote, held: Held | None, after: Contract, with_it: Sequence[Entry], now: _Arm) -> tuple[_Arms, str]:
    """The arms, and in words what becomes of the contract without the quote.

    Contracts that have ended are gone; all others go on beyond their terms alike in all arms.
    """
    stored, ends = now
    known = _Arm(stored, {id_: day for id_, day in ends.items() if held is None or id_ != held.contract.id})
    accepted = _Arm(with_it, known.ends)
    kind = quote.request.type
    gives_up_at_end = held is not None and kind is QuoteType.CANCELLATION and after.effective == held.contract.ends
    if held is None or (kind not in {QuoteType.RENEWAL, QuoteType.REINSTATEMENT} and not gives_up_at_end):
        going_on = "nothing is sold" if held is None else "the contract runs on as it is"
        return _Arms(accepted, known), going_on
    lapsed_ = _Arm(stored, {**known.ends, held.contract.id: held.contract.ends})
    if kind is QuoteType.REINSTATEMENT:
        return _Arms(accepted, lapsed_), f"the contract stays ended since {held.contract.ends}"
    terms, flat = terms_of(held), None if gives_up_at_end else known
    if is_given_up(held.contract):
        back = [each for each in with_it if each.quote == quote.id and each.cause is Cause.REACTIVATION]
        flat = flat and _Arm([*stored, *back], known.ends)
    elif terms is not None and terms.renewal is not None and terms.renewal.auto:
        return _Arms(accepted, known, flat), "the contract renews as it is"
    return _Arms(accepted, lapsed_, flat), f"the contract ends on {held.contract.ends}"


def _entries(quote: Quote, after: Contract, moved: Iterable[ArrMovement], book: RetainedBook) -> Iterator[Entry]:
    for each in moved:
        line = book.rulebook.product_lines.get(each.product, each.product)
        yield Entry(
            *(after.account_id, after.id, line, quote.id, each.day, each.kind, each.driver, each.cause),
            *(after.currency.code, each.amount),
        )


def _in_one(arms: _Arms, book: RetainedBook) -> Arms:
    """The arms in the reporting currency, told as the customer's."""
    accepted, declined = (book.valued(ledger_of(*arm)) for arm in (arms.accepted, arms.declined))
    return Arms(accepted, declined, None if arms.flat is None else book.valued(ledger_of(*arms.flat)))


def _segments(own: LedgerAccount, book: RetainedBook) -> Iterator[tuple[tuple[str, str], Rates]]:
    """The segments the account is in, by attribute and value, with the rates of the others in each."""
    for attribute in account_attributes(book.rulebook):
        value = segment_value(own.attributes.get(attribute))
        yield (attribute, value), rates_without(book, own.id, by=attribute, segment=value)
