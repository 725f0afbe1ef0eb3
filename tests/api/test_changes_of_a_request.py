"""Every change a request may ask for becomes the core's; what does not fit its op is refused at its field."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import jsonschema
import pytest

from pricing_engine.api.wire_changes import _CHANGE_OF
from pricing_engine.api.wire_faults import InvalidRequest, validate
from pricing_engine.api.wire_quote_request import QuoteIn, ask_of
from pricing_engine.api.wire_waivers import BillingWaiverIn, FeeWaiverIn, NoticeWaiverIn, UpliftWaiverIn
from pricing_engine.quoting.changes.waivers import read_waivers
from pricing_engine.quoting.request import (
    OPS,
    Add,
    Cancel,
    Change,
    ChangeTier,
    Extend,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
    Waiver,
)
from pricing_engine.terms.terms import Waivable
from tests.rulebooks import D

ASKED = {"account_id": "acc_1", "effective_date": "2026-07-01"}
SCHEMA = jsonschema.Draft202012Validator(
    QuoteIn.model_json_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)

TAKEN: dict[str, tuple[dict[str, Any], Change]] = {
    "add": (
        {"op": "add", "product": "crm", "quantities": {"users": "5"}},
        Add("crm", {"users": D("5")}),
    ),
    "set": (
        {
            "op": "set",
            "product": "crm",
            "quantities": {"users": "120"},
            "commitments": {"calls": "200.00"},
            "unit_prices": {"seats": "9.00"},
            "ramp": [{"after_months": 3, "quantities": {"users": "130"}}],
        },
        Set(
            "crm",
            {"users": D("120")},
            {"calls": D("200.00")},
            {"seats": D("9.00")},
            (RampStep(3, {"users": D("130")}),),
        ),
    ),
    "remove all": ({"op": "remove", "product": "analytics"}, Remove("analytics")),
    "remove some": (
        {"op": "remove", "product": "crm", "quantities": {"users": "10"}},
        Remove("crm", {"users": D("10")}),
    ),
    "change_tier": ({"op": "change_tier", "tier": "enterprise"}, ChangeTier("enterprise")),
    "renew": ({"op": "renew"}, Renew()),
    "extend": ({"op": "extend", "months": 6}, Extend(6)),
    "cancel": ({"op": "cancel"}, Cancel()),
    "reinstate": ({"op": "reinstate"}, Reinstate()),
    "true_up": (
        {"op": "true_up", "product": "crm", "used": {"users": "130"}, "since": "2026-05-01"},
        TrueUp("crm", {"users": D("130")}, date(2026, 5, 1)),
    ),
    "trial": (
        {"op": "trial", "product": "analytics", "quantities": {"users": "10"}},
        Trial("analytics", {"users": D("10")}),
    ),
    "trial of what counts nothing": ({"op": "trial", "product": "api"}, Trial("api")),
}

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "set a number": (
        {"op": "set", "product": "crm", "quantities": {"users": 5}},
        "/quantities/users",
        "send decimals as strings",
    ),
    "set to none": (
        {"op": "set", "product": "crm", "quantities": {"users": "0"}},
        "/quantities/users",
        "must be above 0",
    ),
    "set without a product": ({"op": "set"}, "/product", "this field is required"),
    "set of one unit price": (
        {"op": "set", "product": "crm", "unit_price": "9"},
        "/unit_price",
        "leave this field out, or send null",
    ),
    "remove a price": (
        {"op": "remove", "product": "crm", "unit_prices": {}},
        "/unit_prices",
        "there is no such field",
    ),
    "remove fewer than none": (
        {"op": "remove", "product": "crm", "quantities": {"users": "-1"}},
        "/quantities/users",
        "write plain digits",
    ),
    "change_tier without a tier": ({"op": "change_tier"}, "/tier", "this field is required"),
    "change_tier to a number": ({"op": "change_tier", "tier": 1}, "/tier", "send a string"),
    "change_tier by a name": ({"op": "change_tier", "tier": "Enterprise"}, "/tier", "write an id of the rules"),
    "renew for so long": ({"op": "renew", "months": 12}, "/months", "there is no such field"),
    "extend without months": ({"op": "extend"}, "/months", "this field is required"),
    "extend by none": ({"op": "extend", "months": 0}, "/months", "at least 1"),
    "extend for ever": ({"op": "extend", "months": 121}, "/months", "at most 120"),
    "extend by a text": ({"op": "extend", "months": "6"}, "/months", "send a whole number"),
    "extend by a truth": ({"op": "extend", "months": True}, "/months", "send a whole number"),
    "cancel a product": ({"op": "cancel", "product": "crm"}, "/product", "there is no such field"),
    "reinstate a product": ({"op": "reinstate", "product": "crm"}, "/product", "there is no such field"),
    "true_up without use": (
        {"op": "true_up", "product": "crm", "since": "2026-05-01"},
        "/used",
        "this field is required",
    ),
    "true_up of no metric": (
        {"op": "true_up", "product": "crm", "used": {}, "since": "2026-05-01"},
        "/used",
        "at least 1 item",
    ),
    "true_up by a name of another form": (
        {"op": "true_up", "product": "crm", "used": {"Users": "1"}, "since": "2026-05-01"},
        "/used/Users",
        "write an id of the rules",
    ),
    "true_up since no day": (
        {"op": "true_up", "product": "crm", "used": {"users": "130"}},
        "/since",
        "this field is required",
    ),
    "true_up since a month": (
        {"op": "true_up", "product": "crm", "used": {"users": "130"}, "since": "2026-05"},
        "/since",
        "write a date",
    ),
    "trial with a ramp": ({"op": "trial", "product": "crm", "ramp": []}, "/ramp", "there is no such field"),
    "an op of no kind": ({"op": "upgrade"}, "/op", f"op is one of {', '.join(OPS.values())}"),
    "an op that is no text": ({"op": ["renew"]}, "/op", f"op is one of {', '.join(OPS.values())}"),
    "no op": ({"product": "crm"}, "/op", "this field is required"),
}


def asked(**more: Any) -> QuoteIn:
    """The request, read."""
    return validate(QuoteIn, ASKED | {"changes": [{"op": "renew"}]} | more)


@pytest.mark.parametrize(("sent", "change"), TAKEN.values(), ids=TAKEN.keys())
def test_a_change_becomes_the_core_s(sent: dict[str, Any], change: Change) -> None:
    assert SCHEMA.is_valid(ASKED | {"changes": [sent]})
    assert ask_of(asked(changes=[sent]), role="rep").changes == (change,)


@pytest.mark.parametrize(("sent", "place", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_its_op_is_refused_at_its_field(sent: dict[str, Any], place: str, said: str) -> None:
    assert not SCHEMA.is_valid(ASKED | {"changes": [sent]})
    with pytest.raises(InvalidRequest) as refused:
        asked(changes=[{"op": "cancel"}, sent])
    (fault,) = refused.value.faults
    assert fault.where == f"/changes/1{place}"
    assert fault.detail.startswith(said)


def test_there_is_a_model_for_every_op() -> None:
    words = {get_args(model.model_fields["op"].annotation)[0] for model in _CHANGE_OF}
    assert words == set(OPS.values())
    assert {type(change) for _, change in TAKEN.values()} == set(OPS)


def test_what_is_said_of_the_contract_is_passed_on() -> None:
    ask = ask_of(asked(contract_id="con_1", term_months=24), role="rep")
    assert (ask.contract_id, ask.term_months) == ("con_1", 24)


@pytest.mark.parametrize(
    ("sent", "waiver"),
    [
        (
            {"what": "partial_cancellation_fee", "why": "strategic"},
            Waiver("partial_cancellation_fee", None, "strategic"),
        ),
        ({"what": "clawback", "to": "500.00"}, Waiver("clawback", "500.00")),
        ({"what": "over_use_charge", "to": "0.0000001"}, Waiver("over_use_charge", "0.0000001")),
        ({"what": "notice", "to": "30"}, Waiver("notice", "30")),
        ({"what": "uplift_cap", "to": "0.02"}, Waiver("uplift_cap", "2%")),
        ({"what": "uplift_floor", "to": "0.025"}, Waiver("uplift_floor", "2.5%")),
        ({"what": "uplift_cap", "to": None}, Waiver("uplift_cap")),
        ({"what": "billing_plan", "to": "monthly_in_advance"}, Waiver("billing_plan", "monthly_in_advance")),
    ],
    ids=str,
)
def test_a_waiver_becomes_the_core_s_and_the_core_can_read_it(sent: dict[str, Any], waiver: Waiver) -> None:
    assert SCHEMA.is_valid(ASKED | {"changes": [{"op": "renew"}], "waivers": [sent]})
    read = ask_of(asked(waivers=[sent]), role="rep").waivers
    assert read == (waiver,)
    assert set(read_waivers(read, None).values) == {Waivable(waiver.what)}


def test_what_is_not_said_of_the_contract_stays_unsaid() -> None:
    ask = ask_of(asked(), role="rep")
    assert (ask.contract_id, ask.term_months, ask.waivers) == (None, None, ())
    assert ask_of(asked(contract_id="new", term_months=None), role="rep").contract_id == "new"


def test_whatever_the_terms_let_be_waived_can_be_asked_for() -> None:
    models = (FeeWaiverIn, NoticeWaiverIn, UpliftWaiverIn, BillingWaiverIn)
    words = [word for model in models for word in get_args(model.model_fields["what"].annotation)]
    assert sorted(words) == sorted(Waivable)


@pytest.mark.parametrize(
    ("sent", "pointer", "said"),
    [
        ({"contract_id": ""}, "/contract_id", "write an id"),
        ({"contract_id": "a b"}, "/contract_id", "write an id"),
        ({"contract_id": 1}, "/contract_id", "send a string"),
        ({"term_months": 0}, "/term_months", "at least 1"),
        ({"term_months": 121}, "/term_months", "at most 120"),
        ({"term_months": "12"}, "/term_months", "send a whole number"),
        ({"waivers": None}, "/waivers", "send an array"),
        ({"waivers": [{"what": "notice"}] * 21}, "/waivers", "at most 20 items"),
        ({"waivers": [{"what": "notice"}, {"what": "notice", "to": "30"}]}, "/waivers", "name each term once"),
        ({"tier": "growth", "changes": [{"op": "change_tier", "tier": "growth"}]}, "", "give tier or a change_tier"),
        ({"waivers": [{}]}, "/waivers/0/what", "this field is required"),
        ({"waivers": [{"what": "everything"}]}, "/waivers/0/what", "what is one of cancellation_fee, partial_"),
        ({"waivers": [{"what": "notice", "to": 30}]}, "/waivers/0/to", "send a string"),
        ({"waivers": [{"what": "notice", "to": ""}]}, "/waivers/0/to", "write a whole number of days"),
        ({"waivers": [{"what": "notice", "to": "-1"}]}, "/waivers/0/to", "write a whole number of days"),
        ({"waivers": [{"what": "notice", "to": "1_0"}]}, "/waivers/0/to", "write a whole number of days"),
        ({"waivers": [{"what": "clawback", "to": "NaN"}]}, "/waivers/0/to", "write plain digits"),
        ({"waivers": [{"what": "clawback", "to": "5%"}]}, "/waivers/0/to", "write plain digits"),
        ({"waivers": [{"what": "clawback", "to": 5}]}, "/waivers/0/to", "send decimals as strings"),
        ({"waivers": [{"what": "uplift_cap", "to": "3%"}]}, "/waivers/0/to", "write a fraction"),
        ({"waivers": [{"what": "uplift_cap", "to": "3"}]}, "/waivers/0/to", "at most 1"),
        ({"waivers": [{"what": "billing_plan", "to": "Monthly"}]}, "/waivers/0/to", "write an id of the rules"),
        ({"waivers": [{"what": "notice", "why": "x" * 501}]}, "/waivers/0/why", "at most 500 characters"),
        ({"waivers": [{"what": "notice", "by": "me"}]}, "/waivers/0/by", "there is no such field"),
    ],
    ids=str,
)
def test_what_is_wrongly_said_of_the_contract_is_refused_at_its_field(
    sent: dict[str, Any], pointer: str, said: str
) -> None:
    assert not SCHEMA.is_valid(ASKED | {"changes": [{"op": "renew"}]} | sent)
    with pytest.raises(InvalidRequest) as refused:
        asked(**sent)
    (fault,) = refused.value.faults
    assert fault.where == pointer
    assert fault.detail.startswith(said)
