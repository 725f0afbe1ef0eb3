"""Which contract a request is about, and how long its term is; no database is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.contracts.contract import Contract
from pricing_engine.periods import Period
from pricing_engine.quoting.request import (
    Add,
    Cancel,
    Change,
    ChangeTier,
    Extend,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
)
from pricing_engine.storage.contracts import ContractNotFound
from pricing_engine.usecases.contract_choice import ContractAmbiguous, TermNotChangeable, choose_contract, term_months
from tests.storage.any_contract import YEAR, a_contract

OLD = a_contract("con_old", term=Period(date(2024, 1, 1), date(2025, 1, 1)))
RUNNING = a_contract("con_running")
OTHER = a_contract("con_other", term=Period(date(2026, 7, 1), date(2027, 7, 1)))
END = YEAR.end
WITHIN = date(2026, 8, 1)
USED = {"users": Decimal(9)}
OF_PRODUCTS = [Add("crm"), Set("crm"), Remove("crm"), ChangeTier("growth"), TrueUp("crm", USED, WITHIN), Trial("crm")]


def chosen(*contracts: Contract, change: Change, on: date = WITHIN, wanted: str | None = None) -> str | None:
    found = choose_contract(contracts, wanted=wanted, effective=on, changes=(change,))
    return None if found is None else found.id


@pytest.mark.parametrize("change", OF_PRODUCTS, ids=lambda change: type(change).__name__)
def test_a_change_of_products_is_about_the_one_contract_that_runs(change: Change) -> None:
    assert chosen(change=change) is None
    assert chosen(OLD, change=change) is None
    assert chosen(OLD, RUNNING, change=change) == "con_running"
    # The day after its last day.
    assert chosen(OLD, RUNNING, change=change, on=END) is None


def test_of_several_that_run_one_has_to_be_named() -> None:
    with pytest.raises(ContractAmbiguous, match="con_running or con_other") as refused:
        chosen(RUNNING, OTHER, change=Add("crm"))
    assert "new" in refused.value.fix
    assert chosen(RUNNING, OTHER, change=Add("crm"), wanted="con_other") == "con_other"
    assert chosen(RUNNING, OTHER, change=Add("crm"), wanted="new") is None
    # When one has ended, the other is meant.
    assert chosen(RUNNING, OTHER, change=Add("crm"), on=END) == "con_other"


def test_a_contract_that_is_named_must_be_there() -> None:
    for contracts in ((), (RUNNING,)):
        with pytest.raises(ContractNotFound):
            chosen(*contracts, change=Add("crm"), wanted="con_nobody")


@pytest.mark.parametrize("change", [Renew(), Extend(6)], ids=["renew", "extend"])
def test_a_renewal_is_about_the_contract_that_runs_or_ended_last(change: Change) -> None:
    assert chosen(change=change) is None
    assert chosen(OLD, RUNNING, change=change) == "con_running"
    assert chosen(OLD, RUNNING, change=change, on=END) == "con_running"
    assert chosen(OLD, RUNNING, change=change, on=date(2027, 3, 1)) == "con_running"
    # One ends on the day and another runs on: both may be renewed.
    with pytest.raises(ContractAmbiguous):
        chosen(RUNNING, OTHER, change=change, on=END)


def test_a_reinstatement_is_about_the_contract_that_ended_last() -> None:
    cancelled = RUNNING._replace(id="con_cancelled", ends=date(2026, 6, 1))
    assert chosen(OLD, cancelled, OTHER, change=Reinstate()) == "con_cancelled"
    # It says itself that a contract that runs cannot come back.
    assert chosen(RUNNING, change=Reinstate()) == "con_running"
    twin = cancelled._replace(id="con_twin")
    with pytest.raises(ContractAmbiguous):
        chosen(cancelled, twin, change=Reinstate())


def test_a_cancellation_may_fall_on_the_day_a_contract_ends() -> None:
    assert chosen(OLD, RUNNING, change=Cancel()) == "con_running"
    assert chosen(OLD, RUNNING, change=Cancel(), on=END) == "con_running"
    assert chosen(OLD, RUNNING, change=Cancel(), on=date(2027, 3, 1)) is None


MONTHS: dict[str, tuple[int, dict[str, Any]]] = {
    "a new sale of no length is a year": (12, {"asked": None}),
    "a new sale has the length asked for": (36, {"asked": 36}),
    "a renewal of no length is a year": (12, {"asked": None, "contract": OTHER, "changes": (Renew(),)}),
    "a renewal has the length asked for": (24, {"asked": 24, "contract": RUNNING, "changes": (Renew(),)}),
    "so has a reinstatement": (6, {"asked": 6, "contract": RUNNING, "changes": (Reinstate(),)}),
    "an extension says its own": (3, {"asked": None, "contract": RUNNING, "changes": (Extend(3),)}),
    "a change has its contract's": (12, {"asked": None, "contract": RUNNING, "changes": (Add("crm"),)}),
    "a cancellation too": (12, {"asked": 12, "contract": RUNNING, "changes": (Cancel(),)}),
}


@pytest.mark.parametrize(("months", "said"), MONTHS.values(), ids=MONTHS.keys())
def test_the_term_is_as_long_as_asked_or_as_it_is(months: int, said: dict[str, Any]) -> None:
    fields = {"contract": None, "changes": (Add("crm"),)} | said
    assert term_months(fields.pop("asked"), **fields) == months


@pytest.mark.parametrize("change", [Add("crm"), Cancel(), Extend(6)], ids=["add", "cancel", "extend"])
def test_within_a_term_no_other_length_is_taken(change: Change) -> None:
    with pytest.raises(TermNotChangeable, match="not 24"):
        term_months(24, contract=RUNNING, changes=(change,))
