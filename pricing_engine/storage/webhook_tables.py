"""The tables of webhooks: who is told of events, what each is told, and how every try went."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from pricing_engine.storage.column_types import UtcInstant
from pricing_engine.storage.shared_metadata import metadata

# `cursor` is the last entry of the journal that was looked at; who holds the `lease` delivers, and nobody else does.
webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("enabled", Boolean(create_constraint=False), nullable=False),
    Column("disabled_because", Text),
    Column("secret", Text, nullable=False),
    Column("old_secret", Text),
    Column("old_secret_until", UtcInstant),
    Column("cursor", Integer, nullable=False),
    Column("lease", Text),
    Column("leased_until", UtcInstant),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index(None, "tenant_id", "created_at", "id"),
)

# One row for each event that an endpoint is to be told; `tries_left` counts down to 0, and then it is dead.
webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("endpoint_id", Text, nullable=False),
    Column("event_number", Integer, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("next_try", UtcInstant),
    Column("created_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "endpoint_id"], ["webhook_endpoint.tenant_id", "webhook_endpoint.id"]),
    ForeignKeyConstraint(["tenant_id", "event_number"], ["journal.tenant_id", "journal.number"]),
    UniqueConstraint("tenant_id", "endpoint_id", "event_number"),
    Index(None, "tenant_id", "endpoint_id", "created_at", "id"),
    Index(None, "tenant_id", "state", "endpoint_id", "event_number"),
)

webhook_attempt = Table(
    "webhook_attempt",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("status", Integer),
    Column("outcome", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "delivery_id", "number"),
    ForeignKeyConstraint(["tenant_id", "delivery_id"], ["webhook_delivery.tenant_id", "webhook_delivery.id"]),
)
