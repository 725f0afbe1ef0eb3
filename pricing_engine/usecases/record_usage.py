"""Record what an account was measured to use: each reading once, in whatever order readings come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.refusals import UnknownMetric
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.storage import accounts, usage
from pricing_engine.storage.usage import Reading
from pricing_engine.usecases.once import Once, keep_answer


class ReadingsDisagree(DomainError):
    """Two readings of one request are about the same, and nothing says which of them counts."""

    code = "readings-disagree"


class Measured(NamedTuple):
    """A reading as it is sent; `recorded_at` None: when it arrives."""

    id: str
    metric: str
    at: datetime
    quantity: Decimal
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsageRecorded:
    """How many readings are new, and how many had come before."""

    account_id: str
    accepted: int
    repeated: int


def record_usage(
    desk: Desk,
    *,
    account_id: str,
    readings: Sequence[Measured],
    by: str,
    once: Once[UsageRecorded] | None = None,
) -> UsageRecorded:
    """What was recorded: all of it, or nothing.

    Raises: AccountNotFound; NoRulebookInForce; UnknownMetric; ReadingsDisagree; ReadingConflict.
    """
    now = desk.now()
    with desk.transaction() as session:
        accounts.load(session, account_id)
        _check_metrics(readings, desk.rulebook_in_force(session, desk.today()))
        sent = _each_once(readings, now)
        accepted = usage.save_all(session, account_id, sent, at=now, by=by)
        done = UsageRecorded(account_id, accepted, len(readings) - accepted)
        keep_answer(desk, session, once, done)
        return done


def _check_metrics(readings: Sequence[Measured], rulebook: Rulebook) -> None:
    for place, reading in enumerate(readings):
        if reading.metric not in rulebook.metrics:
            raise UnknownMetric(
                f"nothing is counted by the name {reading.metric}",
                fix=did_you_mean(reading.metric, rulebook.metrics),
                pointer=f"/readings/{place}/metric",
            )


def _each_once(readings: Sequence[Measured], now: datetime) -> tuple[Reading, ...]:
    """The readings without those that are there twice.

    Raises: ReadingsDisagree.
    """
    by_id: dict[str, Measured] = {}
    by_place: dict[tuple[str, datetime, datetime | None], str] = {}
    for place, reading in enumerate(readings):
        if by_id.setdefault(reading.id, reading) != reading:
            raise ReadingsDisagree(
                f"two readings with the id {reading.id} say different things",
                fix="give each reading an id of its own",
                pointer=f"/readings/{place}/id",
            )
        same = reading.metric, reading.at, reading.recorded_at
        if by_place.setdefault(same, reading.id) != reading.id:
            raise ReadingsDisagree(
                f"two readings of {reading.metric} are of one instant, and nothing says which was recorded last",
                fix="leave one out, or give recorded_at with both",
                pointer=f"/readings/{place}",
            )
    return tuple(
        [Reading(each.id, each.metric, each.at, each.quantity, each.recorded_at or now) for each in by_id.values()]
    )
