"""The rules and requests of the workloads, as users have them: YAML that `load_rulebook` compiles, and a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks.floor import BANDS
from pricing_engine.quoting.request import Account, Add, QuoteRequest
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook

EFFECTIVE = date(2026, 1, 1)
TERM_MONTHS = 18
"""A year and a half, so that the second contract year is a stub that is prorated by days."""

COVERED_DAYS, DAYS_IN_YEAR = 546, 365
"""2026-01-01 to 2027-07-01 is 546 days; neither 2026 nor 2027 is a leap year."""

ACCOUNT = Account("acc_bench", "Bench Ltd", "USD", "US", {"segment": "mid_market"})
QUANTITIES = (30, 120, 75, 260, 180)
DIGITS = {"USD": 2}

_RULEBOOK = """\
kind: rulebook
name: benchmark
language: "1"
reporting_currency: USD
currencies: [USD]
proration: days
billing: {default: yearly_in_advance, plans: [yearly_in_advance, monthly_in_advance]}
term: {minimum_months: 1, maximum_months: 60}
roles: [rep, manager, deal_desk, pricing, revops, admin, integration]
discount_groups:
  - {id: portfolio, pick: best}
  - {id: term, pick: best}
  - {id: promotions, pick: sum}
"""
_METRICS = """\
kind: metrics
metrics:
  - {id: users, kind: capacity, unit: user, combine: max, meaning: named people}
"""
_VOCABULARY = """\
kind: vocabulary
names:
  segment: {type: enum, values: [smb, mid_market], from: account.segment, meaning: how sales serves the account}
  users: {type: count, from: metric.users, meaning: users the account will have}
  term_months: {type: months, range: "1..60", from: request.term_months, meaning: length of the term}
  product_count: {type: count, from: quote.product_count, meaning: paid modules and add-ons}
"""
_TIERS = """\
kind: tiers
id: platform
name: Platform
ladder:
  - {id: essentials, name: Essentials, limits: {users: 50}, offers: [module-0]}
  - {id: growth, name: Growth, limits: {users: 500}, offers: all}
"""
_DISCOUNTS = {
    "multi-product": """\
group: portfolio
applies_to: {timing: recurring}
schedule: {by: product_count, bands: [{from: 1, percent: "10%"}]}
why: rewards consolidation
""",
    "longer-term": """\
group: term
applies_to: {timing: recurring}
schedule: {by: term_months, bands: [{from: 12, percent: "5%"}]}
why: a long term saves a renewal
""",
    "spring": """\
group: promotions
applies_to: {timing: recurring}
when: 'segment in ["mid_market"]'
percent: "12%"
why: a campaign
""",
}


def rule_files(
    products: int, *, policies_elsewhere: int = 0, policies_failing: int = 0, entries: int = 1
) -> dict[str, bytes]:
    """The files of a rulebook with so many modules, each with its own price under graduated bands.

    `policies_elsewhere` are about a product nobody asks for; `policies_failing` are about every module, and their
    conditions fail. `entries` are the dated entries of each price, a year apart, the last of which is in force.
    """
    files = {
        "rulebook.yaml": _RULEBOOK,
        "metrics.yaml": _METRICS,
        "vocabulary.yaml": _VOCABULARY,
        "tiers/platform.yaml": _TIERS,
        "price_books/usd.yaml": "".join(_price_book(products, entries)),
    }
    for index in range(products):
        files[f"products/module-{index}.yaml"] = _product(f"module-{index}")
    for id_, policy in _DISCOUNTS.items():
        files[f"discounts/{id_}.yaml"] = f"kind: discount_policy\nid: {id_}\n{policy}"
    for index in range(policies_elsewhere):
        files[f"discounts/elsewhere-{index}.yaml"] = _policy(f"elsewhere-{index}", f"product: module-{products - 1}")
    for index in range(policies_failing):
        files[f"discounts/failing-{index}.yaml"] = _policy(f"failing-{index}", "timing: recurring")
    return {name: text.encode() for name, text in files.items()}


def _product(id_: str) -> str:
    return (
        f"kind: product\nid: {id_}\nname: {id_.title()}\ntype: module\nfamily: work\nwhy: one of many\n"
        "charges: [{id: seats, metric: users, timing: recurring, per: month}]\n"
    )


def _price_book(products: int, entries: int) -> Iterator[str]:
    bands = ", ".join(
        f'{{up_to: {up_to}, unit_price: "{price}"}}' if up_to else f'{{unit_price: "{price}"}}'
        for up_to, price in BANDS
    )
    yield "kind: price_book\nid: usd\ncurrency: USD\nmarket: [US]\nwhy: home market\nprices:\n"
    for index in range(products):
        yield f"  module-{index}.seats:\n"
        for entry in range(entries):
            day = EFFECTIVE.replace(year=EFFECTIVE.year - (entries - 1 - entry))
            yield f"    - {{from: {day}, why: list review, model: graduated, bands: [{bands}]}}\n"


def _policy(id_: str, about: str) -> str:
    return (
        f"kind: discount_policy\nid: {id_}\ngroup: promotions\napplies_to: {{{about}}}\n"
        'when: \'segment in ["smb"] and users > 20\'\npercent: "3%"\nwhy: for somebody else\n'
    )


def a_catalogue(products: int, *, policies_elsewhere: int = 0, policies_failing: int = 0) -> Rulebook:
    """The rulebook of `rule_files`, compiled."""
    files = rule_files(products, policies_elsewhere=policies_elsewhere, policies_failing=policies_failing)
    return load_rulebook(files, currency_digits=DIGITS)


def quantities(lines: int) -> list[Decimal]:
    """The users of each line."""
    return [Decimal(QUANTITIES[index % len(QUANTITIES)]) for index in range(lines)]


def a_request(lines: int) -> QuoteRequest:
    """A rep's request for the first so many modules."""
    return QuoteRequest(
        account=ACCOUNT,
        as_of=EFFECTIVE,
        effective_date=EFFECTIVE,
        term_months=TERM_MONTHS,
        currency="USD",
        role="rep",
        changes=tuple(Add(f"module-{index}", {"users": users}) for index, users in enumerate(quantities(lines))),
        tier="growth",
    )


def request_body(lines: int, *, account_id: str) -> Mapping[str, Any]:
    """The same request as the API takes it."""
    return {
        "account_id": account_id,
        "effective_date": EFFECTIVE.isoformat(),
        "term_months": TERM_MONTHS,
        "tier": "growth",
        "changes": [
            {"op": "add", "product": f"module-{index}", "quantities": {"users": str(users)}}
            for index, users in enumerate(quantities(lines))
        ],
    }
