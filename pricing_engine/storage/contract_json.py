"""A contract as JSON and back, fields by position; `contract_line_json` maps its lines.

Numbers are exact text. Rules and the hashes of rulebook versions are written once and referred to by place. Decoding
is on the way of every amendment: one call to orjson, and each different number is made once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract import (
    AgreedDiscount,
    BookedCharge,
    ChargeKind,
    Contract,
    DiscountKind,
    HeldProduct,
    Milestone,
    Outcome,
    TermsPin,
)
from pricing_engine.money import Currency
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.storage.contract_line_json import plain_line, read_line
from pricing_engine.storage.exact_numbers import NumbersRead, plain_numbers
from pricing_engine.storage.written_once import Places, WrittenRules

_day = date.fromisoformat


def encode_contract(contract: Contract) -> bytes:
    """The contract as JSON; sets are in order, so that equal contracts are equal bytes."""
    rules, hashes = WrittenRules(), Places()
    terms = contract.terms
    return orjson.dumps(
        {
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
            "tier": (contract.tier, hashes[contract.tier_rulebook]),
            "terms": terms and (terms.id, hashes[terms.rulebook]),
            "price_hold": contract.price_hold,
            "products": [_plain_product(product) for product in contract.products],
            "lines": [plain_line(line, rules, hashes) for line in contract.lines],
            "discounts": [_plain_discount(discount, rules) for discount in contract.discounts],
            "charges": [_plain_charge(charge) for charge in contract.charges],
            "trials": contract.trials,
            "milestones": [_plain_milestone(milestone) for milestone in contract.milestones],
            "changed_terms": contract.changed_terms,
            "rules": [tuple(rule) for rule in rules],
            "rulebooks": list(hashes),
        }
    )


def decode_contract(text: str | bytes) -> Contract:
    """The contract `encode_contract` was given."""
    plain = orjson.loads(text)
    rules = [RuleRef(*rule) for rule in plain["rules"]]
    hashes = plain["rulebooks"]
    numbers = NumbersRead()
    start, end = plain["term"]
    tier, tier_rulebook = plain["tier"]
    terms = plain["terms"]
    return Contract(
        plain["id"],
        plain["account"],
        plain["version"],
        _day(plain["effective"]),
        Currency(*plain["currency"]),
        plain["price_book"],
        Period(_day(start), _day(end)),
        _day(plain["ends"]),
        BillingPlan(*plain["billing"]),
        ProrationMethod(plain["proration"]),
        tier,
        hashes[tier_rulebook],
        None if terms is None else TermsPin(terms[0], hashes[terms[1]]),
        plain["price_hold"],
        tuple([_product(product, numbers) for product in plain["products"]]),
        tuple([read_line(line, rules, hashes, numbers) for line in plain["lines"]]),
        tuple([_discount(discount, rules, numbers) for discount in plain["discounts"]]),
        tuple([_charge(charge, numbers) for charge in plain["charges"]]),
        tuple(plain["trials"]),
        tuple([_milestone(milestone, numbers) for milestone in plain["milestones"]]),
        plain["changed_terms"],
    )


def _plain_product(held: HeldProduct) -> tuple[Any, ...]:
    return (
        held.product,
        held.starts,
        [plain_numbers(each) for each in held.quantities],
        [plain_numbers(each) for each in held.unit_prices],
        plain_numbers(held.commitments),
    )


def _product(plain: list[Any], numbers: NumbersRead) -> HeldProduct:
    product, starts, quantities, unit_prices, commitments = plain
    return HeldProduct(
        product,
        tuple([_day(start) for start in starts]),
        tuple([numbers.by_name(each) for each in quantities]),
        tuple([numbers.by_name(each) for each in unit_prices]),
        numbers.by_name(commitments),
    )


def _plain_discount(discount: AgreedDiscount, rules: WrittenRules) -> tuple[Any, ...]:
    rule, kind, size, lines, products = discount
    return rules[rule], kind, str(size), sorted(lines), sorted(products)


def _discount(plain: list[Any], rules: list[RuleRef], numbers: NumbersRead) -> AgreedDiscount:
    rule, kind, size, lines, products = plain
    return AgreedDiscount(rules[rule], DiscountKind(kind), numbers[size], frozenset(lines), frozenset(products))


def _plain_charge(charge: BookedCharge) -> tuple[Any, ...]:
    day, kind, what, amount = charge
    return day, kind, what, str(amount)


def _charge(plain: list[Any], numbers: NumbersRead) -> BookedCharge:
    day, kind, what, amount = plain
    return BookedCharge(_day(day), ChargeKind(kind), what, numbers[amount])


def _plain_milestone(milestone: Milestone) -> tuple[Any, ...]:
    id_, due, credit, outcome = milestone
    return id_, due, str(credit), outcome


def _milestone(plain: list[Any], numbers: NumbersRead) -> Milestone:
    id_, due, credit, outcome = plain
    return Milestone(id_, _day(due), numbers[credit], Outcome(outcome))
