"""Rulebook versions never change, and activations decide which one counts at the end of a day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from pricing_engine.storage import rulebooks, tables
from pricing_engine.storage.database import Database
from pricing_engine.storage.rulebooks import NoRulebookInForce, RulebookNotFound, pack_files, unpack_files
from pricing_engine.storage.session import Session
from tests.builders import HASH, NOON, a_version, an_activation, reading, writing

OLD, NEW = "a" * 64, "b" * 64
LAST_MICROSECOND = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)


def publish(session: Session, *hashes: str) -> None:
    for hash_ in hashes:
        rulebooks.save_version(session, a_version(hash_))


def test_a_version_comes_back_byte_by_byte(database: Database) -> None:
    version = a_version()
    with writing(database) as session:
        assert rulebooks.save_version(session, version)
    with reading(database) as session:
        assert rulebooks.load_version(session, HASH) == version


def test_publishing_the_same_hash_again_keeps_the_first_author(database: Database) -> None:
    with writing(database) as session:
        rulebooks.save_version(session, a_version(author="ada"))
        assert not rulebooks.save_version(session, a_version(author="bob"))
        assert rulebooks.load_version(session, HASH).summary.author == "ada"


@pytest.mark.parametrize("table", [tables.rulebook_version, tables.rulebook_activation], ids=lambda table: table.name)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_versions_and_activations_cannot_be_changed(database: Database, table: object, verb: str) -> None:
    with writing(database) as session:
        publish(session, HASH)
        rulebooks.activate(session, an_activation("act_1"))
    target = tables.metadata.tables[str(table)]
    changed_column = "author" if "author" in target.c else "reason"
    statement = update(target).values({changed_column: "mallory"}) if verb == "update" else delete(target)
    with pytest.raises(DatabaseError, match="never changed"), writing(database) as session:
        session.connection.execute(statement)
    with reading(database) as session:
        assert session.connection.scalar(select(target.c[changed_column])) in {"ada", "new prices"}


def test_an_activation_on_the_last_microsecond_of_a_day_counts_on_that_day(database: Database) -> None:
    with writing(database) as session:
        publish(session, OLD, NEW)
        rulebooks.activate(session, an_activation("act_1", hash=OLD))
        rulebooks.activate(session, an_activation("act_2", hash=NEW, from_instant=LAST_MICROSECOND))
        assert rulebooks.hash_in_force(session, date(2026, 2, 28)) == OLD
        assert rulebooks.hash_in_force(session, date(2026, 3, 1)) == NEW


def test_an_activation_at_midnight_counts_on_the_day_that_begins(database: Database) -> None:
    with writing(database) as session:
        publish(session, OLD, NEW)
        rulebooks.activate(session, an_activation("act_1", hash=OLD))
        midnight = LAST_MICROSECOND + timedelta(microseconds=1)
        rulebooks.activate(session, an_activation("act_2", hash=NEW, from_instant=midnight))
        assert rulebooks.hash_in_force(session, date(2026, 3, 1)) == OLD
        assert rulebooks.hash_in_force(session, date(2026, 3, 2)) == NEW


def test_the_day_of_an_activation_is_that_of_utc(database: Database) -> None:
    # 20:00 in New York on 1 March is 01:00 UTC on 2 March.
    evening = datetime(2026, 3, 1, 20, 0, tzinfo=timezone(timedelta(hours=-5)))
    with writing(database) as session:
        publish(session, OLD, NEW)
        rulebooks.activate(session, an_activation("act_1", hash=OLD))
        rulebooks.activate(session, an_activation("act_2", hash=NEW, from_instant=evening))
        assert rulebooks.hash_in_force(session, date(2026, 3, 1)) == OLD
        assert rulebooks.hash_in_force(session, date(2026, 3, 2)) == NEW


def test_rolling_back_is_a_new_activation(database: Database) -> None:
    with writing(database) as session:
        publish(session, OLD, NEW)
        for number, hash_ in enumerate((OLD, NEW, OLD)):
            at = NOON + timedelta(days=number)
            rulebooks.activate(session, an_activation(f"act_{number}", hash=hash_, from_instant=at, created_at=at))
        days = [date(2026, 1, 15), date(2026, 1, 16), date(2026, 1, 17), date(2030, 1, 1)]
        assert [rulebooks.hash_in_force(session, day) for day in days] == [OLD, NEW, OLD, OLD]
        assert [each.id for each in rulebooks.activations(session, OLD)] == ["act_0", "act_2"]


def test_of_two_activations_from_one_instant_the_one_made_last_counts(database: Database) -> None:
    with writing(database) as session:
        publish(session, OLD, NEW)
        later = NOON + timedelta(seconds=1)
        rulebooks.activate(session, an_activation("act_2", hash=OLD, created_at=NOON))
        rulebooks.activate(session, an_activation("act_1", hash=NEW, created_at=later))
        assert rulebooks.hash_in_force(session, NOON.date()) == NEW


def test_before_the_first_activation_nothing_is_in_force(database: Database) -> None:
    with writing(database) as session:
        publish(session, HASH)
        rulebooks.activate(session, an_activation("act_1"))
        with pytest.raises(NoRulebookInForce, match="2026-01-14"):
            rulebooks.hash_in_force(session, date(2026, 1, 14))


def test_the_last_day_of_the_calendar_has_an_end(database: Database) -> None:
    with writing(database) as session:
        publish(session, HASH)
        rulebooks.activate(session, an_activation("act_1"))
        assert rulebooks.hash_in_force(session, date.max) == HASH


def test_another_tenants_rulebook_is_neither_found_nor_in_force(database: Database) -> None:
    with writing(database) as session:
        publish(session, HASH)
        rulebooks.activate(session, an_activation("act_1"))
    with reading(database, "rival") as session:
        with pytest.raises(RulebookNotFound):
            rulebooks.load_version(session, HASH)
        with pytest.raises(NoRulebookInForce):
            rulebooks.hash_in_force(session, NOON.date())
        assert rulebooks.page(session, cursor=None, limit=9).items == ()


def test_a_version_that_is_not_published_cannot_be_activated(database: Database) -> None:
    with pytest.raises(IntegrityError), writing(database) as session:
        rulebooks.activate(session, an_activation("act_1"))


def test_versions_are_listed_newest_first(database: Database) -> None:
    with writing(database) as session:
        rulebooks.save_version(session, a_version(OLD))
        rulebooks.save_version(session, a_version(NEW, created_at=NOON + timedelta(days=1)))
        first = rulebooks.page(session, cursor=None, limit=1)
        second = rulebooks.page(session, cursor=first.next_cursor, limit=1)
    assert [item.hash for item in first.items + second.items] == [NEW, OLD]
    assert second.next_cursor is None


@given(st.dictionaries(st.text("abc/.-é", min_size=1, max_size=9), st.binary(max_size=50), max_size=5))
def test_packed_then_unpacked_is_equal_in_any_order(files: dict[str, bytes]) -> None:
    packed = pack_files(files)
    assert unpack_files(packed) == files
    assert pack_files(dict(reversed(files.items()))) == packed
