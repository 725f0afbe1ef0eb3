"""Load a history of recurring revenue from a table: account by account, each whole or not at all."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.imports.book.accounts import AccountReader
from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.problems import Problem, refuses_any
from pricing_engine.imports.revenue.lines import GIVEN, Filled, Lines, Span, lines_of
from pricing_engine.imports.revenue.read_mapping import RevenueMapping, check_under
from pricing_engine.imports.revenue.rows import RevenueReader, Said
from pricing_engine.money import ZERO, Currency, exact_arithmetic
from pricing_engine.quoting.request import Account
from pricing_engine.retention.histories import LineMonth, movements_of_line
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import accounts, histories, journal
from pricing_engine.storage.histories import StoredMonth
from pricing_engine.usecases.account_rows import AccountRows, Described
from pricing_engine.usecases.book_table import RowIndex, Table
from pricing_engine.usecases.history_report import HistoryReport
from pricing_engine.usecases.import_book import IMPORTER
from pricing_engine.usecases.import_problems import tables_read
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.records import StoredAccount

ROWS_AT_ONCE: Final = 500
"""About how many rows one transaction writes; an account with more is written in one of its own."""


@dataclass(frozen=True, slots=True)
class HistoryFiles:
    """The table, what its columns are, and the accounts file if there is one."""

    table: Path
    mapping: RevenueMapping
    accounts: Path | None = None


def import_history(
    desk: Desk,
    files: HistoryFiles,
    *,
    by: str,
    is_dry_run: bool = False,
    on_progress: Progress = unseen,
    on_problem: Callable[[Problem], None] = lambda problem: None,
) -> HistoryReport:
    """What became of the table; months that are there already stay as they are, and those that differ are reported.

    An account with a problem in one of its rows is refused whole. What fails on the way can be imported again.
    Raises: NoRulebookInForce; OSError when a file cannot be read.
    """
    with desk.reading() as session:
        rulebook = desk.rulebook_in_force(session, desk.today())
    report = HistoryReport(is_dry_run, check_under(files.mapping, rulebook), on_problem=on_problem)
    if report.faults:
        return report
    with tables_read(report) as stack, exact_arithmetic():
        opened = _open(files, rulebook, desk.today(), stack)
        if opened.problems:
            report.refuse_table(opened.problems)
        else:
            _import(desk, opened, report, by=by, on_progress=on_progress)
    return report


class _Opened(NamedTuple):
    """The files, opened and bound to the mapping; `problems` are those of their headers."""

    mapping: RevenueMapping
    rulebook: Rulebook
    table: Table
    reader: RevenueReader
    accounts: AccountRows
    problems: tuple[Problem, ...]


def _open(files: HistoryFiles, rulebook: Rulebook, today: date, stack: ExitStack) -> _Opened:
    document = files.mapping.shape
    table = Table(files.table, delimiter=document.delimiter)
    stack.callback(table.close)
    headers = [Header(table.file, table.header)]
    separate: Table | None = None
    if files.accounts is not None:
        separate = Table(files.accounts, delimiter=document.delimiter)
        stack.callback(separate.close)
        headers.append(Header(separate.file, separate.header))
    described = None if document.accounts is None else AccountReader(document, headers[-1], rulebook)
    reader = RevenueReader(document, headers[0], frozenset(rulebook.products), this_month=today.replace(day=1))
    for each in headers:
        each.refuse_unmapped()
    problems = [problem for each in headers for problem in each.problems]
    if files.accounts is not None and described is None:
        what, fix = "the mapping says nothing of accounts", "map accounts, or leave the file out"
        problems.append(Problem(files.accounts.name, 1, "", "", "header", what, fix))
    told = tuple(dict.fromkeys(problems))  # a column that several fields are of is missing once
    return _Opened(files.mapping, rulebook, table, reader, AccountRows(described, separate), told)


def _import(desk: Desk, opened: _Opened, report: HistoryReport, *, by: str, on_progress: Progress) -> None:
    index = opened.table.index(opened.reader.key, on_row=lambda rows: on_progress("reading", rows, 0))
    opened.accounts.index()
    report.rows = index.rows
    _say_without_account(opened, index, report)
    report.first, report.last = opened.reader.first, opened.reader.last
    # Without a month that has come, rows are read for what is wrong with them.
    span = Span(opened.table.file, opened.mapping.shape, report.first or date.max, report.last or date.min)
    done = 0
    for batch in index.batches(ROWS_AT_ONCE):
        made = _make_batch(desk, opened, span, batch, report)
        if not report.is_dry_run:
            _write(desk, made, by=by)
        done += sum(len(places) // 2 for places in batch.values())
        on_progress("importing", done, index.rows)


def _say_without_account(opened: _Opened, index: RowIndex, report: HistoryReport) -> None:
    """Rows that name no account belong to none: each is bad, and they keep no other from being written."""
    places = index.places.pop("", None)
    for row in opened.table.at(places) if places else ():
        report.rows_without_account += 1
        report.say(opened.reader.read(row.line, row.cells)[1])


class _Made(NamedTuple):
    """What is to be written of an account; `stored` is set when the account itself is to be written, too."""

    stored: StoredAccount | None
    months: Sequence[StoredMonth]
    moved: Sequence[tuple[StoredMonth, Sequence[ArrMovement]]]


class _Read(NamedTuple):
    """What an account's rows say, how it is described, and what is wrong with either so far."""

    said: Sequence[Said]
    described: Described
    problems: Sequence[Problem]
    line: int


