"""`pricing-engine retention`: what became of the customers of a day, and whether the ledger is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_behaviour import behaviour
from pricing_engine.cli.retention_behind import CsvFlag, accounts, csv_text, movements
from pricing_engine.cli.retention_forecast import forecast
from pricing_engine.cli.retention_growth import cohorts, discipline, rule_of_40
from pricing_engine.cli.retention_import import import_history
from pricing_engine.cli.retention_options import By, GapDays, Months, On, Xlsx, read_day, read_probability, written_once
from pricing_engine.cli.retention_reconcile import reconcile
from pricing_engine.cli.screen import JsonFlag, show, write_answer, write_text

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Read net revenue retention, and verify its ledger."
)


@group.command("show")
def show_retention(
    on: On = None,
    months: Months = 12,
    by: By = None,
    gap_days: GapDays = None,
    as_csv: CsvFlag = False,
    xlsx: Xlsx = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show NRR and GRR of a window, what moved them, and each month and segment."""
    with outcome_shown(as_json=as_json, origins={"/by": "--by"}):
        from pricing_engine.api.retention_json import retention_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.retention_csv import COLUMNS, figure_rows
        from pricing_engine.cli.retention_sheets import retention_sheets, write_sheets
        from pricing_engine.cli.show_retention import retention_parts
        from pricing_engine.usecases.read_retention import Asked, read_retention

        written_once(as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        chosen, day = read_locale(locale), read_day(on, "--on")
        with open_ready_desk() as desk:
            found = read_retention(desk, Asked(day or desk.today(), months, by, gap_days))
        if as_json:
            write_answer(retention_json(found))
        elif as_csv:
            write_text(csv_text(COLUMNS, figure_rows(retention_json(found))))
        elif xlsx is not None:
            write_sheets(retention_sheets(found), xlsx)
        else:
            show(*retention_parts(found, chosen))


group.command("accounts")(accounts)
group.command("movements")(movements)
group.command("cohorts")(cohorts)
group.command("rule-of-40")(rule_of_40)
group.command("discipline")(discipline)
group.command("behaviour")(behaviour)
group.command("import")(import_history)
group.command("reconcile")(reconcile)
group.command("forecast")(forecast)


@group.command("quote")
def show_effect(
    quote: Annotated[str, typer.Argument(metavar="QUOTE", help="A kept quote's id.")],
    horizon: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The last day looked at; 12 months on if absent."),
    ] = None,
    probability: Annotated[
        str | None, typer.Option(metavar="FRACTION", help="How likely it is to be accepted, such as 0.6.")
    ] = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Show what a quote does to retention: of its account, each of its segments and the book."""
    with outcome_shown(as_json=as_json, origins={"/horizon": "--horizon"}):
        from pricing_engine.api.retention_json import quote_effect_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_effect import effect_parts
        from pricing_engine.usecases.read_quote_effect import read_quote_effect

        chosen, day, likely = read_locale(locale), read_day(horizon, "--horizon"), read_probability(probability)
        with open_ready_desk() as desk:
            found = read_quote_effect(desk, quote_id=quote, horizon=day, probability=likely)
        if as_json:
            write_answer(quote_effect_json(found))
        else:
            show(*effect_parts(found, chosen))


@group.command("verify")
def verify(as_json: JsonFlag = False) -> None:
    """Check that movements sum to what every contract is worth; ends with 1 at the first place where they do not."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.retention_json import verified_ledger_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.verify_ledger import verify_ledger

        with open_ready_desk() as desk, progress_drawn(is_shown=not as_json) as on_progress:
            found = verify_ledger(desk, on_progress=on_progress)
        if as_json:
            write_answer(verified_ledger_json(found))
        elif found.broken is None:
            write_text(f"the movements of all {found.versions} contract versions sum to what each is worth")
            if found.months:
                write_text(f"and those of histories to what was imported, in all {found.months} months of accounts")
        else:
            before = f"{found.versions} versions" if found.broken.version else f"{found.months} months"
            write_text(f"{found.broken.what}; the {before} before it agree")
    if found.broken is not None:
        raise typer.Exit(ExitCode.REFUSED)
