"""Where a quote of the command line is priced: the database, or a directory of rules without any database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pricing_engine.api.acting_role import ROLES, check_may_backdate
from pricing_engine.api.wire_quote_request import QuoteIn, ask_of
from pricing_engine.cli.opening import open_ready_desk
from pricing_engine.cli.outcome import usage, where_of
from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.improvements import Improvement, find_improvements
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Account
from pricing_engine.rulechecks.attributes import UnfitValue, attribute_names, read_attribute
from pricing_engine.usecases.contract_choice import NEW
from pricing_engine.usecases.improve_quote import improve_quote
from pricing_engine.usecases.keep_effects import keep_effects
from pricing_engine.usecases.preview_quote import PREVIEW_ID, preview_quote
from pricing_engine.usecases.quote_ask import request_of
from pricing_engine.usecases.request_quote import request_quote

if TYPE_CHECKING:
    from pricing_engine.rulebook.rulebook import Rulebook
    from pricing_engine.usecases.records import StoredQuote

NOBODY = "acc_nobody"
"""The account of a quote that is priced without a database."""

OF_NEW_SALES: Final = "add"
"""The one change that needs no contract."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Who a quote without a database is for; `attributes` as typed."""

    market: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote, what would raise its score, and its record when it is kept."""

    quote: Quote
    improvements: tuple[Improvement, ...]
    stored: StoredQuote | None = None


def check_role(role: str) -> None:
    """Refuses a role that there is not, as the API does.

    Raises: CommandStopped.
    """
    if role not in ROLES:
        raise usage(f"there is no role {role}", fix=f"write one of {', '.join(ROLES)}", where="--role")


def check_needs_no_contract(wanted: QuoteIn, origins: Mapping[str, str]) -> None:
    """Refuses what only a contract can answer; `origins` says which option each place came from.

    Raises: CommandStopped.
    """
    needs = [
        *(f"/changes/{index}" for index, change in enumerate(wanted.changes) if change.op != OF_NEW_SALES),
        *(["/contract_id"] if wanted.contract_id not in {None, NEW} else []),
    ]
    if needs:
        raise usage(
            "a contract is needed, and --rules prices without the database that contracts are in",
            fix=f"leave --rules out and name the --account, or {OF_NEW_SALES} products for a new sale",
            where=where_of(needs[0], origins),
        )


def price_in_database(wanted: QuoteIn, *, role: str, save: bool) -> Priced:
    """The quote under the rulebook in force, kept as a draft if asked."""
    with open_ready_desk() as desk:
        check_may_backdate(role, as_of=wanted.as_of, today=desk.today())
        ask = ask_of(wanted, role=role)
        if not save:
            quote = preview_quote(desk, ask=ask)
            return Priced(quote, improve_quote(desk, quote=quote))
        stored = request_quote(desk, ask=ask, by=role)
        keep_effects(desk)
        return Priced(stored.quote, improve_quote(desk, quote=stored.quote), stored)


def price_in_folder(wanted: QuoteIn, *, role: str, directory: Path, customer: Customer) -> Priced:
    """The quote under the rules of a directory, for a customer that only these options know.

    Any role may choose the as-of day: there is nothing to be kept.
    """
    rulebook = compiled_rulebook(check_rule_folder(directory))
    currency = wanted.currency or rulebook.reporting_currency.code
    account = Account(
        wanted.account_id, "Any customer", currency, customer.market, _attributes(customer.attributes, rulebook)
    )
    request = request_of(ask_of(wanted, role=role), account, today=_today())
    price = partial(assemble_quote, rulebook=rulebook, quote_id=PREVIEW_ID)
    quote = price(request)
    return Priced(quote, find_improvements(quote, rulebook, price))


def _today() -> date:
    return datetime.now(UTC).date()


def _attributes(typed: Mapping[str, str], rulebook: Rulebook) -> dict[str, str | Decimal | bool | date]:
    """The attributes in the types that the rules' vocabulary gives them."""
    names = attribute_names(rulebook)
    read: dict[str, str | Decimal | bool | date] = {}
    for attribute, text in typed.items():
        if attribute not in names:
            known = ", ".join(sorted(names)) or "none"
            raise usage(f"no rule asks for {attribute}", fix=f"the rules know: {known}", where="--attribute")
        value: str | bool = text == "true" if text in {"true", "false"} else text
        try:
            read[attribute] = read_attribute(value, names[attribute])
        except UnfitValue as unfit:
            raise usage(unfit.what, fix=unfit.fix, where=f"--attribute {attribute}={text}") from None
    return read
