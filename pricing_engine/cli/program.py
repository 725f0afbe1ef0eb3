"""The commands put together; each group is in a file of its own."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from pricing_engine.cli.audit_commands import group as audit_group
from pricing_engine.cli.contracts_commands import group as contracts_group
from pricing_engine.cli.database_commands import group as database_group
from pricing_engine.cli.demo_commands import demo, smoke
from pricing_engine.cli.explain import explain
from pricing_engine.cli.offers_command import offers
from pricing_engine.cli.quote_command import quote
from pricing_engine.cli.quotes_commands import group as quotes_group
from pricing_engine.cli.retention_commands import group as retention_group
from pricing_engine.cli.rules_commands import group as rules_group
from pricing_engine.cli.scoring_commands import group as scoring_group
from pricing_engine.cli.screen import tolerate_narrow_encodings
from pricing_engine.cli.secrets_commands import group as secrets_group
from pricing_engine.cli.serve import serve
from pricing_engine.cli.webhooks_commands import group as webhooks_group

HELP = """Price, package and quote subscriptions, and explain every cent.

Results go to stdout, messages to stderr.
Exit codes: 0 done, 1 refused (the rules or the request), 2 wrong usage, 3 failed.
"""

program = typer.Typer(
    name="pricing-engine",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("pricing-engine"))
        raise typer.Exit


@program.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """What belongs to no command."""


for command in (quote, offers, serve, demo, smoke, explain):
    program.command()(command)
program.add_typer(rules_group, name="rules")
program.add_typer(quotes_group, name="quotes")
program.add_typer(contracts_group, name="contracts")
program.add_typer(retention_group, name="retention")
program.add_typer(scoring_group, name="scoring")
program.add_typer(audit_group, name="audit")
program.add_typer(webhooks_group, name="webhooks")
program.add_typer(secrets_group, name="secrets")
program.add_typer(database_group, name="db")


def run() -> None:
    """Runs the command of this process's arguments and ends the process."""
    tolerate_narrow_encodings()
    program()
