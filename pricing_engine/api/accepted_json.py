"""An acceptance as the JSON a caller gets; wire_life_answers.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.contract_json import stored_contract_json
from pricing_engine.api.json_values import digits
from pricing_engine.api.quote_json import stored_quote_json
from pricing_engine.usecases.accept_quote import Accepted


def accepted_json(done: Accepted, *, role: str) -> dict[str, Any]:
    """The quote, the contract as booked, and what that moves."""
    return {
        "quote": stored_quote_json(done.life, role=role, waterfall=False, on=done.life.done_on),
        "contract": stored_contract_json(done.booked, on=done.booked.contract.effective),
        "movements": [each._asdict() | {"amount": digits(each.amount)} for each in done.movements],
    }
