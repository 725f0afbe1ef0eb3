"""Usage readings: what accounts were measured to use, reading by reading; rows cannot be changed."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table, its indexes and the triggers that guard it."""
    make_usage_reading()
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def downgrade() -> None:
    """Drops the table; its triggers go with it, the function they share stays."""
    op.drop_table("usage_reading")


def make_usage_reading() -> None:
    """One reading a row. `day` is that of `measured_at` in UTC, `recorded_at` tells corrections apart."""
    op.create_table(
        "usage_reading",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measured_at", UtcInstant(), nullable=False),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.Column("received_at", UtcInstant(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", "id", name="pk_usage_reading"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["account.tenant_id", "account.id"], name="fk_usage_reading_account"
        ),
    )
    latest = ["tenant_id", "account_id", "metric", "measured_at", "recorded_at", "id"]
    op.create_index("ix_usage_reading_latest", "usage_reading", latest)
    op.create_index("ix_usage_reading_listed", "usage_reading", ["tenant_id", "account_id", "measured_at", "id"])


def guard_sqlite() -> None:
    """Makes SQLite refuse to change or delete a row."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tr_usage_reading_{verb.lower()} BEFORE {verb} ON usage_reading "
            "BEGIN SELECT RAISE(ABORT, 'rows of usage_reading are never changed'); END"
        )


def guard_postgresql() -> None:
    """Makes PostgreSQL refuse to change, delete or truncate rows, by the function that guards rulebook versions."""
    op.execute(
        "CREATE TRIGGER tr_usage_reading_change BEFORE UPDATE OR DELETE OR TRUNCATE ON usage_reading "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
