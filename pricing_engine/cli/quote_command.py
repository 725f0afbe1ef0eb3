"""`pricing-engine quote`: price a request of options or a JSON file, from the database or a directory of rules."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pricing_engine.cli import quote_options as options
from pricing_engine.cli.outcome import ExitCode, outcome_shown, usage
from pricing_engine.cli.quote_flags import read_flags
from pricing_engine.cli.screen import screen, show, write_answer
from pricing_engine.cli.typed_options import QuoteFlags, TypedRequest

if TYPE_CHECKING:
    from babel import Locale

    from pricing_engine.cli.quote_source import Priced


@dataclass(frozen=True, slots=True)
class Handling:
    """What to do with the request: where to price it, as whom, whether to keep it, and how to show it."""

    role: str
    save: bool
    rules: Path | None
    market: str | None
    attributes: Sequence[str]
    as_json: bool
    waterfall: bool
    locale: str


def quote(
    account: options.Account = None, contract: options.ContractId = None,
    add: options.Adds = None, set_: options.Sets = None, remove: options.Removes = None, tier: options.Tier = None,
    renew: options.Renew = False, extend: options.Extend = None, term: options.Term = None,
    cancel: options.Cancel = False, reinstate: options.Reinstate = False, true_up: options.TrueUps = None,
    trial: options.Trials = None, effective: options.Effective = None,
    discount: options.Discounts = None, why: options.Why = "", waive: options.Waives = None,
    bundle: options.Bundles = None, billing: options.Billing = None, usage_: options.Usages = None,
    commit: options.Commitments = None, price: options.Prices = None, currency: options.CurrencyCode = None,
    valid_until: options.ValidUntil = None, ref: options.Reference = None, note: options.Note = "",
    as_of: options.AsOf = None, file: options.File = None, role: options.Role = "rep", save: options.Save = False,
    rules: options.Rules = None, segment: options.Segment = None, market: options.Market = None,
    attribute: options.Attributes = None, waterfall: options.Waterfall = False, as_json: options.JsonFlag = False,
    locale: options.LocaleName = "en_US",
) -> None:  # fmt: skip
    """Price a quote and say how every amount came about. Nothing is kept without --save."""
    flags = QuoteFlags(
        account=account, contract=contract, add=add or (), set=set_ or (), remove=remove or (), renew=renew,
        extend=extend, cancel=cancel, reinstate=reinstate, true_up=true_up or (), trial=trial or (),
        waive=waive or (), commit=commit or (), price=price or (), usage=usage_ or (), discount=discount or (),
        why=why, bundle=bundle or (), tier=tier, term=term, effective=effective, as_of=as_of, billing=billing,
        currency=currency, valid_until=valid_until, ref=ref, note=note,
    )  # fmt: skip
    attributes = (*([f"segment={segment}"] if segment else []), *(attribute or []))
    _quote_as_typed(flags, Handling(role, save, rules, market, attributes, as_json, waterfall, locale), file)


def _quote_as_typed(flags: QuoteFlags, handling: Handling, file: str | None) -> None:
    origins: dict[str, str] = {}
    with outcome_shown(as_json=handling.as_json, origins=origins):
        _check_together(handling)
        request = _read_file(file, flags) if file else _read_options(flags, handling)
        origins.update(request.origins)
        _price_and_show(request, handling)


def _attributes(pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise usage(f"{pair!r} has no NAME=VALUE", fix="write --attribute sector=education", where="--attribute")
        found[name] = value
    return found


def _check_together(handling: Handling) -> None:
    """Refuses options that contradict each other."""
    if handling.rules is None and (handling.market or handling.attributes):
        raise usage(
            "--segment, --market and --attribute describe a customer without a database",
            fix="add --rules DIR, or name an --account and leave them out",
        )
    if handling.rules is not None and handling.save:
        raise usage("what is priced from --rules cannot be kept", fix="publish the rules, or leave --save out")


def _read_options(flags: QuoteFlags, handling: Handling) -> TypedRequest:
    request = read_flags(flags)
    if handling.rules is not None:
        from pricing_engine.cli.quote_source import NOBODY

        if flags.account is not None:
            fix = "describe the customer by --market, --segment and --attribute, or leave --rules out"
            raise usage("--rules prices without a database, which is where accounts are", fix=fix, where="--account")
        request.data.setdefault("account_id", NOBODY)
    elif flags.account is None:
        fix = "name one: --account acc_…; or price from a directory without a database: --rules rules"
        raise usage("whose quote is it?", fix=fix, where="--account")
    request.data.setdefault("effective_date", datetime.now(UTC).date().isoformat())
    return request


def _read_file(name: str, flags: QuoteFlags) -> TypedRequest:
    """The request of a JSON file, which is all of it."""
    from pricing_engine.api.strict_json import read_json

    if given := flags.given():
        raise usage(f"--file holds the whole request, so it goes without {', '.join(given)}", fix="leave them out")
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise usage(f"{name} cannot be read: {error.strerror}", where="--file") from None
    data = read_json(content)
    if not isinstance(data, dict):
        raise usage(f"{name} is no JSON object", fix="write the request as POST /v1/quotes/preview takes it")
    return TypedRequest(data)


def _price_and_show(request: TypedRequest, handling: Handling) -> None:
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_quote_request import QuoteIn
    from pricing_engine.cli.amounts import read_locale
    from pricing_engine.cli.quote_source import (
        Customer,
        check_needs_no_contract,
        check_role,
        price_in_database,
        price_in_folder,
    )

    locale = read_locale(handling.locale)
    wanted = validate(QuoteIn, request.data)
    check_role(handling.role)
    if handling.rules is None:
        priced = price_in_database(wanted, role=handling.role, save=handling.save)
    else:
        check_needs_no_contract(wanted, request.origins)
        customer = Customer(handling.market, _attributes(handling.attributes))
        priced = price_in_folder(wanted, role=handling.role, directory=handling.rules, customer=customer)
    if handling.as_json:
        write_answer(_json(priced, handling))
    else:
        _print(priced, handling, locale)
    if priced.quote.is_refused:
        raise typer.Exit(ExitCode.REFUSED)


def _json(priced: Priced, handling: Handling) -> dict[str, object]:
    """The same JSON the API answers with."""
    from pricing_engine.api.quote_json import preview_json, stored_quote_json
    from pricing_engine.api.scored_json import scoring_json
    from pricing_engine.usecases.quote_life import life_of_new

    role, waterfall = handling.role, handling.waterfall
    scoring = {"scoring": scoring_json(priced.quote, priced.improvements, role)}
    if priced.stored is None:
        return preview_json(priced.quote, role=role, waterfall=waterfall) | scoring
    life = life_of_new(priced.stored)
    return stored_quote_json(life, role=role, waterfall=waterfall, on=life.done_on) | scoring


def _print(priced: Priced, handling: Handling, locale: Locale) -> None:
    from pricing_engine.cli.quote_view import QuoteView
    from pricing_engine.cli.show_quote import quote_parts
    from pricing_engine.cli.show_scored import scored_parts
    from pricing_engine.document.amounts import Amounts

    amounts = Amounts(priced.quote.currency, locale)
    view = QuoteView(priced.quote, priced.stored, handling.role, amounts, screen().width)
    show(*quote_parts(view, waterfall=handling.waterfall), *scored_parts(view, priced.improvements))
