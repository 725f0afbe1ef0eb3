"""A contract as it is stored, before anybody has booked it: columns, text and the hash of the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.quoting.contract_change import BookingKind
from pricing_engine.storage.contract_json import encode_contract


class WrittenContract(NamedTuple):
    """`columns` are what rows are found and filtered by, under their names; `state` is the contract, whole."""

    columns: Mapping[str, Any]
    state: str
    content_hash: str


class Booked(NamedTuple):
    """As what, by which quote, when and by whom a contract is booked."""

    kind: BookingKind
    quote_id: str | None
    at: datetime
    by: str


def write_contract(contract: Contract) -> WrittenContract:
    """The contract as it will be stored."""
    state = encode_contract(contract)
    columns = {
        "contract_id": contract.id,
        "version": contract.version,
        "account_id": contract.account_id,
        "effective_date": contract.effective,
        "currency": contract.currency.code,
        "arr": arr_on(contract, contract.effective),
        "term_start": contract.term.start,
        "term_end": contract.term.end,
        "ends": contract.ends,
        "converts_on": min((each.on for each in contract.conversions), default=None),
    }
    return WrittenContract(columns, state.decode(), sha256(state).hexdigest())


def row_of(tenant: str, written: WrittenContract, booked: Booked) -> dict[str, Any]:
    """The row of a contract that is booked."""
    return {
        "tenant_id": tenant,
        **written.columns,
        "state": written.state,
        "content_hash": written.content_hash,
        "kind": booked.kind.value,
        "quote_id": booked.quote_id,
        "booked_at": booked.at,
        "booked_by": booked.by,
    }
