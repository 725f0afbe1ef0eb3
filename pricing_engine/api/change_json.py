"""What a quote does to a contract, as the JSON a caller gets; wire_change_answers.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.invoice_json import invoice_json
from pricing_engine.api.json_values import digits
from pricing_engine.api.rule_json import rule_json
from pricing_engine.quoting.contract_change import ContractChange, DueItem, Exposure, LineChange

Json = dict[str, Any]


def change_json(change: ContractChange | None) -> Json | None:
    """The change as JSON-ready data; None for a new sale."""
    if change is None:
        return None
    return {
        "type": change.type,
        "contract_id": change.contract,
        "contract_version": change.version,
        "arr_before": digits(change.arr_before),
        "arr_after": digits(change.arr_after),
        "arr_difference": digits(change.arr_after - change.arr_before),
        "tcv_before": digits(change.tcv_before),
        "tcv_after": digits(change.tcv_after),
        "tcv_difference": digits(change.tcv_after - change.tcv_before),
        "due_on": change.due_on,
        "due_now": digits(change.due_now),
        "is_refund": change.is_refund,
        "items": [_item(item) for item in change.items],
        "lines": [_line(line) for line in change.lines],
        "invoices_before": [invoice_json(invoice) for invoice in change.invoices_before],
        "exposures": [_exposure(exposure) for exposure in change.exposures],
    }


def _item(item: DueItem) -> Json:
    return {
        "kind": item.kind,
        "line": item.line,
        "rule": None if item.rule is None else rule_json(item.rule),
        "how": item.how,
        "amount": digits(item.amount),
    }


def _line(line: LineChange) -> Json:
    return {
        "line": line.line,
        "product": line.product,
        "name": line.name,
        "movement": line.movement,
        "quantity_before": digits(line.quantity_before),
        "quantity_after": digits(line.quantity_after),
        "net_per_year_before": digits(line.net_before),
        "net_per_year_after": digits(line.net_after),
        "repricing": digits(line.repricing),
        "due": digits(line.due),
    }


def _exposure(exposure: Exposure) -> Json:
    return {"milestone": exposure.milestone, "due": exposure.due, "credit": digits(exposure.credit)}
