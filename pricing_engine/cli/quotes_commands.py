"""`pricing-engine quotes`: what is done with quotes that are kept."""

from __future__ import annotations

import typer

from pricing_engine.cli.quotes_document import document
from pricing_engine.cli.quotes_life import accept, approve, decline, expire, present, reject, submit, withdraw
from pricing_engine.cli.quotes_read import list_kept, show_kept

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Read kept quotes, take them further; make their documents."
)


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for a quote."""


group.command("list")(list_kept)
group.command("show")(show_kept)
for command in (submit, approve, reject, present, accept, decline, withdraw, expire, document):
    group.command()(command)
