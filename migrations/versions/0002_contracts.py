"""Contracts: one row for each booking, which cannot be changed."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table and the triggers that guard it."""
    make_contract_version()
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def downgrade() -> None:
    """Drops the table; its triggers go with it, the function they share stays."""
    op.drop_table("contract_version")


def make_contract_version() -> None:
    """What a booking left of a contract; what lists and retention read of it stands in columns of its own."""
    op.create_table(
        "contract_version",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("booked_at", UtcInstant(), nullable=False),
        sa.Column("booked_by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("arr", ExactDecimal(), nullable=False),
        sa.Column("term_start", sa.Date(), nullable=False),
        sa.Column("term_end", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "contract_id", "version", name="pk_contract_version"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["account.tenant_id", "account.id"], name="fk_contract_version_account"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"], name="fk_contract_version_quote"
        ),
        sa.UniqueConstraint("tenant_id", "quote_id", name="uq_contract_version_tenant_id_quote_id"),
    )
    columns = ["tenant_id", "account_id", "contract_id", "version"]
    op.create_index(f"ix_contract_version_{'_'.join(columns)}", "contract_version", columns)


def guard_sqlite() -> None:
    """Makes SQLite refuse to change or delete a row."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tr_contract_version_{verb.lower()} BEFORE {verb} ON contract_version "
            "BEGIN SELECT RAISE(ABORT, 'rows of contract_version are never changed'); END"
        )


def guard_postgresql() -> None:
    """Makes PostgreSQL refuse to change, delete or truncate rows, by the function that guards rulebook versions."""
    op.execute(
        "CREATE TRIGGER tr_contract_version_change BEFORE UPDATE OR DELETE OR TRUNCATE ON contract_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
