"""Contracts over the API: what an account has on a day, as known on a day, and everything booked for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pricing_engine.api.wire_contract_answers import AccountContractsOut, HistoryOut
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import (
    AgreedDiscount,
    BookedCharge,
    ChargeKind,
    Contract,
    DiscountKind,
    Milestone,
)
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.storage import contracts
from pricing_engine.usecases.book_quote import book_quote
from tests.api.conftest import NOON, Caller
from tests.rulebooks import D
from tests.storage.any_contract import HASH, a_contract, a_line

APRIL = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


def book(caller: Caller, contract: Contract, *, at: datetime = NOON, kind: QuoteType = QuoteType.NEW) -> None:
    with caller.desk.transaction() as session:
        contracts.save(session, contract, kind=kind, quote_id=None, at=at, by="ada")


def a_full_contract(account_id: str) -> Contract:
    """A contract with one of everything an answer shows."""
    rule = RuleRef("discretion", "discretion.yaml", 3, "strategic")
    seats = frozenset({"crm.seats"})
    return a_contract(
        account_id=account_id,
        lines=(a_line(), a_line("analytics", net="0", trial_until=date(2026, 8, 1))),
        discounts=(AgreedDiscount(rule, DiscountKind.PERCENT, D("0.05"), seats, frozenset({"crm"})),),
        charges=(BookedCharge(date(2026, 1, 1), ChargeKind.ONE_TIME, "crm.setup", D("500.00")),),
        trials=("analytics",),
        milestones=(Milestone("go-live", date(2026, 6, 30), D("100.00")),),
        changed_terms={"notice": "30"},
    )


def test_an_account_without_a_contract_has_none(shared_caller: Caller) -> None:
    account = shared_caller.account("JPY")
    read = shared_caller.get(f"/v1/accounts/{account}/contract").json()
    assert read == {
        "account_id": account,
        "on": "2026-03-15",
        "known_on": None,
        "contracts": [],
        "not_begun": [],
    }
    history = shared_caller.get(f"/v1/accounts/{account}/history").json()
    assert history == {"account_id": account, "items": [], "next_cursor": None}


@pytest.mark.parametrize("what", ["contract", "history"])
def test_an_account_that_is_not_there_is_404(shared_caller: Caller, what: str) -> None:
    answer = shared_caller.get(f"/v1/accounts/acc_nobody/{what}")
    assert (answer.status_code, answer.json()["code"]) == (404, "account-not-found")


@pytest.mark.parametrize("query", ["on=soon", "known_on=2026-02-30", "day=2026-01-01", "on=2026-01-01&on=2026-01-02"])
def test_a_day_that_is_none_is_refused(shared_caller: Caller, query: str) -> None:
    answer = shared_caller.get(f"/v1/accounts/{shared_caller.account()}/contract?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_a_contract_is_shown_with_its_lines_on_the_day(caller: Caller) -> None:
    account = caller.account()
    book(caller, a_full_contract(account))
    answer = caller.get(f"/v1/accounts/{account}/contract")
    read = answer.json()
    AccountContractsOut.model_validate_json(answer.content)
    (contract,) = read["contracts"]
    # CRM 20,400 a year; the trial counts for nothing. TCV: what the year is billed, 20,400 + 0 + 500 once.
    assert (contract["arr"], contract["tcv"]) == ("20400.00", "20900.00")
    assert (contract["id"], contract["version"], contract["kind"], contract["has_ended"]) == ("con_1", 1, "new", False)
    assert (contract["term_start"], contract["term_end"], contract["term_last_day"]) == (
        "2026-01-01",
        "2027-01-01",
        "2026-12-31",
    )
    assert (contract["terms"], contract["terms_rulebook"], contract["changed_terms"]) == (
        "standard",
        HASH,
        {"notice": "30"},
    )


def test_the_lines_of_a_contract_are_shown_with_their_discounts_and_stretches(caller: Caller) -> None:
    account = caller.account()
    book(caller, a_full_contract(account))
    (contract,) = caller.get(f"/v1/accounts/{account}/contract").json()["contracts"]
    crm, analytics = contract["lines"]
    # 20,400 ÷ 12 months ÷ 100 seats.
    assert (crm["quantity"], crm["list_per_year"], crm["net_per_year"], crm["net_unit_price"]) == (
        "100",
        "24000.00",
        "20400.00",
        "17",
    )
    assert crm["discounts"] == [
        {
            "policy": "portfolio-15",
            "rulebook": HASH,
            "fraction": "0.15",
            "amount": None,
            "ends": None,
            "holds": True,
            "per_year": "3600.00",
        }
    ]
    assert crm["stretches"] == [
        {
            "start": "2026-01-01",
            "end": "2027-01-01",
            "last_day": "2026-12-31",
            "quantity": "100",
            "list": "24000",
            "net": "20400",
        }
    ]
    assert (crm["trial_until"], analytics["trial_until"]) == (None, "2026-08-01")
    assert contract["charges"] == [
        {"day": "2026-01-01", "kind": "one_time", "what": "crm.setup", "amount": "500.00"},
    ]
    assert contract["milestones"][0] == {
        "id": "go-live",
        "due": "2026-06-30",
        "credit": "100.00",
        "outcome": "pending",
    }
    assert contract["agreed_discounts"][0]["size"] == "0.05"
    assert contract["booked_at"] == "2026-03-15T12:00:00Z"


def test_days_choose_what_is_in_force_and_what_is_known(caller: Caller) -> None:
    account = caller.account()
    first = a_contract(account_id=account)
    book(caller, first)
    grown = first._replace(version=2, effective=date(2026, 7, 1), lines=(a_line(net="30000"),))
    book(caller, grown, at=APRIL, kind=QuoteType.AMENDMENT)

    def worth(query: str) -> list[tuple[int, str, bool]]:
        read = caller.get(f"/v1/accounts/{account}/contract?{query}").json()
        return [(each["version"], each["arr"], each["has_ended"]) for each in read["contracts"]]

    assert worth("on=2026-06-30") == [(1, "20400.00", False)]
    assert worth("on=2026-07-01") == [(2, "30000.00", False)]
    assert worth("on=2026-07-01&known_on=2026-04-09") == [(1, "20400.00", False)]
    assert worth("on=2026-07-01&known_on=2026-03-14") == []
    assert worth("on=2027-01-01") == [(2, "0.00", True)]


def test_the_history_shows_every_booking(caller: Caller) -> None:
    account = caller.account()
    first = a_contract(account_id=account)
    book(caller, first)
    book(caller, first._replace(version=2, effective=date(2026, 7, 1)), at=APRIL, kind=QuoteType.AMENDMENT)
    answer = caller.get(f"/v1/accounts/{account}/history")
    HistoryOut.model_validate_json(answer.content)
    items = answer.json()["items"]
    assert [(item["version"], item["kind"], item["effective_date"]) for item in items] == [
        (2, "amendment", "2026-07-01"),
        (1, "new", "2026-01-01"),
    ]
    assert (items[0]["arr"], items[0]["booked_at"], items[0]["booked_by"]) == (
        "20400.00",
        "2026-04-10T09:00:00Z",
        "ada",
    )
    assert items[0]["quote_id"] is None


def test_the_history_comes_in_pages(caller: Caller) -> None:
    account = caller.account()
    first = a_contract(account_id=account)
    book(caller, first)
    book(caller, first._replace(version=2, effective=date(2026, 7, 1)), at=APRIL, kind=QuoteType.AMENDMENT)
    path = f"/v1/accounts/{account}/history"
    newest = caller.get(path, params={"limit": 1}).json()
    oldest = caller.get(path, params={"limit": 1, "cursor": newest["next_cursor"]}).json()
    assert [page["items"][0]["version"] for page in (newest, oldest)] == [2, 1]
    assert oldest["next_cursor"] is None
    another = caller.account("JPY")
    refused = caller.get(f"/v1/accounts/{another}/history", params={"cursor": newest["next_cursor"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor-unreadable")


def test_a_change_that_is_booked_ahead_is_named_with_its_contract(caller: Caller) -> None:
    account = caller.account()
    first = a_contract(account_id=account)
    book(caller, first)
    ended = first._replace(version=2, effective=date(2026, 7, 1), ends=date(2026, 7, 1), lines=())
    book(caller, ended, at=APRIL, kind=QuoteType.CANCELLATION)
    later = a_contract("con_2", account_id=account, effective=date(2026, 8, 1))
    book(caller, later, at=APRIL)

    def booked_ahead(query: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        answer = caller.get(f"/v1/accounts/{account}/contract?{query}")
        AccountContractsOut.model_validate_json(answer.content)
        read = answer.json()
        upcoming = [item for contract in read["contracts"] for item in contract["upcoming"]]
        fields = ("contract_id", "version", "kind", "effective_date", "arr", "booked_at")
        told = [[tuple(item[name] for name in fields) for item in items] for items in (upcoming, read["not_begun"])]
        return told[0], told[1]

    cancelled = ("con_1", 2, "cancellation", "2026-07-01", "0.00", "2026-04-10T09:00:00Z")
    new = ("con_2", 1, "new", "2026-08-01", "20400.00", "2026-04-10T09:00:00Z")
    assert booked_ahead("on=2026-06-30") == ([cancelled], [new])
    assert booked_ahead("on=2026-06-30&known_on=2026-04-09") == ([], [])
    assert booked_ahead("on=2026-07-01") == ([], [new])
    assert booked_ahead("on=2026-08-01") == ([], [])


def kept(caller: Caller, *changes: dict[str, object], **more: object) -> dict[str, Any]:
    """The answer to a request that is kept."""
    asked = caller.ask(**more) | ({"changes": list(changes)} if changes else {})
    answer = caller.post("/v1/quotes", asked)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_booked_quote_is_what_the_next_one_changes(caller: Caller) -> None:
    sold = kept(caller)
    contract = book_quote(caller.desk, quote_id=sold["id"], by="ada").contract
    quote = kept(caller, {"op": "set", "product": "crm", "quantities": {"users": "150"}}, effective_date="2026-10-01")
    change = quote["change"]
    assert (change["contract_id"], change["contract_version"], change["type"]) == (contract.id, 1, "amendment")
    assert change["arr_before"] == sold["totals"]["arr"]
    assert caller.get(f"/v1/quotes/{quote['id']}/replay").json()["is_equal"]
    book_quote(caller.desk, quote_id=quote["id"], by="ada")
    (shown,) = caller.get(f"/v1/accounts/{caller.account()}/contract?on=2026-10-01").json()["contracts"]
    assert (shown["version"], shown["arr"], shown["quote_id"]) == (2, change["arr_after"], quote["id"])
    # What is invoiced before and after is what the change said.
    assert shown["tcv"] == change["tcv_after"]


def test_which_of_several_contracts_is_meant_is_asked_not_guessed(caller: Caller) -> None:
    ids = [
        book_quote(caller.desk, quote_id=kept(caller, contract_id="new")["id"], by="ada").contract.id for _ in range(2)
    ]
    unclear = caller.post("/v1/quotes/preview", caller.ask())
    assert (unclear.status_code, unclear.json()["code"]) == (409, "contract-ambiguous")
    assert unclear.json()["contracts"] == sorted(ids)
    assert unclear.json()["errors"][0]["pointer"] == "/contract_id"
    unknown = caller.post("/v1/quotes/preview", caller.ask(contract_id="con_nobody"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "contract-not-found")
    longer = caller.post("/v1/quotes/preview", caller.ask(contract_id=ids[0], term_months=36))
    assert (longer.status_code, longer.json()["code"]) == (422, "term-not-changeable")
