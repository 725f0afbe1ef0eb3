"""A milestone's outcome in the database: one booking, the credit once, and history as it was known before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from pricing_engine.contracts.contract import ChargeKind, Contract, Milestone, Outcome
from pricing_engine.desk import Desk
from pricing_engine.periods import Period
from pricing_engine.quoting.changes.refusals import MilestoneNotPromised, OutcomeRecorded
from pricing_engine.quoting.contract_change import QuoteType, Recording
from pricing_engine.storage import contracts
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.contracts import ContractChangedMeanwhile, ContractNotFound
from pricing_engine.usecases.contract_choice import ContractAmbiguous
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.read_contract import AccountContracts, read_contract
from pricing_engine.usecases.read_contract_history import read_contract_history
from pricing_engine.usecases.record_milestone import record_milestone
from tests.builders import NOON
from tests.rulebooks import D
from tests.storage.any_contract import a_contract
from tests.storage.test_use_cases import row_count

DUE = date(2026, 6, 30)
MILESTONES = (Milestone("go-live", DUE, D("100.00")),)


@pytest.fixture
def account(desk: Desk) -> str:
    """An account with a contract that promises a milestone."""
    made = create_account(desk, name="Acme", currency="USD", attributes={"segment": "smb"}).account.id
    book(desk, a_contract(account_id=made, milestones=MILESTONES))
    return made


def book(desk: Desk, contract: Contract) -> None:
    with desk.transaction() as session:
        contracts.save(session, contract, kind=QuoteType.NEW, quote_id=None, at=NOON, by="import")


def record(desk: Desk, account: str, **more: Any) -> AccountContracts:
    fields: dict[str, Any] = {"milestone": "go-live", "outcome": Outcome.MISSED, "by": "revops", "on": DUE} | more
    return record_milestone(desk, account_id=account, **fields)


def test_what_is_recorded_is_read_from_its_day_on(desk: Desk, account: str) -> None:
    recorded = record(desk, account)
    assert recorded == read_contract(desk, account_id=account, on=DUE)
    (stored,) = recorded.contracts
    assert (stored.kind, stored.quote_id, stored.booked_by) == (Recording.MILESTONE, None, "revops")
    assert [(each.kind, each.amount) for each in stored.contract.charges] == [
        (ChargeKind.GUARANTEE_CREDIT, D("-100.00"))
    ]
    before = read_contract(desk, account_id=account, on=DUE - timedelta(days=1)).contracts[0].contract
    assert (before.version, before.milestones) == (1, MILESTONES)
    entries = read_contract_history(desk, account_id=account).items
    assert [(entry.version, entry.kind) for entry in entries] == [(2, Recording.MILESTONE), (1, QuoteType.NEW)]
    assert {entry.arr for entry in entries} == {D("20400.00")}


def test_without_a_day_it_is_today(desk: Desk, account: str) -> None:
    assert record(desk, account, outcome=Outcome.MET, on=None).on == desk.today()


def test_it_is_recorded_once(desk: Desk, account: str) -> None:
    record(desk, account)
    with pytest.raises(OutcomeRecorded):
        record(desk, account)
    assert row_count(desk, "contract_version") == 2


def test_what_is_refused_writes_nothing(desk: Desk, account: str) -> None:
    with pytest.raises(MilestoneNotPromised):
        record(desk, account, milestone="go-life")
    assert row_count(desk, "contract_version") == 1


def test_of_several_contracts_one_is_named_or_the_one_in_force(desk: Desk, account: str) -> None:
    ended = Period(date(2024, 1, 1), date(2025, 1, 1))
    book(desk, a_contract("con_old", account_id=account, term=ended, milestones=MILESTONES))
    book(desk, a_contract("con_2", account_id=account, milestones=MILESTONES))
    with pytest.raises(ContractAmbiguous) as refused:
        record(desk, account)
    assert (refused.value.pointer, refused.value.facts["contracts"]) == ("/contract_id", ["con_1", "con_2"])
    named = record(desk, account, contract_id="con_2").contracts
    assert {stored.contract.id: stored.contract.version for stored in named} == {"con_1": 1, "con_2": 2, "con_old": 1}


def test_beside_a_contract_that_has_ended_the_running_one_is_meant(desk: Desk, account: str) -> None:
    ended = Period(date(2024, 1, 1), date(2025, 1, 1))
    book(desk, a_contract("con_0", account_id=account, term=ended, milestones=MILESTONES))
    versions = {stored.contract.id: stored.contract.version for stored in record(desk, account).contracts}
    assert versions == {"con_0": 1, "con_1": 2}


def test_a_contract_or_account_that_is_not_there_is_not_found(desk: Desk, account: str) -> None:
    with pytest.raises(AccountNotFound):
        record(desk, "acc_nobody")
    other = create_account(desk, name="Other", currency="USD", attributes={}).account.id
    with pytest.raises(ContractNotFound, match="has no contract"):
        record(desk, other)
    book(desk, a_contract("con_other", account_id=other, milestones=MILESTONES))
    with pytest.raises(ContractNotFound):
        record(desk, other, contract_id="con_1")


def test_of_two_that_record_at_once_the_credit_is_given_once(desk: Desk, account: str) -> None:
    together = Barrier(2, timeout=60)

    def at_once() -> Any:
        together.wait()
        return NOON

    # Both have read the contract when the clock is asked for, on PostgreSQL; SQLite lets one in after the other.
    racing = replace(desk, now=at_once) if desk.database.waits_on_network else desk

    def attempt(outcome: Outcome) -> str:
        try:
            return str(record(racing, account, outcome=outcome).contracts[0].contract.version)
        except (ContractChangedMeanwhile, OutcomeRecorded) as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(attempt, (Outcome.MISSED, Outcome.MISSED)))
    assert ends[0] == "2"
    assert ends[1] in {"contract-changed-meanwhile", "outcome-already-recorded"}
    assert row_count(desk, "contract_version") == 2
