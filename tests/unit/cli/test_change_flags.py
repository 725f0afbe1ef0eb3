"""An option for every change of the API, what each becomes, and what cannot be taken apart or needs a database."""

from __future__ import annotations

from typing import Any

import pytest

from pricing_engine.api.wire_faults import validate
from pricing_engine.api.wire_quote_request import QuoteIn
from pricing_engine.cli.outcome import CommandStopped, where_of
from pricing_engine.cli.quote_flags import read_flags
from pricing_engine.cli.quote_source import OF_NEW_SALES, check_needs_no_contract
from pricing_engine.cli.typed_options import QuoteFlags, TypedRequest
from pricing_engine.quoting.request import OPS

CHANGES: dict[str, tuple[QuoteFlags, dict[str, Any]]] = {
    "--add api": (QuoteFlags(add=("api",)), {"op": "add", "product": "api", "quantities": {}}),
    "--set crm:users=120": (
        QuoteFlags(set=("crm:users=120",)),
        {"op": "set", "product": "crm", "quantities": {"users": "120"}},
    ),
    "--remove analytics": (
        QuoteFlags(remove=("analytics",)),
        {"op": "remove", "product": "analytics", "quantities": {}},
    ),
    "--remove crm:users=10,storage_gb=5": (
        QuoteFlags(remove=("crm:users=10,storage_gb=5",)),
        {"op": "remove", "product": "crm", "quantities": {"users": "10", "storage_gb": "5"}},
    ),
    "--tier enterprise": (QuoteFlags(tier="enterprise"), {"op": "change_tier", "tier": "enterprise"}),
    "--renew": (QuoteFlags(renew=True), {"op": "renew"}),
    "--extend 6": (QuoteFlags(extend=6), {"op": "extend", "months": 6}),
    "--cancel": (QuoteFlags(cancel=True), {"op": "cancel"}),
    "--reinstate": (QuoteFlags(reinstate=True), {"op": "reinstate"}),
    "--true-up crm:users=130@2026-05-01": (
        QuoteFlags(true_up=("crm:users=130@2026-05-01",)),
        {"op": "true_up", "product": "crm", "used": {"users": "130"}, "since": "2026-05-01"},
    ),
    "--trial analytics:users=10": (
        QuoteFlags(trial=("analytics:users=10",)),
        {"op": "trial", "product": "analytics", "quantities": {"users": "10"}},
    ),
}


def wanted(request: TypedRequest) -> QuoteIn:
    """The request as the API reads it."""
    return validate(QuoteIn, {"account_id": "acc_1", "effective_date": "2026-07-01"} | request.data)


@pytest.mark.parametrize(("option", "flags", "change"), [(option, *case) for option, case in CHANGES.items()])
def test_an_option_becomes_a_change_of_the_api(option: str, flags: QuoteFlags, change: dict[str, Any]):
    request = read_flags(flags)
    assert request.data["changes"] == [change]
    assert [read.op for read in wanted(request).changes] == [change["op"]]
    assert where_of("/changes/0/anything", request.origins) == option


def test_there_is_an_option_for_every_op():
    assert {change["op"] for _, change in CHANGES.values()} == set(OPS.values())


def test_options_may_be_mixed_and_each_keeps_its_place():
    request = read_flags(
        QuoteFlags(
            contract="con_1",
            add=("storage:storage_gb=5",),
            set=("crm:users=120",),
            remove=("analytics",),
            price=("crm.seats=40",),
            commit=("crm.calls=200",),
            tier="growth",
            renew=True,
            term=24,
        )
    )
    assert [change["op"] for change in request.data["changes"]] == ["add", "set", "remove", "renew"]
    assert request.data["changes"][1]["unit_prices"] == {"seats": "40"}
    assert request.data["changes"][1]["commitments"] == {"calls": "200"}
    assert (request.data["contract_id"], request.data["tier"], request.data["term_months"]) == ("con_1", "growth", 24)
    assert where_of("/changes/1/unit_prices/seats", request.origins) == "--price crm.seats=40"
    assert where_of("/changes/3/op", request.origins) == "--renew"
    assert where_of("/contract_id", request.origins) == "--contract con_1"
    assert wanted(request).contract_id == "con_1"


def test_a_tier_alone_is_a_change_of_tier_and_not_asked_for_twice():
    assert "tier" not in read_flags(QuoteFlags(tier="growth")).data
    assert read_flags(QuoteFlags(tier="growth", remove=("crm:users=1",))).data["tier"] == "growth"


