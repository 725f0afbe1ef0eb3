"""What quotes do to retention is kept beside them."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import UtcInstant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "quote_effect",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "quote_id", name="pk_quote_effect"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"], name="fk_quote_effect_tenant_id_quote"
        ),
    )


def downgrade() -> None:
    """Takes it away: effects are worked out again when they are asked for."""
    op.drop_table("quote_effect")
