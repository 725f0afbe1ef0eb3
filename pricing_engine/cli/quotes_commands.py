"""`pricing-engine quotes`: what is done with quotes that are kept."""

from __future__ import annotations

import typer

from pricing_engine.cli.quotes_document import document
from pricing_engine.cli.quotes_life import accept, approve, decline, expire, present, reject, submit, withdraw

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Take kept quotes further; make their documents.")


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for a quote."""


for command in (submit, approve, reject, present, accept, decline, withdraw, expire, document):
    group.command()(command)
