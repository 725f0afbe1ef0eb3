"""A quote's request as JSON and back, with every number as exact text; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import orjson

from pricing_engine.quoting.request import (
    Account,
    Add,
    AmountOff,
    DiscountRequest,
    PercentOff,
    QuoteRequest,
    RampStep,
    TargetPrice,
)
from pricing_engine.storage.tagged_values import mapping_from_plain, mapping_to_plain


def encode_request(request: QuoteRequest) -> bytes:
    """The request as JSON, with the account as it was on that day."""
    account = request.account
    return orjson.dumps(
        {
            "account": {
                "id": account.id,
                "name": account.name,
                "currency": account.currency,
                "market": account.market,
                "attributes": mapping_to_plain(account.attributes),
            },
            "as_of": request.as_of,
            "effective_date": request.effective_date,
            "term_months": request.term_months,
            "currency": request.currency,
            "role": request.role,
            "changes": [_plain_add(change) for change in request.changes],
            "billing": request.billing,
            "tier": request.tier,
            "bundles": request.bundles,
            "discounts": [_plain_discount(discount) for discount in request.discounts],
            "usage": _plain_numbers(request.usage),
            "valid_until": request.valid_until,
            "external_ref": request.external_ref,
            "note": request.note,
        }
    )


def decode_request(text: str | bytes) -> QuoteRequest:
    """The request `encode_request` was given."""
    plain = orjson.loads(text)
    account = plain["account"]
    return QuoteRequest(
        account=Account(
            id=account["id"],
            name=account["name"],
            currency=account["currency"],
            market=account["market"],
            attributes=mapping_from_plain(account["attributes"]),
        ),
        as_of=date.fromisoformat(plain["as_of"]),
        effective_date=date.fromisoformat(plain["effective_date"]),
        term_months=plain["term_months"],
        currency=plain["currency"],
        role=plain["role"],
        changes=tuple(_add(change) for change in plain["changes"]),
        billing=plain["billing"],
        tier=plain["tier"],
        bundles=tuple(plain["bundles"]),
        discounts=tuple(_discount(discount) for discount in plain["discounts"]),
        usage=_numbers(plain["usage"]),
        valid_until=plain["valid_until"] and date.fromisoformat(plain["valid_until"]),
        external_ref=plain["external_ref"],
        note=plain["note"],
    )


def _plain_add(change: Add) -> dict[str, Any]:
    return {
        "op": "add",
        "product": change.product,
        "quantities": _plain_numbers(change.quantities),
        "commitments": _plain_numbers(change.commitments),
        "unit_prices": _plain_numbers(change.unit_prices),
        "ramp": [
            {
                "after_months": step.after_months,
                "quantities": _plain_numbers(step.quantities),
                "unit_prices": _plain_numbers(step.unit_prices),
            }
            for step in change.ramp
        ],
    }


def _add(plain: Mapping[str, Any]) -> Add:
    return Add(
        product=plain["product"],
        quantities=_numbers(plain["quantities"]),
        commitments=_numbers(plain["commitments"]),
        unit_prices=_numbers(plain["unit_prices"]),
        ramp=tuple(
            RampStep(step["after_months"], _numbers(step["quantities"]), _numbers(step["unit_prices"]))
            for step in plain["ramp"]
        ),
    )


def _plain_discount(discount: DiscountRequest) -> dict[str, Any]:
    return {
        "size": _plain_size(discount.size),
        "product": discount.product,
        "charge": discount.charge,
        "why": discount.why,
    }


def _discount(plain: Mapping[str, Any]) -> DiscountRequest:
    return DiscountRequest(
        size=_size(plain["size"]), product=plain["product"], charge=plain["charge"], why=plain["why"]
    )


def _plain_size(size: PercentOff | AmountOff | TargetPrice) -> dict[str, str]:
    match size:
        case PercentOff(fraction):
            return {"percent": str(fraction)}
        case AmountOff(amount):
            return {"amount": str(amount)}
        case TargetPrice(unit_price):
            return {"unit_price": str(unit_price)}
        case other:
            assert_never(other)


def _size(plain: Mapping[str, str]) -> PercentOff | AmountOff | TargetPrice:
    ((kind, number),) = plain.items()
    sizes: Mapping[str, type[PercentOff | AmountOff | TargetPrice]] = {
        "percent": PercentOff,
        "amount": AmountOff,
        "unit_price": TargetPrice,
    }
    return sizes[kind](Decimal(number))


def _plain_numbers(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(number) for name, number in numbers.items()} if numbers else {}


def _numbers(plain: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(number) for name, number in plain.items()}