def _make_batch(
    desk: Desk, opened: _Opened, span: Span, batch: Mapping[str, array[int]], report: HistoryReport
) -> list[_Made]:
    """What is to be written of some accounts: all of each, or nothing."""
    with desk.reading() as session:
        known = accounts.of_external_ids(session, list(batch))
        there = histories.of_accounts(session, [each.id for each in known.values()])
    made: list[_Made] = []
    for key, places in batch.items():
        read, account = _read(opened, key, places), known.get(key)
        months = {} if account is None else there.get(account.id, {})
        found = _make(desk, opened, span, key, read, account, months, report)
        if found is not None:
            made.append(found)
    return made


def _read(opened: _Opened, key: str, places: array[int]) -> _Read:
    rows = list(opened.table.at(places))
    said, problems = list[Said](), list[Problem]()
    for row in rows:
        of_row, wrong = opened.reader.read(row.line, row.cells)
        said += of_row
        problems += wrong
    described = opened.accounts.describe(key, rows)
    return _Read(said, described, (*problems, *described.problems), rows[0].line)


def _make(
    desk: Desk,
    opened: _Opened,
    span: Span,
    key: str,
    read: _Read,
    there: Account | None,
    months: Mapping[str, Sequence[StoredMonth]],
    report: HistoryReport,
) -> _Made | None:
    """The account with its new months; None when it is refused."""
    account = there or read.described.account(desk.new_id)
    known = {product: [each.month for each in found] for product, found in months.items()}
    lines = lines_of(read.said, known, span)
    problems = [*read.problems, *lines.problems, *_whose(opened, key, read, account)]
    report.say(problems)
    if account is None or refuses_any(problems):
        report.refuse(key, len(problems))
        return None
    if there is None and not lines.fresh:  # nobody with no month is made a customer
        return None
    _count(report, account, lines, is_there=there is not None)
    stored = None if there is not None else StoredAccount(account, key, desk.now())
    fresh = [_stored(account, each, span.file) for each in lines.fresh]
    moved = list(_moved(fresh, known, opened.rulebook.currencies[account.currency]))
    report.movements += sum([len(found) for _, found in moved])
    return _Made(stored, fresh, moved)


def _whose(opened: _Opened, key: str, read: _Read, account: Account | None) -> Iterator[Problem]:
    """That nothing says who the account is, or that it pays in another currency than is said or sold in."""
    column = opened.reader.account.column if opened.reader.account is not None else ""
    place = opened.table.file, read.line, column, key
    described = read.described.row
    if account is None and not read.problems:
        fix = "give its row in the accounts file, map accounts to columns of the table, or make the account first"
        yield Problem(*place, "unknown-account", f"there is no account {key}, and nothing describes it", fix)
    elif account is not None and described is not None and described.currency != account.currency:
        what = f"account {key} pays in {account.currency}, the table says {described.currency}"
        yield Problem(*place, "account-differs", what, "mend the currency")
    elif account is not None and account.currency not in opened.rulebook.currencies:
        what = f"account {key} pays in {account.currency}, which the rulebook in force does not sell in"
        yield Problem(*place, "unknown-currency", what, "add the currency to the rulebook")


def _count(report: HistoryReport, account: Account, lines: Lines, *, is_there: bool) -> None:
    report.accounts_made += not is_there
    report.accounts_there += is_there
    report.months_made += len(lines.fresh)
    report.months_filled += sum([each.origin != GIVEN for each in lines.fresh])
    report.months_there += lines.there
    last = sum([each.month.mrr for each in lines.fresh if each.month.month == report.last], ZERO)
    report.mrr[account.currency] = report.mrr.get(account.currency, ZERO) + last


def _stored(account: Account, each: Filled, file: str) -> StoredMonth:
    return StoredMonth(account.id, each.product, account.currency, each.month, each.origin, file, each.line)


def _moved(
    fresh: Sequence[StoredMonth], known: Mapping[str, Sequence[LineMonth]], currency: Currency
) -> Iterator[tuple[StoredMonth, list[ArrMovement]]]:
    """What each new month moves against those before it."""
    by_product: dict[str, list[StoredMonth]] = {}
    for each in fresh:
        by_product.setdefault(each.product, []).append(each)
    for product, found in by_product.items():
        months = [*known.get(product, ()), *(each.month for each in found)]
        by_day: dict[object, list[ArrMovement]] = {}
        for moved in movements_of_line(product, months, currency=currency):
            by_day.setdefault(moved.day, []).append(moved)
        yield from ((each, by_day.get(each.month.month, [])) for each in found)


def _write(desk: Desk, made: Sequence[_Made], *, by: str) -> None:
    """Writes some accounts and their months in one transaction."""
    months = [month for each in made for month in each.months]
    moved = [pair for each in made for pair in each.moved]
    if not months and all(each.stored is None for each in made):
        return
    at = desk.now()
    with desk.transaction() as session:
        accounts.save_all(session, [each.stored for each in made if each.stored is not None])
        histories.save(session, months, moved, at=at, by=by)
        if months:
            journal.enter(session, _happening(desk, months, at=at, by=by))


def _happening(desk: Desk, months: Sequence[StoredMonth], *, at: datetime, by: str) -> journal.Happening:
    """What the journal says of a part of a history: whose months came in, by which a kept ledger is renewed."""
    data = {"account_ids": sorted({each.account_id for each in months}), "months": len(months)}
    return journal.Happening(desk.new_id("evt"), "history.imported", "history", at, by, IMPORTER, data)
