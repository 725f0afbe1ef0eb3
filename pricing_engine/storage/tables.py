"""The tables: the one place that says what the database looks like; a migration follows every change made here."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from pricing_engine.storage import history_tables, scoring_tables, shared_metadata, usage_tables, webhook_tables
from pricing_engine.storage.column_types import ExactDecimal, UtcInstant

metadata = shared_metadata.metadata
webhook_endpoint = webhook_tables.webhook_endpoint
webhook_delivery = webhook_tables.webhook_delivery
webhook_attempt = webhook_tables.webhook_attempt
revenue_month = history_tables.revenue_month
history_movement = history_tables.history_movement
scoring_deal = scoring_tables.scoring_deal
scoring_model = scoring_tables.scoring_model
scoring_activation = scoring_tables.scoring_activation
usage_reading = usage_tables.usage_reading

account = Table(
    "account",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("external_id", Text),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("market", Text),
    Column("attributes", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    UniqueConstraint("tenant_id", "external_id"),
    Index(None, "tenant_id", "created_at", "id"),
)

# Immutable by trigger: a stored version is what quotes are replayed from.
rulebook_version = Table(
    "rulebook_version",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("files", LargeBinary, nullable=False),
    Column("currency_digits", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("commit", Text),
    Column("created_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "hash"),
    Index(None, "tenant_id", "created_at", "hash"),
)

# Append-only by trigger: rolling back is a new activation.
rulebook_activation = Table(
    "rulebook_activation",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("rulebook_hash", Text, nullable=False),
    Column("from_instant", UtcInstant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "rulebook_hash"], ["rulebook_version.tenant_id", "rulebook_version.hash"]),
    Index(None, "tenant_id", "from_instant", "created_at", "id"),
)

# Append-only by trigger: quotes of a withdrawn version are not presented or accepted any more.
rulebook_withdrawal = Table(
    "rulebook_withdrawal",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("rulebook_hash", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "rulebook_hash"),
    ForeignKeyConstraint(["tenant_id", "rulebook_hash"], ["rulebook_version.tenant_id", "rulebook_version.hash"]),
)

quote = Table(
    "quote",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("revises", Text),
    Column("valid_until", Date),
    Column("as_of", Date, nullable=False),
    Column("effective_date", Date, nullable=False),
    Column("currency", Text, nullable=False),
    Column("rulebook_hash", Text, nullable=False),
    Column("external_ref", Text),
    Column("role", Text, nullable=False),
    Column("complete", Boolean(create_constraint=False), nullable=False),
    Column("arr", ExactDecimal),
    Column("tcv", ExactDecimal),
    Column("request", Text, nullable=False),
    Column("priced", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("type", Text, nullable=False, server_default="new"),
    PrimaryKeyConstraint("tenant_id", "id"),
    ForeignKeyConstraint(["tenant_id", "account_id"], ["account.tenant_id", "account.id"]),
    ForeignKeyConstraint(["tenant_id", "rulebook_hash"], ["rulebook_version.tenant_id", "rulebook_version.hash"]),
    Index(None, "tenant_id", "created_at", "id"),
    Index(None, "tenant_id", "account_id", "created_at", "id"),
    Index(None, "tenant_id", "state", "created_at", "id"),
    Index(None, "tenant_id", "type", "created_at", "id"),
)

# What a quote does to retention, worked out when it was priced or asked again (N10).
quote_effect = Table(
    "quote_effect",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("effect", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "quote_id"),
    ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),
)

# Append-only by trigger: what was known of a contract on any day stays readable (P31).
contract_version = Table(
    "contract_version",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("effective_date", Date, nullable=False),
    Column("booked_at", UtcInstant, nullable=False),
    Column("booked_by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quote_id", Text),
    Column("currency", Text, nullable=False),
    Column("arr", ExactDecimal, nullable=False),
    Column("term_start", Date, nullable=False),
    Column("term_end", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("converts_on", Date),
    PrimaryKeyConstraint("tenant_id", "contract_id", "version"),
    ForeignKeyConstraint(["tenant_id", "account_id"], ["account.tenant_id", "account.id"]),
    ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),
    UniqueConstraint("tenant_id", "quote_id"),
    Index(None, "tenant_id", "account_id", "contract_id", "version"),
    Index(None, "tenant_id", "converts_on"),
)

# Append-only by trigger: what was done with a quote, and to which content of it.
quote_step = Table(
    "quote_step",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("level", Text),
    Column("comment", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "quote_id", "number"),
    ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),
)

# Append-only by trigger: what presented quotes will book, for the content they were presented with.
presented_booking = Table(
    "presented_booking",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("booking", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "quote_id"),
    ForeignKeyConstraint(["tenant_id", "quote_id"], ["quote.tenant_id", "quote.id"]),
)

# Append-only by trigger: the ledger that retention is read from.
arr_movement = Table(
    "arr_movement",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("contract_id", Text, nullable=False),
    Column("contract_version", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("quote_id", Text),
    Column("day", Date, nullable=False),
    Column("booked_at", UtcInstant, nullable=False),
    Column("line", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("driver", Text),
    Column("cause", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", ExactDecimal, nullable=False),
    Column("tier", Text),
    Column("term_months", Integer),
    Column("discount", ExactDecimal),
    PrimaryKeyConstraint("tenant_id", "contract_id", "contract_version", "number"),
    ForeignKeyConstraint(
        ["tenant_id", "contract_id", "contract_version"],
        ["contract_version.tenant_id", "contract_version.contract_id", "contract_version.version"],
    ),
    Index(None, "tenant_id", "account_id", "day"),
)

# One row per tenant: whoever appends to its journal holds it, so that numbers have no gaps and chains do not fork.
journal_head = Table(
    "journal_head",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id"),
)

# Append-only by trigger, and chained: what happened, by whom; the events others read are these too.
journal = Table(
    "journal",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "number"),
    UniqueConstraint("tenant_id", "id"),
    Index(None, "tenant_id", "subject", "number"),
)

# What a request with an Idempotency-Key was answered; kept for some days.
kept_answer = Table(
    "kept_answer",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "key"),
    Index(None, "tenant_id", "created_at"),
)
