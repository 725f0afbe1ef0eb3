"""Load a book of contracts from a table: account by account, each whole or not at all, some accounts a transaction."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.imports.book.accounts import AccountReader
from pricing_engine.imports.book.bought import Book
from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.contracts import Imported, contracts_of
from pricing_engine.imports.book.ownership import differences, elsewhere, nobody
from pricing_engine.imports.book.problems import Problem, refuses_any
from pricing_engine.imports.book.read_mapping import BookMapping, check_under
from pricing_engine.imports.book.rows import BookReader, BookRow
from pricing_engine.imports.book.sold import Catalogue
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.history_movements import movements_of_history
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.request import Account
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import accounts, contracts, journal, movements
from pricing_engine.storage.contract_owners import owners_of
from pricing_engine.usecases.account_rows import AccountRows, Described
from pricing_engine.usecases.book_report import BookReport, Tally
from pricing_engine.usecases.book_table import Table
from pricing_engine.usecases.import_problems import tables_read
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.records import StoredAccount

ROWS_AT_ONCE: Final = 1_000
"""About how many rows one transaction writes; an account with more is written in one of its own."""

IMPORTER: Final = "admin"
"""In which role a book is imported: by whoever runs the service."""


@dataclass(frozen=True, slots=True)
class BookFiles:
    """The book, the accounts file if there is one, and the day the book is of (None: the one the mapping names)."""

    book: Path
    mapping: BookMapping
    accounts: Path | None = None
    book_date: date | None = None


def import_book(
    desk: Desk,
    files: BookFiles,
    *,
    by: str,
    is_dry_run: bool = False,
    on_progress: Progress = unseen,
    on_problem: Callable[[Problem], None] = lambda problem: None,
) -> BookReport:
    """What became of the book; contracts that are there already are left as they are.

    An account with a problem in one of its rows is refused whole. A book that fails on the way, say because the disk is
    full, can be imported again: what was written is then there already.
    Raises: NoRulebookInForce; OSError when a file cannot be read.
    """
    today = desk.today()
    with desk.reading() as session:
        rulebook = desk.rulebook_in_force(session, today)
    book_date = files.book_date or files.mapping.document.book_date or today
    tally = Tally(rulebook.hash, book_date, is_dry_run, on_problem=on_problem)
    if faults := check_under(files.mapping, rulebook):
        return tally.report(faults=faults)
    with tables_read(tally) as stack:
        opened = _open(files, rulebook, book_date, stack)
        if opened.problems:
            tally.refuse_table(opened.problems)
        else:
            _import(desk, opened, tally, by=by, on_progress=on_progress)
    return tally.report()


class _Opened(NamedTuple):
    """The files, opened and bound to the mapping; `problems` are those of their headers."""

    table: Table
    reader: BookReader
    book: Book
    accounts: AccountRows
    problems: tuple[Problem, ...]


def _open(files: BookFiles, rulebook: Rulebook, book_date: date, stack: ExitStack) -> _Opened:
    document = files.mapping.document
    table = Table(files.book, delimiter=document.delimiter)
    stack.callback(table.close)
    header = Header(table.file, table.header)
    reader = BookReader(document, header)
    headers = [header]
    separate: Table | None = None
    described: AccountReader | None = None
    if document.accounts is not None:
        if files.accounts is not None:
            separate = Table(files.accounts, delimiter=document.delimiter)
            stack.callback(separate.close)
            headers.append(Header(separate.file, separate.header))
        described = AccountReader(document, headers[-1], rulebook)
    for each in headers:
        each.refuse_unmapped()
    catalogue = Catalogue(rulebook, reader.sold_as, document.contracts.metric)
    book = Book(table.file, files.mapping, rulebook, catalogue, reader.measure, book_date, reader.sources)
    problems = [problem for each in headers for problem in each.problems]
    if files.accounts is not None and document.accounts is None:
        what, fix = "the mapping says nothing of accounts", "map accounts, or leave the file out"
        problems.append(Problem(files.accounts.name, 1, "", "", "header", what, fix))
    return _Opened(table, reader, book, AccountRows(described, separate), tuple(problems))


def _import(desk: Desk, opened: _Opened, tally: Tally, *, by: str, on_progress: Progress) -> None:
    index = opened.table.index(opened.reader.key, on_row=lambda rows: on_progress("reading", rows, 0))
    opened.accounts.index()
    tally.rows = index.rows
    _say_without_account(opened, index.places.pop("", None), tally)
    done = 0
    for batch in index.batches(ROWS_AT_ONCE):
        made = _make_batch(desk, opened, batch, tally)
        if not tally.is_dry_run:
            _write(desk, made, by=by)
        for each in made:
            tally.made([imported.contract for imported in each.contracts])
        done += sum(len(places) // 2 for places in batch.values())
        on_progress("importing", done, index.rows)


def _say_without_account(opened: _Opened, places: array[int] | None, tally: Tally) -> None:
    """Rows that name no account belong to none: each is bad, and they keep no other from being written."""
    for row in opened.table.at(places) if places else ():
        tally.rows_without_account += 1
        tally.say(opened.reader.read(row.line, row.cells)[1])


class _Made(NamedTuple):
    """An account with the contracts to write; `stored` is set when the account is to be written, too."""

    stored: StoredAccount | None
    contracts: Sequence[Imported]


class _Read(NamedTuple):
    """An account's rows as they were read, how it is described, and what is wrong with either so far."""

    rows: Sequence[BookRow]
    described: Described
    problems: Sequence[Problem]


