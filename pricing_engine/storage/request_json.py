"""A quote's request as JSON and back, with every number as exact text; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import orjson

from pricing_engine.quoting.request import (
    Account,
    AmountOff,
    ContractRef,
    DiscountRequest,
    PercentOff,
    QuoteRequest,
    TargetPrice,
    Waiver,
)
from pricing_engine.storage.asked_json import plain_change, read_change
from pricing_engine.storage.exact_numbers import plain_numbers, read_numbers
from pricing_engine.storage.tagged_values import mapping_from_plain, mapping_to_plain


def encode_request(request: QuoteRequest) -> bytes:
    """The request as JSON, with the account as it was on that day."""
    plain = _plain(request)
    # Left out where there are none, as in requests stored before there were contracts.
    if request.contract is not None:
        plain["contract"] = tuple(request.contract)
    if request.waivers:
        plain["waivers"] = [tuple(waiver) for waiver in request.waivers]
    if request.path is not None:
        plain["path"] = request.path
    return orjson.dumps(plain)


def _plain(request: QuoteRequest) -> dict[str, Any]:
    account = request.account
    return {
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
        "changes": [plain_change(change) for change in request.changes],
        "billing": request.billing,
        "tier": request.tier,
        "bundles": request.bundles,
        "discounts": [_plain_discount(discount) for discount in request.discounts],
        "usage": plain_numbers(request.usage),
        "valid_until": request.valid_until,
        "external_ref": request.external_ref,
        "note": request.note,
    }


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
        changes=tuple(read_change(change) for change in plain["changes"]),
        billing=plain["billing"],
        tier=plain["tier"],
        bundles=tuple(plain["bundles"]),
        discounts=tuple(_discount(discount) for discount in plain["discounts"]),
        usage=read_numbers(plain["usage"]),
        valid_until=plain["valid_until"] and date.fromisoformat(plain["valid_until"]),
        external_ref=plain["external_ref"],
        note=plain["note"],
        contract=ContractRef(*plain["contract"]) if "contract" in plain else None,
        waivers=tuple(Waiver(*waiver) for waiver in plain.get("waivers", ())),
        path=plain.get("path"),
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
