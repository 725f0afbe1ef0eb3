"""Keep what quotes do to retention beside them: worked out when they are priced, and anew when replayed (N10)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from structlog.typing import FilteringBoundLogger

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.retention.quote_effect import QuoteEffect
from pricing_engine.storage import quote_effects, quotes
from pricing_engine.storage.rulebooks import NoRulebookInForce
from pricing_engine.usecases.current_ledger import current_ledger
from pricing_engine.usecases.read_quote_effect import read_quote_effect

LOOK_SECONDS: Final = 1.0
AT_ONCE: Final = 5
"""How many effects are worked out each time it is looked: no caller waits for them, and they leave the others room."""


def kept_effect(desk: Desk, *, quote_id: str) -> QuoteEffect:
    """The effect that is kept of the quote as it is, or else what it is now, which is kept then.

    Raises: as `read_quote_effect`.
    """
    with desk.reading() as session:
        content_hash = quotes.content_hash(session, quote_id)
        found = quote_effects.find(session, quote_id, content_hash=content_hash)
    if found is None or quote_id in desk.unvalued:  # one that was replayed a moment ago
        found = read_quote_effect(desk, quote_id=quote_id)
        _keep(desk, [(content_hash, found)])
    return found


def read_ledger(desk: Desk) -> bool:
    """Whether there are rules to read the ledger by; then it is kept."""
    with desk.reading_still() as session:
        try:
            rulebook = desk.rulebook_in_force(session, desk.today())
        except NoRulebookInForce:
            return False
        current_ledger(desk, session, rulebook)
    return True


def keep_effects(desk: Desk, *, at_most: int = AT_ONCE) -> tuple[int, int]:
    """Works out the effects of quotes that were priced or replayed since: how many were kept, and how many have none.

    A quote without a price, or in a currency without a rate, has none.
    """
    found: list[tuple[str, QuoteEffect]] = []
    without = 0
    while desk.unvalued and len(found) + without < at_most:
        quote_id = desk.unvalued.popleft()
        try:
            with desk.reading() as session:
                content_hash = quotes.content_hash(session, quote_id)
            found.append((content_hash, read_quote_effect(desk, quote_id=quote_id)))
        except DomainError:
            without += 1
    _keep(desk, found)
    return len(found), without


def _keep(desk: Desk, found: Sequence[tuple[str, QuoteEffect]]) -> None:
    """Keeps effects, each beside what stands for the content of its quote, in place of what was kept before."""
    if not found:
        return
    with desk.transaction() as session:
        for content_hash, effect in found:
            # One that was priced again meanwhile has asked for its own.
            if quotes.content_hash(session, effect.quote_id) == content_hash:
                quote_effects.save(session, effect, content_hash=content_hash)


async def _wait() -> None:
    await asyncio.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class EffectKeeper:
    """What a process keeps effects with, beside its requests."""

    desk: Desk
    log: FilteringBoundLogger
    wait: Callable[[], Awaitable[None]] = _wait

    async def run(self) -> None:
        """Reads the ledger, so that nobody waits for it, and keeps effects until it is cancelled.

        What is left then is worked out when somebody asks for it.
        """
        work: Callable[[Desk], object] = read_ledger
        while True:
            try:
                await self.desk.run_apart(work, self.desk)
            except Exception:  # a database that is away now is back later
                self.log.exception("effects cannot be kept")
            work = keep_effects
            await self.wait()
