"""The outside world a use case may touch: the database, the day, new ids and rulebooks, for one tenant."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from time import time_ns
from typing import ParamSpec, TypeVar

from pricing_engine.rulebook.load import load_published
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.settings import Environment, Settings
from pricing_engine.storage import rulebooks
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.database import Database, open_database
from pricing_engine.storage.dispatch import Dispatch, open_dispatch
from pricing_engine.storage.kept_ledgers import KeptLedgers
from pricing_engine.storage.kept_models import KeptModels
from pricing_engine.storage.sealing import SealingKey, Seals
from pricing_engine.storage.session import Session

P = ParamSpec("P")
Result = TypeVar("Result")

COMPILED_KEPT = 32
UNVALUED_KEPT = 10_000
"""Of how many quotes the effect is still to be worked out at most; that of older ones is when somebody asks."""


@dataclass(frozen=True, slots=True)
class CompiledRulebooks:
    """Compiled versions by tenant and hash; each is compiled once, and those compiled longest ago make room."""

    kept: dict[tuple[str, str], Rulebook] = field(default_factory=dict)
    compiling: threading.Lock = field(default_factory=threading.Lock)

    def get(self, session: Session, hash: str) -> Rulebook:
        """The version with this hash, compiled from the bytes that were published.

        Raises: RulebookNotFound.
        """
        key = session.tenant, hash
        rulebook = self.kept.get(key)
        return self._compiled_once(session, key) if rulebook is None else rulebook

    def _compiled_once(self, session: Session, key: tuple[str, str]) -> Rulebook:
        stored = rulebooks.load_version(session, key[1])  # before the lock, which an event loop must not wait for
        with self.compiling:
            rulebook = self.kept.get(key)
            if rulebook is None:
                rulebook = _compile(stored)
                if len(self.kept) >= COMPILED_KEPT:
                    del self.kept[next(iter(self.kept))]
                self.kept[key] = rulebook
        return rulebook


@dataclass(frozen=True, slots=True)
class Desk:
    """What a use case works with. Tests give a fixed day and a real database.

    `unvalued` are quotes whose effect on retention is still to be worked out.
    """

    database: Database
    dispatch: Dispatch
    tenant: str
    now: Callable[[], datetime]
    new_id: Callable[[str], str]
    currency_digits: Mapping[str, int]
    seals: Seals = field(default_factory=Seals)
    compiled: CompiledRulebooks = field(default_factory=CompiledRulebooks)
    ledgers: KeptLedgers = field(default_factory=KeptLedgers)
    models: KeptModels = field(default_factory=KeptModels)
    unvalued: deque[str] = field(default_factory=lambda: deque(maxlen=UNVALUED_KEPT))

    def today(self) -> date:
        """The day it is in UTC, by this desk's clock."""
        return self.now().astimezone(UTC).date()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose writes are all kept, or none of them when an error leaves the block."""
        with self.database.transaction() as connection:
            yield Session(connection, self.tenant, self.seals)

    @contextmanager
    def autocommit(self) -> Iterator[Session]:
        """A session whose every statement is a transaction: for a use case that writes once, at its end.

        Under READ COMMITTED what was read before may change meanwhile in either kind of transaction; this kind saves a
        PostgreSQL two trips, and keeps nobody waiting for SQLite's lock while a quote is priced.
        """
        with self.database.statements() as connection:
            yield Session(connection, self.tenant, self.seals)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with."""
        with self.database.snapshot() as connection:
            yield Session(connection, self.tenant, self.seals)

    @contextmanager
    def reading_still(self) -> Iterator[Session]:
        """A session to read much with, all of it as it was at the first statement."""
        with self.database.still() as connection:
            yield Session(connection, self.tenant, self.seals)

    def rulebook_in_force(self, session: Session, as_of: date) -> Rulebook:
        """The compiled rulebook in force at the end of a day, in UTC.

        Raises: NoRulebookInForce.
        Source: P17a.
        """
        return self.rulebook(session, rulebooks.hash_in_force(session, as_of))

    def rulebook(self, session: Session, hash: str) -> Rulebook:
        """The compiled rulebook of a published version.

        Raises: RulebookNotFound.
        """
        return self.compiled.get(session, hash)

    def run(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Awaitable[Result]:
        """What a use case returns or raises, awaited from an event loop without stalling it."""
        return self.dispatch.run(function, *args, **kwargs)

    def run_apart(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Awaitable[Result]:
        """The same of a use case that reads for long: on either database in a thread, one after the other."""
        return self.dispatch.run_apart(function, *args, **kwargs)

    def for_tenant(self, tenant: str) -> Desk:
        """The same desk for another tenant's rows."""
        return replace(self, tenant=tenant)

    def close(self) -> None:
        """Finishes what is running and closes every connection."""
        self.dispatch.close()
        self.database.close()


def open_desk(settings: Settings) -> Desk:
    """The desk of a process, with the real clock. Its database is not migrated here; close it at the end."""
    database = open_database(settings.database_url, pool_size=settings.database_pool_size)
    return Desk(
        database=database,
        dispatch=open_dispatch(database),
        tenant=settings.tenant,
        now=utc_now,
        new_id=new_id,
        currency_digits=currency_digits(),
        seals=_seals(settings),
    )


def _seals(settings: Settings) -> Seals:
    """What secrets are sealed with; in production none may stand open."""
    keys = tuple(map(SealingKey.of, settings.sealing_keys))
    return Seals(keys, must_seal=settings.environment is Environment.PRODUCTION)


def utc_now() -> datetime:
    """The instant it is."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """`quo_0198…`: the milliseconds since 1970 and 80 random bits, in hexadecimal, so that ids sort by age."""
    return f"{prefix}_{time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"


def _compile(stored: rulebooks.StoredRulebook) -> Rulebook:
    rulebook = load_published(stored.files, currency_digits=stored.currency_digits)
    # A later engine may write the canonical form differently; the version keeps the name quotes pin it by.
    return replace(rulebook, hash=stored.summary.hash)
