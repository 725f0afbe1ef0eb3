"""Contracts say when what is tried is bought, so that those that are due are found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the day, which contracts that were booked before do not have, and its index."""
    op.add_column("contract_version", sa.Column("converts_on", sa.Date()))
    op.create_index("ix_contract_version_tenant_id_converts_on", "contract_version", ["tenant_id", "converts_on"])


def downgrade() -> None:
    """Takes both away."""
    op.drop_index("ix_contract_version_tenant_id_converts_on", "contract_version")
    op.drop_column("contract_version", "converts_on")
