"""Contracts made by hand for storage: one with good defaults, and those of every shape hypothesis can think of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pricing_engine.catalog.charge_models import (
    Band,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.prices import CommittedAmount, CommittedQuantity, Price
from pricing_engine.catalog.products import RECURRING, Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract import (
    AgreedDiscount,
    BookedCharge,
    ChargeKind,
    Contract,
    Conversion,
    DiscountKind,
    HeldProduct,
    Milestone,
    Outcome,
    SettledUse,
    TermsPin,
)
from pricing_engine.contracts.contract_line import ContractLine, Grant, Phase, Stretch, Uplifted
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from tests.builders import HASH
from tests.rulebooks import D
from tests.storage.any_quote import (
    amounts,
    currencies,
    days,
    mappings_to,
    maybe_word,
    numbers,
    rules,
    texts,
    tuples_of,
    words,
)

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def a_line(product: str = "crm", *, net: str = "20400", term: Period = YEAR, **more: Any) -> ContractLine:
    """A line of 100 seats at 20 a month, of which a year costs `net`; billed at once."""
    fields: dict[str, Any] = {
        "id": f"{product}.seats",
        "key": f"{product}.seats",
        "product": product,
        "name": product.upper(),
        "tier": None,
        "charge": "seats",
        "timing": RECURRING,
        "months": 1,
        "metric": "seats",
        "rulebook": HASH,
        "entry": RuleRef("list-2026", "price_books/usd.yaml", 7, "list price"),
        "price": Price(PerUnit(D("20"))),
        "bundle": None,
        "phases": (Phase(term.start, D("100")),),
        "grants": (Grant("portfolio-15", D("0.15"), None, None),),
        "stretches": (
            Stretch(term.start, term.end, D("100"), D("24000"), D(net), (("portfolio-15", D("24000") - D(net)),)),
        ),
        "instalments": (D(net),),
    }
    return ContractLine(**(fields | more))


def a_contract(id: str = "con_1", version: int = 1, **more: Any) -> Contract:
    """A contract of 2026 with one line, for the account and rulebook of `stage`: ARR 20,400."""
    term: Period = more.get("term", YEAR)
    fields: dict[str, Any] = {
        "id": id,
        "account_id": "acc_1",
        "version": version,
        "effective": term.start,
        "currency": Currency("USD", 2),
        "price_book": "usd",
        "term": term,
        "ends": term.end,
        "billing": BillingPlan("yearly_in_advance", 12, in_advance=True),
        "proration": ProrationMethod.DAYS,
        "tier": None,
        "tier_rulebook": HASH,
        "terms": TermsPin("standard", HASH),
        "price_hold": True,
        "products": (HeldProduct("crm", (term.start,), ({"seats": D("100")},), ({},), {}),),
        "lines": (a_line(term=term),),
    }
    return Contract(**(fields | more))


def bands_of(model: Any, *, is_open: bool = True) -> st.SearchStrategy[Any]:
    """Band tables of the model with rising bounds."""
    last = st.builds(Band, st.none(), numbers, numbers)

    def table(bounds: list[int], prices: list[tuple[Decimal, Decimal]], end: Band) -> Any:
        bands = [Band(Decimal(bound), *price) for bound, price in zip(sorted(bounds), prices, strict=False)]
        return model(tuple([*bands, end] if is_open or not bands else bands))

    return st.builds(
        table, st.lists(st.integers(0, 999), unique=True, max_size=3), st.lists(st.tuples(numbers, numbers)), last
    )


models = st.one_of(
    st.builds(Flat, numbers),
    st.builds(PerUnit, numbers),
    bands_of(Volume),
    bands_of(Graduated),
    bands_of(Stairstep, is_open=False),
    st.builds(Package, st.decimals(1, 99, places=2), numbers),
    bands_of(Graduated).map(Percentage),
)
maybe_number = st.none() | numbers
prices = st.builds(Price, models, numbers, st.none(), maybe_number, maybe_number) | st.builds(
    Price, models, numbers, maybe_number, st.none(), maybe_number
)
commitments = st.none() | st.builds(CommittedQuantity, numbers) | st.builds(CommittedAmount, numbers)
phases = st.builds(Phase, days, numbers, commitments, maybe_number, maybe_number, numbers)
grants = st.builds(Grant, words, maybe_number, maybe_number, st.none() | days, st.booleans())
stretches = st.builds(Stretch, days, days, numbers, numbers, numbers, tuples_of(st.tuples(words, numbers), 2))
hashes = st.sampled_from([HASH, "1" * 64, "2" * 64])
contract_lines = st.builds(
    ContractLine,
    id=words,
    key=words,
    product=words,
    name=texts,
    tier=maybe_word,
    charge=words,
    timing=st.sampled_from(Timing),
    months=st.integers(1, 12),
    metric=maybe_word,
    rulebook=hashes,
    entry=rules,
    price=st.none() | prices,
    bundle=maybe_word,
    phases=tuples_of(phases, 2),
    grants=tuples_of(grants, 2),
    stretches=tuples_of(stretches, 2),
    instalments=tuples_of(numbers),
    trial_until=st.none() | days,
    uplifted=st.lists(st.builds(Uplifted, days, rules, numbers, numbers), max_size=2).map(tuple),
)
held_products = st.builds(HeldProduct, words, tuples_of(days, 2), tuples_of(amounts, 2), tuples_of(amounts, 2), amounts)
agreed = st.builds(
    AgreedDiscount, rules, st.sampled_from(DiscountKind), numbers, st.frozensets(words), st.frozensets(words)
)
terms_of_days = st.tuples(days, days).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Period(*sorted(pair)))
contracts = st.builds(
    Contract,
    id=st.just("con_1"),
    account_id=st.just("acc_1"),
    version=st.integers(1, 99),
    effective=days,
    currency=currencies,
    price_book=words,
    term=terms_of_days,
    ends=days,
    billing=st.builds(BillingPlan, words, st.none() | st.integers(1, 12), st.booleans()),
    proration=st.sampled_from(ProrationMethod),
    tier=maybe_word,
    tier_rulebook=hashes,
    terms=st.none() | st.builds(TermsPin, words, hashes),
    price_hold=st.booleans(),
    products=tuples_of(held_products, 2),
    lines=tuples_of(contract_lines),
    discounts=tuples_of(agreed, 2),
    charges=tuples_of(st.builds(BookedCharge, days, st.sampled_from(ChargeKind), words, numbers), 2),
    trials=tuples_of(words),
    milestones=tuples_of(st.builds(Milestone, words, days, numbers, st.sampled_from(Outcome)), 2),
    changed_terms=mappings_to(texts),
    conversions=tuples_of(st.builds(Conversion, words, amounts, days), 2),
    settled_use=st.lists(st.builds(SettledUse, words, words, days, days, numbers), max_size=2).map(tuple),
)
