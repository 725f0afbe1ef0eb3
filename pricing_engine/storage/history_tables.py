"""The tables of imported histories: what tables of revenue said of each month, and what that moves."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Text

from pricing_engine.storage.column_types import ExactDecimal, UtcInstant
from pricing_engine.storage.shared_metadata import metadata

# Append-only by trigger: what was imported of a month stays, and a table that says otherwise later is told so.
revenue_month = Table(
    "revenue_month",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("currency", Text, nullable=False),
    Column("mrr", ExactDecimal, nullable=False),
    Column("quantity", ExactDecimal),
    Column("origin", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer),
    Column("imported_at", UtcInstant, nullable=False),
    Column("imported_by", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "account_id", "product", "month"),
    ForeignKeyConstraint(["tenant_id", "account_id"], ["account.tenant_id", "account.id"]),
)

# Append-only by trigger: the part of the ledger that has no contracts; each movement is of a month that a table has.
history_movement = Table(
    "history_movement",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("driver", Text),
    Column("cause", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", ExactDecimal, nullable=False),
    PrimaryKeyConstraint("tenant_id", "account_id", "product", "day", "number"),
    ForeignKeyConstraint(
        ["tenant_id", "account_id", "product", "day"],
        [f"revenue_month.{name}" for name in ("tenant_id", "account_id", "product", "month")],
    ),
    Index(None, "tenant_id", "day"),
)
