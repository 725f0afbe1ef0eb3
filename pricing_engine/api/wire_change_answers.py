"""The shape of a change to a contract, for the OpenAPI document alone: `change_json.py` writes it, a test compares."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, InvoiceOut, RuleOut
from pricing_engine.quoting.contract_change import DueKind, Movement, QuoteType


class DueItemOut(Answer):
    """One amount of what is due now, the rule behind it and how it was made; below 0 it goes to the customer."""

    kind: DueKind
    line: Annotated[str | None, Field(description="The id of the line; null where it is about all of the contract.")]
    rule: RuleOut | None
    how: Annotated[str, Field(examples=["21,600.00 × 184/365"])]
    amount: Digits


class LineChangeOut(Answer):
    """A line before and after the change; on the side where it is not, quantity and net are 0."""

    line: str
    product: str
    name: str
    movement: Movement
    quantity_before: Digits
    quantity_after: Digits
    net_per_year_before: Digits
    net_per_year_after: Digits
    repricing: Annotated[Digits, Field(description="The part of the yearly difference that repricing makes.")]
    due: Annotated[Digits, Field(description="The part of what is due now.")]


class ExposureOut(Answer):
    """A promised milestone, its last day, and the credit if it is missed."""

    milestone: str
    due: date
    credit: Digits


class ChangeOut(Answer):
    """What a quote does to a contract: line by line, what is due now, and the invoices there were to be without it."""

    type: QuoteType
    contract_id: str
    contract_version: Annotated[int, Field(description="The version of the contract it was priced from.")]
    arr_before: Digits
    arr_after: Digits
    arr_difference: Digits
    tcv_before: Annotated[Digits, Field(description="What all invoices of the term would have summed to.")]
    tcv_after: Annotated[
        Digits,
        Field(description="What they will sum to; of a new term, less what is credited of the one it cuts short."),
    ]
    tcv_difference: Digits
    due_on: date
    due_now: Annotated[Digits, Field(description="The sum of `items`; below 0 it goes to the customer.")]
    is_refund: Annotated[bool, Field(description="Whether an amount below 0 is paid back rather than credited.")]
    items: tuple[DueItemOut, ...]
    lines: tuple[LineChangeOut, ...]
    invoices_before: Annotated[tuple[InvoiceOut, ...], Field(description="Those that would have followed without it.")]
    exposures: tuple[ExposureOut, ...]
