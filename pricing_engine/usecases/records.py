"""What use cases answer with, for the doors, which must not reach into storage."""

from __future__ import annotations

from pricing_engine.storage.accounts import StoredAccount
from pricing_engine.storage.bookings import Booking
from pricing_engine.storage.contracts import StoredContract
from pricing_engine.storage.pages import Page
from pricing_engine.storage.quotes import QuoteSummary, StoredQuote
from pricing_engine.storage.rulebooks import Activation, RulebookSummary, StoredRulebook

__all__ = [
    "Activation",
    "Booking",
    "Page",
    "QuoteSummary",
    "RulebookSummary",
    "StoredAccount",
    "StoredContract",
    "StoredQuote",
    "StoredRulebook",
]
