"""Imported months against the ledger and against contracts, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import text

from pricing_engine.desk import Desk
from pricing_engine.imports.claims.read_mapping import read_reconciliation
from pricing_engine.retention.reconciliation import Reconciliation
from pricing_engine.usecases.reconcile_histories import reconcile_histories
from pricing_engine.usecases.reconcile_tables import reconcile_tables
from tests.rulebooks import D
from tests.storage.retained_book import agree, crm, on_day
from tests.storage.test_import_history import HEADER, ROWS, account_of, load, ready

__all__ = ["ready"]


def found(result: Reconciliation) -> dict[str, tuple[int, int, object]]:
    return {each.check: (each.tested, each.found, each.at_stake) for each in result.compared if each.tested}


def test_every_month_that_was_imported_is_in_the_ledger_to_the_cent(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS, "odd,USD,smb,33.333333,0.004,0.005,,,12.345")
    result = reconcile_histories(ready, on=date(2026, 6, 30))
    assert result.contradictions == []
    assert found(result)["ledger-differs"] == (22, 0, 0)  # 6 + 4 + 6 + 6 months
    told = [
        (f"{each.month:%m}", each.currency, each.customers, each.imported, each.in_ledger) for each in result.months
    ]
    assert told[:4] == [
        ("01", "EUR", 1, 960, 960),
        ("01", "USD", 2, D("6400.00"), D("6400.00")),
        ("02", "EUR", 1, 960, 960),
        ("02", "USD", 2, D("6000.05"), D("6000.05")),  # 12 × 0.004 is 0.048
    ]
    assert all(each.imported == each.in_ledger for each in result.months)
    assert len(reconcile_histories(ready, on=date(2026, 2, 1)).months) == 4


def test_a_table_that_goes_on_beside_contracts_is_held_to_them(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    agree(ready, account_of(ready, "stays"), date(2026, 6, 15), crm(12), term_months=24)  # 600.00 a month
    header = HEADER.replace("2026-06", "2026-07,2026-08,2026-09").replace(
        "2026-01,2026-02,2026-03,2026-04,2026-05,", ""
    )
    autumn = on_day(ready, date(2026, 10, 1))
    load(autumn, tmp_path, "stays,USD,smb,600.00,600,610", "leaves,EUR,smb,0,0,0", header=header)
    result = reconcile_histories(autumn, on=date(2026, 9, 30))
    assert found(result) == {
        "ledger-differs": (19, 0, 0),
        "contracts-differ": (3, 1, D("120.00")),
        "left-out-since": (2, 1, D("1800.00")),  # who grows is in no table since June
    }
    differs, left_out = sorted(result.contradictions, key=lambda each: each.check)
    assert differs.what == "2026-09: the table comes to 7320.00 USD a year, the ledger to 7200.00"
    assert (differs.file, differs.line) == ("mrr.csv", 2)
    assert left_out.what == (
        "the last month imported is 2026-06, tables go on to 2026-09; its 1800.00 USD a year are still counted"
    )
    september = result.months[-1]
    assert (september.imported, september.in_ledger) == (7320, 7200)


def test_what_is_at_stake_is_in_the_reporting_currency_and_counts_each_account_once(
    ready: Desk, tmp_path: Path
) -> None:
    load(ready, tmp_path, *ROWS)
    with ready.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER tr_history_movement_update"))
        else:
            connection.execute(text("ALTER TABLE history_movement DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE history_movement SET amount = '970.00' WHERE amount = '960.00'"))
    result = reconcile_histories(ready, on=date(2026, 6, 30))
    # 10.00 EUR more in each of three months, and 10.00 that stay; at 1.10.
    assert found(result)["ledger-differs"] == (16, 6, D("11.00"))


def test_without_histories_there_is_nothing_to_compare(ready: Desk) -> None:
    result = reconcile_histories(ready, on=date(2026, 6, 30))
    assert (result.months, result.contradictions, found(result)) == ([], [], {})


def test_a_check_may_be_called_as_what_keeps_a_table_from_being_read(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    written = (
        "kind: reconciliation_mapping\n"
        "tables: {flags: {account: who, checks: "
        "[{id: table, that: account_arr > 0}, {id: header, that: account_began}]}}\n"
    )
    mapping, faults = read_reconciliation("flags.yaml", written.encode())
    assert mapping is not None, faults
    flags = tmp_path / "flags.csv"
    flags.write_text("who\nstays\n", encoding="utf-8")
    result = reconcile_tables(ready, mapping, {"flags": flags}, on=date(2026, 6, 30))
    assert (result.unread, result.contradictions) == ([], [])
    for torn in ("whose\nstays\n", 'who\n"stays\n'):
        flags.write_text(torn, encoding="utf-8")
        assert reconcile_tables(ready, mapping, {"flags": flags}, on=date(2026, 6, 30)).unread == ["flags"]
