"""Imported histories: what tables of revenue said of each month, and what that moves in the ledger."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables and the triggers that guard them."""
    make_revenue_month()
    make_history_movement()
    guard = guard_sqlite if op.get_bind().dialect.name == "sqlite" else guard_postgresql
    for table in ("revenue_month", "history_movement"):
        guard(table)


def downgrade() -> None:
    """Takes them away; triggers go with their tables, the function they share stays."""
    op.drop_table("history_movement")
    op.drop_table("revenue_month")


def make_revenue_month() -> None:
    """What was imported of a customer, a product line and a month, and from where."""
    op.create_table(
        "revenue_month",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("mrr", ExactDecimal(), nullable=False),
        sa.Column("quantity", ExactDecimal()),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("imported_at", UtcInstant(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", "product", "month", name="pk_revenue_month"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["account.tenant_id", "account.id"], name="fk_revenue_month_account"
        ),
    )


def make_history_movement() -> None:
    """The part of the ledger that has no contracts."""
    line = ["tenant_id", "account_id", "product"]
    op.create_table(
        "history_movement",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("driver", sa.Text()),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.PrimaryKeyConstraint(*line, "day", "number", name="pk_history_movement"),
        sa.ForeignKeyConstraint(
            [*line, "day"],
            [f"revenue_month.{name}" for name in (*line, "month")],
            name="fk_history_movement_revenue_month",
        ),
    )
    op.create_index("ix_history_movement_tenant_id_day", "history_movement", ["tenant_id", "day"])


def guard_sqlite(table: str) -> None:
    """Makes SQLite refuse to change or delete a row of the table."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def guard_postgresql(table: str) -> None:
    """Makes PostgreSQL refuse to change, delete or truncate rows, by the function that guards rulebook versions."""
    op.execute(
        f"CREATE TRIGGER tr_{table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
