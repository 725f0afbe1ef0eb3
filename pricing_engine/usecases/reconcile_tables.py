"""Compare what tables claim of customers with what the ledger says, and list every row that contradicts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from pricing_engine.desk import Desk
from pricing_engine.imports.book.checks import told_facts
from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.prices import list_per_year, list_price
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.sold import Catalogue
from pricing_engine.imports.claims.facts import facts_of
from pricing_engine.imports.claims.read_mapping import Claim, Reconciling, check_under
from pricing_engine.imports.claims.rows import ClaimReader, ClaimRow
from pricing_engine.money import ZERO, exact_arithmetic
from pricing_engine.quoting.request import Account
from pricing_engine.retention.customer_ledger import CustomerLedger, customer_ledgers
from pricing_engine.retention.rates import Window
from pricing_engine.retention.reconciliation import Compared, Contradiction, Reconciliation
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.rulebook import PriceBookMissing
from pricing_engine.storage import accounts
from pricing_engine.storage.contract_owners import owners_of
from pricing_engine.usecases.book_table import Table, TableRow, TableUnreadable
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.retained_book import RetainedBook, read_book

_ROWS_AT_ONCE: Final = 1_000
_NOBODY: Final = CustomerLedger()


def reconcile_tables(
    desk: Desk, mapping: Reconciling, files: Mapping[str, Path], *, on: date, on_progress: Progress = unseen
) -> Reconciliation:
    """What the tables and the ledger say differently, as of a day. Shape: files by the tables of the mapping.

    Raises: NoRulebookInForce; RateMissing; OSError when a file cannot be read.
    """
    book = read_book(desk, Window(on, on))
    with exact_arithmetic():
        reconciling = _Reconciling(desk, book, customer_ledgers(book.entries), on)
        for name, file in files.items():
            shape = mapping.document.tables[name]
            catalogue = Catalogue(book.rulebook, "product", shape.metric)
            try:
                with closing(Table(file, delimiter=shape.delimiter)) as table:
                    reader = ClaimReader(shape, Header(table.file, table.header))
                    claims = _Claims(name, reader, mapping.claims[name], catalogue)
                    reconciling.compare(table, claims, on_progress)
            except TableUnreadable as unreadable:
                problem = Problem(unreadable.file, unreadable.line, "", "", "table", unreadable.what, "")
                reconciling.say(name, [problem])
                reconciling.unread.append(name)
    compared, contradictions = reconciling.compared, reconciling.contradictions
    return Reconciliation(on, book.currency, compared, contradictions, unread=reconciling.unread)


def mapping_faults(desk: Desk, mapping: Reconciling) -> tuple[Fault, ...]:
    """What the mapping names that the rulebook in force does not have.

    Raises: NoRulebookInForce.
    """
    with desk.reading() as session:
        return check_under(mapping, desk.rulebook_in_force(session, desk.today()))


@dataclass(frozen=True, slots=True)
class _Claims:
    """A table's claims, what reads its rows, and what finds what they sold."""

    name: str
    reader: ClaimReader
    claims: Sequence[Claim]
    catalogue: Catalogue


@dataclass(slots=True)
class _Reconciling:
    """What has been compared so far, with the ledger by account."""

    desk: Desk
    book: RetainedBook
    ledger: Mapping[str, CustomerLedger]
    on: date
    compared: list[Compared] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def compare(self, table: Table, claims: _Claims, on_progress: Progress) -> None:
        """Compares every row of a table; one whose header is wrong has nothing else said of it."""
        of_claims = [Compared(claims.name, each.id, each.why) for each in claims.claims]
        self.compared += of_claims
        if claims.reader.header.problems:
            self.say(claims.name, claims.reader.header.problems)
            self.unread.append(claims.name)
            return
        done, rows = 0, table.rows()
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            self._compare_some(some, claims, of_claims)
            done += len(some)
            on_progress(f"comparing {claims.name}", done, 0)

    def _compare_some(self, rows: Sequence[TableRow], claims: _Claims, of_claims: Sequence[Compared]) -> None:
        read = [claims.reader.read(row.line, row.cells) for row in rows]
        found = [row for row, _ in read if row is not None]
        with self.desk.reading() as session:
            known = accounts.of_external_ids(session, sorted({row.account for row in found}))
            owners = owners_of(session, sorted({row.contract for row in found if row.contract}))
        for _, problems in read:
            self.say(claims.name, problems)
        for row in found:
            account = _whose(row, known, owners)
            if isinstance(account, Wrong):
                self.say(claims.name, [Problem(claims.reader.header.file, row.line, "", "", *account)])
            else:
                self._compare_row(row, account, claims, of_claims)

    def _compare_row(self, row: ClaimRow, account: Account, claims: _Claims, of_claims: Sequence[Compared]) -> None:
        listed = self._listed(row, account, claims.catalogue)
        facts = facts_of(row, self.ledger.get(account.id, _NOBODY), on=self.on, listed=listed)
        for claim, compared in zip(claims.claims, of_claims, strict=True):
            if claim.that.names - facts.keys():
                compared.untested += 1
                continue
            compared.tested += 1
            if not claim.that.evaluate(facts):
                what = f"{claim.that.text}, with {told_facts(claim.that, facts)}"
                file = claims.reader.header.file
                self.contradictions.append(
                    compared.add(
                        Contradiction(
                            *(claims.name, claim.id, account.id, row.contract, file, row.line),
                            *(facts.get(claim.at_stake, ZERO), what),
                        )
                    )
                )

    def _listed(self, row: ClaimRow, account: Account, catalogue: Catalogue) -> Decimal | None:
        """What list is a year for what the row names; None where that cannot be said."""
        if not row.product or row.day is None or row.quantity is None:
            return None
        sold = catalogue.find(row.product, "")
        if isinstance(sold, Wrong):
            return None
        try:
            price_book = self.book.rulebook.price_book(account.currency, account.market)
        except PriceBookMissing:
            return None
        found = list_price(sold, book=price_book, day=row.day)
        amount = found if isinstance(found, Wrong) else list_per_year(found.price, sold, row.quantity)
        return None if isinstance(amount, Wrong) else amount

    def say(self, source: str, problems: Sequence[Problem]) -> None:
        """What cannot be compared at all is a contradiction, too: of the row with its table."""
        for each in problems:
            compared = next((one for one in self.compared if (one.source, one.check) == (source, each.code)), None)
            if compared is None:
                compared = Compared(source, each.code, "the row cannot be compared")
                self.compared.append(compared)
            compared.tested += 1
            what = f"{each.column}: {each.what}" if each.column else each.what
            self.contradictions.append(
                compared.add(Contradiction(source, each.code, "", "", each.file, each.line, ZERO, what))
            )


def _whose(row: ClaimRow, known: Mapping[str, Account], owners: Mapping[str, str]) -> Account | Wrong:
    """The account of a row; that there is none, or that the contract is none of its own."""
    account = known.get(row.account)
    if account is None:
        return Wrong("unknown-account", f"there is no account {row.account}", "")
    owner = owners.get(row.contract)
    if row.contract and owner is None:
        return Wrong("unknown-contract", f"there is no contract {row.contract}", "")
    if row.contract and owner != account.id:
        return Wrong("contract-elsewhere", f"contract {row.contract} is of {owner}", "")
    return account
