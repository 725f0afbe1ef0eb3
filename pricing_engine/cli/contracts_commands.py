"""`pricing-engine contracts`: what customers have already."""

from __future__ import annotations

import typer

from pricing_engine.cli.contracts_booked import book, history, show_account
from pricing_engine.cli.contracts_convert import convert_trials
from pricing_engine.cli.contracts_import import import_contracts
from pricing_engine.cli.contracts_milestone import milestone

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Book quotes, load contracts, and read what accounts have."
)


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for a file."""


group.command("book")(book)
group.command("show")(show_account)
group.command("history")(history)
group.command("milestone")(milestone)
group.command("convert-trials")(convert_trials)
group.command("import")(import_contracts)
