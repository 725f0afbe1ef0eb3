"""`pricing-engine db`: bring the schema up to date, or take it back."""

from __future__ import annotations

from typing import Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.screen import say, write_json

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Migrate the database.")

JsonFlag = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@group.command("upgrade")
def upgrade(
    revision: Annotated[str, typer.Argument(help="Where to stop.")] = "head",
    as_json: JsonFlag = False,
) -> None:
    """Bring the schema up to date; nothing happens when it is."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.settings import load_settings
        from pricing_engine.usecases.database_schema import shown_database, upgrade_schema

        url = load_settings().database_url
        upgrade_schema(url, revision=revision)
        _tell(shown_database(url), revision, as_json=as_json)


@group.command("downgrade")
def downgrade(
    revision: Annotated[str, typer.Argument(help='The revision to go back to; "base" removes everything.')],
    confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take the schema back to a revision. Data that the older schema has no place for is lost."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.settings import load_settings
        from pricing_engine.usecases.database_schema import downgrade_schema, shown_database

        url = load_settings().database_url
        if not confirmed:
            typer.confirm(f"Take {shown_database(url)} back to {revision}? Data may be lost.", abort=True, err=True)
        downgrade_schema(url, revision=revision)
        _tell(shown_database(url), revision, as_json=as_json)


def _tell(database: str, revision: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"database": database, "revision": revision})
    else:
        say(f"{database} is at {revision}")
