"""The reconciliation of imported histories over the API: what may be asked, and the shape of the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_queries import DEFAULT_LIMIT, Limit, Sequence


class ReconciliationQuery(WireModel):
    """Until which day, and which part of the contradictions."""

    on: Day | None = Field(default=None, description="The last day looked at; today when absent.")
    after: Sequence = Field(default=0, description="`next_after` of the answer before; 0 for the first.")
    limit: Limit = DEFAULT_LIMIT


class ComparedOut(Answer):
    """A kind of contradiction: how much was compared, and what was found."""

    source: str
    check: str
    why: str
    tested: int
    untested: Annotated[int, Field(description="What could not be compared, as something it needs is missing.")]
    found: int
    at_stake: Annotated[Digits, Field(description="In the reporting currency, a year; each account once.")]


class MonthTotalOut(Answer):
    """What tables say of all customers in a month, a year of it, and what the ledger has of the same."""

    month: date
    currency: str
    customers: int
    imported: Digits
    in_ledger: Digits
    difference: Digits


class ContradictionOut(Answer):
    """A month of a customer that says otherwise than the ledger, with the file and line it was imported from."""

    source: str
    check: str
    account_id: str | None
    contract_id: str | None
    file: str
    line: int | None
    at_stake: Digits
    what: str


class ReconciliationOut(Answer):
    """Imported histories against the ledger, and against contracts where there are both."""

    on: date
    currency: str
    agrees: bool
    compared: tuple[ComparedOut, ...]
    months: tuple[MonthTotalOut, ...]
    count: Annotated[int, Field(description="How many contradictions there are in all.")]
    items: tuple[ContradictionOut, ...]
    next_after: Annotated[int | None, Field(description="Ask again with `after` set to this; null at the end.")]
