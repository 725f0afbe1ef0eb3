"""A contract as JSON: what is written comes back equal, digit by digit, and equal contracts are equal bytes."""

from __future__ import annotations

from hypothesis import given

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import AgreedDiscount, Contract, DiscountKind
from pricing_engine.storage.contract_json import decode_contract, encode_contract
from tests.rulebooks import D
from tests.storage.any_contract import a_contract, a_line
from tests.storage.any_contract import contracts as any_contract


def as_text(contract: Contract) -> str:
    """Tells 1.0 from 1.00, which compare equal; sets have no order to compare."""
    discounts = [
        each._replace(lines=sorted(each.lines), products=sorted(each.products))  # type: ignore[arg-type]
        for each in contract.discounts
    ]
    return repr(contract._replace(discounts=discounts))  # type: ignore[arg-type]


@given(contract=any_contract)
def test_encoded_then_decoded_is_equal_to_the_last_digit(contract: Contract) -> None:
    decoded = decode_contract(encode_contract(contract))
    assert decoded == contract
    assert as_text(decoded) == as_text(contract)


def test_equal_contracts_are_equal_bytes_whatever_the_order_of_a_set() -> None:
    rule = RuleRef("discretion", "discretion.yaml", 1, "")

    def agreed(*ids: str) -> Contract:
        discount = AgreedDiscount(rule, DiscountKind.PERCENT, D("0.1"), frozenset(ids), frozenset(ids))
        return a_contract(discounts=(discount,))

    # "a", "b", … hash differently in each process; a set of both insertion orders may iterate either way.
    ids = [f"line-{number}" for number in range(50)]
    assert encode_contract(agreed(*ids)) == encode_contract(agreed(*reversed(ids)))


def test_what_lines_share_is_written_once() -> None:
    lines = tuple(a_line(f"product-{number}") for number in range(5))
    written = encode_contract(a_contract(lines=lines))
    for once in (b"price_books/usd.yaml", b"0" * 64, b'"per_unit"', b'"20400"'):
        assert written.count(once) == 1, once


def test_a_price_that_contracts_have_in_common_is_made_once() -> None:
    one, other = (decode_contract(encode_contract(a_contract(id))) for id in ("con_1", "con_2"))
    assert one.lines[0].price is other.lines[0].price
    # Equal as a number, and another text.
    dearer = a_line(price=Price(PerUnit(D("20.00"))))
    assert str(decode_contract(encode_contract(a_contract(lines=(dearer,)))).lines[0].price).count("20.00") == 1
