"""What claims may ask about a row: what its columns say, and what the ledger says of its account, contract and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pricing_engine.imports.book.read_mapping import LIST_PER_MONTH, LIST_PER_YEAR
from pricing_engine.imports.claims.rows import ClaimRow
from pricing_engine.money import EXACT
from pricing_engine.retention.customer_ledger import CustomerLedger, Positions
from pricing_engine.retention.movements import ArrKind

_MONTHS: Final = Decimal(12)
_NOTHING: Final = Positions()


def facts_of(row: ClaimRow, customer: CustomerLedger, *, on: date, listed: Decimal | None) -> Mapping[str, Any]:
    """The facts of a row as of a day. Units: those of the ledger, a year; `listed` is what list is a year, if known."""
    account, contract = customer.whole, customer.contracts.get(row.contract, _NOTHING)
    began = bool(contract.days) and contract.days[0] <= on
    facts: dict[str, Any] = {
        **row.names,
        "account_arr": account.on(on),
        "account_began": bool(account.days) and account.days[0] <= on,
        "contract_arr": contract.on(on),
        "contract_began": began,
        "contract_ended": began and not contract.on(on),
    }
    if row.day is not None:
        facts |= {
            "account_before": account.before(row.day),
            "account_after": account.on(row.day),
            "contract_after": contract.on(row.day),
            **{kind.value: customer.of_kind(row.day, kind) for kind in ArrKind},
            "expanded_before": customer.has_before(row.day, ArrKind.EXPANSION),
            "contracted_before": customer.has_before(row.day, ArrKind.CONTRACTION),
            "churned_before": customer.has_before(row.day, ArrKind.CHURN),
        }
    if listed is not None:
        facts |= {LIST_PER_MONTH: EXACT.divide(listed, _MONTHS), LIST_PER_YEAR: listed}
    return facts
