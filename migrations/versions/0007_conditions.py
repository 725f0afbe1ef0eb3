"""Movements say under which conditions a product is sold, so that figures are told apart by them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Adds what movements that were booked before do not say."""
    op.add_column("arr_movement", sa.Column("tier", sa.Text()))
    op.add_column("arr_movement", sa.Column("term_months", sa.Integer()))
    op.add_column("arr_movement", sa.Column("discount", _EXACT))


def downgrade() -> None:
    """Takes it away."""
    for name in ("discount", "term_months", "tier"):
        op.drop_column("arr_movement", name)
