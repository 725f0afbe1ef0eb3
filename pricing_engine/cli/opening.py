"""Opens what commands work with: the settings, and a desk over a database that is ready for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pricing_engine.cli.outcome import CommandStopped, failed
from pricing_engine.settings import Settings, load_settings

if TYPE_CHECKING:
    from pricing_engine.desk import Desk

_UPGRADE = "pricing-engine db upgrade"


@contextmanager
def open_ready_desk(settings: Settings | None = None) -> Iterator[Desk]:
    """A desk over the database of the settings, closed at the end.

    Raises: CommandStopped when the database is not there, does not answer or has another schema; SettingsRefused.
    """
    from pricing_engine.desk import open_desk

    chosen = settings or load_settings()
    check_database(chosen)
    desk = open_desk(chosen)
    try:
        yield desk
    finally:
        desk.close()


def check_database(settings: Settings) -> None:
    """Stops the command when the database cannot be worked with, and says what to run instead.

    Raises: CommandStopped.
    """
    from pricing_engine.usecases.database_schema import SchemaState, read_schema_state, shown_database

    shown = shown_database(settings.database_url)
    match read_schema_state(settings.database_url):
        case SchemaState.CURRENT:
            return
        case SchemaState.ABSENT:
            fix = f"make it: pricing-engine demo (with sample rules and accounts), or {_UPGRADE} (empty)"
            raise failed(f"there is no database {shown}", fix=fix, code="no-database")
        case SchemaState.OUTDATED:
            raise failed(f"the schema of {shown} is not current", fix=f"run {_UPGRADE}", code="schema-not-current")
        case SchemaState.UNREACHABLE:
            raise _unreachable(shown)


def check_database_answers(database_url: str) -> None:
    """Stops a command that migrates when nothing answers there; a schema that is absent or old is its own work.

    Raises: CommandStopped.
    """
    from pricing_engine.usecases.database_schema import SchemaState, read_schema_state, shown_database

    if read_schema_state(database_url) is SchemaState.UNREACHABLE:
        raise _unreachable(shown_database(database_url))


def _unreachable(shown: str) -> CommandStopped:
    fix = "see that it runs, and that PRICING_ENGINE_DATABASE_URL names it"
    return failed(f"{shown} does not answer as a database", fix=fix, code="database-unreachable")
