"""What is asked of preview and request alike: a quote for an account by its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.request import NONE, Account, Change, DiscountRequest, QuoteRequest, Waiver
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import quote_basis, rulebooks
from pricing_engine.storage.session import Session

USUAL_TERM: Final = 12
"""The months of a new sale that names none."""


class CurrencyMismatch(DomainError):
    """The quote is asked in another currency than the account's."""

    code = "currency-mismatch"


class QuoteAsk(NamedTuple):
    """A request before its account is known. None means: today's rules, the account's currency, the usual billing."""

    account_id: str
    role: str
    effective_date: date
    changes: tuple[Change, ...]
    term_months: int | None = None
    currency: str | None = None
    as_of: date | None = None
    billing: str | None = None
    tier: str | None = None
    bundles: tuple[str, ...] = ()
    discounts: tuple[DiscountRequest, ...] = ()
    usage: Mapping[str, Decimal] = NONE
    valid_until: date | None = None
    external_ref: str | None = None
    note: str = ""
    contract_id: str | None = None
    waivers: tuple[Waiver, ...] = ()


def complete_request(desk: Desk, session: Session, ask: QuoteAsk) -> tuple[QuoteRequest, Rulebook]:
    """The request with its account, day and currency, and the rulebook in force at the end of that day.

    Raises: AccountNotFound; CurrencyMismatch; NoRulebookInForce.
    """
    as_of = ask.as_of or desk.today()
    account, found = quote_basis.load(session, ask.account_id, as_of=as_of, pointer="/account_id")
    if ask.currency not in {None, account.currency}:
        raise CurrencyMismatch(
            f"account {account.id} is billed in {account.currency}, not in {ask.currency}",
            fix=f"ask in {account.currency}, or leave currency out",
            pointer="/currency",
            account_currency=account.currency,
        )
    rulebook = desk.rulebook(session, rulebooks.found_in_force(found, as_of))
    return request_of(ask, account, today=as_of), rulebook


def request_of(ask: QuoteAsk, account: Account, *, today: date) -> QuoteRequest:
    """The request of an account that is known, in the account's currency."""
    return QuoteRequest(
        account,
        ask.as_of or today,
        ask.effective_date,
        USUAL_TERM if ask.term_months is None else ask.term_months,
        account.currency,
        ask.role,
        ask.changes,
        ask.billing,
        ask.tier,
        ask.bundles,
        ask.discounts,
        ask.usage,
        ask.valid_until,
        ask.external_ref,
        ask.note,
    )
