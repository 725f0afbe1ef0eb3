"""A book imported into a real database: each account whole or not at all, and a second import changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.book.read_mapping import read_book_mapping
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.retention.movements import Cause
from pricing_engine.storage import accounts, bookings, contracts, ledger, tables
from pricing_engine.storage.contract_owners import owners_of
from pricing_engine.usecases import import_book as use_case
from pricing_engine.usecases.book_report import BookReport
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.import_book import BookFiles, import_book
from pricing_engine.usecases.import_problems import MOST_KEPT
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.read_contract import read_contract
from pricing_engine.usecases.verify_ledger import LedgerVerified, verify_ledger
from tests.builders import NOON
from tests.rulebooks import D
from tests.unit.imports.books import COLUMNS, MAPPING, a_row, mapping
from tests.unit.rulebook.small_rules import small_rules

DESCRIBED = f"""{MAPPING}accounts:
  id: {{column: id}}
  name: {{column: name}}
  currency: {{column: currency}}
  market: {{column: country}}
  attributes:
    segment: {{column: size, values: {{S: smb, M: mid_market}}}}
    prepaid: prepaid
    rating: rating
"""
ACCOUNTS = """\
id,name,currency,country,size,prepaid,rating
A-1,Åsa & Søn,USD,US,S,yes,93%
A-2,Bluefin,EUR,DE,M,no,
A-3,Cobalt,USD,,,,
"""
IN_BOOK = f"{MAPPING}accounts: {{id: account, name: who, currency: {{constant: USD}}}}\n"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with the small rules in force."""
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="the first prices")
    return desk


def a_book(folder: Path, *rows: str, columns: str = COLUMNS) -> Path:
    """A file of rows."""
    path = folder / "book.csv"
    path.write_text("\n".join((columns, *rows)) + "\n", encoding="utf-8")
    return path


def load(desk: Desk, book: Path, text: str = DESCRIBED, described: str | None = ACCOUNTS, **more: Any) -> BookReport:
    """The report of an import."""
    path = book.with_name("accounts.csv") if described is not None else None
    if path is not None and described is not None:
        path.write_text(described, encoding="utf-8")
    return import_book(desk, BookFiles(book, mapping(text), path), by="ada", **more)


def stored(desk: Desk) -> Mapping[str, int]:
    """How many rows there are."""
    with desk.reading() as session:
        return {
            table.name: session.connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (tables.account, tables.contract_version)
        }


def held(desk: Desk, external_id: str) -> tuple[Contract, ...]:
    """The contracts of an account."""
    with desk.reading() as session:
        account = accounts.of_external_ids(session, [external_id])[external_id]
        return tuple(each.contract for each in contracts.of_account(session, account.id, on=date(2030, 1, 1)))


def test_accounts_and_contracts_are_stored_as_the_files_say(ready: Desk, tmp_path: Path) -> None:
    book = a_book(tmp_path, a_row(), a_row(account="A-2", contract="C-2", net="300"), a_row(product="analytics"))
    report = load(ready, book)
    assert (report.accounts_made, report.contracts_made, report.lines_made, report.is_whole) == (2, 2, 3, True)
    with ready.reading() as session:
        made = accounts.of_external_ids(session, ["A-1", "A-2", "A-3"])
    assert sorted(made) == ["A-1", "A-2"]  # nobody asked for an account without a contract
    assert (made["A-1"].name, made["A-1"].currency, made["A-1"].market) == ("Åsa & Søn", "USD", "US")
    assert made["A-1"].attributes == {"segment": "smb", "prepaid": True, "rating": Decimal("0.93")}
    assert made["A-2"].attributes == {"segment": "mid_market", "prepaid": False}
    (contract,) = held(ready, "A-1")
    assert [line.key for line in contract.lines] == ["crm.seats", "analytics.seats"]
    (other,) = held(ready, "A-2")
    assert (other.currency.code, other.price_book) == ("EUR", "eur")
    # 2 × 400.00 a month in USD, 300.00 in EUR.
    assert report.arr == {"EUR": Decimal("3600.00"), "USD": Decimal("9600.00")}


