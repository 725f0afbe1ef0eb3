"""A book of a few rows against the small rules: `read_book` gives its contracts and problems without any database."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache

from pricing_engine.contracts.contract import Contract
from pricing_engine.imports.book.bought import Book
from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.book.contracts import Imported, contracts_of
from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.book.read_mapping import BookMapping, read_book_mapping
from pricing_engine.imports.book.rows import BookReader
from pricing_engine.imports.book.sold import Catalogue
from pricing_engine.quoting.request import Account
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from tests.unit.rulebook.small_rules import DIGITS, small_rules

ACCOUNT = Account("acc_1", "Acme", "USD", "US")
COLUMNS = "account,contract,start,end,months,product,charge,users,net,list,policies,billing,trial"
MAPPING = """\
kind: book_mapping
book_date: 2026-07-01
contracts:
  account: account
  id: contract
  start: start
  end: end
  end_is: first_day_after
  term_months: months
  product: product
  charge: charge
  quantity: users
  metric: users
  net_per_month: net
  list_unit_price: list
  policies: policies
  billing: {column: billing, default: yearly_in_advance}
  trial: {column: trial, default: false}
"""
ROW: Mapping[str, str] = {
    "account": "A-1",
    "contract": "C-1",
    "start": "2026-01-01",
    "end": "2027-01-01",
    "product": "crm",
    "users": "10",
    "net": "400.00",
}


@cache
def rulebook() -> Rulebook:
    """The small rules, compiled."""
    return load_rulebook(small_rules(), currency_digits=DIGITS)


def mapping(text: str = MAPPING) -> BookMapping:
    """The mapping of a text that has no faults."""
    found, faults = read_book_mapping("mapping.yaml", text.encode())
    assert found is not None, faults
    return found


def a_row(columns: str = COLUMNS, **cells: str) -> str:
    """A row of ten CRM users at 40.00 each for 2026, with other cells where they are given."""
    given = {**ROW, **cells}
    return ",".join(given.get(column, "") for column in columns.split(","))


def read_book(
    *rows: str, text: str = MAPPING, columns: str = COLUMNS, account: Account = ACCOUNT, rules: Rulebook | None = None
) -> tuple[list[Contract], list[Problem]]:
    """The contracts that the rows of one account make, as they are in force, and everything that is wrong."""
    imported, problems = read_versions(*rows, text=text, columns=columns, account=account, rules=rules)
    return [each.contract for each in imported], problems


def read_versions(
    *rows: str, text: str = MAPPING, columns: str = COLUMNS, account: Account = ACCOUNT, rules: Rulebook | None = None
) -> tuple[list[Imported], list[Problem]]:
    """The same, with what the contracts were before their terms."""
    rules = rules or rulebook()
    read = mapping(text)
    header = Header("book.csv", columns.split(","))
    reader = BookReader(read.document, header)
    header.refuse_unmapped()
    catalogue = Catalogue(rules, reader.sold_as, read.document.contracts.metric)
    day = read.document.book_date or date(2026, 7, 1)
    book = Book("book.csv", read, rules, catalogue, reader.measure, day, reader.sources)
    problems, good = [*header.problems], []
    for line, cells in enumerate(csv.reader(rows), 2):
        row, found = reader.read(line, cells)
        problems += found
        if row is not None:
            good.append(row)
    contracts, found = contracts_of(good, account, book)
    return contracts, [*problems, *found]


def a_contract(*rows: str, **more: object) -> Contract:
    """The one contract that the rows make; nothing must be wrong with them."""
    contracts, problems = read_book(*rows, **more)  # type: ignore[arg-type]
    assert problems == []
    (contract,) = contracts
    return contract
