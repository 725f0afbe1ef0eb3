"""Webhooks: endpoints with their place in the journal, what each is to be told, and how every try went."""

import sqlalchemy as sa
from alembic import op

from pricing_engine.storage.column_types import UtcInstant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the three tables."""
    make_webhook_endpoint()
    make_webhook_delivery()
    make_webhook_attempt()


def downgrade() -> None:
    """Takes them away."""
    for table in ("webhook_attempt", "webhook_delivery", "webhook_endpoint"):
        op.drop_table(table)


def make_webhook_endpoint() -> None:
    """Who is told of events, how far in the journal, and who delivers just now."""
    op.create_table(
        "webhook_endpoint",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("disabled_because", sa.Text()),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text()),
        sa.Column("old_secret_until", UtcInstant()),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Text()),
        sa.Column("leased_until", UtcInstant()),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_webhook_endpoint"),
    )
    op.create_index(
        "ix_webhook_endpoint_tenant_id_created_at_id", "webhook_endpoint", ["tenant_id", "created_at", "id"]
    )


def make_webhook_delivery() -> None:
    """What each endpoint is to be told, and when it is tried next."""
    op.create_table(
        "webhook_delivery",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("next_try", UtcInstant()),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_webhook_delivery"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoint.tenant_id", "webhook_endpoint.id"],
            name="fk_webhook_delivery_webhook_endpoint",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_number"], ["journal.tenant_id", "journal.number"], name="fk_webhook_delivery_journal"
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "endpoint_id",
            "event_number",
            name="uq_webhook_delivery_tenant_id_endpoint_id_event_number",
        ),
    )
    for columns in (("endpoint_id", "created_at", "id"), ("state", "endpoint_id", "event_number")):
        name = "_".join(("ix_webhook_delivery_tenant_id", *columns))
        op.create_index(name, "webhook_delivery", ["tenant_id", *columns])


def make_webhook_attempt() -> None:
    """How every try went."""
    op.create_table(
        "webhook_attempt",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", "number", name="pk_webhook_attempt"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["webhook_delivery.tenant_id", "webhook_delivery.id"],
            name="fk_webhook_attempt_webhook_delivery",
        ),
    )
