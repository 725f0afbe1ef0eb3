"""A connection in a transaction, for one tenant: what every query of this package is given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from pricing_engine.storage.sealing import Seals

_NO_KEYS = Seals(must_seal=True)
"""Whoever makes a session without saying what to seal with keeps no secret by it."""


@dataclass(frozen=True, slots=True)
class Session:
    """Where to read and write, and whose rows: no query sees another tenant's; and what secrets are sealed with."""

    connection: Connection
    tenant: str
    seals: Seals = _NO_KEYS
