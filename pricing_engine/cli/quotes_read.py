"""`quotes list` and `quotes show`: find kept quotes, and read one with what was done with it and can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pricing_engine.cli import quote_options as options
from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.paging import Cursor, Limit, origins_of, say_next, typed_again
from pricing_engine.cli.quotes_document import QuoteId
from pricing_engine.cli.screen import JsonFlag, screen, show, write_answer

if TYPE_CHECKING:
    from pricing_engine.usecases.records import Page, QuoteSummary

_FILTERS: Final = {
    "account_id": "--account",
    "type": "--type",
    "state": "--state",
    "external_ref": "--ref",
    "created_after": "--created-after",
}


def list_kept(
    account: Annotated[str | None, typer.Option(metavar="ID", help="Only those for this account.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Only those for, say, a renewal; or new.")
    ] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="Only those that are, say, presented.")] = None,
    ref: Annotated[str | None, typer.Option(metavar="TEXT", help="Only those with this reference of your own.")] = None,
    created_after: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Only those made later: 2026-07-01, or 2026-07-01T12:00:00Z.")
    ] = None,
    limit: Limit = None,
    cursor: Cursor = None,
    as_json: JsonFlag = False,
    locale: options.LocaleName = "en_US",
) -> None:
    """List kept quotes, newest first, a page at a time."""
    restricted = {"account_id": account, "type": type_, "state": state}
    typed = {**restricted, "external_ref": ref, "created_after": created_after}
    with outcome_shown(as_json=as_json, origins=origins_of(_FILTERS)):
        from pricing_engine.api.quote_json import summary_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.show_quotes import quotes_part

        chosen = read_locale(locale)
        page = _page({**typed, "limit": limit, "cursor": cursor})
        if as_json:
            write_answer({"items": list(map(summary_json, page.items)), "next_cursor": page.next_cursor})
        else:
            show(quotes_part(page.items, chosen))
            say_next(page.next_cursor, "quotes", "list", *typed_again(_FILTERS, {**typed, "limit": limit}))


def _page(typed: Mapping[str, str | None]) -> Page[QuoteSummary]:
    """The page that was asked for, which the API's own rules read."""
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_queries import QuotesQuery
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.quoting.contract_change import QuoteType
    from pricing_engine.quoting.quote import QuoteState
    from pricing_engine.usecases.list_quotes import list_quotes

    query = validate(QuotesQuery, {name: value for name, value in typed.items() if value is not None})
    with open_ready_desk() as desk:
        return list_quotes(
            desk,
            account_id=query.account_id,
            state=None if query.state is None else QuoteState(query.state),
            created_after=query.created_after,
            external_ref=query.external_ref,
            type=None if query.type is None else QuoteType(query.type),
            cursor=query.cursor,
            limit=query.limit,
        )


def show_kept(
    quote: QuoteId,
    role: Annotated[str, typer.Option(metavar="ROLE", help="As whom: decides what is shown.")] = "rep",
    waterfall: options.Waterfall = False,
    as_json: JsonFlag = False,
    locale: options.LocaleName = "en_US",
) -> None:
    """Show a kept quote: what it says, who has agreed and who must, what was done with it, and what can be done."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.quote_json import stored_quote_json
        from pricing_engine.api.scored_json import scoring_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.quote_source import check_role
        from pricing_engine.cli.quote_view import QuoteView
        from pricing_engine.cli.show_life import life_parts
        from pricing_engine.cli.show_quote import quote_parts
        from pricing_engine.cli.show_scored import scored_parts
        from pricing_engine.document.amounts import Amounts
        from pricing_engine.usecases.improve_quote import improve_quote
        from pricing_engine.usecases.read_quote import read_quote

        chosen = read_locale(locale)
        check_role(role)
        with open_ready_desk() as desk:
            life = read_quote(desk, quote_id=quote)
            improvements, today = improve_quote(desk, quote=life.quote), desk.today()
        if as_json:
            scoring = {"scoring": scoring_json(life.quote, improvements, role)}
            write_answer(stored_quote_json(life, role=role, waterfall=waterfall, on=today) | scoring)
            return
        amounts = Amounts(life.quote.currency, chosen)
        view = QuoteView(life.quote, life.stored, role, amounts, screen().width)
        show(*quote_parts(view, waterfall=waterfall), *scored_parts(view, improvements), *life_parts(life, on=today))
