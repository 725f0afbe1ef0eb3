"""Retention over the API: the shape of the answer, who may read it, and what is refused with a place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.wire_retained import (
    CohortsOut,
    DisciplineOut,
    LedgerEntriesOut,
    RetainedAccountsOut,
    RuleOf40Out,
)
from pricing_engine.api.wire_retention import KeptQuoteOut, LedgerVerifiedOut, QuoteEffectOut, RetentionOut
from pricing_engine.retention.definitions import RULE_OF_40
from tests.api.conftest import Caller

REVOPS = {"X-Acting-Role": "revops"}


def sell(caller: Caller) -> str:
    """The yearly value of what an account has bought."""
    path = f"/v1/quotes/{caller.post('/v1/quotes', caller.ask()).json()['id']}"
    assert caller.post(f"{path}/present", {}, headers={"If-Match": "*"}).status_code == 200
    done = caller.post(f"{path}/accept", {}, headers={"If-Match": "*"})
    assert done.status_code == 200, done.text
    arr: str = done.json()["quote"]["totals"]["arr"]
    return arr


def read(caller: Caller, **params: Any) -> Any:
    answer = caller.get("/v1/retention", params=params, headers=REVOPS)
    assert answer.status_code == 200, answer.text
    RetentionOut.model_validate_json(answer.content)
    return answer.json()


def test_what_was_sold_is_new_and_then_kept(caller: Caller) -> None:
    arr = sell(caller)
    assert read(caller)["whole"]["closing"] == "0.00"  # it has not begun
    now = read(caller, on="2026-07-01")
    assert (now["opening"], now["closing"], now["currency"]) == ("2025-07-01", "2026-07-01", "USD")
    whole = now["whole"]
    assert (whole["opening"], whole["new"], whole["nrr"], whole["grr"]) == ("0.00", arr, None, None)
    assert [(each["kind"], each["driver"], each["cause"]) for each in whole["movements"]] == [
        ("new", None, "new_business")
    ] * len(whole["movements"])
    later = read(caller, on="2027-06-30", months="6")
    assert (later["whole"]["nrr"], later["whole"]["grr"], later["whole"]["customers"]) == ("1.000000", "1.000000", 1)
    assert later["whole"]["points"] == {"retention": "0.000000", "pricing": "0.000000", "expansion": "0.000000"}
    assert [month["closing"] for month in later["by_month"]] == [arr] * 6
    assert "customers that had ARR at the opening" in later["definitions"]["nrr"]


def test_nobody_knows_yet_of_a_term_that_ends_later_whether_it_is_renewed(caller: Caller) -> None:
    arr = sell(caller)
    whole = read(caller, on="2027-07-01")["whole"]
    assert (whole["opening"], whole["kept"], whole["nrr"], whole["lost"]) == (arr, arr, "1.000000", 0)


def test_segments_are_told_apart_by_what_accounts_are(caller: Caller) -> None:
    sell(caller)
    for by in ("product", "segment", "currency", "cohort", "size", "segment,product"):
        found = read(caller, by=by, on="2026-07-01")
        assert found["by"] == by
        assert len(found["segments"]) >= 1
    answer = caller.get("/v1/retention", params={"by": "colour"}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, "segment-unknown")
    assert [each["parameter"] for each in answer.json()["errors"]] == ["by"]


def test_the_ledger_is_verified(caller: Caller) -> None:
    sell(caller)
    answer = caller.get("/v1/retention/verify", headers=REVOPS)
    LedgerVerifiedOut.model_validate_json(answer.content)
    assert answer.json() == {"versions": 1, "months": 0, "is_whole": True, "what": None, "broken": None}


@pytest.mark.parametrize("path", ["/v1/retention", "/v1/retention/verify"])
@pytest.mark.parametrize("role", ROLES)
def test_figures_of_the_book_are_not_for_everybody(path: str, role: str, caller: Caller) -> None:
    answer = caller.get(path, headers={"X-Acting-Role": role})
    assert answer.status_code == (200 if role in FIGURE_ROLES else 403)
    if answer.status_code == 403:
        assert answer.json()["code"] == "may-not-read-figures"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("months", "0"), ("months", "61"), ("months", "-1"), ("months", "1.5"), ("months", "٣")),
        *(
            ("gap_days", "-1"),
            ("gap_days", "99999"),
            ("on", "2026-02-30"),
            ("by", "Segment"),
            ("by", ""),
            ("by", "segment,"),
            ("by", "a,b,c,d,e"),
            ("grain", "x"),
        ),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, value: str, caller: Caller) -> None:
    answer = caller.get("/v1/retention", params={name: value}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert name in str(answer.json()["errors"]) or name == "grain"


def test_a_quote_says_what_it_does_to_retention(caller: Caller) -> None:
    sell(caller)
    more = caller.ask(effective_date="2026-09-01")
    quote_id = caller.post("/v1/quotes", more).json()["id"]
    path = f"/v1/quotes/{quote_id}/retention"
    answer = caller.get(path, headers=REVOPS)
    assert answer.status_code == 200, answer.text
    QuoteEffectOut.model_validate_json(answer.content)
    found = answer.json()
    # Twice as many users as there were.
    assert (found["opening"], found["closing"]) == ("2026-08-31", "2027-08-31")
    assert (found["account"]["nrr_difference"], found["account"]["points"]["expansion"]) == ("1.000000", "1.000000")
    assert found["book"] == found["account"]
    assert found["declined"] == "the contract runs on as it is"
    assert caller.get(path, params={"horizon": "2026-08-31"}, headers=REVOPS).json()["code"] == "horizon-too-early"
    assert caller.get(path).status_code == 403
    with_it = caller.get(f"/v1/quotes/{quote_id}?expand=waterfall,retention", headers=REVOPS)
    KeptQuoteOut.model_validate_json(with_it.content)
    assert with_it.json()["retention"] == found
    assert with_it.json()["lines"][0]["segments"]
    assert "retention" not in caller.get(f"/v1/quotes/{quote_id}").json()
    assert caller.get(f"/v1/quotes/{quote_id}?expand=retention").json()["code"] == "may-not-read-figures"
    assert caller.get("/v1/quotes/quo_none/retention", headers=REVOPS).json()["code"] == "quote-not-found"


def test_behind_a_figure_are_accounts_and_movements_in_parts(caller: Caller) -> None:
    arr = sell(caller)
    params = {"on": "2026-07-01", "by": "currency", "segment": "USD", "limit": "1"}
    answer = caller.get("/v1/retention/accounts", params=params, headers=REVOPS)
    RetainedAccountsOut.model_validate_json(answer.content)
    (item,) = answer.json()["items"]
    assert (item["account_id"], item["opening"], item["closing"]) == (caller.account(), "0.00", arr)
    assert (answer.json()["count"], answer.json()["next_after"]) == (1, None)
    answer = caller.get("/v1/retention/movements", params=params, headers=REVOPS)
    LedgerEntriesOut.model_validate_json(answer.content)
    first = answer.json()
    assert first["items"][0]["quote_id"].startswith("quo_")
    found = list(first["items"])
    while first["next_after"] is not None:
        first = caller.get(
            "/v1/retention/movements", params={**params, "after": str(first["next_after"])}, headers=REVOPS
        ).json()
        found += first["items"]
    assert sum(Decimal(each["amount"]) for each in found) == Decimal(arr)
    for path in ("accounts", "movements"):
        assert caller.get(f"/v1/retention/{path}").status_code == 403
        unsaid = caller.get(f"/v1/retention/{path}", params={"segment": "USD"}, headers=REVOPS)
        assert unsaid.json()["code"] == "segment-unknown"


def test_cohorts_and_growth_are_read_beside_the_rates(caller: Caller) -> None:
    arr = sell(caller)
    answer = caller.get("/v1/retention/cohorts", params={"on": "2026-12-31", "span": "quarter"}, headers=REVOPS)
    CohortsOut.model_validate_json(answer.content)
    (cohort,) = answer.json()["items"]
    assert cohort == {"start": "2026-07-01", "customers": 1, "arr": [arr, arr], "nrr": ["1.000000", "1.000000"]}
    params = {"on": "2027-06-30", "months": "6", "margin": "-0.25"}
    answer = caller.get("/v1/retention/rule-of-40", params=params, headers=REVOPS)
    RuleOf40Out.model_validate_json(answer.content)
    assert answer.json() == {
        "opening": "2026-12-31",
        "closing": "2027-06-30",
        "definitions": dict(RULE_OF_40),
        "from_customers": "0.000000",
        "from_new": "0.000000",
        "growth": "0.000000",
        "margin": "-0.25",
        "total": "-0.250000",
    }
    # Before it begins it is signed and not in force.
    early = read(caller, on="2026-03-15")
    assert (early["whole"]["closing"], early["contracted"]) == ("0.00", arr)
    for path, name, value in (("cohorts", "span", "week"), ("rule-of-40", "margin", "15%")):
        assert caller.get(f"/v1/retention/{path}", params={name: value}, headers=REVOPS).status_code == 422
        assert caller.get(f"/v1/retention/{path}").status_code == 403


def test_how_quotes_were_made_is_read(caller: Caller) -> None:
    sell(caller)
    answer = caller.get("/v1/retention/discipline", headers=REVOPS)
    DisciplineOut.model_validate_json(answer.content)
    found = answer.json()
    assert (found["quotes"], found["growth"], found["untouched"], found["within_policy"]) == (
        *(1, 1, "1.000000", "1.000000"),
    )
    assert (found["waived"], found["repriced"], found["minutes"]) == ({}, "0.00", 0)
    assert caller.get("/v1/retention/discipline").status_code == 403
