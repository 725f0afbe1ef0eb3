"""`pricing-engine quote`: price a request of options or a JSON file, from the database or a directory of rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown, usage
from pricing_engine.cli.quote_flags import QuoteFlags, TypedRequest, read_flags
from pricing_engine.cli.screen import screen, show, write_json

if TYPE_CHECKING:
    from pricing_engine.cli.quote_source import Priced

_REQUEST = "The request"
_CUSTOMER = "Without a database"
_OUTPUT = "Output"


@dataclass(frozen=True, slots=True)
class Handling:
    """What to do with the request: where to price it, as whom, whether to keep it, and how to show it."""

    role: str
    save: bool
    rules: Path | None
    market: str | None
    attributes: Mapping[str, str]
    as_json: bool
    waterfall: bool
    locale: str


@dataclass(slots=True)
class _Origins:
    """Which option each place of the request came from; filled once the options have been read."""

    found: dict[str, str] = field(default_factory=dict)


def quote(
    account: Annotated[str | None, typer.Option(help="Whom to quote: an account's id.")] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(metavar="PRODUCT[:METRIC=N,…]", help="Take a product, as in crm:users=120. Repeat for more."),
    ] = None,
    tier: Annotated[str | None, typer.Option(help="The tier asked for; the quote may need a higher one.")] = None,
    term: Annotated[int, typer.Option(metavar="MONTHS", help="How long.")] = 12,
    effective: Annotated[
        str | None, typer.Option(metavar="DATE", help="First day, YYYY-MM-DD; today if absent.")
    ] = None,
    discount: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TARGET=SIZE",
            help="Ask for a discount on `quote`, a product or product.charge: 5%, 500.00USD, or @38.00 a unit.",
        ),
    ] = None,
    why: Annotated[str, typer.Option(help="The reason for the discounts asked for.")] = "",
    bundle: Annotated[list[str] | None, typer.Option(help="Take products as a bundle. Repeat for more.")] = None,
    billing: Annotated[str | None, typer.Option(help="A billing plan, such as monthly_in_advance.")] = None,
    usage_: Annotated[
        list[str] | None, typer.Option("--usage", metavar="METRIC=N", help="Use per month that is expected.")
    ] = None,
    commit: Annotated[
        list[str] | None,
        typer.Option(metavar="PRODUCT.CHARGE=AMOUNT", help="An amount committed on a usage charge, per period."),
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(metavar="PRODUCT.CHARGE=PRICE", help="The price of a charge that is on request."),
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO code; the account's if absent.")] = None,
    valid_until: Annotated[str | None, typer.Option(metavar="DATE", help="Until when the offer stands.")] = None,
    ref: Annotated[str | None, typer.Option(help="Your own reference, such as an opportunity.")] = None,
    note: Annotated[str, typer.Option(help="A note to keep with the quote.")] = "",
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Whose day's rules; only some roles may choose.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="The whole request as the API's JSON; - reads standard input.")
    ] = None,
    role: Annotated[str, typer.Option(help="As whom: decides discretion and what is shown.")] = "rep",
    save: Annotated[bool, typer.Option("--save", help="Keep the quote as a draft.")] = False,
    rules: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Price from this directory of rules, without any database.")
    ] = None,
    segment: Annotated[str | None, typer.Option(help="With --rules: the customer's segment.")] = None,
    market: Annotated[str | None, typer.Option(help="With --rules: the customer's country, such as DE.")] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="With --rules: another attribute rules ask about.")
    ] = None,
    waterfall: Annotated[bool, typer.Option("--waterfall", help="Show every step of every line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the API's JSON.")] = False,
    locale: Annotated[str, typer.Option(help="How to write numbers, such as de_DE.")] = "en_US",
) -> None:
    """Price a quote and say how every amount came about. Nothing is kept without --save."""
    origins = _Origins()
    with outcome_shown(as_json=as_json, origins=origins.found):
        flags = QuoteFlags(
            account, add or (), commit or (), price or (), usage_ or (), discount or (), why, bundle or (), tier,
            None if file and term == 12 else term, effective, as_of, billing, currency, valid_until, ref, note,
        )  # fmt: skip
        attributes = _attributes(segment, attribute or [])
        handling = Handling(role, save, rules, market, attributes, as_json, waterfall, locale)
        _check_together(handling)
        request = _read_file(file, flags) if file else _read_options(flags, handling)
        origins.found.update(request.origins)
        _price_and_show(request.data, handling)


def _attributes(segment: str | None, pairs: list[str]) -> dict[str, str]:
    found = {"segment": segment} if segment else {}
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


def _price_and_show(data: dict[str, Any], handling: Handling) -> None:
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_quote_request import QuoteIn
    from pricing_engine.cli.amounts import read_locale
    from pricing_engine.cli.quote_source import Customer, check_role, price_in_database, price_in_folder

    locale = read_locale(handling.locale)
    wanted = validate(QuoteIn, data)
    check_role(handling.role)
    if handling.rules is None:
        priced = price_in_database(wanted, role=handling.role, save=handling.save)
    else:
        customer = Customer(handling.market, handling.attributes)
        priced = price_in_folder(wanted, role=handling.role, directory=handling.rules, customer=customer)
    if handling.as_json:
        write_json(_json(priced, handling))
    else:
        _print(priced, handling, locale)
    if priced.quote.is_refused:
        raise typer.Exit(ExitCode.REFUSED)


def _json(priced: Priced, handling: Handling) -> Any:
    """The same JSON the API answers with."""
    import json

    from pricing_engine.api.quote_json import quote_bytes, stored_quote_bytes

    if priced.stored is None:
        return json.loads(quote_bytes(priced.quote, role=handling.role, waterfall=handling.waterfall))
    return json.loads(stored_quote_bytes(priced.stored, role=handling.role, waterfall=handling.waterfall))


def _print(priced: Priced, handling: Handling, locale: Any) -> None:
    from pricing_engine.cli.amounts import Amounts
    from pricing_engine.cli.quote_view import QuoteView
    from pricing_engine.cli.show_quote import quote_parts

    amounts = Amounts(priced.quote.currency, locale)
    view = QuoteView(priced.quote, priced.stored, handling.role, amounts, screen().width)
    show(*quote_parts(view, waterfall=handling.waterfall))
