"""Ledgers that a process keeps in memory, a tenant's each, and how far of the journal they know."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pricing_engine.retention.columns import Codes, Ints
from pricing_engine.retention.rates import Rates, Window
from pricing_engine.retention.told import Ledger
from pricing_engine.storage.ledger import LedgerAccount


class KeptLedger(NamedTuple):
    """A ledger with what is in the journal up to an entry (number and hash), and terms that ended by a day.

    `accounts` are those that have moved, by id.

    `product_lines` are the lines of products that are none of their own. `rates` are those that were worked out of it,
    by window, rulebook and what the book was told apart by, `values` what accounts were told apart by, with the value
    that each has by its number.
    """

    ledger: Ledger
    journal: tuple[int, str]
    day: date
    product_lines: Mapping[str, str]
    accounts: Mapping[str, LedgerAccount]
    rates: dict[tuple[Window, str, str | None], Mapping[str, Rates]]
    values: dict[str, tuple[Codes, Ints]]


@dataclass(frozen=True, slots=True)
class KeptLedgers:
    """The ledgers by tenant; whoever brings one up to date holds the lock."""

    by_tenant: dict[str, KeptLedger] = field(default_factory=dict)
    renewing: threading.Lock = field(default_factory=threading.Lock)
