"""Accounts, rulebook versions with their activations, and quotes; versions and activations cannot be changed."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UNCHANGEABLE = ("rulebook_version", "rulebook_activation")


def upgrade() -> None:
    """Makes the four tables and the triggers that guard two of them."""
    make_account()
    make_rulebook_version()
    make_rulebook_activation()
    make_quote()
    guard = guard_sqlite if op.get_bind().dialect.name == "sqlite" else guard_postgresql
    for table in UNCHANGEABLE:
        guard(table)


def downgrade() -> None:
    """Drops everything; the triggers go with their tables."""
    for table in ("quote", "rulebook_activation", "rulebook_version", "account"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def make_account() -> None:
    """Who is quoted."""
    op.create_table(
        "account",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("market", sa.Text()),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_account"),
        sa.UniqueConstraint("tenant_id", "external_id", name="uq_account_tenant_id_external_id"),
    )
    op.create_index("ix_account_tenant_id_created_at_id", "account", ["tenant_id", "created_at", "id"])


def make_rulebook_version() -> None:
    """A rulebook as it was published, with the bytes of its files."""
    op.create_table(
        "rulebook_version",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("currency_digits", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text()),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "hash", name="pk_rulebook_version"),
    )
    op.create_index(
        "ix_rulebook_version_tenant_id_created_at_hash", "rulebook_version", ["tenant_id", "created_at", "hash"]
    )


def make_rulebook_activation() -> None:
    """From when which version counts."""
    op.create_table(
        "rulebook_activation",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rulebook_hash", sa.Text(), nullable=False),
        sa.Column("from_instant", UtcInstant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("activated_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_rulebook_activation"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rulebook_hash"],
            ["rulebook_version.tenant_id", "rulebook_version.hash"],
            name="fk_rulebook_activation_rulebook_version",
        ),
    )
    op.create_index(
        "ix_rulebook_activation_tenant_id_from_instant_created_at_id",
        "rulebook_activation",
        ["tenant_id", "from_instant", "created_at", "id"],
    )


def make_quote() -> None:
    """A priced quote; what lists filter by stands in columns of its own."""
    op.create_table(
        "quote",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rulebook_hash", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("arr", ExactDecimal()),
        sa.Column("tcv", ExactDecimal()),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("priced", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_quote"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["account.tenant_id", "account.id"], name="fk_quote_account"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rulebook_hash"],
            ["rulebook_version.tenant_id", "rulebook_version.hash"],
            name="fk_quote_rulebook_version",
        ),
    )
    for filtered in ([], ["account_id"], ["state"]):
        columns = ["tenant_id", *filtered, "created_at", "id"]
        op.create_index(f"ix_quote_{'_'.join(columns)}", "quote", columns)


def guard_sqlite(table: str) -> None:
    """Makes SQLite refuse to change or delete a row of the table."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def guard_postgresql(table: str) -> None:
    """Makes PostgreSQL refuse to change, delete or truncate rows of the table."""
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER tr_{table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
