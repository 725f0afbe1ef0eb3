"""What a quote does to a contract, as JSON and back, by position; each mapping stands beside its inverse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.quoting.contract_change import (
    ContractChange,
    DueItem,
    DueKind,
    Exposure,
    LineChange,
    Movement,
    QuoteType,
)
from pricing_engine.storage.invoice_json import plain_invoice, read_invoice
from pricing_engine.storage.written_once import WrittenRules


def plain_contract_change(change: ContractChange, rules: WrittenRules) -> dict[str, Any]:
    """The change with its rules by their places."""
    return {
        "type": change.type,
        "contract": (change.contract, change.version),
        "arr": (str(change.arr_before), str(change.arr_after)),
        "tcv": (str(change.tcv_before), str(change.tcv_after)),
        "due": (change.due_on, str(change.due_now), change.is_refund),
        "items": [
            (kind, line, None if rule is None else rules[rule], how, str(amount))
            for kind, line, rule, how, amount in change.items
        ],
        "lines": [_plain_line(line) for line in change.lines],
        "invoices_before": [plain_invoice(invoice) for invoice in change.invoices_before],
        "exposures": [(milestone, due, str(credit)) for milestone, due, credit in change.exposures],
    }


def read_contract_change(plain: dict[str, Any], rules: list[RuleRef]) -> ContractChange:
    """The change `plain_contract_change` was given."""
    contract, version = plain["contract"]
    arr_before, arr_after = map(Decimal, plain["arr"])
    tcv_before, tcv_after = map(Decimal, plain["tcv"])
    due_on, due_now, is_refund = plain["due"]
    return ContractChange(
        type=QuoteType(plain["type"]),
        contract=contract,
        version=version,
        arr_before=arr_before,
        arr_after=arr_after,
        tcv_before=tcv_before,
        tcv_after=tcv_after,
        due_on=date.fromisoformat(due_on),
        due_now=Decimal(due_now),
        is_refund=is_refund,
        items=tuple(
            DueItem(DueKind(kind), line, None if rule is None else rules[rule], how, Decimal(amount))
            for kind, line, rule, how, amount in plain["items"]
        ),
        lines=tuple(_line(line) for line in plain["lines"]),
        invoices_before=tuple(read_invoice(invoice) for invoice in plain["invoices_before"]),
        exposures=tuple(
            Exposure(milestone, date.fromisoformat(due), Decimal(credit))
            for milestone, due, credit in plain["exposures"]
        ),
    )


def _plain_line(line: LineChange) -> tuple[Any, ...]:
    id_, product, name, movement, *numbers = line
    return id_, product, name, movement, *map(str, numbers)


def _line(plain: list[Any]) -> LineChange:
    id_, product, name, movement, *numbers = plain
    return LineChange(id_, product, name, Movement(movement), *map(Decimal, numbers))
