"""The life of quotes: their steps, the movements of what is accepted, the chained journal and answers kept."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("quote_step", "arr_movement", "journal", "rulebook_withdrawal")


def upgrade() -> None:
    """Gives quotes what their life needs, and makes the tables with the triggers that guard most of them."""
    op.add_column("quote", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("quote", sa.Column("revises", sa.Text()))
    op.add_column("quote", sa.Column("valid_until", sa.Date()))
    make_rulebook_withdrawal()
    make_quote_step()
    make_arr_movement()
    make_journal()
    make_kept_answer()
    guard = guard_sqlite if op.get_bind().dialect.name == "sqlite" else guard_postgresql
    for table in UNCHANGEABLE:
        guard(table)


def downgrade() -> None:
    """Takes all of it away; triggers go with their tables, the function they share stays."""
    for table in ("kept_answer", "journal", "journal_head", "arr_movement", "quote_step", "rulebook_withdrawal"):
        op.drop_table(table)
    for column in ("valid_until", "revises", "revision"):
        op.drop_column("quote", column)


def make_rulebook_withdrawal() -> None:
    """Versions whose quotes are not presented or accepted any more."""
    op.create_table(
        "rulebook_withdrawal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("rulebook_hash", sa.Text(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "rulebook_hash", name="pk_rulebook_withdrawal"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rulebook_hash"],
            ["rulebook_version.tenant_id", "rulebook_version.hash"],
            name="fk_rulebook_withdrawal_rulebook_version",
        ),
    )


def make_quote_step() -> None:
    """What was done with a quote, and to which content of it."""
    op.create_table(
        "quote_step",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("level", sa.Text()),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "quote_id", "number", name="pk_quote_step"),
        sa.ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"], name="fk_quote_step_quote"),
    )


def make_arr_movement() -> None:
    """The ledger that retention is read from."""
    version = ["tenant_id", "contract_id", "contract_version"]
    op.create_table(
        "arr_movement",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("booked_at", UtcInstant(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("driver", sa.Text()),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.PrimaryKeyConstraint(*version, "number", name="pk_arr_movement"),
        sa.ForeignKeyConstraint(
            version,
            ["contract_version.tenant_id", "contract_version.contract_id", "contract_version.version"],
            name="fk_arr_movement_contract_version",
        ),
    )
    op.create_index("ix_arr_movement_tenant_id_account_id_day", "arr_movement", ["tenant_id", "account_id", "day"])


def make_journal() -> None:
    """What happened, chained by hashes, and where each tenant's chain ends."""
    op.create_table(
        "journal_head",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_journal_head"),
    )
    op.create_table(
        "journal",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="pk_journal"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_journal_tenant_id_id"),
    )
    op.create_index("ix_journal_tenant_id_subject_number", "journal", ["tenant_id", "subject", "number"])


def make_kept_answer() -> None:
    """What requests with an Idempotency-Key were answered."""
    op.create_table(
        "kept_answer",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_kept_answer"),
    )
    op.create_index("ix_kept_answer_tenant_id_created_at", "kept_answer", ["tenant_id", "created_at"])


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
