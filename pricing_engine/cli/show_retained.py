"""What is behind a figure of retention, as a person reads it."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.document.amounts import Amounts
from pricing_engine.retention.ledger import Entry
from pricing_engine.usecases.read_retained import Behind, RetainedAccount


def accounts_part(found: Behind[RetainedAccount], locale: Locale) -> RenderableType:
    """The accounts, each with the product lines that changed."""
    if not found.items:
        return Text("there are no such accounts")
    amounts = Amounts(found.currency, locale)
    table = columns()
    table.add_column("Account", overflow="fold")
    for name in ("Opening", "Closing", "Difference"):
        add_amount_column(table, name)
    for each in found.items:
        told = Text.assemble((each.account.name, "bold"), f" ({each.account.id})")
        table.add_row(told, *_amounts(each.opening, each.closing, amounts))
        for product, line in sorted(each.lines.items()):
            if line.opening != line.closing:
                table.add_row(f"  {product}", *_amounts(line.opening, line.closing, amounts))
    return table


def _amounts(opening: Decimal, closing: Decimal, amounts: Amounts) -> list[str]:
    return [amounts.money(opening), amounts.money(closing), amounts.money(closing - opening)]


def movements_part(found: Behind[Entry], locale: Locale) -> RenderableType:
    """The movements, one a line."""
    if not found.items:
        return Text("nothing moved")
    amounts = Amounts(found.currency, locale)
    table = columns()
    for name in ("Day", "Account", "Product", "What"):
        table.add_column(name, overflow="fold", no_wrap=name == "Day")
    add_amount_column(table, "ARR")
    table.add_column("Quote", overflow="fold")
    for each in found.items:
        driver = f", {each.driver.value}" if each.driver is not None else ""
        told = f"{each.cause.value.replace('_', ' ')}{driver}"
        amount = amounts.money(each.amount)
        table.add_row(each.day.isoformat(), each.account, each.product_line, told, amount, each.quote or "")
    return table
