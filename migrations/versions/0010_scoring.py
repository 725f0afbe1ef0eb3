"""Scoring: past deals, trained models, and which of them is live."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import UtcInstant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and the triggers that guard what never changes."""
    make_scoring_deal()
    make_scoring_model()
    make_scoring_activation()
    guard = guard_sqlite if op.get_bind().dialect.name == "sqlite" else guard_postgresql
    for table in ("scoring_model", "scoring_activation"):
        guard(table)


def downgrade() -> None:
    """Takes them away; triggers go with their tables, the function they share stays."""
    op.drop_table("scoring_activation")
    op.drop_table("scoring_model")
    op.drop_table("scoring_deal")


def make_scoring_deal() -> None:
    """What models are trained on."""
    op.create_table(
        "scoring_deal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("created", sa.Date(), nullable=False),
        sa.Column("closed", sa.Date()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("file", sa.Text()),
        sa.Column("line", sa.Integer()),
        sa.Column("kept_at", UtcInstant(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source", "id", name="pk_scoring_deal"),
    )
    op.create_index("ix_scoring_deal_tenant_id_created", "scoring_deal", ["tenant_id", "created"])


def make_scoring_model() -> None:
    """Trained models, by the hash of their content."""
    op.create_table(
        "scoring_model",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "hash", name="pk_scoring_model"),
    )
    op.create_index("ix_scoring_model_tenant_id_created_at_hash", "scoring_model", ["tenant_id", "created_at", "hash"])


def make_scoring_activation() -> None:
    """Which model is live, with which of its parts, since when and why."""
    op.create_table(
        "scoring_activation",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model_hash", sa.Text()),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_scoring_activation"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "model_hash"],
            ["scoring_model.tenant_id", "scoring_model.hash"],
            name="fk_scoring_activation_scoring_model",
        ),
    )
    op.create_index("ix_scoring_activation_tenant_id_at_id", "scoring_activation", ["tenant_id", "at", "id"])


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
