"""`pricing-engine db`: bring the schema up to date, or take it back."""

from __future__ import annotations

from typing import Annotated, Protocol

import typer

from pricing_engine.cli.opening import check_database_answers
from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.screen import JsonFlag, say, write_json

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Migrate the database.")


@group.command("upgrade")
def upgrade(
    revision: Annotated[str, typer.Argument(help="Where to stop.")] = "head",
    as_json: JsonFlag = False,
) -> None:
    """Bring the schema up to date; nothing happens when it is."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.settings import load_settings
        from pricing_engine.usecases.database_schema import upgrade_schema

        url = load_settings().database_url
        _migrate(upgrade_schema, url, revision, as_json=as_json)


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
        _migrate(downgrade_schema, url, revision, as_json=as_json)


class Step(Protocol):
    """What moves a schema to a revision."""

    def __call__(self, database_url: str, *, revision: str) -> None:
        """Moves it."""


def _migrate(step: Step, url: str, revision: str, *, as_json: bool) -> None:
    from pricing_engine.usecases.database_schema import UnknownRevision, shown_database

    check_database_answers(url)
    try:
        step(url, revision=revision)
    except UnknownRevision as unknown:
        raise usage(str(unknown), fix='write "head", "base" or a file name of migrations/versions') from None
    database = shown_database(url)
    if as_json:
        write_json({"database": database, "revision": revision})
    else:
        say(f"{database} is at {revision}")
