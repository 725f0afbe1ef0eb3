"""Quotes over HTTP: priced without keeping, kept, read, listed and priced again, on both databases."""

import threading

import pytest

from pricing_engine.api import quotes
from pricing_engine.desk import Desk
from pricing_engine.quoting.improvements import Improvement
from pricing_engine.quoting.quote import Quote
from tests.api.conftest import Caller


def test_what_raises_a_score_is_not_worked_out_in_the_loop(
    sqlite_caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = list[threading.Thread]()

    def improve_quote(desk: Desk, *, quote: Quote) -> tuple[Improvement, ...]:
        threads.append(threading.current_thread())
        return ()

    monkeypatch.setattr(quotes, "improve_quote", improve_quote)
    assert sqlite_caller.post("/v1/quotes/preview?expand=score", sqlite_caller.ask()).status_code == 200
    kept = sqlite_caller.post("/v1/quotes", sqlite_caller.ask(), headers={"idempotency-key": "raises-a-score"})
    assert sqlite_caller.get(f"/v1/quotes/{kept.json()['id']}?expand=score").status_code == 200
    assert len(threads) == 2
    assert threading.current_thread() not in threads


def test_a_preview_and_a_kept_quote_say_the_same(caller: Caller) -> None:
    ask = caller.ask()
    preview, kept = caller.post("/v1/quotes/preview", ask), caller.post("/v1/quotes", ask)
    assert (preview.status_code, kept.status_code) == (200, 201)
    own = {"id", "version", "revision", "actions", "created_at", "created_by"}
    said = {name: value for name, value in preview.json().items() if name not in own}
    assert said == {name: value for name, value in kept.json().items() if name not in own}


def test_a_hundred_seats_at_fifty_a_month_cost_sixty_thousand_a_year(caller: Caller) -> None:
    # 100 × 50.00 × 12 = 60,000.00; a tenth off leaves 54,000.00, which is 4,500.00 a month.
    ask = caller.ask(discounts=[{"target": "quote", "percent": "0.10", "why": "competitive"}])
    totals = caller.post("/v1/quotes/preview", ask).json()["totals"]
    assert (totals["list"], totals["discount"], totals["net"]) == ("60000.00", "6000.00", "54000.00")
    assert (totals["arr"], totals["mrr"], totals["tcv"]) == ("54000.00", "4500.00", "54000.00")


def test_a_preview_keeps_nothing(caller: Caller) -> None:
    ask = caller.ask()
    before = caller.rows()
    assert caller.post("/v1/quotes/preview", ask).status_code == 200
    assert caller.rows() == before


def test_a_kept_quote_is_found_at_its_location_and_in_the_list(caller: Caller) -> None:
    kept = caller.post("/v1/quotes", caller.ask(external_ref="OPP-1"))
    assert caller.get(kept.headers["location"]).json() == kept.json()
    listed = caller.get("/v1/quotes", params={"external_ref": "OPP-1", "account_id": caller.account()}).json()
    assert [item["id"] for item in listed["items"]] == [kept.json()["id"]]
    assert listed["items"][0]["arr"] == "60000.00"
    assert listed["items"][0]["valid_until"] is None


def test_the_list_tells_until_when_a_quote_can_be_accepted(caller: Caller) -> None:
    kept = caller.post("/v1/quotes", caller.ask())
    shown = caller.post(f"{kept.headers['location']}/present", {}, headers={"If-Match": kept.headers["etag"]})
    (item,) = caller.get("/v1/quotes").json()["items"]
    # 30 days from 15 March 2026, for the request names no day.
    assert item["valid_until"] == shown.json()["valid_until"] == "2026-04-14"


def test_a_replayed_quote_is_equal(caller: Caller) -> None:
    kept = caller.post("/v1/quotes", caller.ask())
    assert caller.get(kept.headers["location"] + "/replay").json() == {
        "quote_id": kept.json()["id"],
        "rulebook": kept.json()["rulebook"],
        "is_equal": True,
        "differences": [],
    }


def test_the_waterfall_is_shown_on_demand_and_ends_at_the_net_price(caller: Caller) -> None:
    ask = caller.ask(discounts=[{"target": "crm.seats", "percent": "0.10", "why": "competitive"}])
    line = caller.post("/v1/quotes?expand=waterfall", ask).json()["lines"][0]
    steps = [step["kind"] for step in line["segments"][0]["steps"]]
    assert steps == ["list", "discretionary"]
    assert line["closing"][-1]["kind"] == "rounding"
    assert line["closing"][-1]["after"] == line["net_term"] == "54000.00"
    assert "segments" not in caller.post("/v1/quotes/preview", ask).json()["lines"][0]


def test_periods_show_their_last_day_beside_their_half_open_end(caller: Caller) -> None:
    quote = caller.post("/v1/quotes/preview", caller.ask(effective_date="2028-02-29", term_months=12)).json()
    # P7: a year from 29 February ends at the clamped 28 February.
    assert (quote["term_start"], quote["term_end"], quote["term_last_day"]) == (
        "2028-02-29",
        "2029-02-28",
        "2029-02-27",
    )
    assert quote["invoices"][0]["last_day"] == "2029-02-27"


def test_a_line_on_request_has_no_amounts_and_leaves_no_totals(caller: Caller) -> None:
    changes = [*caller.ask()["changes"], {"op": "add", "product": "region"}]
    quote = caller.post("/v1/quotes", caller.ask(changes=changes)).json()
    line = next(line for line in quote["lines"] if line["product"] == "region")
    assert (line["is_priced"], line["net_term"], line["list_per_year"]) == (False, None, None)
    assert (quote["is_complete"], quote["totals"], quote["invoices"]) == (False, None, [])


def test_the_deal_desk_prices_what_is_on_request_and_a_rep_may_not(caller: Caller) -> None:
    changes = [{"op": "add", "product": "region", "unit_prices": {"fee": "1000.00"}}]
    ask = caller.ask(changes=changes)
    priced = caller.post("/v1/quotes", ask, headers={"X-Acting-Role": "deal_desk"})
    assert priced.json()["totals"]["arr"] == "12000.00"
    refused = caller.post("/v1/quotes", ask)
    assert (refused.status_code, refused.json()["code"]) == (403, "role-may-not-price")


def test_pages_hold_every_quote_once_newest_first(caller: Caller) -> None:
    made = [caller.post("/v1/quotes", caller.ask()).json()["id"] for _ in range(5)]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = caller.get("/v1/quotes", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(found) == sorted(made)
    assert len(found) == 5


def test_created_after_leaves_out_what_is_older(caller: Caller) -> None:
    caller.post("/v1/quotes", caller.ask())
    # The tests' clock stands at noon of 15 March 2026.
    for day, count in {"2026-03-15": 1, "2026-03-15T11:59:59Z": 1, "2026-03-15T12:00:00Z": 0, "2026-03-16": 0}.items():
        assert len(caller.get("/v1/quotes", params={"created_after": day}).json()["items"]) == count, day


def test_only_some_roles_choose_the_as_of_day(caller: Caller) -> None:
    ask = caller.ask(as_of="2026-02-01")
    for role in ("pricing", "revops", "admin"):
        answer = caller.post("/v1/quotes/preview", ask, headers={"X-Acting-Role": role})
        assert (answer.status_code, answer.json()["as_of"]) == (200, "2026-02-01")
    for role in ("rep", "manager", "deal_desk", "integration"):
        refused = caller.post("/v1/quotes/preview", ask, headers={"X-Acting-Role": role})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, "/as_of")


def test_an_as_of_day_that_has_not_come_or_had_no_rules_is_refused(caller: Caller) -> None:
    admin = {"X-Acting-Role": "admin"}
    future = caller.post("/v1/quotes/preview", caller.ask(as_of="2026-03-16"), headers=admin)
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/as_of")
    before = caller.post("/v1/quotes/preview", caller.ask(as_of="2025-12-31"), headers=admin)
    assert (before.status_code, before.json()["code"]) == (409, "no-rulebook-in-force")


def test_the_example_of_the_design_is_understood(caller: Caller) -> None:
    ask = {
        "account_id": caller.account(),
        "effective_date": "2026-07-01",
        "term_months": 12,
        "currency": "USD",
        "tier": None,
        "bundle": None,
        "billing": "yearly_in_advance",
        "changes": [
            {"op": "add", "product": "analytics", "quantities": {"users": "100"}, "ramp": None, "unit_price": None}
        ],
        "discounts": [{"target": "quote", "percent": "0.10", "why": "competitive"}],
        "waivers": [],
    }
    # 100 × 20.00 × 12 = 24,000.00, less a tenth.
    assert caller.post("/v1/quotes", ask).json()["totals"]["net"] == "21600.00"