def test_what_was_bought_within_a_term_is_in_the_ledger_from_its_own_day_on(ready: Desk, tmp_path: Path) -> None:
    later = a_row(product="analytics", start="2026-03-01", net="200.00"), a_row(start="2026-04-01", net="100.00")
    before = a_row(contract="C-2", start="2024-01-01", end="", months="12")
    meanwhile = a_row(contract="C-2", start="2024-05-01", end="", months="12", product="analytics")
    load(ready, a_book(tmp_path, a_row(), *later, before, meanwhile))
    assert verify_ledger(ready) == LedgerVerified(3, None)
    with ready.reading_still() as session:
        (account,) = ledger.accounts(session)
        known = ledger.entries(session, account, {}, by=date(2026, 12, 31))
        told = [(each.day, each.cause, each.amount) for each in known]
    # 10 × … a month: 400.00 from the first day on, 200.00 and 100.00 later; and 400.00 twice since 2024.
    assert sorted(told) == [
        (date(2024, 1, 1), Cause.NEW_BUSINESS, D("4800.00")),
        (date(2024, 5, 1), Cause.CROSS_SELL, D("4800.00")),
        (date(2026, 1, 1), Cause.NEW_BUSINESS, D("4800.00")),
        (date(2026, 3, 1), Cause.CROSS_SELL, D("2400.00")),
        (date(2026, 4, 1), Cause.VOLUME, D("1200.00")),
    ]


def test_a_row_of_bytes_that_are_no_text_is_bad_and_keeps_no_other_out(ready: Desk, tmp_path: Path) -> None:
    book = a_book(tmp_path, a_row(), a_row(account="A-9"))
    book.write_bytes(book.read_bytes().replace(b"A-9", b"A-\xff"))
    report = load(ready, book)
    assert (report.contracts_made, report.rows_without_account, report.by_code) == (1, 1, {"encoding": 1})


def test_a_second_import_changes_nothing_and_says_what_is_there(ready: Desk, tmp_path: Path) -> None:
    book = a_book(tmp_path, a_row(), a_row(account="A-2", contract="C-2"))
    load(ready, book)
    before = stored(ready)
    report = load(ready, book)
    assert (report.contracts_made, report.contracts_there, report.accounts_there, report.is_whole) == (0, 2, 2, True)
    assert stored(ready) == before


def test_a_book_that_has_grown_brings_only_what_is_new(ready: Desk, tmp_path: Path) -> None:
    load(ready, a_book(tmp_path, a_row()))
    report = load(ready, a_book(tmp_path, a_row(), a_row(contract="C-9", product="analytics")))
    assert (report.contracts_made, report.contracts_there, report.accounts_there) == (1, 1, 1)
    assert [contract.id for contract in held(ready, "A-1")] == ["C-1", "C-9"]


def test_one_bad_row_keeps_all_of_its_account_out_and_nothing_of_others(ready: Desk, tmp_path: Path) -> None:
    rows = (a_row(), a_row(account="A-2", contract="C-2"), a_row(contract="C-3", users="many"))
    problems: list[Problem] = []
    report = load(ready, a_book(tmp_path, *rows), on_problem=problems.append)
    assert (report.accounts_refused, report.refused, report.is_whole) == (1, {"A-1": 1}, False)
    assert [(each.file, each.line, each.column, each.value) for each in problems] == [("book.csv", 4, "users", "many")]
    assert report.problems == tuple(problems)
    assert report.by_code == {"not-a-number": 1}
    assert stored(ready) == {"account": 1, "contract_version": 1}
    assert [contract.id for contract in held(ready, "A-2")] == ["C-2"]


def test_a_mended_file_brings_what_was_refused(ready: Desk, tmp_path: Path) -> None:
    load(ready, a_book(tmp_path, a_row(), a_row(account="A-2", contract="C-2", users="many")))
    report = load(ready, a_book(tmp_path, a_row(), a_row(account="A-2", contract="C-2")))
    assert (report.contracts_made, report.contracts_there, report.is_whole) == (1, 1, True)


