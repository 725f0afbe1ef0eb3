"""What presented quotes will book is kept when they are presented."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table and the triggers that guard it; quotes presented before are written when they are accepted."""
    op.create_table(
        "presented_booking",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("booking", sa.Text(), nullable=False),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "quote_id", name="pk_presented_booking"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"], name="fk_presented_booking_tenant_id_quote"
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def downgrade() -> None:
    """Takes it away; its triggers go with it, the function they share stays."""
    op.drop_table("presented_booking")


def guard_sqlite() -> None:
    """Makes SQLite refuse to change or delete a row."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tr_presented_booking_{verb.lower()} BEFORE {verb} ON presented_booking "
            "BEGIN SELECT RAISE(ABORT, 'rows of presented_booking are never changed'); END"
        )


def guard_postgresql() -> None:
    """Makes PostgreSQL refuse to change, delete or truncate rows, by the function that guards rulebook versions."""
    op.execute(
        "CREATE TRIGGER tr_presented_booking_change BEFORE UPDATE OR DELETE OR TRUNCATE ON presented_booking "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
