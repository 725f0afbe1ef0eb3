"""The table of usage: what was measured of an account, and when."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Text

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant
from pricing_engine.storage.shared_metadata import metadata

# Append-only by trigger: a correction is another reading, and both stay readable.
usage_reading = Table(
    "usage_reading",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("measured_at", UtcInstant, nullable=False),
    Column("recorded_at", UtcInstant, nullable=False),
    Column("quantity", ExactDecimal, nullable=False),
    Column("received_at", UtcInstant, nullable=False),
    Column("received_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "account_id", "id"),
    ForeignKeyConstraint(["tenant_id", "account_id"], ["account.tenant_id", "account.id"]),
    Index("ix_usage_reading_latest", "tenant_id", "account_id", "metric", "measured_at", "recorded_at", "id"),
    Index("ix_usage_reading_listed", "tenant_id", "account_id", "measured_at", "id"),
)
