"""A connection in a transaction, for one tenant: what every query of this package is given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Session:
    """Where to read and write, and whose rows: no query sees another tenant's."""

    connection: Connection
    tenant: str
