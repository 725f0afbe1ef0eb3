"""What use cases answer with, for the doors, which must not reach into storage."""

from __future__ import annotations

from pricing_engine.storage.accounts import StoredAccount
from pricing_engine.storage.bookings import Booking
from pricing_engine.storage.contracts import StoredContract
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.journal_chain import Verified
from pricing_engine.storage.pages import Page
from pricing_engine.storage.quote_lists import QuoteSummary
from pricing_engine.storage.quote_steps import QuoteStep
from pricing_engine.storage.quotes import StoredQuote
from pricing_engine.storage.rulebooks import Activation, RulebookSummary, StoredRulebook
from pricing_engine.storage.scoring_models import Promotion, StoredModel
from pricing_engine.storage.sealing import SealState
from pricing_engine.storage.usage import StoredReading
from pricing_engine.storage.webhook_deliveries import Attempt
from pricing_engine.storage.webhook_endpoints import Endpoint

__all__ = [
    "Activation",
    "Attempt",
    "Booking",
    "Endpoint",
    "Entry",
    "Page",
    "Promotion",
    "QuoteStep",
    "QuoteSummary",
    "RulebookSummary",
    "SealState",
    "StoredAccount",
    "StoredContract",
    "StoredModel",
    "StoredQuote",
    "StoredReading",
    "StoredRulebook",
    "Verified",
]
