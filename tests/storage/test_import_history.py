"""A revenue history imported into a real database: whole accounts, once, and read with contracts in every figure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Cancel
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.storage import accounts, histories
from pricing_engine.usecases import import_history as use_case
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.history_report import HistoryReport
from pricing_engine.usecases.import_history import HistoryFiles, import_history
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_quote_effect import read_quote_effect
from pricing_engine.usecases.read_retained import Within, read_movements
from pricing_engine.usecases.read_retention import Asked, Retention, read_retention
from pricing_engine.usecases.reconcile_histories import reconcile_histories
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.verify_ledger import LedgerVerified, verify_ledger
from tests.rulebooks import D
from tests.storage.retained_book import agree, analytics, ask, crm, customer, on_day, with_rules
from tests.storage.test_product_lines import SUCCESSOR, sold_beside
from tests.unit.imports.test_revenue_rows import mapping

WIDE = """\
kind: revenue_mapping
missing_months: zero
accounts: {id: who, name: who, currency: currency, attributes: {segment: size}}
revenue: {account: who}
"""
HEADER = "who,currency,size,2026-01,2026-02,2026-03,2026-04,2026-05,2026-06"
ROWS = (
    "stays,USD,smb,500,500,500,500,500,500",
    "grows,USD,enterprise,,,100.00,100.00,150.00,150.00",
    "leaves,EUR,smb,80,80,80,,,",
)
LAST = date(2026, 6, 30)
NOW = date(2026, 7, 10)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    rates = 'kind: fx_rates\nrates:\n  - {from: 2024-01-01, EUR: "1.10"}\n'
    return on_day(with_rules(on_day(desk, date(2024, 1, 1)), **{"fx_rates.yaml": rates}), NOW)


def load(desk: Desk, folder: Path, *rows: str, text: str = WIDE, header: str = HEADER, **more: Any) -> HistoryReport:
    path = folder / "mrr.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return import_history(desk, HistoryFiles(path, mapping(text)), by="ada", **more)


def account_of(desk: Desk, name: str) -> str:
    with desk.reading() as session:
        return accounts.of_external_ids(session, [name])[name].id


def figures(desk: Desk, day: date = LAST, months: int = 5, **more: Any) -> Retention:
    return read_retention(desk, Asked(day, months, **more))


def test_figures_are_read_from_months_alone(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, tmp_path, *ROWS)
    assert report.is_whole
    assert (report.accounts_made, report.months_made, report.months_filled, report.movements) == (3, 16, 3, 5)
    assert report.mrr == {"USD": D("650.00"), "EUR": 0}
    found = figures(ready, by="segment")
    # On 30 January 500 USD and 80 EUR a month: 6,000.00 and 960.00 × 1.10 = 1,056.00 a year. 960.00 EUR are lost.
    rates = found.whole.rates
    assert (rates.opening, rates.kept, rates.new, rates.lost) == (D("7056.00"), 6000, 1800, 1)
    assert found.whole.points[Driver.RETENTION] == D("-0.149660")  # 1,056 ÷ 7,056
    assert found.whole.bridge.closing == 7800  # 650.00 × 12, what the table's last month comes to
    assert {name: each.rates.closing for name, each in found.segments.items()} == {"enterprise": 1800, "smb": 6000}
    assert [month.closing for _, month in found.months] == [7056, D("8256.00"), 7200, 7800, 7800]
    moved = [(each.kind, each.driver, each.cause, each.amount) for each in found.whole.bridge.moved]
    assert (ArrKind.EXPANSION, Driver.UNEXPLAINED, Cause.PRICE_OR_VOLUME, D("600.00")) in moved
    assert verify_ledger(ready).months == 16


def test_importing_again_brings_only_what_is_new_and_says_what_is_otherwise(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS, is_dry_run=True)
    assert figures(ready).whole.rates.closing == 0
    load(ready, tmp_path, *ROWS)
    again = load(ready, tmp_path, *ROWS)
    assert (again.is_whole, again.months_made, again.months_there, again.accounts_there) == (True, 0, 16, 3)
    header = HEADER.replace("2026-01,2026-02,2026-03,2026-04,2026-05,", "2026-05,").replace("06", "06,2026-07")
    more = load(ready, tmp_path, "stays,USD,smb,500,450,700", "grows,USD,enterprise,150,150,150", header=header)
    assert (more.is_whole, more.reported, more.months_made, more.by_code["restated"]) == (False, 1, 2, 1)
    assert more.problems[0].what == "2026-06 of (all products) was imported as 500, and is 450 now"
    assert figures(ready, date(2026, 7, 31)).whole.bridge.closing == (700 + 150) * 12
    assert verify_ledger(ready).broken is None


@pytest.mark.parametrize("missing", ["zero", "carry"])
def test_no_month_counts_as_a_whole_and_again_as_its_products(missing: str, ready: Desk, tmp_path: Path) -> None:
    by_product = (
        f"kind: revenue_mapping\nmissing_months: {missing}\n"
        "accounts: {id: who, name: who, currency: {constant: USD}}\n"
        "revenue: {account: who, month: month, mrr: mrr, product: product}\n"
    )
    long, header = [f"stays,2026-0{month},500,crm" for month in range(1, 7)], "who,month,mrr,product"
    load(ready, tmp_path, ROWS[0], text=WIDE.replace("zero", missing))
    load(ready, tmp_path, *[each.replace("stays", "other") for each in long], text=by_product, header=header)
    before = figures(ready).whole
    assert before.bridge.closing == 12_000
    again = load(ready, tmp_path, *long, text=by_product, header=header)
    other = load(ready, tmp_path, ROWS[0].replace("stays", "other"), text=WIDE.replace("zero", missing))
    for report in (again, other):
        assert (report.months_made, report.accounts_refused, report.by_code["products-beside-all"]) == (0, 1, 1)
    assert figures(ready).whole == before
    # From a month on in which the whole has nothing any more, its products may follow.
    after = load(on_day(ready, date(2026, 8, 2)), tmp_path, "stays,2026-07,500,crm", text=by_product, header=header)
    assert after.is_whole is (missing == "zero")


def test_of_two_imports_at_once_one_is_told_so_and_nothing_is_twice(
    ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ready, tmp_path, *ROWS)
    july = HEADER.replace("2026-01,2026-02,2026-03,2026-04,2026-05,2026-06", "2026-07")
    write = use_case._write

    def second(desk: Desk, *args: Any, **more: Any) -> None:
        monkeypatch.setattr(use_case, "_write", write)
        load(desk, tmp_path, "stays,USD,smb,600", header=july)
        write(desk, *args, **more)

    monkeypatch.setattr(use_case, "_write", second)
    with pytest.raises(histories.MonthsImportedMeanwhile):
        load(ready, tmp_path, "stays,USD,smb,700", header=july)
    assert figures(ready, date(2026, 7, 31)).whole.bridge.closing == (600 + 150) * 12
    assert verify_ledger(ready).months == 17


def test_an_account_is_found_however_its_letters_are_composed(ready: Desk, tmp_path: Path) -> None:
    account = customer(ready, "caf\u00e9", external_id="caf\u00e9")
    report = load(ready, tmp_path, "cafe\u0301,USD,smb,500,500,500,500,500,500")
    assert (report.accounts_made, report.accounts_there) == (0, 1)
    assert account_of(ready, "caf\u00e9") == account
    assert load(ready, tmp_path, "caf\u00e9,USD,smb,500,500,500,500,500,500").months_made == 0
    assert figures(ready).whole.bridge.closing == 6000


def test_a_bad_cell_keeps_all_of_its_account_out_and_nothing_of_another(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, tmp_path, *ROWS, "bad,USD,smb,1,2,x,4,5,6", ",USD,smb,1,1,1,1,1,1", "yen,JPY,smb,1,1,1,1,1,1")
    assert (report.accounts_made, report.accounts_refused, report.rows_without_account) == (3, 2, 1)
    assert sorted(report.refused) == ["bad", "yen"]
    assert {(each.line, each.column, each.code) for each in report.problems} == {
        (5, "2026-03", "not-a-number"),
        (6, "who", "missing"),
        (7, "currency", "unknown-currency"),
    }
    with ready.reading_still() as session:
        assert len({each.account_id for each in histories.months(session)}) == 3


def test_a_table_of_which_no_month_can_be_read_is_no_success(ready: Desk, tmp_path: Path) -> None:
    ahead = load(ready, tmp_path, "stays,USD,smb,500", header="who,currency,size,2026-08")
    assert (ahead.is_whole, ahead.by_code) == (False, {"month-ahead": 1})
    long = "kind: revenue_mapping\nmissing_months: zero\nrevenue: {account: who, month: month, mrr: mrr}\n"
    other = load(ready, tmp_path, "stays,Jan 2026,500", text=long, header="who,month,mrr")
    assert (other.is_whole, other.by_code) == (False, {"not-a-month": 1})
    torn = load(ready, tmp_path, "A\0,USD,smb,500", header="who,currency,size,2026-01")
    assert (torn.is_whole, torn.by_code) == (False, {"encoding": 1})
    empty = load(ready, tmp_path, ",,,", header="who,currency,size,2026-01")
    assert (empty.is_whole, empty.rows) == (True, 0)


def test_a_row_of_nobody_ends_nobody(ready: Desk, tmp_path: Path) -> None:
    long = (
        "kind: revenue_mapping\nmissing_months: zero\n"
        "accounts: {id: who, name: who, currency: {constant: USD}}\n"
        "revenue: {account: who, month: month, mrr: mrr}\n"
    )
    rows = "stays,2026-01,500", "stays,2026-02,500", ",2026-06,500"
    report = load(ready, tmp_path, *rows, text=long, header="who,month,mrr")
    assert (report.rows_without_account, report.last, report.months_filled) == (1, date(2026, 2, 1), 0)
    assert figures(ready).whole.bridge.closing == 6000


def test_batches_are_whole_accounts(ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "ROWS_AT_ONCE", 2)
    heard: list[tuple[str, int, int]] = []
    load(ready, tmp_path, *ROWS, on_progress=lambda *told: heard.append(told))
    assert heard == [("importing", 2, 3), ("importing", 3, 3)]
    assert figures(ready).whole.bridge.closing == 7800


def test_contracts_take_a_history_over_on_the_day_on_which_they_are_worth_something(
    ready: Desk, tmp_path: Path
) -> None:
    load(ready, tmp_path, *ROWS)
    account = account_of(ready, "stays")
    before = figures(ready)
    # 10 CRM users at 50.00 are the 500.00 a month of the table.
    agree(ready, account, date(2026, 7, 15), crm(10), term_months=24)
    assert figures(ready).whole == before.whole
    found = figures(on_day(ready, date(2026, 12, 1)), date(2026, 7, 31), months=2, by="product")
    assert (found.whole.rates.opening, found.whole.rates.nrr, found.whole.rates.grr) == (7800, 1, 1)
    assert found.segments["crm"].rates.grr == 1
    assert {each.cause for each in found.whole.bridge.moved} == set()
    # What the table says of later months is in no figure; what the contract does is.
    agree(ready, account, date(2026, 9, 1), crm(2))
    header = HEADER.replace("2026-06", "2026-07,2026-08,2026-09").replace("2026-01,2026-02,2026-03,2026-04,", "")
    later = load(on_day(ready, date(2026, 10, 5)), tmp_path, "stays,USD,smb,500,500,500,9000", header=header)
    assert later.months_made == 3
    autumn = figures(on_day(ready, date(2026, 12, 1)), date(2026, 9, 30), months=3)
    assert autumn.whole.bridge.closing == 7800 + 1200
    assert verify_ledger(ready).broken is None


def test_it_is_the_same_which_of_them_came_in_first(ready: Desk, tmp_path: Path) -> None:
    account = customer(ready, "stays", external_id="stays")
    agree(ready, account, date(2026, 3, 15), crm(20), term_months=24)
    load(ready, tmp_path, ROWS[0])
    found = figures(ready).whole
    # 6,000.00 until 15 March, 20 × 50.00 × 12 since; the table's 500.00 of later months are in no figure.
    assert (found.rates.opening, found.rates.kept, found.rates.customers) == (6000, 12_000, 1)
    moved = [(each.kind, each.cause, each.amount) for each in found.bridge.moved]
    assert moved == [(ArrKind.EXPANSION, Cause.HANDOVER, 6000)]
    assert [len(reconcile_histories(ready, on=day).contradictions) for day in (date(2026, 3, 31), LAST)] == [0, 3]


def test_a_contract_that_is_cancelled_on_its_first_day_takes_nothing_over(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    account, before = account_of(ready, "stays"), figures(ready)
    agree(ready, account, date(2026, 4, 15), crm(10), term_months=24)
    assert figures(ready).whole.rates != before.whole.rates
    agree(ready, account, date(2026, 4, 15), Cancel())
    assert figures(ready).whole.rates == before.whole.rates  # 6,000 of it that nobody has given up
    assert reconcile_histories(ready, on=LAST).contradictions == []
    # One that stays does: 12 × 50.00 × 12, less the discount for two years.
    agree(ready, account, date(2026, 5, 15), crm(12), term_months=24)
    after = figures(ready)
    moved = [(each.cause, each.amount) for each in after.whole.bridge.moved]
    assert (Cause.HANDOVER, D("336.00")) in moved
    assert after.months[2][1].closing == 7200  # April: 500 and 100 a month, as without it
    assert verify_ledger(ready).broken is None


def test_a_history_of_many_digits_is_taken_over_to_the_cent(ready: Desk, tmp_path: Path) -> None:
    text = WIDE.replace("{account: who}", "{account: who, month: month, mrr: mrr, quantity: units}")
    rows = (
        "stays,USD,smb,2026-01,999999999999999.99,0.000000000001",
        "stays,USD,smb,2026-02,999999999999999.37,999999999999999.999999999999",
        "stays,USD,smb,2026-03,500,10",
    )
    load(ready, tmp_path, *rows, text=text, header="who,currency,size,month,mrr,units")
    agree(ready, account_of(ready, "stays"), date(2026, 5, 15), crm(12), term_months=24)
    found = figures(ready)
    assert [month.closing for _, month in found.months] == [D("11999999999999992.44"), 6000, 6000, 6336, 6336]
    assert reconcile_histories(ready, on=date(2026, 5, 1)).contradictions == []


def test_what_is_signed_for_later_takes_the_history_with_it(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    account, other = account_of(ready, "stays"), account_of(ready, "grows")
    for each, users in ((account, 12), (other, 10)):
        asked = QuoteAsk(each, "rep", date(2026, 9, 1), (crm(users),))
        book_quote(ready, quote_id=request_quote(ready, ask=asked, by="ada").quote.id, by="ada")
    # 7,800 now: 6,000 become 12 × 50.00 × 12 = 7,200, and 1,800 become 6,000.
    assert figures(ready, NOW).contracted == 13_200
    assert figures(ready, date(2026, 7, 9)).contracted == 7800  # the day before nothing was signed
    assert figures(ready, date(2026, 2, 28)).contracted == 7056  # and what was paid later nobody had signed
    later = on_day(ready, date(2026, 9, 2))
    assert figures(later, date(2026, 9, 2)).contracted == 13_200


def test_a_quote_for_a_customer_with_a_history_is_told_against_it(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    account = account_of(ready, "stays")
    quote_id = ask(ready, account, date(2026, 8, 1), crm(10), analytics(10), term_months=12)
    account_effect = read_quote_effect(ready, quote_id=quote_id).account
    sold = account_effect.accepted.kept
    assert (account_effect.declined.kept, account_effect.accepted.opening) == (6000, 6000)
    assert sold > 6000  # both products, less the discount for two
    assert account_effect.nrr_difference == (D(sold) / 6000 - 1).quantize(D("0.000001"))
    assert account_effect.grr_difference == 0
    assert account_effect.points == {
        Driver.RETENTION: 0,
        Driver.PRICING: 0,
        Driver.EXPANSION: 0,
        Driver.UNEXPLAINED: account_effect.nrr_difference,
    }


def test_a_product_and_its_successor_in_a_history_are_one_line_that_swaps(ready: Desk, tmp_path: Path) -> None:
    rates = 'kind: fx_rates\nrates:\n  - {from: 2024-01-01, EUR: "1.10"}\n'
    with_rules(ready, **{"fx_rates.yaml": rates, "products/crm-next.yaml": SUCCESSOR, **sold_beside()})
    long = (
        "kind: revenue_mapping\nmissing_months: zero\n"
        "accounts: {id: who, name: who, currency: {constant: USD}}\n"
        "revenue: {account: who, month: month, mrr: mrr, product: product}\n"
    )
    months = [f"up,2026-0{n},{'600,crm-next' if n > 3 else '500,crm'}" for n in range(1, 7)]
    months += [f"down,2026-0{n},{'400,crm-next' if n > 3 else '500,crm'}" for n in range(1, 7)]
    load(ready, tmp_path, *months, text=long, header="who,month,mrr,product")
    found = figures(ready, by="product").whole
    assert (found.rates.nrr, found.rates.grr) == (1, D("0.9"))
    # 7,200 and 4,800 against 6,000 each: one has gone up, and of the other a fifth is lost.
    by_driver: dict[Driver | None, Any] = {}
    for each in found.bridge.moved:
        by_driver[each.driver] = by_driver.get(each.driver, D(0)) + each.amount
    assert by_driver == {Driver.EXPANSION: 1200, Driver.RETENTION: -1200}
    assert (found.points[Driver.RETENTION], found.points[Driver.EXPANSION]) == (D("-0.1"), D("0.1"))
    assert verify_ledger(ready).broken is None


def test_movements_behind_a_figure_name_the_history(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    behind = read_movements(ready, Asked(LAST, 6), Within(), after=0, limit=9)
    assert {each.contract for each in behind.items} == {
        f"history:{account_of(ready, name)}" for name in ("stays", "grows", "leaves")
    }
    assert {each.quote for each in behind.items} == {None}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE history_movement SET amount = '601.00' WHERE cause = 'price_or_volume'", "1801.00"),
        ("UPDATE history_movement SET currency = 'EUR' WHERE cause = 'price_or_volume'", "1200.00"),
        ("DELETE FROM history_movement WHERE cause = 'price_or_volume'", "1200.00"),
        ("UPDATE revenue_month SET mrr = '151.00' WHERE mrr = '150.00'", "comes to 1812.00"),
    ],
)
def test_a_month_that_does_not_come_to_its_movements_is_named(
    statement: str, said: str, ready: Desk, tmp_path: Path
) -> None:
    load(ready, tmp_path, *ROWS)
    with ready.database.engine.begin() as connection:
        for table in ("history_movement", "revenue_month"):
            if connection.dialect.name == "sqlite":
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER tr_{table}_{verb}"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))
    broken = verify_ledger(ready).broken
    assert broken is not None
    assert (broken.account_id, broken.version, broken.day) == (account_of(ready, "grows"), 0, date(2026, 5, 1))
    assert said in broken.what


def test_a_month_of_many_digits_is_verified_to_the_last_of_them(ready: Desk, tmp_path: Path) -> None:
    # Twelve times it ends with .004999999996, which with 28 digits would be .005 and a cent more.
    load(ready, tmp_path, "stays,USD,smb,999999999999999.917083333333,,,,,")
    assert verify_ledger(ready) == LedgerVerified(0, None, 1)


def test_another_tenant_sees_nothing_of_it(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    assert verify_ledger(ready.for_tenant("other")).months == 0
