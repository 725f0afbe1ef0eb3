"""The changes a request asks for as JSON and back, told apart by `op`; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, assert_never

from pricing_engine.quoting.request import (
    Add,
    Cancel,
    Change,
    ChangeTier,
    Extend,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
    op_of,
)
from pricing_engine.storage.exact_numbers import plain_numbers, read_numbers


def plain_change(change: Change) -> dict[str, Any]:
    """The change with its word as `op`."""
    match change:
        case Add() | Set():
            return _plain_wanted(change)
        case Remove(product, quantities) | Trial(product, quantities):
            return {"op": op_of(change), "product": product, "quantities": plain_numbers(quantities)}
        case ChangeTier(tier):
            return {"op": op_of(change), "tier": tier}
        case Extend(months):
            return {"op": op_of(change), "months": months}
        case Renew() | Cancel() | Reinstate():
            return {"op": op_of(change)}
        case TrueUp(product, used, since):
            return {"op": op_of(change), "product": product, "used": plain_numbers(used), "since": since}
        case other:
            assert_never(other)


def read_change(plain: Mapping[str, Any]) -> Change:
    """The change `plain_change` was given."""
    return _READERS[plain["op"]](plain)


def _plain_wanted(change: Add | Set) -> dict[str, Any]:
    return {
        "op": op_of(change),
        "product": change.product,
        "quantities": plain_numbers(change.quantities),
        "commitments": plain_numbers(change.commitments),
        "unit_prices": plain_numbers(change.unit_prices),
        "ramp": [
            {
                "after_months": step.after_months,
                "quantities": plain_numbers(step.quantities),
                "unit_prices": plain_numbers(step.unit_prices),
            }
            for step in change.ramp
        ],
    }


def _add(plain: Mapping[str, Any]) -> Add:
    return Add(
        product=plain["product"],
        quantities=read_numbers(plain["quantities"]),
        commitments=read_numbers(plain["commitments"]),
        unit_prices=read_numbers(plain["unit_prices"]),
        ramp=tuple(
            RampStep(step["after_months"], read_numbers(step["quantities"]), read_numbers(step["unit_prices"]))
            for step in plain["ramp"]
        ),
    )


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Change]]] = {
    "add": _add,
    "set": lambda plain: Set(*_add(plain)),
    "remove": lambda plain: Remove(plain["product"], read_numbers(plain["quantities"])),
    "change_tier": lambda plain: ChangeTier(plain["tier"]),
    "renew": lambda plain: Renew(),
    "extend": lambda plain: Extend(plain["months"]),
    "cancel": lambda plain: Cancel(),
    "reinstate": lambda plain: Reinstate(),
    "true_up": lambda plain: TrueUp(plain["product"], read_numbers(plain["used"]), date.fromisoformat(plain["since"])),
    "trial": lambda plain: Trial(plain["product"], read_numbers(plain["quantities"])),
}
