"""The benchmarks measure what they say, and can be run; how fast anything is belongs in no test."""

import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.acceptances import ACTOR, LINES, offered
from benchmarks.amend_race import prepare_changes
from benchmarks.bare_acceptance import WRITTEN, bare_acceptances
from benchmarks.catalogue import DIGITS, rule_files
from benchmarks.contenders import check_same_total, engine_of, floor_of
from benchmarks.databases import desk_with_rules
from benchmarks.offer_race import prepare_offers
from benchmarks.readings import Reading, Target
from pricing_engine.rulebook.load import check_rulebook
from pricing_engine.usecases.accept_quote import accept_quote


def test_the_floor_prices_five_lines_to_the_cent_as_the_engine_does() -> None:
    # Per month 30 × 20 = 600; 50 × 20 + 70 × 17 = 2,190; 1,425; 4,450; 3,210; together 11,875, a year 142,500.
    # × 0.90 × 0.95 × 0.88 = 107,217.00. 546 of 365 days: 8,103.66 + 29,578.35 + 19,246.19 + 60,102.12 + 43,354.57.
    assert check_same_total(5) == Decimal("160384.89")


def test_the_floor_keeps_as_many_steps_of_each_line_as_the_engine() -> None:
    lines, _, _ = floor_of(1)()
    ((_, floor_steps, _),) = lines
    (line,) = engine_of(1)().lines
    assert len(floor_steps) == len(line.segments[0].steps) + len(line.closing) == 6


def test_policies_that_should_not_apply_do_not() -> None:
    files = rule_files(10, policies_elsewhere=3, policies_failing=3)
    found = check_rulebook(files, currency_digits=DIGITS)
    assert found.faults == ()
    assert found.rulebook is not None
    assert len(found.rulebook.discounts) == 9


def test_the_runner_measures_one_workload_and_writes_what_it_read(tmp_path: Path) -> None:
    file = tmp_path / "readings.json"
    (reading,) = main(["quote-5", "--short", "--json", str(file)])
    assert reading.engine > 0
    assert reading.floor is not None
    (written,) = json.loads(file.read_text())["readings"]
    assert written["workload"] == "quote-5"
    assert written["ratio"] == pytest.approx(reading.engine / reading.floor)


def test_a_change_over_http_is_asked_for_another_account_than_the_sale_of_as_many_lines(tmp_path: Path) -> None:
    # That each change is priced as an amendment of so many lines is checked where they are prepared.
    bodies = prepare_changes(f"sqlite:///{tmp_path}/bench.db", tmp_path)
    for lines in (5, 100):
        sale, change = (json.loads(bodies[lines][which].read_text()) for which in ("sale", "change"))
        assert sale["account_id"] != change["account_id"]
        assert (len(sale["changes"]), len(change["changes"])) == (lines, 1)


def test_offers_over_http_are_of_the_accounts_that_previews_are_for(tmp_path: Path) -> None:
    # That there are offers to change a contract is checked where they are prepared.
    names, bodies, offered = prepare_offers(f"sqlite:///{tmp_path}/bench.db", tmp_path, 20)
    accounts = names.read_text().splitlines()
    assert sorted(accounts) == [f"acc_{number}" for number in range(10, 20)]
    assert [json.loads(body)["account_id"] for body in bodies.read_text().splitlines()] == accounts
    assert offered > 1


def test_a_bare_acceptance_writes_the_rows_that_the_engine_writes_in_as_many_bytes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bench.db"
    with desk_with_rules(url, LINES) as desk:
        accounts = offered(desk, 2)
        ours, bare = accounts
        accept_quote(desk, quote_id=ours, actor=ACTOR)
        with bare_acceptances(url, like=ours, accounts=accounts) as floor:
            floor.accept(bare)
            with closing(sqlite3.connect(tmp_path / "bench.db")) as database:
                for table, column in WRITTEN.items():
                    rows = [
                        database.execute(
                            f"SELECT * FROM {table} WHERE {column} = ? ORDER BY rowid", (quote,)
                        ).fetchall()
                        for quote in (ours, bare)
                    ]
                    mine, theirs = ([len(repr(row)) for row in found] for found in rows)
                    assert mine == theirs, table
                assert database.execute("SELECT count(*) FROM quote WHERE state = 'accepted'").fetchone() == (2,)
                assert database.execute("SELECT number FROM journal_head").fetchone() == (4,)


def test_a_target_that_is_missed_is_said_to_be_missed() -> None:
    slow = Reading("quote-5", "µs", engine=90, floor=10, target=Target(8))
    assert (slow.ratio, slow.is_met) == (9, False)
    rate = Reading("http", "req/s", engine=60, floor=100, target=Target(0.5, at_least=True))
    assert rate.is_met is True
    assert Reading("expressions", "µs", engine=1, floor=1).is_met is None
