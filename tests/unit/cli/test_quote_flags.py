"""Options become the request the API takes, and what cannot be taken apart is refused with its form."""

from __future__ import annotations

import pytest

from pricing_engine.cli.outcome import CommandStopped, where_of
from pricing_engine.cli.quote_flags import read_flags
from pricing_engine.cli.typed_options import QuoteFlags


def test_options_become_the_request_of_the_api():
    flags = QuoteFlags(
        account="acc_1",
        add=("crm:users=120,storage_gb=500", "api"),
        commit=("api.calls=200.00",),
        price=("crm.seats=9.00",),
        usage=("transfer_gb=6000",),
        discount=("quote=5%", "crm=500.00USD", "crm.seats=@38.00"),
        why="competitive",
        bundle=("suite",),
        tier="growth",
        term=24,
        effective="2026-12-01",
    )
    assert read_flags(flags).data == {
        "account_id": "acc_1",
        "tier": "growth",
        "term_months": 24,
        "effective_date": "2026-12-01",
        "currency": "USD",
        "changes": [
            {
                "op": "add",
                "product": "crm",
                "quantities": {"users": "120", "storage_gb": "500"},
                "unit_prices": {"seats": "9.00"},
            },
            {"op": "add", "product": "api", "quantities": {}, "commitments": {"calls": "200.00"}},
        ],
        "bundles": ["suite"],
        "usage": {"transfer_gb": "6000"},
        "discounts": [
            {"target": "quote", "why": "competitive", "percent": "0.05"},
            {"target": "crm", "why": "competitive", "amount": "500.00"},
            {"target": "crm.seats", "why": "competitive", "unit_price": "38.00"},
        ],
    }


@pytest.mark.parametrize(
    ("percent", "fraction"), [("5%", "0.05"), ("12.5%", "0.125"), ("100%", "1.00"), ("0.000001%", "0.00000001")]
)
def test_a_percentage_becomes_its_exact_fraction(percent: str, fraction: str):
    read = read_flags(QuoteFlags(add=("crm",), discount=(f"quote={percent}",)))
    assert read.data["discounts"][0]["percent"] == fraction


@pytest.mark.parametrize(
    "flags",
    [
        QuoteFlags(),
        QuoteFlags(add=(":users=1",)),
        QuoteFlags(add=("crm:users",)),
        QuoteFlags(add=("crm:users=1,users=2",)),
        QuoteFlags(add=("crm",), discount=("quote=15",)),
        QuoteFlags(add=("crm",), discount=("quote=0.15",)),
        QuoteFlags(add=("crm",), discount=("quote",)),
        QuoteFlags(add=("crm",), discount=("quote=-5%",)),
        QuoteFlags(add=("crm",), discount=("quote=٥%",)),
        QuoteFlags(add=("crm",), discount=("quote=5EUR",), currency="USD"),
        QuoteFlags(add=("crm",), price=("api.calls=1",)),
        QuoteFlags(add=("crm",), commit=("crm=1",)),
        QuoteFlags(add=("crm",), usage=("transfer_gb",)),
    ],
    ids=str,
)
def test_what_cannot_be_taken_apart_is_wrong_usage_with_its_form(flags: QuoteFlags):
    with pytest.raises(CommandStopped) as stopped:
        read_flags(flags)
    assert stopped.value.code == "usage"
    assert "write" in stopped.value.fix


def test_a_pointer_leads_back_to_the_option_it_came_from():
    origins = read_flags(QuoteFlags(add=("crm:users=1", "api"), commit=("api.calls=2",), term=24)).origins
    assert where_of("/changes/0/quantities/users", origins) == "--add crm:users=1"
    assert where_of("/changes/1/commitments/calls", origins) == "--commit api.calls=2"
    assert where_of("/changes/1/product", origins) == "--add api"
    assert where_of("/term_months", origins) == "--term 24"
    assert where_of("/nothing", origins) == "/nothing"


def test_amounts_that_differ_only_in_decimals_stay_as_they_were_typed():
    request = read_flags(QuoteFlags(add=("crm:users=10.50",)))
    assert request.data["changes"][0]["quantities"] == {"users": "10.50"}