def test_a_dry_run_says_the_same_and_writes_nothing(ready: Desk, tmp_path: Path) -> None:
    book = a_book(tmp_path, a_row(), a_row(account="A-2", contract="C-2", users="many"))
    dry = load(ready, book, is_dry_run=True)
    assert stored(ready) == {"account": 0, "contract_version": 0}
    real = load(ready, book)
    assert dry.is_dry_run
    assert (dry.contracts_made, dry.refused, dry.problems) == (real.contracts_made, real.refused, real.problems)


def test_rows_of_one_account_are_found_wherever_they_stand_and_batches_are_whole_accounts(
    ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "ROWS_AT_ONCE", 3)
    rows = [a_row(account=f"A-{index % 3 + 1}", contract=f"C-{index}") for index in range(12)]
    seen: list[tuple[str, int, int]] = []
    report = load(ready, a_book(tmp_path, *rows), on_progress=lambda *step: seen.append(step))
    assert (report.rows, report.contracts_made) == (12, 12)
    assert [step for step in seen if step[0] == "importing"] == [("importing", done, 12) for done in (4, 8, 12)]
    assert [len(held(ready, f"A-{index}")) for index in (1, 2, 3)] == [4, 4, 4]


def test_a_cell_may_hold_line_breaks_and_its_row_is_named_by_the_line_it_begins_on(ready: Desk, tmp_path: Path) -> None:
    described = ACCOUNTS.replace("Bluefin", '"Blue\nfin, ""Ltd"""')
    rows = (a_row(account='"A-1"'), "", a_row(account="A-2", contract="C-2", start="x"))
    report = load(ready, a_book(tmp_path, *rows), described=described)
    assert [(each.line, each.column) for each in report.problems] == [(4, "start")]
    load(ready, a_book(tmp_path, a_row(account="A-2", contract="C-2")), described=described)
    with ready.reading() as session:
        assert accounts.of_external_ids(session, ["A-2"])["A-2"].name == 'Blue\nfin, "Ltd"'


def test_an_account_that_nothing_describes_is_refused(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, a_book(tmp_path, a_row(account="A-9")))
    assert [(each.column, each.value, each.code) for each in report.problems] == [("account", "A-9", "unknown-account")]
    report = load(ready, a_book(tmp_path, a_row(account="A-9")), text=MAPPING, described=None)
    assert report.refused == {"A-9": 1}


def test_an_account_that_is_there_already_needs_no_description_and_stays_as_it_is(ready: Desk, tmp_path: Path) -> None:
    create_account(ready, name="Old name", currency="USD", external_id="A-1")
    report = load(ready, a_book(tmp_path, a_row()), text=MAPPING, described=None)
    assert (report.accounts_there, report.contracts_made) == (1, 1)
    load(ready, a_book(tmp_path, a_row(contract="C-2")))
    with ready.reading() as session:
        assert accounts.of_external_ids(session, ["A-1"])["A-1"].name == "Old name"


def test_an_account_that_pays_in_another_currency_is_refused(ready: Desk, tmp_path: Path) -> None:
    create_account(ready, name="Åsa", currency="EUR", market="DE", external_id="A-1")
    report = load(ready, a_book(tmp_path, a_row()))
    assert [each.what for each in report.problems] == ["account A-1 pays in EUR, the book says USD"]


def test_accounts_may_be_described_by_the_rows_of_the_book_if_they_agree(ready: Desk, tmp_path: Path) -> None:
    columns = f"{COLUMNS},who"
    rows = [a_row(columns, who="Acme"), a_row(columns, who="Acme", contract="C-2")]
    report = load(ready, a_book(tmp_path, *rows, columns=columns), text=IN_BOOK, described=None)
    assert (report.accounts_made, report.contracts_made) == (1, 2)
    rows = [a_row(columns, account="A-2", who=who, contract=f"C-{who}") for who in ("Acme", "Ajax")]
    report = load(ready, a_book(tmp_path, *rows, columns=columns), text=IN_BOOK, described=None)
    assert [(each.line, each.column, each.value, each.what) for each in report.problems] == [
        (3, "who", "Ajax", "account A-2 has another name in line 2")
    ]


