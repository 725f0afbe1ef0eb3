"""Read what a quote does to retention: of its account, of each segment the account is in, and of the book (N10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.periods import add_months
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.retention.effect import Arms, Effect, effect_of
from pricing_engine.retention.ledger import Entry, converted, of_customers, with_lapses
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.retention.rates import Window
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import contracts, ledger, quotes
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.storage.session import Session
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.retained_book import Convert, conversion_on, lapsed
from pricing_engine.usecases.retained_segments import account_attributes, segment_value

_MONTHS = 12


class HorizonTooEarly(DomainError):
    """A window has to end after it begins."""

    code = "horizon-too-early"


@dataclass(frozen=True, slots=True)
class QuoteEffect:
    """What a quote does over a window, by whom it is seen: the account, its segments by attribute, and the book.

    `moved` is what it moves itself, in the currency `moved_in`; the effects are in the reporting currency, at the rates
    of the opening day. `declined` says what happens without it.
    """

    quote_id: str
    window: Window
    currency: Currency
    declined: str
    moved: Sequence[ArrMovement]
    moved_in: Currency
    account: Effect
    segments: Mapping[tuple[str, str], Effect]
    book: Effect


def read_quote_effect(desk: Desk, *, quote_id: str, horizon: date | None = None) -> QuoteEffect:
    """The effect from the day before the quote takes force to the horizon; None: 12 months later.

    Raises: QuoteNotFound; HorizonTooEarly; NotBookable for a quote that lacks a price; NoRulebookInForce; RateMissing.
    """
    with desk.reading_still() as session:
        quote = quotes.load(session, quote_id).quote
        window = _window(quote, horizon)
        in_force = desk.rulebook_in_force(session, desk.today())
        held = held_by(desk, session, quote.request)
        accounts = ledger.accounts(session)
        after = _booked(desk, session, quote, held)
        moved = movements_of(quote.change, held.contract if held is not None else None, after)
        ends = lapsed(desk, session, by=window.closing)
        since = _changed_since(session, quote)
        stored = _without(session, quote, window)
    with exact_arithmetic():
        arms, declined = _arms(quote, held, moved, after, stored, ends)
        in_one = _in_one(arms, conversion_on(in_force, window.opening))
        own = quote.request.account.id
        return QuoteEffect(
            quote_id,
            window,
            in_force.reporting_currency,
            declined + since,
            moved,
            after.currency,
            effect_of(in_one.of(frozenset({own})), window),
            {key: effect_of(in_one.of(ids), window) for key, ids in _segments(own, accounts, in_force)},
            effect_of(in_one, window),
        )


def _changed_since(session: Session, quote: Quote) -> str:
    """What has to be said beside what happens without a quote whose contract is not as it was any more."""
    pinned = quote.request.contract
    if pinned is None or not pinned.version or quote.state is QuoteState.ACCEPTED:
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


def _booked(desk: Desk, session: Session, quote: Quote, held: Held | None) -> Contract:
    contract_id = held.contract.id if held is not None else quote.id
    rulebook = desk.rulebook(session, quote.rulebook)
    return book_contract(quote.request, rulebook=rulebook, contract_id=contract_id, held=held)


def _without(session: Session, quote: Quote, window: Window) -> list[Entry]:
    """The ledger without what the quote has moved, and what was booked on its contract since."""
    pinned = quote.request.contract
    if pinned is not None and pinned.version:
        beyond: tuple[str, int] | None = pinned.id, pinned.version
    else:
        made = contracts.booked_by_quote(session, quote.id)
        beyond = None if made is None else (made[0], 0)
    return list(ledger.entries(session, by=window.closing, beyond=beyond))


def _arms(
    quote: Quote,
    held: Held | None,
    moved: Iterable[ArrMovement],
    after: Contract,
    stored: Sequence[Entry],
    ends: Mapping[str, date],
) -> tuple[Arms, str]:
    """The three ledgers, and in words what becomes of the contract without the quote.

    Contracts that have ended are gone; all others go on beyond their terms alike in all arms.
    """
    own = held.contract.id if held is not None else after.id
    others = {id_: day for id_, day in ends.items() if id_ != own}
    known = list(with_lapses(stored, others))
    accepted = [*known, *_entries(quote, after, moved)]
    kind = QuoteType.NEW if quote.change is None else quote.change.type
    gives_up_at_end = held is not None and kind is QuoteType.CANCELLATION and after.effective == held.contract.ends
    if held is None or (kind not in {QuoteType.RENEWAL, QuoteType.REINSTATEMENT} and not gives_up_at_end):
        going_on = "nothing is sold" if held is None else "the contract runs on as it is"
        return Arms(accepted, known, None), going_on
    lapsed = list(with_lapses(known, {own: held.contract.ends}))
    if kind is QuoteType.REINSTATEMENT:
        return Arms(accepted, lapsed, None), f"the contract stays ended since {held.contract.ends}"
    terms, flat = terms_of(held), None if gives_up_at_end else known
    if terms is not None and terms.renewal is not None and terms.renewal.auto:
        return Arms(accepted, known, flat), "the contract renews as it is"
    return Arms(accepted, lapsed, flat), f"the contract ends on {held.contract.ends}"


def _entries(quote: Quote, after: Contract, moved: Iterable[ArrMovement]) -> Iterator[Entry]:
    for each in moved:
        yield Entry(
            *(after.account_id, after.id, each.product, quote.id, each.day, each.kind, each.driver, each.cause),
            *(after.currency.code, each.amount),
        )


def _in_one(arms: Arms, convert: Convert) -> Arms:
    """The arms in one currency, told as the customers'."""
    accepted, declined = (list(converted(of_customers(each), convert)) for each in (arms.accepted, arms.declined))
    return Arms(accepted, declined, None if arms.flat is None else list(converted(of_customers(arms.flat), convert)))


def _segments(
    own: str, accounts: Mapping[str, LedgerAccount], rulebook: Rulebook
) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    """The segments an account is in, by attribute and value, with the accounts in each."""
    for attribute in account_attributes(rulebook):
        value = segment_value(accounts[own].attributes.get(attribute))
        yield (
            (attribute, value),
            frozenset(
                [id_ for id_, each in accounts.items() if segment_value(each.attributes.get(attribute)) == value]
            ),
        )
