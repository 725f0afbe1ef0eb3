"""The tables of scoring: past deals, trained models, and which of them is live."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Text

from pricing_engine.storage.column_types import UtcInstant
from pricing_engine.storage.shared_metadata import metadata

# What models are trained on: deals of tables that were imported, and quotes whose end is known (`source`).
scoring_deal = Table(
    "scoring_deal",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("created", Date, nullable=False),
    Column("closed", Date),
    Column("outcome", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("file", Text),
    Column("line", Integer),
    Column("kept_at", UtcInstant, nullable=False),
    Column("kept_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "source", "id"),
    Index(None, "tenant_id", "created"),
)

# Immutable by trigger: what a quote was scored by stays readable, and its hash stays true.
scoring_model = Table(
    "scoring_model",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "hash"),
    Index(None, "tenant_id", "created_at", "hash"),
)

# Append-only by trigger: rolling back is a new activation; one without a model takes the live one away.
scoring_activation = Table(
    "scoring_activation",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("model_hash", Text),
    Column("parts", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "model_hash"], ["scoring_model.tenant_id", "scoring_model.hash"]),
    Index(None, "tenant_id", "at", "id"),
)