@pytest.mark.parametrize(
    ("described", "column", "code"),
    [
        (ACCOUNTS.replace("Åsa & Søn,USD", "Åsa & Søn,CHF"), "currency", "unknown-currency"),
        (ACCOUNTS.replace("Åsa & Søn,", ","), "name", "missing"),
        (ACCOUNTS.replace("US,S,", "US,L,"), "size", "unknown-value"),
        (ACCOUNTS.replace("93%", "good"), "rating", "not-a-number"),
        (f"{ACCOUNTS}A-1,Other,USD,US,S,yes,93%\n", "name", "account-differs"),
    ],
)
def test_a_bad_row_of_the_accounts_file_is_named_there(
    ready: Desk, tmp_path: Path, described: str, column: str, code: str
) -> None:
    report = load(ready, a_book(tmp_path, a_row()), described=described)
    assert [(each.file, each.column, each.code) for each in report.problems] == [("accounts.csv", column, code)]
    assert report.refused == {"A-1": 1}


def test_a_contract_of_another_account_is_not_taken_over(ready: Desk, tmp_path: Path) -> None:
    # In one batch the first account that names a contract has it, as it would in an earlier one.
    report = load(ready, a_book(tmp_path, a_row(), a_row(account="A-2")))
    assert [(each.line, each.column, each.code) for each in report.problems] == [(3, "contract", "contract-elsewhere")]
    assert (report.contracts_made, report.accounts_refused) == (1, 1)
    assert load(ready, a_book(tmp_path, a_row(account="A-2"))).by_code == {"contract-elsewhere": 1}


def test_rows_without_an_account_are_named_and_keep_nobody_out(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, a_book(tmp_path, a_row(account=""), a_row(contract="C-2")))
    assert (report.rows_without_account, report.contracts_made, report.is_whole) == (1, 1, False)
    assert [each.code for each in report.problems] == ["missing"]


def test_a_table_whose_header_or_quotes_are_wrong_is_refused_whole(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, a_book(tmp_path, a_row(), columns=COLUMNS.replace("net", "nett")))
    assert report.is_table_refused
    assert [each.code for each in report.problems] == ["header", "header"]
    report = load(ready, a_book(tmp_path, a_row(), a_row(account="A-2", contract='"C-2" x')))
    assert (report.is_table_refused, report.problems[0].line, report.problems[0].code) == (True, 3, "table")
    report = load(ready, a_book(tmp_path, a_row()), text=DESCRIBED.replace("metric: users", "metric: seats"))
    assert [fault.code for fault in report.faults] == ["E203"]
    assert not report.is_whole
    assert stored(ready) == {"account": 0, "contract_version": 0}


def test_an_accounts_file_that_the_mapping_says_nothing_of_is_not_left_out_in_silence(
    ready: Desk, tmp_path: Path
) -> None:
    report = load(ready, a_book(tmp_path, a_row()), text=MAPPING)
    assert [(each.file, each.what) for each in report.problems] == [
        ("accounts.csv", "the mapping says nothing of accounts")
    ]
    assert report.is_table_refused


