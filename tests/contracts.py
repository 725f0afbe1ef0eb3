"""Contracts made and changed by the engine itself, with good defaults, for tests of what a change costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pricing_engine.contracts.contract import Contract
from pricing_engine.expressions import Kind, Scope, compile_expression
from pricing_engine.policies.discounts import DiscountPolicy, Schedule
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.contract_change import ContractChange
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Add, Change, QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import (
    Fee,
    GivingUp,
    OverUse,
    OverUseMode,
    Reinstatement,
    RenewalTerms,
    Terms,
)
from tests.rulebooks import VOCABULARY, D, a_policy, a_product, a_rulebook, add, ask, ref

START = date(2026, 1, 1)
MIDYEAR = date(2026, 7, 1)


def fee(formula: str, cap: str | None = None) -> Fee:
    """A fee by a formula over `remaining_fees` and `year_of_term`."""
    scope = Scope(names={id_: entry.name for id_, entry in VOCABULARY.items()})
    compiled = [text and compile_expression(text, scope, expect=Kind.MONEY) for text in (formula, cap)]
    return Fee(compiled[0], compiled[1], ref("fee"))


def giving_up(formula: str | None = "remaining_fees * 0.50", **more: Any) -> GivingUp:
    """Half of the remaining fees, and a credit, unless said otherwise."""
    return GivingUp(ref("partial-cancellation"), fee=fee(formula) if formula else None, **more)


def some_terms(**more: Any) -> Terms:
    """Terms like those of the design's worked example."""
    defaults: dict[str, Any] = {
        "cancellation": GivingUp(ref("cancellation"), fee=fee("remaining_fees")),
        "partial_cancellation": giving_up(),
        "reinstatement": Reinstatement(ref("reinstatement"), 180, D("1"), D("0.2"), covers_lapse=True),
        "over_use": OverUse(ref("over-use"), OverUseMode.TRUE_UP, D("0.05"), D("1.25")),
        "renewal": RenewalTerms(ref("renewal"), floor=D(0), cap=D("0.07"), grace_days=30),
    }
    return Terms("standard", ref("terms"), **(defaults | more))


def multi_product(*, improves: bool = True, **more: Any) -> DiscountPolicy:
    """Two products 10%, three 15%."""
    bands = ((D(2), D("0.10")), (D(3), D("0.15")))
    return a_policy("multi-product", Schedule("product_count", bands), reprice_on_improved=improves, **more)


PRICES: Mapping[str, Any] = {"crm.seats": "50", "analytics.seats": "20", "core.seats": "10"}


def a_rulebook_of_three(prices: Mapping[str, Any] = PRICES, **more: Any) -> Rulebook:
    """CRM at 50, Analytics at 20 and Core at 10 a user and month; a multi-product discount; terms with fees."""
    defaults: dict[str, Any] = {"discounts": [multi_product()], "terms": [some_terms()]}
    products = [a_product(key.partition(".")[0]) for key in prices]
    return a_rulebook(products, prices, **(defaults | more))


@dataclass(frozen=True)
class Book:
    """A contract with every rulebook version it has been under; each change gives a new one."""

    contract: Contract
    rulebooks: Mapping[str, Rulebook]

    @property
    def held(self) -> Held:
        """What the engine takes."""
        return Held(self.contract, {hash: self.rulebooks[hash] for hash in self.contract.rulebooks})

    @property
    def rulebook(self) -> Rulebook:
        """The version in force: the last one given."""
        return list(self.rulebooks.values())[-1]

    def under(self, rulebook: Rulebook) -> Book:
        """The same contract when another version is in force."""
        others = {hash: each for hash, each in self.rulebooks.items() if hash != rulebook.hash}
        return replace(self, rulebooks={**others, rulebook.hash: rulebook})

    def request(self, *changes: Change, on: date = MIDYEAR, **more: Any) -> QuoteRequest:
        """A request asked on the day it takes effect."""
        return ask(*changes, **({"effective_date": on, "as_of": on} | more))

    def quote(self, *changes: Change, on: date = MIDYEAR, **more: Any) -> Quote:
        """The quote of some changes."""
        request = self.request(*changes, on=on, **more)
        return assemble_quote(request, rulebook=self.rulebook, quote_id="quo_test", held=self.held)

    def change(self, *changes: Change, on: date = MIDYEAR, **more: Any) -> ContractChange:
        """What some changes do."""
        change = self.quote(*changes, on=on, **more).change
        assert change is not None
        return change

    def book(self, *changes: Change, on: date = MIDYEAR, **more: Any) -> Book:
        """The contract once some changes are agreed."""
        request = self.request(*changes, on=on, **more)
        contract = book_contract(request, rulebook=self.rulebook, contract_id="ctr_test", held=self.held)
        return replace(self, contract=contract)


def a_contract(rulebook: Rulebook, *changes: Add, **more: Any) -> Book:
    """The contract of a first sale, a year from 2026-01-01 unless said otherwise."""
    request = ask(*changes, **more)
    return Book(book_contract(request, rulebook=rulebook, contract_id="ctr_test"), {rulebook.hash: rulebook})


def crm_and_analytics(**more: Any) -> Book:
    """The contract of the design's worked partial churn: 100 users each of CRM and Analytics."""
    return a_contract(a_rulebook_of_three(**more), add("crm", "100"), add("analytics", "100"))


DAY = timedelta(days=1)
