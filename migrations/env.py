"""Runs migrations on the connection `upgrade` hands over, or, for the `alembic` command, on the settings' database."""

from alembic import context
from sqlalchemy import Connection

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
    """Takes the connection given, or opens the database of the settings."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate_on(given)
        return
    from pricing_engine.settings import load_settings
    from pricing_engine.storage.database import WRITES, open_engine

    engine = open_engine(load_settings().database_url).execution_options(**{WRITES: True})
    with engine.begin() as connection:
        migrate_on(connection)


if context.is_offline_mode():
    raise SystemExit("migrations need a connection: run them without --sql")
migrate()
