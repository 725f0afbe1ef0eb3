"""Offers as a person reads them: what each is, what it changes, and what would bring the next."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.api.visibility import visible_words
from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.document.amounts import Amounts
from pricing_engine.quoting.offering.offer import Offer, Offers, Withheld, asked_for


def offers_parts(found: Offers, locale: Locale, *, role: str) -> list[RenderableType]:
    """The offers, what is withheld, and what would bring the next, in words that the role may read."""
    where = "as new sales" if found.contract is None else f"on contract {found.contract}"
    head = Text(f"Offers for {found.account_id} {where}, for {found.effective_date}", style="bold")
    if not found.offers:
        return [head, Text("nothing is offered now"), *_rest(found, role)]
    amounts = Amounts(found.offers[0].weighed.currency, locale)
    table = columns()
    table.add_column("Offer", overflow="fold", min_width=30)
    for name in ("ARR", "Due now", "Saving"):
        add_amount_column(table, name)
    for offer in found.offers:
        saving = "" if not offer.saving else amounts.money(offer.saving)
        table.add_row(_said(offer), _signed(offer, amounts), amounts.money(offer.due_now), saving)
    return [head, Text(""), table, *_rest(found, role)]


def _said(offer: Offer) -> Text:
    return Text.assemble(*_named(offer), f"\n  {offer.say}", (f"\n  {offer.id}", "dim"))


def _named(each: Offer | Withheld) -> tuple[tuple[str, str], str]:
    """What it is of, and where it comes from."""
    return (each.name, "bold"), f" ({each.kind.replace('_', '-')}, {each.source})"


def _signed(offer: Offer, amounts: Amounts) -> str:
    plus = "+" if offer.arr_difference > 0 else ""
    return f"{plus}{amounts.money(offer.arr_difference)}"


def _rest(found: Offers, role: str) -> Iterator[RenderableType]:
    if found.unlocks:
        yield Text("\nWithin reach", style="bold")
        yield from (Text(f"  {each.what}") for each in found.unlocks)
    if found.withheld:
        yield Text("\nWithheld", style="bold")
        yield from (_withheld(each, role) for each in found.withheld)


def _withheld(each: Withheld, role: str) -> Text:
    """What would be offered, by what it asks for, and why it is not."""
    asked = (f"\n    {asked_for(each.request)}", "dim")
    return Text.assemble("  ", *_named(each), asked, f"\n    {visible_words(role, each.code, each.what)}")
