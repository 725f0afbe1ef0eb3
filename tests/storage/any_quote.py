"""Quotes of every shape hypothesis can think of, also ones no rulebook would make: storage must keep them all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pricing_engine.catalog.products import Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import Currency
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.billing import Invoice, InvoiceLine
from pricing_engine.pricing.waterfall import PricedLine, Segment, Step, StepKind
from pricing_engine.quoting.contract_change import (
    ContractChange,
    DueItem,
    DueKind,
    Exposure,
    LineChange,
    Movement,
    QuoteType,
)
from pricing_engine.quoting.quote import Quote, QuoteState, TierOutcome, Totals
from pricing_engine.quoting.request import (
    Account,
    Add,
    AmountOff,
    Cancel,
    ChangeTier,
    ContractRef,
    DiscountRequest,
    Extend,
    PercentOff,
    QuoteRequest,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    TargetPrice,
    Trial,
    TrueUp,
    Waiver,
)
from tests.builders import HASH
from tests.storage.any_scored import scored

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
words = st.text("abcxyz-_.", min_size=1, max_size=6)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=None) | st.sampled_from(
    [Decimal("0.00"), Decimal("-0"), Decimal("1E+3"), Decimal("0.1") ** 20, Decimal(10) ** 30 + Decimal("0.01")]
)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
maybe_word = st.none() | words
rules = st.builds(RuleRef, words, words, st.integers(0, 9_999), texts)


def tuples_of(items: SearchStrategy[Any], at_most: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    """Tuples of none to a few items."""
    return st.lists(items, max_size=at_most).map(tuple)


def mappings_to(values: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """Mappings of a few names."""
    return st.dictionaries(words, values, max_size=3)


amounts = mappings_to(numbers)
facts = mappings_to(
    st.recursive(
        st.none() | texts | st.booleans() | st.integers(-(2**53), 2**53) | numbers | days | st.fractions(),
        lambda inner: tuples_of(inner) | mappings_to(inner),
        max_leaves=4,
    )
)
currencies = st.builds(Currency, st.sampled_from(["USD", "JPY", "KWD"]), st.integers(0, 4))
accounts = st.builds(
    Account, st.just("acc_1"), texts, words, maybe_word, mappings_to(texts | numbers | st.booleans() | days)
)
ramps = st.builds(RampStep, st.integers(1, 60), amounts, amounts)
adds = st.builds(Add, words, amounts, amounts, amounts, tuples_of(ramps, 2))
changes = st.one_of(
    adds,
    adds.map(lambda add: Set(*add)),
    st.builds(Remove, words, amounts),
    st.builds(ChangeTier, words),
    st.sampled_from([Renew(), Cancel(), Reinstate()]),
    st.builds(Extend, st.integers(1, 36)),
    st.builds(TrueUp, words, amounts, days),
    st.builds(Trial, words, amounts),
)
sizes = st.builds(PercentOff, numbers) | st.builds(AmountOff, numbers) | st.builds(TargetPrice, numbers)
discounts = st.builds(DiscountRequest, sizes, maybe_word, maybe_word, texts)
requests = st.builds(
    QuoteRequest,
    account=accounts,
    as_of=days,
    effective_date=days,
    term_months=st.integers(1, 120),
    currency=words,
    role=words,
    changes=tuples_of(changes),
    billing=maybe_word,
    tier=maybe_word,
    bundles=tuples_of(words),
    discounts=tuples_of(discounts),
    usage=amounts,
    valid_until=st.none() | days,
    external_ref=maybe_word,
    note=texts,
    contract=st.none() | st.builds(ContractRef, words, st.integers(1, 99)),
    waivers=tuples_of(st.builds(Waiver, words, st.none() | texts, texts)),
)
steps = st.builds(Step, st.sampled_from(StepKind), rules, numbers, numbers)
segments = st.builds(Segment, days, days, st.fractions(), numbers, numbers, numbers, tuples_of(steps), tuples_of(steps))
lines = st.builds(
    PricedLine,
    id=words,
    product=words,
    name=texts,
    tier=maybe_word,
    charge=words,
    timing=st.sampled_from(Timing),
    months=st.none() | st.integers(1, 36),
    metric=maybe_word,
    bundle=maybe_word,
    quantity=numbers,
    segments=tuples_of(segments, 2),
    closing=tuples_of(steps, 2),
    list_per_year=numbers,
    net_per_year=numbers,
    list_term=numbers,
    net_term=numbers,
    usage_estimate=st.none() | numbers,
)
invoices = st.builds(Invoice, days, days, days, tuples_of(st.builds(InvoiceLine, words, numbers)), numbers)
findings = st.builds(Finding, words, st.sampled_from(Severity), texts, st.none() | rules, maybe_word, facts)
due_items = st.builds(DueItem, st.sampled_from(DueKind), maybe_word, st.none() | rules, texts, numbers)
line_changes = st.builds(LineChange, words, words, texts, st.sampled_from(Movement), *[numbers] * 6)
contract_changes = st.builds(
    ContractChange,
    type=st.sampled_from(QuoteType),
    contract=words,
    version=st.integers(1, 99),
    arr_before=numbers,
    arr_after=numbers,
    tcv_before=numbers,
    tcv_after=numbers,
    due_on=days,
    due_now=numbers,
    is_refund=st.booleans(),
    items=tuples_of(due_items),
    lines=tuples_of(line_changes),
    invoices_before=tuples_of(invoices, 2),
    exposures=tuples_of(st.builds(Exposure, words, days, numbers), 2),
)
quotes = st.builds(
    Quote,
    id=st.just("quo_1"),
    state=st.sampled_from(QuoteState),
    request=requests,
    rulebook=st.just(HASH),
    price_book=words,
    currency=currencies,
    term_start=days,
    term_end=days,
    billing=words,
    tier=st.none() | st.builds(TierOutcome, words, maybe_word, maybe_word),
    lines=tuples_of(lines),
    totals=st.none() | st.builds(Totals, *[numbers] * 9),
    invoices=tuples_of(invoices),
    findings=tuples_of(findings),
    approval_levels=tuples_of(words),
    change=st.none() | contract_changes,
    terms=maybe_word,
    scored=st.none() | scored,
)