def _make_batch(desk: Desk, opened: _Opened, batch: Mapping[str, array[int]], tally: Tally) -> list[_Made]:
    """What is to be written of some accounts: all of each, or nothing."""
    read = {key: _read(opened, key, places) for key, places in batch.items()}
    with desk.reading() as session:
        there = accounts.of_external_ids(session, list(read))
        owners = owners_of(session, list({row.contract for each in read.values() for row in each.rows}))
    made: list[_Made] = []
    for key, each in read.items():
        found = _make(desk, opened.book, key, each, there.get(key), owners, tally)
        if found is not None:
            made.append(found)
            owners |= {imported.contract.id: imported.contract.account_id for imported in found.contracts}
    return made


def _read(opened: _Opened, key: str, places: array[int]) -> _Read:
    table_rows = list(opened.table.at(places))
    rows, problems = list[BookRow](), list[Problem]()
    for each in table_rows:
        row, found = opened.reader.read(each.line, each.cells)
        problems += found
        if row is not None:
            rows.append(row)
    described = opened.accounts.describe(key, table_rows)
    return _Read(rows, described, (*problems, *described.problems))


def _make(
    desk: Desk, book: Book, key: str, read: _Read, there: Account | None, owners: Mapping[str, str], tally: Tally
) -> _Made | None:
    """The account with its new contracts; None when it is refused, or brings nothing new."""
    account = there or read.described.account(desk.new_id)
    problems = [*read.problems, *elsewhere(read.rows, account, owners, book)]
    made = list[Imported]()
    if account is None:
        problems += nobody(key, read.rows, read.problems, book)
    else:
        problems += differences(read.described.row, there, read.rows, book)
        fresh = [row for row in read.rows if row.contract not in owners]
        made, found = contracts_of(fresh, account, book)
        problems += found
    tally.say(problems)
    if account is None or refuses_any(problems):
        tally.refuse(key, len(problems))
        return None
    tally.contracts_there += len({row.contract for row in read.rows if row.contract in owners})
    tally.accounts_there += there is not None
    tally.accounts_made += there is None
    stored = StoredAccount(account, key, desk.now()) if there is None else None
    return _Made(stored, made)


def _write(desk: Desk, made: Sequence[_Made], *, by: str) -> None:
    """Writes some accounts and their contracts in one transaction.

    A contract is new with the first of what is known of it; where that is the time before its term, this is a renewal.
    """
    fresh = [each.stored for each in made if each.stored is not None]
    imported = [contract for each in made for contract in each.contracts]
    if not fresh and not imported:
        return
    new = [each.earlier or each.contract for each in imported]
    renewed = [each.contract for each in imported if each.earlier is not None]
    at = desk.now()
    with desk.transaction() as session:
        accounts.save_all(session, fresh)
        contracts.save_all(session, new, kind=QuoteType.NEW, at=at, by=by)
        contracts.save_all(session, renewed, kind=QuoteType.RENEWAL, at=at, by=by)
        movements.save_imported(session, _moved(imported), at=at)
        if imported:
            journal.enter(session, _happening(desk, imported, at=at, by=by))


def _happening(desk: Desk, imported: Sequence[Imported], *, at: datetime, by: str) -> journal.Happening:
    """What the journal says of a part of a book: whose contracts came in, by which a kept ledger is renewed."""
    accounts_ = sorted({each.contract.account_id for each in imported})
    data = {"account_ids": accounts_, "contracts": len(imported)}
    return journal.Happening(desk.new_id("evt"), "contracts.imported", "book", at, by, IMPORTER, data)


def _moved(imported: Sequence[Imported]) -> Iterator[tuple[Contract, Iterable[ArrMovement]]]:
    """What the ledger begins with: the first of what is known of each contract, and how its term differs from that."""
    for contract, earlier in imported:
        if earlier is None:
            yield contract, movements_of(None, None, contract)
        else:
            yield earlier, movements_of(None, None, earlier)
            yield contract, movements_of_history(earlier, contract)
