"""A table of deals with customers beside it, its mapping, and what is made of a row; each test says what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.imports.deals.deals import Read, deal_of
from pricing_engine.imports.deals.joined import Joined, respelled_in
from pricing_engine.imports.deals.read_mapping import DealMapping, read_deal_mapping
from pricing_engine.imports.deals.rows import DealReader, DealRow
from pricing_engine.scoring.deal import Deal
from tests.rulebooks import D

TEXT = """\
kind: deal_mapping
tables:
  customers: {key: name, by: who}
spelled:
  who: {Acmee: Acme}
  customers.sector: {technolgy: technology}
deals:
  id: id
  account: who
  created: {column: begun, missing: leave_out}
  closed: ended
  outcome: {column: stage, won: Won, lost: [Lost, Dead], open: Open}
  reason: why
  product: product
  list: list
  net: net
  currency: currency
  drawn: {was: by_lot, discount: drawn, propensity: chance, expected: mean}
facts:
  sector: {column: customers.sector, type: word}
  growth: {column: growth, type: number}
  is_new: {column: is_new, type: yes_no}
ignored: [customers.city]
"""
COLUMNS = (
    *("id", "who", "begun", "ended", "stage", "why", "product", "list", "net", "currency"),
    *("by_lot", "drawn", "chance", "mean", "growth", "is_new"),
)
CUSTOMERS = (("Acme", "technolgy", "Rome"), ("Bolt", "retail", ""))
WON = {
    "id": "d1",
    "who": "Acme",
    "begun": "2025-01-10",
    "ended": "2025-03-01",
    "stage": "Won",
    "product": "crm",
    "list": "100.00",
    "net": "90.00",
    "currency": "USD",
    "growth": "-2.5%",
    "is_new": "yes",
}
TODAY = date(2025, 6, 1)


def mapping(text: str = TEXT) -> DealMapping:
    found, faults = read_deal_mapping("mapping.yaml", text.encode())
    assert found is not None, faults
    return found


def customers(rows: Sequence[Sequence[str]] = CUSTOMERS, text: str = TEXT) -> Joined:
    joined = Joined("customers", "name", file="customers.csv", header=("name", "sector", "city"))
    joined.fill(enumerate(rows, 2), respelled_in(joined.names, mapping(text).shape.spelled))
    return joined


def reader(text: str = TEXT, columns: Sequence[str] = COLUMNS) -> DealReader:
    joined = [customers(text=text)] if mapping(text).shape.tables else []
    return DealReader(mapping(text).shape, "t.csv", columns, joined)


def cells(**more: str) -> list[str]:
    return [(WON | more).get(column, "") for column in COLUMNS]


def read(**more: str) -> DealRow:
    row, problems = reader().read(2, cells(**more))
    assert row is not None, problems
    return row


def refused(**more: str) -> list[tuple[str, str]]:
    row, problems = reader().read(2, cells(**more))
    assert row is None
    return [(each.column, each.code) for each in problems]


def rate(currency: str, _day: date) -> Decimal:
    return {"EUR": D("1.10"), "USD": D("1")}[currency]


def deal(*rows: DealRow) -> Read:
    return deal_of(rows or [read()], "t.csv", today=TODAY, rate=rate, families={"analytics": "insight"})


def made(**more: str) -> Deal:
    found = deal(read(**more)).deal
    assert found is not None
    return found
