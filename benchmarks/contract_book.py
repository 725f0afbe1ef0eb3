"""A book of contracts: as a table with its mapping, to be imported, and as the core's values, to be read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.catalogue import EFFECTIVE, QUANTITIES
from pricing_engine.catalog.prices import Price
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract import Contract, HeldProduct, TermsPin
from pricing_engine.contracts.contract_line import ContractLine, Grant, Phase, Stretch
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.pricing.instalments import Cadence, cadence_for, spread
from pricing_engine.rulebook.rulebook import Rulebook

CONTRACTS_PER_ACCOUNT: Final = 5
PRODUCTS: Final = 20
UNIT_PRICE: Final = Decimal("18.37")

BOOK, MAPPING_FILE = "book.csv", "mapping.yaml"

COLUMNS: Final = (
    *("account", "customer", "currency", "market", "segment"),
    *("contract", "from", "until", "module", "users", "net_per_month", "billing"),
)
MAPPING: Final = """\
kind: book_mapping
accounts:
  id: account
  name: customer
  currency: currency
  market: market
  attributes: {segment: segment}
contracts:
  account: account
  id: contract
  start: from
  end: until
  end_is: last_day
  term_months: {constant: 12}
  product: module
  quantity: users
  metric: users
  net_per_month: net_per_month
  billing: {column: billing, values: {yearly: yearly_in_advance, monthly: monthly_in_advance}}
checks:
  - {id: whole-seats, that: "quantity >= 1", why: seats are sold whole}
"""


def book_rows(contracts: int) -> Iterator[tuple[str, ...]]:
    """The rows of the book, in an order that mixes the accounts; a fifth is open, the others end within four years."""
    accounts = max(1, contracts // CONTRACTS_PER_ACCOUNT)
    for index in range(contracts):
        account = index % accounts
        start = date(2024 + index % 3, 1 + index % 12, 1 + index % 28)
        until = ("", *(f"{start.year + years}-12-31" for years in range(4)))[index % 5]
        users = QUANTITIES[index % len(QUANTITIES)]
        yield (
            *(f"A-{account}", f"Customer {account}", "USD", "US", ("smb", "mid_market")[account % 2]),
            *(f"C-{index}", start.isoformat(), until, f"module-{index % PRODUCTS}", str(users)),
            *(f"{UNIT_PRICE * users}", ("yearly", "monthly")[index % 2]),
        )


def write_book(folder: Path, contracts: int) -> None:
    """Writes the book and its mapping."""
    with (folder / BOOK).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(book_rows(contracts))
    (folder / MAPPING_FILE).write_text(MAPPING, encoding="utf-8")


def held_contract(index: int, *, rulebook: Rulebook, lines: int = 5) -> Contract:
    """A contract of a year over so many modules, each at its graduated list price less two granted discounts."""
    usd, term = Currency("USD", 2), Period(EFFECTIVE, EFFECTIVE.replace(year=EFFECTIVE.year + 1))
    plan = BillingPlan("yearly_in_advance", 12, in_advance=True)
    cadence = cadence_for(term, plan, ProrationMethod.DAYS)
    made = tuple(_line(place, rulebook, cadence, usd) for place in range(lines))
    return Contract(
        id=f"con_{index}",
        account_id=f"acc_{index}",
        version=1,
        effective=term.start,
        currency=usd,
        price_book="usd",
        term=term,
        ends=term.end,
        billing=plan,
        proration=ProrationMethod.DAYS,
        tier="growth",
        tier_rulebook=rulebook.hash,
        terms=TermsPin("standard", rulebook.hash),
        price_hold=True,
        products=tuple(_held(line) for line in made),
        lines=made,
    )


def _line(place: int, rulebook: Rulebook, cadence: Cadence, currency: Currency) -> ContractLine:
    product = rulebook.products[f"module-{place}"]
    (charge,) = product.charges
    key = f"{product.id}.{charge.id}"
    entry = rulebook.price_books[0].in_force(key, cadence.term.start)
    quantity, listed = Decimal(QUANTITIES[place % len(QUANTITIES)]), Decimal(36_000)
    stretch = Stretch(
        cadence.term.start,
        cadence.term.end,
        quantity,
        listed,
        listed * Decimal("0.855"),
        (("multi-product", listed * Decimal("0.10")), ("longer-term", listed * Decimal("0.045"))),
    )
    return ContractLine(
        id=key,
        key=key,
        product=product.id,
        name=product.name,
        tier=None,
        charge=charge.id,
        timing=charge.timing,
        months=1,
        metric=charge.metric,
        rulebook=rulebook.hash,
        entry=entry.rule,
        price=entry.price if isinstance(entry.price, Price) else None,
        bundle=None,
        phases=(Phase(cadence.term.start, quantity),),
        grants=(
            Grant("multi-product", Decimal("0.10"), None, None),
            Grant("longer-term", Decimal("0.05"), None, None),
        ),
        stretches=(stretch,),
        instalments=spread(cadence, (stretch,), currency=currency),
    )


def _held(line: ContractLine) -> HeldProduct:
    (phase,) = line.phases
    return HeldProduct(line.product, (phase.start,), ({line.metric or "": phase.quantity},), ({},), {})
