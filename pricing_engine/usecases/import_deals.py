"""Past deals from a table: what is new is written some thousand at a time, each deal whole or not at all."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from pricing_engine.desk import Desk
from pricing_engine.imports.book.problems import Problem, refuses_any
from pricing_engine.imports.deals.deals import ToReporting, deal_of, is_left_out, renewed, restated
from pricing_engine.imports.deals.joined import Joined, respelled_in
from pricing_engine.imports.deals.read_mapping import DealMapping, check_under
from pricing_engine.imports.deals.rows import DealReader, DealRow
from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.fact_names import fact_names
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.deal import Deal
from pricing_engine.storage import deals, journal
from pricing_engine.storage.deals import DealSource, KeptDeal
from pricing_engine.storage.rulebooks import NoRulebookInForce
from pricing_engine.usecases.book_table import RowIndex, Table
from pricing_engine.usecases.deals_report import DealsReport
from pricing_engine.usecases.import_book import IMPORTER
from pricing_engine.usecases.import_problems import tables_read
from pricing_engine.usecases.progress import Progress, unseen

ROWS_AT_ONCE: Final = 2_000
"""About how many rows one transaction writes."""


@dataclass(frozen=True, slots=True)
class DealFiles:
    """The table of deals, what its columns are, and the tables beside it by the names that the mapping gives them."""

    table: Path
    mapping: DealMapping
    beside: Mapping[str, Path] = field(default_factory=dict)


def import_deals(
    desk: Desk,
    files: DealFiles,
    *,
    by: str,
    is_dry_run: bool = False,
    is_correcting: bool = False,
    on_progress: Progress = unseen,
    on_problem: Callable[[Problem], None] = lambda problem: None,
) -> DealsReport:
    """What became of the table; a deal that is there stays as it is, but that one that was open may have ended since.

    With `is_correcting` what is there is made as the table says now. A deal with a problem in one of its rows is
    refused whole. What fails on the way can be imported again.
    Raises: NoRulebookInForce where amounts are to be converted; OSError when a file cannot be read.
    """
    rulebook = _rulebook(desk, is_needed=files.mapping.shape.deals.currency is not None)
    faults = () if rulebook is None else check_under(files.mapping, rulebook)
    report = DealsReport(is_dry_run, is_correcting, faults, on_problem=on_problem)
    report.facts.update(dict.fromkeys(files.mapping.shape.facts, 0))  # one that no deal has is missing, too
    if rulebook is not None:
        report.of_quotes, report.words, report.sold = fact_names(rulebook), _words(rulebook), rulebook.products.keys()
    if report.faults:
        return report
    with tables_read(report) as stack, exact_arithmetic():
        opened = _open(files, rulebook, desk.today(), stack)
        if opened.problems:
            report.refuse_table(opened.problems)
        else:
            _import(desk, opened, report, by=by, on_progress=on_progress)
    return report


def _rulebook(desk: Desk, *, is_needed: bool) -> Rulebook | None:
    try:
        with desk.reading() as session:
            return desk.rulebook_in_force(session, desk.today())
    except NoRulebookInForce:
        if is_needed:
            raise
        return None


def _words(rulebook: Rulebook) -> Mapping[str, frozenset[str]]:
    """The words of names that have no others."""
    return {name: entry.words for name, entry in rulebook.vocabulary.items() if entry.words}


class _Opened(NamedTuple):
    """The files, opened and bound to the mapping; `problems` are those of their headers, and of tables beside."""

    table: Table
    reader: DealReader
    today: date
    rate: ToReporting
    families: Mapping[str, str | None]
    problems: tuple[Problem, ...]


def _open(files: DealFiles, rulebook: Rulebook | None, today: date, stack: ExitStack) -> _Opened:
    document = files.mapping.shape
    joined = list[Joined]()
    for name, path in files.beside.items():
        beside = Table(path, delimiter=document.delimiter)
        stack.callback(beside.close)
        each = Joined(name, document.tables[name].key, file=beside.file, header=beside.header)
        each.fill(((row.line, row.cells) for row in beside.rows()), respelled_in(each.names, document.spelled))
        joined.append(each)
    table = Table(files.table, delimiter=document.delimiter)
    stack.callback(table.close)
    reader = DealReader(document, table.file, table.header, joined)
    problems = [problem for each in joined for problem in each.problems]
    told = tuple(dict.fromkeys((*problems, *reader.header.problems)))  # several fields may lack one column
    if rulebook is None:
        return _Opened(table, reader, today, _unconverted, {}, told)
    families = {id_: product.family for id_, product in rulebook.products.items()}
    return _Opened(table, reader, today, rulebook.rates.rate, families, told)


def _unconverted(currency: str, _day: date) -> NoReturn:
    raise AssertionError(f"a currency is only read under a rulebook, and this is {currency}")


def _import(desk: Desk, opened: _Opened, report: DealsReport, *, by: str, on_progress: Progress) -> None:
    index = opened.table.index(opened.reader.key, on_row=lambda rows: on_progress("reading", rows, 0))
    report.rows = index.rows
    _say_without_id(opened, index, report)
    done = 0
    for batch in index.batches(ROWS_AT_ONCE):
        made = _make_batch(desk, opened, batch, report)
        if not report.is_dry_run:
            meanwhile = len(made.fresh) - _write(desk, made, by=by)
            report.made -= meanwhile
            report.there += meanwhile
        done += sum(len(places) // 2 for places in batch.values())
        on_progress("importing", done, index.rows)
    report.spelled = opened.reader.spelled


def _say_without_id(opened: _Opened, index: RowIndex, report: DealsReport) -> None:
    """Rows that name no deal belong to none: each is bad, and they keep no other from being written."""
    places = index.places.pop("", None)
    for row in opened.table.at(places) if places else ():
        report.rows_without_account += 1
        report.say(opened.reader.read(row.line, row.cells)[1])


@dataclass(frozen=True, slots=True)
class _Made:
    """What is to be written: deals that are new, and such that have ended since or are corrected."""

    fresh: list[KeptDeal] = field(default_factory=list)
    changed: list[KeptDeal] = field(default_factory=list)


def _make_batch(desk: Desk, opened: _Opened, batch: Mapping[str, array[int]], report: DealsReport) -> _Made:
    with desk.reading() as session:
        there = deals.known(session, DealSource.IMPORT, batch)
    made = _Made()
    for key, places in batch.items():
        rows, problems = _read(opened, places)
        if not problems and is_left_out(rows):
            report.left_out += 1
            continue
        found = None
        if not problems:
            found, problems = deal_of(
                rows, opened.table.file, today=opened.today, rate=opened.rate, families=opened.families
            )
        if found is None or refuses_any(problems):
            report.refuse_deal(problems)
            continue
        report.say(problems)
        report.take(found, names_account=bool(rows[0].account))
        _compare(KeptDeal(found, DealSource.IMPORT, opened.table.file, rows[0].line), there.get(key), made, report)
    return made


def _read(opened: _Opened, places: array[int]) -> tuple[list[DealRow], list[Problem]]:
    rows, problems = list[DealRow](), list[Problem]()
    for each in opened.table.at(places):
        row, wrong = opened.reader.read(each.line, each.cells)
        problems += wrong
        if row is not None:
            rows.append(row)
    return rows, problems


def _compare(now: KeptDeal, kept: Deal | None, made: _Made, report: DealsReport) -> None:
    """Counts a deal as new, ended or there, and says what the table says otherwise than it was imported."""
    if kept is None:
        report.made += 1
        made.fresh.append(now)
        return
    deal, differ = renewed(kept, now.deal)
    if report.is_correcting and (differ or deal.lines != now.deal.lines):
        report.corrected += 1
        made.changed.append(now)
        return
    if deal == kept:
        report.there += 1
    else:
        report.ended += 1
        made.changed.append(now._replace(deal=deal))
    if differ:
        report.restated += 1
        report.say([restated(now.file or "", now.line or 1, kept, differ)])


def _write(desk: Desk, made: _Made, *, by: str) -> int:
    """Writes some deals in one transaction, and says how many of those that were new nobody else had kept meanwhile."""
    if not made.fresh and not made.changed:
        return 0
    at = desk.now()
    with desk.transaction() as session:
        fresh = deals.save(session, made.fresh, at=at, by=by)
        deals.rewrite(session, made.changed, at=at, by=by)
        data = {"made": fresh, "changed": len(made.changed), "file": (made.fresh or made.changed)[0].file}
        if fresh or made.changed:
            journal.enter(
                session,
                journal.Happening(desk.new_id("evt"), "scoring.deals_imported", "deals", at, by, IMPORTER, data),
            )
        return fresh
