"""`retention cohorts`, `retention discipline` and `retention rule-of-40`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_behind import CsvFlag, csv_text
from pricing_engine.cli.retention_options import Months, On, Xlsx, read_day, written_once
from pricing_engine.cli.screen import JsonFlag, show, write_answer, write_text
from pricing_engine.retention.cohorts import CohortSpan

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pricing_engine.document.amounts import Amounts
    from pricing_engine.usecases.read_discipline import ReadDiscipline
    from pricing_engine.usecases.read_growth import Cohorts, Growth


_MARGIN: Final = re.compile(r"-?[0-9](?:\.[0-9]{1,6})?", re.ASCII)


def cohorts(
    span: Annotated[CohortSpan, typer.Option(help="How long customers are gathered.")] = CohortSpan.QUARTER,
    on: On = None,
    as_csv: CsvFlag = False,
    xlsx: Xlsx = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show what became of the customers that began in the same month, quarter or year."""
    with outcome_shown(as_json=as_json):
        written_once(as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        from pricing_engine.api.retention_json import cohorts_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.retention_sheets import cohorts_sheets, write_sheets
        from pricing_engine.document.amounts import Amounts
        from pricing_engine.usecases.read_growth import read_cohorts

        chosen, day = read_locale(locale), read_day(on, "--on")
        with open_ready_desk() as desk:
            found = read_cohorts(desk, until=day or desk.today(), span=span)
        if as_json:
            write_answer(cohorts_json(found))
        elif as_csv:
            write_text(csv_text(_COHORT, _cohort_rows(found)).rstrip("\n"))
        elif xlsx is not None:
            write_sheets(cohorts_sheets(found), xlsx)
        else:
            show(_cohorts_part(found, Amounts(found.currency, chosen)))


_COHORT: Final = ("start", "customers", "span", "arr", "nrr")


def _cohort_rows(found: Cohorts) -> Iterator[dict[str, Any]]:
    """A row for each cohort at the end of each span."""
    from pricing_engine.api.retention_json import cohorts_json

    for cohort in cohorts_json(found)["items"]:
        for number, (arr, nrr) in enumerate(zip(cohort["arr"], cohort["nrr"], strict=True)):
            values = cohort["start"], cohort["customers"], number, arr, nrr
            yield dict(zip(_COHORT, values, strict=True))


def _cohorts_part(found: Cohorts, amounts: Amounts) -> RenderableType:
    from rich.text import Text

    from pricing_engine.cli.quote_view import add_amount_column, columns
    from pricing_engine.cli.show_effect import share

    if not found.cohorts:
        return Text("no span is over in which a customer began")
    table = columns()
    table.add_column("Began from", no_wrap=True)
    for name in ("Customers", "ARR at its end", "ARR now", f"NRR by {found.span}"):
        add_amount_column(table, name)
    for each in found.cohorts:
        rates = " ".join([share(rate, amounts) for rate in each.rates[1:]])
        arr = amounts.money(each.arr[0]), amounts.money(each.arr[-1])
        table.add_row(each.start.isoformat(), str(each.customers), *arr, rates)
    return table


def discipline(on: On = None, months: Months = 12, as_json: JsonFlag = False, locale: LocaleName = "en_US") -> None:
    """Show how quotes were made: by the rules alone, within policy, how fast, and with what given beside."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.retention_json import discipline_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.document.amounts import Amounts
        from pricing_engine.retention.rates import Window
        from pricing_engine.usecases.read_discipline import read_discipline

        chosen, day = read_locale(locale), read_day(on, "--on")
        with open_ready_desk() as desk:
            found = read_discipline(desk, Window.ending(day or desk.today(), months=months))
        if as_json:
            write_answer(discipline_json(found))
        else:
            show(_discipline_part(found, Amounts(found.currency, chosen)))


def _discipline_part(found: ReadDiscipline, amounts: Amounts) -> RenderableType:
    from pricing_engine.cli.quote_view import add_amount_column, columns
    from pricing_engine.cli.show_effect import NOT_DEFINED, share

    figures = found.figures
    table = columns(header=False)
    table.add_column()
    add_amount_column(table)
    rows = {
        "Quotes presented": str(figures.quotes),
        "  that renew, or do not lower ARR": str(figures.growth),
        "  of those, made by the rules alone": share(figures.untouched, amounts),
        "Nobody had to agree to": share(figures.within_policy, amounts),
        "Off list on average": share(figures.discount, amounts),
        "Asked off on average": share(figures.discretion, amounts),
        "Quotes that give a part up": str(figures.partial_churns),
        "  what repricing adds to the rest, a year": amounts.money(figures.repriced),
        **{f"Asked to waive {term.replace('_', ' ')}": str(times) for term, times in figures.waived.items()},
        "Minutes from made to presented, median": NOT_DEFINED if figures.minutes is None else f"{figures.minutes:,}",
    }
    for name, figure in rows.items():
        table.add_row(name, figure)
    return table


def rule_of_40(
    margin: Annotated[str, typer.Option(metavar="FRACTION", help="The profit margin, such as 0.15.")] = "0",
    on: On = None,
    months: Months = 12,
    as_json: JsonFlag = False,
) -> None:
    """Show growth from customers there were and from new ones, beside a profit margin."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.retention_json import growth_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.read_growth import read_rule_of_40
        from pricing_engine.usecases.read_retention import Asked

        day, profit = read_day(on, "--on"), _read_margin(margin)
        with open_ready_desk() as desk:
            found = read_rule_of_40(desk, Asked(day or desk.today(), months), margin=profit)
        if as_json:
            write_answer(growth_json(found))
        else:
            write_text(_told(found))


def _told(found: Growth) -> str:
    from pricing_engine.cli.show_effect import points

    rule = found.rule
    return (
        f"from {found.window.opening} to {found.window.closing}, in points: "
        f"customers there were {points(rule.from_customers)}, new ones {points(rule.from_new)}, "
        f"margin {points(rule.margin)}; in all {points(rule.total)} of 40"
    )


def _read_margin(text: str) -> Decimal:
    if not _MARGIN.fullmatch(text):
        raise usage(f"{text} is no margin", fix="write a fraction: 0.15 for 15%", where="--margin")
    return Decimal(text)
