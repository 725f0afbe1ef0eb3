"""`pricing-engine quotes`: what is done with quotes that are kept."""

from __future__ import annotations

import typer

from pricing_engine.cli.quotes_document import document

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make the customer's document of a kept quote.")


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for a quote."""


group.command("document")(document)
