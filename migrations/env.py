"""Runs migrations on the connection `upgrade` hands over, or, for the `alembic` command, on the settings' database."""

from alembic import context
from sqlalchemy import Connection

from pricing_engine.settings import load_settings
from pricing_engine.storage.database import open_database
from pricing_engine.storage.tables import metadata


def migrate_on(connection: Connection) -> None:
    """Runs the migrations asked for; SQLite changes tables by copying them."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate() -> None:
    """Takes the connection or engine given, or opens the database of the settings."""
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate_on(given)
        return
    engine = open_database(load_settings().database_url).writer if given is None else given
    with engine.begin() as connection:
        migrate_on(connection)


if context.is_offline_mode():
    raise SystemExit("migrations need a connection: run them without --sql")
migrate()
