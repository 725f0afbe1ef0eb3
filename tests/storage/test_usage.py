"""Usage readings: each once, in any order, corrected and still readable, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from pricing_engine.desk import Desk
from pricing_engine.quoting.refusals import UnknownMetric
from pricing_engine.storage import tables, usage
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.usage import ReadingConflict
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.read_usage import read_usage
from pricing_engine.usecases.record_usage import Measured, ReadingsDisagree, UsageRecorded, record_usage
from tests.builders import NOON
from tests.rulebooks import D
from tests.storage.test_use_cases import open_for_business

MORNING = datetime(2026, 1, 10, 8, tzinfo=UTC)
EVENING = datetime(2026, 1, 10, 20, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def account(desk: Desk) -> str:
    return open_for_business(desk)


def a_reading(id: str, quantity: str = "10", at: datetime = MORNING, **more: object) -> Measured:
    return Measured(id, "users", at, D(quantity))._replace(**more)


def record(desk: Desk, account: str, *readings: Measured) -> UsageRecorded:
    return record_usage(desk, account_id=account, readings=readings, by="integration")


def latest(desk: Desk, account: str, *, on: date = TODAY) -> dict[str, object]:
    with desk.reading() as session:
        return dict(usage.latest(session, account, on=on))


def counted(desk: Desk, account: str) -> dict[str, bool]:
    """Whether each reading counts, by its id."""
    items = read_usage(desk, account_id=account, limit=200).items
    return {stored.reading.id: stored.counts for stored in items}


def test_what_is_recorded_is_read_again(desk: Desk, account: str) -> None:
    done = record(desk, account, a_reading("r1", "12.50"))
    assert (done.accepted, done.repeated) == (1, 0)
    (stored,) = read_usage(desk, account_id=account).items
    assert (stored.reading.quantity, stored.reading.measured_at, stored.reading.day) == (
        D("12.50"),
        MORNING,
        MORNING.date(),
    )
    assert (stored.counts, stored.received_by) == (True, "integration")
    assert latest(desk, account) == {"users": D("12.50")}


def test_an_account_that_was_never_measured_has_no_use(desk: Desk, account: str) -> None:
    assert latest(desk, account) == {}
    assert read_usage(desk, account_id=account).items == ()


def test_the_same_id_again_is_not_counted_twice(desk: Desk, account: str) -> None:
    record(desk, account, a_reading("r1"))
    done = record(desk, account, a_reading("r1"), a_reading("r2", at=EVENING), a_reading("r2", at=EVENING))
    assert (done.accepted, done.repeated) == (1, 2)
    assert counted(desk, account) == {"r2": True, "r1": False}


def test_an_id_with_other_content_is_refused_and_nothing_of_the_request_is_kept(desk: Desk, account: str) -> None:
    record(desk, account, a_reading("r1"))
    with pytest.raises(ReadingConflict, match="the reading r1 is 10 users at 2026-01-10 08:00:00 UTC") as refused:
        record(desk, account, a_reading("r2", at=EVENING), a_reading("r1", "11"))
    assert refused.value.pointer == "/readings/1/id"
    assert counted(desk, account) == {"r1": True}


def test_a_correction_replaces_what_it_corrects_and_both_stay_readable(desk: Desk, account: str) -> None:
    record(desk, account, a_reading("r1", "10"))
    record(desk, account, a_reading("r1-corrected", "12"))
    assert latest(desk, account) == {"users": D(12)}
    assert counted(desk, account) == {"r1": False, "r1-corrected": True}


def test_a_reading_that_comes_late_replaces_nothing_that_was_measured_after_it(desk: Desk, account: str) -> None:
    record(desk, account, a_reading("evening", "12", EVENING))
    record(desk, account, a_reading("morning", "10", MORNING), a_reading("days-ago", "5", MORNING - timedelta(days=3)))
    assert latest(desk, account) == {"users": D(12)}
    assert counted(desk, account) == {"evening": True, "morning": False, "days-ago": True}


def test_what_counted_on_a_day_is_what_was_measured_by_its_end(desk: Desk, account: str) -> None:
    record(desk, account, a_reading("r1", "10"), a_reading("r2", "20", MORNING + timedelta(days=1)))
    assert latest(desk, account, on=MORNING.date()) == {"users": D(10)}
    assert latest(desk, account, on=MORNING.date() - timedelta(days=1)) == {}


def test_a_metric_nobody_counts_is_refused_with_a_hint(desk: Desk, account: str) -> None:
    with pytest.raises(UnknownMetric) as refused:
        record(desk, account, a_reading("r1"), a_reading("r2", at=EVENING, metric="usrs"))
    assert (refused.value.pointer, refused.value.fix) == ("/readings/1/metric", "did you mean users?")


def test_readings_of_one_request_that_disagree_are_refused(desk: Desk, account: str) -> None:
    with pytest.raises(ReadingsDisagree) as one_id:
        record(desk, account, a_reading("r1", "10"), a_reading("r1", "11"))
    assert one_id.value.pointer == "/readings/1/id"
    with pytest.raises(ReadingsDisagree, match="nothing says which was recorded last"):
        record(desk, account, a_reading("r1", "10"), a_reading("r2", "11"))
    first, second = a_reading("r1", "10", recorded_at=MORNING), a_reading("r2", "11", recorded_at=EVENING)
    assert record(desk, account, second, first).accepted == 2
    assert latest(desk, account) == {"users": D(11)}


def test_an_account_of_nobody_or_of_another_tenant_has_no_usage(desk: Desk, account: str) -> None:
    with pytest.raises(AccountNotFound):
        record(desk, "acc_nobody", a_reading("r1"))
    with pytest.raises(AccountNotFound):
        read_usage(desk.for_tenant("rival"), account_id=account)


def test_readings_are_listed_in_pages_by_metric_and_days(desk: Desk, account: str) -> None:
    days = [MORNING - timedelta(days=back) for back in range(5)]
    record(desk, account, *[a_reading(f"r{back}", at=at) for back, at in enumerate(days)])
    record(desk, account, a_reading("other", metric="storage_gb"))
    only = {"metric": "users", "first": days[3].date(), "last": days[1].date()}
    page = read_usage(desk, account_id=account, limit=2, **only)
    assert [stored.reading.id for stored in page.items] == ["r1", "r2"]
    rest = read_usage(desk, account_id=account, limit=2, cursor=page.next_cursor, **only)
    assert ([stored.reading.id for stored in rest.items], rest.next_cursor) == (["r3"], None)


@pytest.mark.parametrize(
    "statement", [update(tables.usage_reading).values(quantity=D(1)), delete(tables.usage_reading)]
)
def test_a_row_is_never_changed_or_deleted(desk: Desk, account: str, statement: object) -> None:
    record(desk, account, a_reading("r1"))
    with pytest.raises(DBAPIError, match="never changed"), desk.transaction() as session:
        session.connection.execute(statement)  # type: ignore[call-overload]
    assert latest(desk, account) == {"users": D(10)}


_READINGS = st.lists(
    st.tuples(
        st.sampled_from(["users", "storage_gb"]),
        st.integers(0, 60),
        st.integers(0, 3),
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each[:3],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=_READINGS, data=st.data())
def test_the_order_of_arrival_does_not_matter(
    made: Sequence[tuple[str, int, int, int]], data: st.DataObject, desk: Desk, account: str
) -> None:
    """One by one in any order, some of them twice, what counts is what was measured last and recorded last."""
    account = create_account(desk, name="Any", currency="USD", attributes={}).account.id
    readings = [
        Measured(f"r{place}", metric, MORNING - timedelta(hours=hours), D(quantity), MORNING + timedelta(days=recorded))
        for place, (metric, hours, recorded, quantity) in enumerate(made)
    ]
    arrived = data.draw(st.permutations([*readings, *readings[:2]]))
    for reading in arrived:
        record(desk, account, reading)
    expected: dict[str, Measured] = {}
    of_day: dict[tuple[str, date], Measured] = {}
    for reading in sorted(readings, key=lambda each: (each.at, each.recorded_at or NOON, each.id)):
        expected[reading.metric] = of_day[reading.metric, reading.at.date()] = reading
    assert latest(desk, account) == {metric: reading.quantity for metric, reading in expected.items()}
    counting = {id_ for id_, counts in counted(desk, account).items() if counts}
    assert counting == {reading.id for reading in of_day.values()}


def test_two_readings_and_a_correction_come_out_alike_in_every_order(desk: Desk, account: str) -> None:
    readings = (
        a_reading("first", "10", recorded_at=MORNING),
        a_reading("corrected", "12", recorded_at=EVENING),
        a_reading("next-day", "15", MORNING + timedelta(days=1), recorded_at=MORNING + timedelta(days=1)),
    )
    for order in permutations(readings):
        other = create_account(desk, name="Any", currency="USD", attributes={}).account.id
        for reading in order:
            record(desk, other, reading)
        assert latest(desk, other) == {"users": D(15)}
        assert counted(desk, other) == {"next-day": True, "corrected": True, "first": False}
