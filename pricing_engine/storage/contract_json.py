"""A contract as JSON and back, fields by position; `contract_line_json` maps its lines.

What lines share is written once (`contract_shared_json`): numbers, which are exact text, days, rules, prices, grants.
Decoding is on the way of every amendment: it is one call to orjson, and then mostly looking up places.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

import orjson

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
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.storage.contract_line_json import plain_line, read_line
from pricing_engine.storage.contract_shared_json import Numbers, SharedRead, SharedWritten, read_shared

_PRORATIONS: Final[Mapping[str, ProrationMethod]] = {method.value: method for method in ProrationMethod}
_day = date.fromisoformat
_currency = lru_cache(Currency)
_make_product = partial(tuple.__new__, HeldProduct)


def encode_contract(contract: Contract) -> bytes:
    """The contract as JSON; sets are in order, so that equal contracts are equal bytes."""
    shared = SharedWritten()
    terms = contract.terms
    plain = {
        "id": contract.id,
        "account": contract.account_id,
        "version": contract.version,
        "effective": contract.effective,
        "currency": (contract.currency.code, contract.currency.digits),
        "price_book": contract.price_book,
        "term": (contract.term.start, contract.term.end),
        "ends": contract.ends,
        "billing": (contract.billing.id, contract.billing.months, contract.billing.in_advance),
        "proration": contract.proration,
        "tier": (contract.tier, shared.rulebooks[contract.tier_rulebook]),
        "terms": terms and (terms.id, shared.rulebooks[terms.rulebook]),
        "price_hold": contract.price_hold,
        "products": [_plain_product(product, shared) for product in contract.products],
        "lines": [plain_line(line, shared) for line in contract.lines],
        "discounts": [_plain_discount(discount, shared) for discount in contract.discounts],
        "charges": [_plain_charge(charge, shared) for charge in contract.charges],
        "trials": contract.trials,
        "milestones": [_plain_milestone(milestone, shared) for milestone in contract.milestones],
        "changed_terms": contract.changed_terms,
        "conversions": [
            (product, shared.by_name(quantities), shared.days[on]) for product, quantities, on in contract.conversions
        ],
        "settled_use": [_plain_settled(settled, shared) for settled in contract.settled_use],
    }
    return orjson.dumps(plain | shared.plain())


def terms_in(text: str | bytes) -> TermsPin | None:
    """The terms of the contract `encode_contract` was given, without the rest of it."""
    plain = orjson.loads(text)
    terms = plain["terms"]
    return None if terms is None else TermsPin(terms[0], plain["rulebooks"][terms[1]])


def decode_contract(text: str | bytes) -> Contract:
    """The contract `encode_contract` was given."""
    plain = orjson.loads(text)
    shared = read_shared(plain)
    start, end = plain["term"]
    tier, tier_rulebook = plain["tier"]
    terms = plain["terms"]
    return Contract(
        plain["id"],
        plain["account"],
        plain["version"],
        _day(plain["effective"]),
        _currency(*plain["currency"]),
        plain["price_book"],
        Period(_day(start), _day(end)),
        _day(plain["ends"]),
        BillingPlan(*plain["billing"]),
        _PRORATIONS[plain["proration"]],
        tier,
        shared.rulebooks[tier_rulebook],
        None if terms is None else TermsPin(terms[0], shared.rulebooks[terms[1]]),
        plain["price_hold"],
        tuple([_product(product, shared) for product in plain["products"]]),
        tuple([read_line(line, shared) for line in plain["lines"]]),
        tuple([_discount(discount, shared) for discount in plain["discounts"]]),
        tuple([_charge(charge, shared) for charge in plain["charges"]]),
        tuple(plain["trials"]),
        tuple([_milestone(milestone, shared) for milestone in plain["milestones"]]),
        plain["changed_terms"],
        tuple([_settled(settled, shared) for settled in plain["settled_use"]]),
        tuple(
            [
                Conversion(product, _by_name(quantities, shared.numbers), shared.days[on])
                for product, quantities, on in plain["conversions"]
            ]
        ),
    )


def _plain_product(held: HeldProduct, shared: SharedWritten) -> tuple[Any, ...]:
    return (
        held.product,
        [shared.days[start] for start in held.starts],
        [shared.by_name(each) for each in held.quantities],
        [shared.by_name(each) for each in held.unit_prices],
        shared.by_name(held.commitments),
    )


def _product(plain: list[Any], shared: SharedRead) -> HeldProduct:
    product, starts, quantities, unit_prices, commitments = plain
    days, numbers = shared.days, shared.numbers
    return _make_product(
        (
            product,
            tuple([days[start] for start in starts]),
            tuple([_by_name(each, numbers) for each in quantities]),
            tuple([_by_name(each, numbers) if each else {} for each in unit_prices]),
            _by_name(commitments, numbers) if commitments else {},
        )
    )


def _by_name(places: Mapping[str, int], numbers: Numbers) -> Mapping[str, Decimal]:
    return {name: numbers[place] for name, place in places.items()}


def _plain_discount(discount: AgreedDiscount, shared: SharedWritten) -> tuple[Any, ...]:
    rule, kind, size, lines, products = discount
    return shared.rules[rule], kind, shared.number(size), sorted(lines), sorted(products)


def _discount(plain: list[Any], shared: SharedRead) -> AgreedDiscount:
    rule, kind, size, lines, products = plain
    return AgreedDiscount(
        shared.rules[rule], DiscountKind(kind), shared.numbers[size], frozenset(lines), frozenset(products)
    )


def _plain_charge(charge: BookedCharge, shared: SharedWritten) -> tuple[Any, ...]:
    day, kind, what, amount = charge
    return shared.days[day], kind, what, shared.number(amount)


def _charge(plain: list[Any], shared: SharedRead) -> BookedCharge:
    day, kind, what, amount = plain
    return BookedCharge(shared.days[day], ChargeKind(kind), what, shared.numbers[amount])


def _plain_milestone(milestone: Milestone, shared: SharedWritten) -> tuple[Any, ...]:
    id_, due, credit, outcome = milestone
    return id_, shared.days[due], shared.number(credit), outcome


def _milestone(plain: list[Any], shared: SharedRead) -> Milestone:
    id_, due, credit, outcome = plain
    return Milestone(id_, shared.days[due], shared.numbers[credit], Outcome(outcome))


def _plain_settled(settled: SettledUse, shared: SharedWritten) -> tuple[Any, ...]:
    product, metric, start, end, used = settled
    return product, metric, shared.days[start], shared.days[end], shared.number(used)


def _settled(plain: list[Any], shared: SharedRead) -> SettledUse:
    product, metric, start, end, used = plain
    return SettledUse(product, metric, shared.days[start], shared.days[end], shared.numbers[used])
