"""What ends in the coming months, and what of it is given up already: as it is known on the day of a forecast (N12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.money import EXACT, ZERO, exact_arithmetic
from pricing_engine.retention.calendar import Ending, Follows
from pricing_engine.retention.columns import CAUSE_NUMBERS, DECIMALS
from pricing_engine.retention.grouped import sums_in
from pricing_engine.retention.movements import Cause
from pricing_engine.retention.panel import Floats
from pricing_engine.retention.rates import Window
from pricing_engine.storage import renewals
from pricing_engine.storage.renewals import BookedAhead
from pricing_engine.storage.session import Session
from pricing_engine.usecases.current_ledger import renews_itself
from pricing_engine.usecases.retained_book import Convert, RetainedBook


def endings_in(desk: Desk, session: Session, book: RetainedBook, window: Window) -> Sequence[Ending]:
    """The contracts with anything recurring that end in a window, as it is known on its opening day.

    What each has is as the ledger has it, converted product by product: so nothing is left of whom all is given up.
    """
    held = _held_by_contract(book)
    ahead = renewals.booked_ahead(session, on=window.opening)
    with exact_arithmetic():
        found = [
            Ending(*(each.account_id, each.id, end), held.get(each.id, book.currency.zero), follows)
            for each in renewals.ending(session, on=window.opening, by=window.closing)
            for end, follows in [_follows(desk, session, each, ahead.get(each.id), by=window.closing)]
            if end <= window.closing
        ]
    return [each for each in found if each.arr]


def _held_by_contract(book: RetainedBook) -> Mapping[str, Decimal]:
    """What each contract comes to by the ledger's last day."""
    ledger = book.ledger.ledger
    names = ledger.named.contracts.names
    sums = sums_in(ledger.columns.contract, book.ledger.amounts, len(names)).tolist()
    return {name: book.ledger.money(each) for name, each in zip(names, sums, strict=True) if each}


def _follows(
    desk: Desk, session: Session, contract: Contract, ahead: BookedAhead | None, *, by: date
) -> tuple[date, Follows]:
    """The first day after a contract's term, or on which it ends for good before `by`, and what follows then.

    One that is renewed first and given up after `by` is renewed.
    """
    if ahead is not None and ahead.is_given_up and ahead.ends <= by:
        return ahead.ends, Follows.GIVEN_UP
    if contract.ends < contract.term.end:
        return contract.ends, Follows.GIVEN_UP
    if ahead is not None and ahead.ends > contract.ends:
        return contract.ends, Follows.RENEWED
    return contract.ends, Follows.RENEWS_ITSELF if renews_itself(desk, session, contract.terms) else Follows.OPEN


def given_up_in(
    book: RetainedBook, window: Window, endings: Sequence[Ending], accounts: Sequence[str], convert: Convert
) -> Floats:
    """What each account loses in a window, as it was known on its opening day: contracts, and parts of others."""
    sums: dict[str, Decimal] = {}
    ended = set()
    for each in endings:
        if each.follows is Follows.GIVEN_UP:
            sums[each.account] = sums.get(each.account, ZERO) + each.arr
            ended.add(each.contract)
    named, columns = book.ledger.ledger.named, book.ledger.ledger.columns
    on, by = window.opening.toordinal(), window.closing.toordinal()
    is_part = (columns.day > on) & (columns.day <= by) & (columns.booked <= on)
    is_part &= columns.cause == CAUSE_NUMBERS[Cause.PARTIAL_CHURN]
    with exact_arithmetic():
        for place in np.flatnonzero(is_part).tolist():
            if named.contracts.names[columns.contract[place]] not in ended:
                account = named.accounts.names[columns.account[place]]
                amount = Decimal(int(columns.amount[place])).scaleb(-DECIMALS, EXACT)
                lost = -convert(named.currencies.names[columns.currency[place]], amount)
                sums[account] = sums.get(account, ZERO) + lost
    return np.array([np.float64(max(sums.get(account, ZERO), ZERO)) for account in accounts])
