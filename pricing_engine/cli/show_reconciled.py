"""A reconciliation as a person reads it: months, kinds of contradictions with what is at stake, and examples."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.document.amounts import Amounts
from pricing_engine.money import Currency
from pricing_engine.retention.reconciliation import Reconciliation


def reconciliation_parts(found: Reconciliation, locale: Locale, *, examples: int) -> list[RenderableType]:
    """What was compared, and so many examples of each contradiction."""
    amounts = Amounts(found.currency, locale)
    return [
        Text(
            f"Reconciled with the ledger as of {amounts.day(found.on)}, in {found.currency.code} a year", style="bold"
        ),
        Text(""),
        *_months(found, locale),
        _compared(found, amounts),
        *_examples(found, amounts, examples),
    ]


def _months(found: Reconciliation, locale: Locale) -> Iterator[RenderableType]:
    if not found.months:
        return
    table = columns()
    table.add_column("Month", no_wrap=True)
    for name in ("Customers", "Imported", "In the ledger", "Difference"):
        add_amount_column(table, name)
    for each in found.months:
        # Amounts of a month are in its own currency, to the cent, whatever the currency's digits are.
        native = Amounts(Currency(each.currency, -min(0, int(each.imported.as_tuple().exponent))), locale)
        difference = each.imported - each.in_ledger
        table.add_row(
            *(f"{each.month:%Y-%m}", str(each.customers), native.money(each.imported), native.money(each.in_ledger)),
            native.money(difference) if difference else "",
        )
    yield table
    yield Text("")


def _compared(found: Reconciliation, amounts: Amounts) -> RenderableType:
    table = columns()
    for name in ("Table", "Check"):
        table.add_column(name, overflow="fold")
    for name in ("Compared", "Contradicted", "ARR at stake", "Not comparable"):
        add_amount_column(table, name)
    for each in found.compared:
        stake = amounts.money(each.at_stake) if each.found else ""
        untested = f"{each.untested:,}" if each.untested else ""
        table.add_row(each.source, each.check, f"{each.tested:,}", f"{each.found:,}", stake, untested)
    return table


def _examples(found: Reconciliation, amounts: Amounts, count: int) -> Iterator[RenderableType]:
    if not found.contradictions:
        yield Text("\nNothing contradicts the ledger.")
        return
    for compared in found.compared:
        of_check = [
            each for each in found.contradictions if (each.source, each.check) == (compared.source, compared.check)
        ]
        if not of_check or not count:
            continue
        yield Text(f"\n{compared.source}: {compared.check}", style="bold")
        if compared.why:
            yield Text(f"  {compared.why}")
        for each in of_check[:count]:
            place = f"{each.file}:{each.line}" if each.line is not None else each.file
            yield Text(f"  {place}: {each.what}; at stake {amounts.money(each.at_stake)}")
        if len(of_check) > count:
            yield Text(f"  … and {len(of_check) - count:,} more; --csv or --json has all of them")
