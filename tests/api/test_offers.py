"""Offers over the API: what is answered, a quote in one call, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pricing_engine.api.wire_offers import OffersOut
from pricing_engine.api.wire_quote_answers import QuoteOut
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests.api.conftest import NOON, Caller
from tests.api.rule_files import FILES

PATH = b"""\
kind: upsell_path
id: analytics-for-crm
from: {product: crm}
offer: {product: analytics}
say: "{users_share} of your people are at work."
why: figures
"""
LATER = PATH.replace(b"id: analytics-for-crm", b"id: region-at-110").replace(
    b"offer: {product: analytics}", b"when: 'users >= 110'\noffer: {product: analytics}"
)
REGION = PATH.replace(b"id: analytics-for-crm", b"id: region").replace(b"analytics", b"region")
VOCABULARY = FILES["vocabulary.yaml"] + b"  users: {type: count, from: metric.users, meaning: people}\n"


@pytest.fixture
def customer(caller: Caller) -> str:
    """An account with 100 users of CRM since today, of whom 80 are at work."""
    paths = {"upsell_paths/a.yaml": PATH, "upsell_paths/b.yaml": LATER, "upsell_paths/c.yaml": REGION}
    files = {**FILES, "vocabulary.yaml": VOCABULARY, **paths}
    publish_rulebook(caller.desk, files, author="test", activate=True, reason="paths")
    account = caller.account()
    kept = caller.post("/v1/quotes", caller.ask(effective_date=NOON.date().isoformat())).json()
    book_quote(caller.desk, quote_id=kept["id"], by="test")
    reading = {"id": "r1", "metric": "users", "at": "2026-03-14", "quantity": "80"}
    caller.post(f"/v1/accounts/{account}/usage", {"readings": [reading]}, headers={"X-Acting-Role": "integration"})
    return account


def read(caller: Caller, account: str, **query: str) -> dict[str, Any]:
    answer = caller.get(f"/v1/accounts/{account}/offers", params=query)
    assert answer.status_code == 200, answer.text
    OffersOut.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


def test_offers_are_answered_with_prices_reasons_and_what_brings_the_next(caller: Caller, customer: str) -> None:
    found = read(caller, customer)
    (offer,) = found["offers"]
    # 100 × 20.00 × 12; the first invoice is of today and will have it in.
    assert (offer["source"], offer["kind"], offer["say"]) == (
        "analytics-for-crm",
        "cross_sell",
        "80% of your people are at work.",
    )
    assert (offer["arr_difference"], offer["arr_after"], offer["due_now"], offer["saving"]) == (
        "24000.00",
        "84000.00",
        "0.00",
        "0.00",
    )
    assert offer["changes"] == [{"op": "add", "product": "analytics", "tier": None, "quantities": {"users": "100"}}]
    assert [(each["source"], each["more"], each["what"]) for each in found["unlocks"]] == [
        ("region-at-110", "10", "10 users more, and Analytics is offered")
    ]
    (withheld,) = found["withheld"]
    assert (withheld["source"], withheld["code"]) == ("region", "price-on-request")
    assert (withheld["kind"], withheld["name"]) == ("add_on", "Region")
    assert withheld["changes"] == [{"op": "add", "product": "region", "tier": None, "quantities": {}}]
    assert (withheld["tier"], withheld["bundles"]) == (None, [])
    gone = caller.post(f"/v1/accounts/{customer}/offers/{withheld['id']}/quote", {})
    assert gone.status_code == 409
    assert gone.json()["detail"].startswith("region cannot be offered now: price-on-request")


def test_the_changes_of_an_offer_can_be_asked_for_as_they_stand(caller: Caller, customer: str) -> None:
    (offer,) = read(caller, customer)["offers"]
    changes = [{name: value for name, value in change.items() if value is not None} for change in offer["changes"]]
    ask = {"account_id": customer, "effective_date": "2026-03-15", "changes": changes}
    asked = caller.post("/v1/quotes/preview", ask).json()
    assert asked["change"]["arr_after"] == offer["arr_after"]


def test_of_one_kind_only_those_are_answered(caller: Caller, customer: str) -> None:
    assert [offer["kind"] for offer in read(caller, customer, kind="cross_sell")["offers"]] == ["cross_sell"]
    assert read(caller, customer, kind="trial")["offers"] == []
    assert caller.get(f"/v1/accounts/{customer}/offers", params={"kind": "gift"}).status_code == 422


def test_a_quote_of_an_offer_takes_one_call(caller: Caller, customer: str) -> None:
    (offer,) = read(caller, customer)["offers"]
    path = f"/v1/accounts/{customer}/offers/{offer['id']}/quote"
    answer = caller.post(path, {"external_ref": "opp-1", "valid_until": "2026-04-30"})
    assert answer.status_code == 201, answer.text
    QuoteOut.model_validate_json(answer.content)
    quote = answer.json()
    assert (quote["state"], quote["external_ref"], quote["valid_until"]) == ("draft", "opp-1", "2026-04-30")
    assert quote["change"]["arr_after"] == offer["arr_after"]
    assert caller.get(answer.headers["location"]).json() == quote
    assert caller.get(f"{answer.headers['location']}/replay").json()["is_equal"]


def test_with_a_key_an_offer_is_quoted_once(caller: Caller, customer: str) -> None:
    (offer,) = read(caller, customer)["offers"]
    path, key = f"/v1/accounts/{customer}/offers/{offer['id']}/quote", {"Idempotency-Key": "once"}
    first, again = (caller.post(path, {}, headers=key) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert first.headers["etag"] == '"1"'


def test_an_offer_that_is_gone_says_why(caller: Caller, customer: str) -> None:
    (offer,) = read(caller, customer)["offers"]
    path = f"/v1/accounts/{customer}/offers/{offer['id']}/quote"
    book_quote(caller.desk, quote_id=caller.post(path, {}).json()["id"], by="test")
    gone = caller.post(path, {})
    assert (gone.status_code, gone.json()["code"], gone.json()["source"]) == (409, "offer-gone", "analytics-for-crm")
    assert "the account has analytics already" in gone.json()["detail"]


def test_what_is_wrong_with_a_request_is_refused_with_its_place(caller: Caller, customer: str) -> None:
    (offer,) = read(caller, customer)["offers"]
    path = f"/v1/accounts/{customer}/offers/{offer['id']}/quote"
    wrong = {"valid_until": "2026-03-14"}, {"changes": []}, {"note": 1}
    pointers = [caller.post(path, body).json()["errors"][0]["pointer"] for body in wrong]
    assert pointers == ["/valid_until", "/changes", "/note"]
    for url in (f"/v1/accounts/{customer}/offers/off_1_2/quote", "/v1/accounts/acc_nobody/offers/off_1_2/quote"):
        assert caller.post(url, {}).status_code == 404
    unknown = caller.get(f"/v1/accounts/{customer}/offers", params={"contract_id": "con_nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "contract-not-found")


def test_an_account_without_a_contract_and_rules_without_paths_have_no_offers(caller: Caller) -> None:
    found = read(caller, caller.account())
    assert (found["contract_id"], found["offers"], found["withheld"], found["unlocks"]) == (None, [], [], [])