def test_a_byte_order_mark_and_semicolons_are_no_obstacle(ready: Desk, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text(f"\ufeff{COLUMNS}\n{a_row()}\n".replace(",", ";"), encoding="utf-8")
    text = MAPPING.replace("book_date", 'delimiter: ";"\nbook_date')
    create_account(ready, name="Åsa", currency="USD", external_id="A-1")
    assert load(ready, path, text=text, described=None).contracts_made == 1


def test_the_report_keeps_the_first_problems_and_the_sink_hears_of_all(ready: Desk, tmp_path: Path) -> None:
    heard: list[Problem] = []
    count = MOST_KEPT + 50
    rows = [a_row(contract=f"C-{index}", net="x") for index in range(count)]
    report = load(ready, a_book(tmp_path, *rows), on_problem=heard.append)
    assert (len(report.problems), len(heard), report.by_code["not-a-number"]) == (MOST_KEPT, count, count)


def test_the_books_day_decides_the_term_and_comes_from_the_call_the_mapping_or_the_clock(
    ready: Desk, tmp_path: Path
) -> None:
    book = a_book(tmp_path, a_row(start="2020-03-01", end="", months="12"))
    for day, text, expected in (
        (date(2024, 5, 1), DESCRIBED, date(2024, 3, 1)),
        (None, DESCRIBED, date(2026, 3, 1)),
        (None, DESCRIBED.replace("book_date: 2026-07-01\n", ""), date(2025, 3, 1)),  # the desk's day is 2026-01-15
    ):
        (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
        files = BookFiles(book, mapping(text), tmp_path / "accounts.csv", day)
        report = import_book(ready, files, by="ada", is_dry_run=True)
        assert report.book_date == (day or (date(2026, 7, 1) if "book_date" in text else NOON.date()))
        assert report.arr == {"USD": Decimal("4800.00") if expected <= report.book_date else Decimal("0.00")}


def test_an_import_is_booked_by_whoever_ran_it_from_no_quote(ready: Desk, tmp_path: Path) -> None:
    load(ready, a_book(tmp_path, a_row()))
    with ready.reading() as session:
        account = accounts.of_external_ids(session, ["A-1"])["A-1"]
        (booking,) = bookings.history(session, account.id, cursor=None, limit=10).items
        assert owners_of(session, ["C-1", "C-2"]) == {"C-1": account.id}
    assert (booking.booked_by, booking.quote_id, booking.version, booking.arr) == ("ada", None, 1, Decimal("4800.00"))
    assert booking.booked_at - NOON < timedelta(hours=1)


def test_the_time_before_the_term_in_force_is_a_version_of_its_own(ready: Desk, tmp_path: Path) -> None:
    book = a_book(tmp_path, a_row(start="2023-07-15", end="", months="1"), a_row(account="A-2", contract="C-2"))
    report = load(ready, book)
    # The lines and contracts of the book are counted, and not the versions that are kept of them.
    assert (report.contracts_made, report.lines_made, report.arr) == (2, 2, {"EUR": D("4800.00"), "USD": D("4800.00")})
    with ready.reading() as session:
        account = accounts.of_external_ids(session, ["A-1"])["A-1"]
        versions = bookings.history(session, account.id, cursor=None, limit=10).items
    assert len({each.booked_at for each in versions}) == 1
    # The book is of 2026-07-01: terms of a month since 2023-07-15, and the one in force began on 2026-06-15.
    assert [(each.version, each.kind, each.effective, each.ends, each.arr) for each in versions] == [
        (2, QuoteType.RENEWAL, date(2026, 6, 15), date(2026, 7, 15), D("4800.00")),
        (1, QuoteType.NEW, date(2023, 7, 15), date(2026, 6, 15), D("4800.00")),
    ]

    def on(day: date, known_on: date | None = None) -> list[tuple[int, bool]]:
        read = read_contract(ready, account_id=account.id, on=day, known_on=known_on)
        return [(each.contract.version, read.has_ended(each)) for each in read.contracts]

    assert on(date(2023, 7, 14)) == []
    assert on(date(2023, 7, 15)) == on(date(2026, 6, 14)) == [(1, False)]
    assert on(date(2026, 6, 15)) == [(2, False)]
    # It became known here by the import, whatever it says of earlier days.
    assert on(date(2026, 6, 15), known_on=NOON.date() - timedelta(days=1)) == []
    assert load(ready, book).contracts_there == 2


def test_a_mapping_may_be_read_from_bytes_with_its_faults() -> None:
    assert read_book_mapping("m.yaml", b"")[0] is None