@pytest.mark.parametrize(
    ("text", "waiver"),
    [
        ("notice", {"what": "notice", "why": ""}),
        ("notice:long-standing: since 2019", {"what": "notice", "why": "long-standing: since 2019"}),
        ("uplift_cap=2%:strategic", {"what": "uplift_cap", "to": "0.02", "why": "strategic"}),
        ("clawback=500.00USD", {"what": "clawback", "to": "500.00", "why": ""}),
        ("billing_plan=monthly_in_advance", {"what": "billing_plan", "to": "monthly_in_advance", "why": ""}),
        ("notice=30:soon", {"what": "notice", "to": "30", "why": "soon"}),
    ],
)
def test_a_waiver_names_its_term_and_may_name_a_value_and_a_reason(text: str, waiver: dict[str, str]):
    request = read_flags(QuoteFlags(cancel=True, waive=(text,)))
    assert request.data["waivers"] == [waiver]
    assert where_of("/waivers/0/what", request.origins) == f"--waive {text}"
    assert str(wanted(request).waivers[0].to) == waiver.get("to", "None")


def test_the_currency_of_a_waived_amount_is_the_quote_s():
    assert read_flags(QuoteFlags(cancel=True, waive=("clawback=5USD",))).data["currency"] == "USD"
    with pytest.raises(CommandStopped, match="the quote is in EUR, not in USD"):
        read_flags(QuoteFlags(cancel=True, waive=("clawback=5USD",), currency="EUR"))


@pytest.mark.parametrize(
    ("flags", "where"),
    [
        (QuoteFlags(set=(":users=1",)), "--set"),
        (QuoteFlags(set=("crm:users",)), "--set crm:users"),
        (QuoteFlags(remove=("crm:users=1,users=2",)), "--remove"),
        (QuoteFlags(remove=("",)), "--remove"),
        (QuoteFlags(trial=("crm:=5",)), "--trial crm:=5"),
        (QuoteFlags(true_up=("crm:users=130",)), "--true-up"),
        (QuoteFlags(true_up=("crm@2026-05-01",)), "--true-up"),
        (QuoteFlags(true_up=("crm:users=130@",)), "--true-up"),
        (QuoteFlags(true_up=("@2026-05-01",)), "--true-up"),
        (QuoteFlags(true_up=("crm:users@2026-05-01",)), "--true-up crm:users"),
        (QuoteFlags(cancel=True, waive=(":why",)), "--waive"),
        (QuoteFlags(cancel=True, waive=("notice=:why",)), "--waive"),
        (QuoteFlags(renew=True, price=("crm.seats=1",)), "--price"),
        (QuoteFlags(remove=("crm",), commit=("crm.calls=1",)), "--commit"),
        (QuoteFlags(term=24), "--add"),
    ],
    ids=str,
)
def test_what_cannot_be_taken_apart_is_wrong_usage_with_its_form(flags: QuoteFlags, where: str):
    with pytest.raises(CommandStopped) as stopped:
        read_flags(flags)
    assert (stopped.value.code, stopped.value.where) == ("usage", where)
    assert "write" in stopped.value.fix


def test_a_file_goes_without_every_option_that_says_something():
    flags = QuoteFlags(cancel=True, extend=0, contract="new", true_up=["crm:users=1@2026-05-01"], waive=[])
    assert flags.given() == ("--contract", "--extend", "--cancel", "--true-up")


@pytest.mark.parametrize("op", [op for op, (_, change) in CHANGES.items() if change["op"] != OF_NEW_SALES])
def test_without_a_database_a_change_of_a_contract_is_wrong_usage(op: str):
    request = read_flags(CHANGES[op][0])
    with pytest.raises(CommandStopped, match="a contract is needed") as stopped:
        check_needs_no_contract(wanted(request), request.origins)
    assert (stopped.value.code, stopped.value.where) == ("usage", op)
    assert "leave --rules out and name the --account" in stopped.value.fix


def test_without_a_database_a_contract_cannot_be_named():
    request = read_flags(QuoteFlags(add=("crm",), contract="con_1"))
    with pytest.raises(CommandStopped, match="a contract is needed") as stopped:
        check_needs_no_contract(wanted(request), request.origins)
    assert stopped.value.where == "--contract con_1"


def test_without_a_database_a_new_sale_needs_none():
    request = read_flags(QuoteFlags(add=("crm",), tier="growth", contract="new", waive=("billing_plan",)))
    check_needs_no_contract(wanted(request), request.origins)
