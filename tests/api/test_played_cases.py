"""The cases of the hostile list that take more than one request to play."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest

from pricing_engine.api import body
from pricing_engine.api.application import build_app
from pricing_engine.api.body import BodyTooSlow, CallerLeft, read_body
from pricing_engine.app import create_app, readiness_of
from pricing_engine.settings import Environment, Settings
from tests.api.conftest import MAX_BODY, Caller
from tests.api.rule_files import TEXTS


@pytest.fixture
def neighbour(caller: Caller) -> Caller:
    """Another tenant of the same database, with an app of its own."""
    desk = caller.desk.for_tenant("other")
    log = caller.app.user_middleware[0].kwargs["log"]
    app = build_app(desk, log=log, max_body_bytes=MAX_BODY, check_ready=readiness_of(desk))
    return replace(caller, app=app, desk=desk, accounts={})


def test_another_tenants_records_are_not_there(caller: Caller, neighbour: Caller) -> None:
    kept = caller.post("/v1/quotes", caller.ask()).json()
    for path in (f"/v1/quotes/{kept['id']}", f"/v1/quotes/{kept['id']}/replay", f"/v1/accounts/{caller.account()}"):
        theirs, missing = neighbour.get(path), neighbour.get(path.replace(kept["id"], "quo_0").replace("acc_", "acc_0"))
        assert theirs.status_code == missing.status_code == 404
        assert theirs.json()["code"] == missing.json()["code"]
    assert neighbour.get(f"/v1/rulebooks/{kept['rulebook']}").status_code == 404
    assert neighbour.get("/v1/quotes").json()["items"] == []
    asked = neighbour.post("/v1/quotes", caller.ask())
    assert (asked.status_code, asked.json()["code"]) == (404, "account-not-found")


def test_no_header_chooses_the_tenant(caller: Caller, neighbour: Caller) -> None:
    caller.post("/v1/quotes", caller.ask())
    answer = neighbour.get("/v1/quotes", headers={"X-Tenant-Id": caller.desk.tenant})
    assert answer.json()["items"] == []


def test_another_tenants_external_id_is_free(caller: Caller, neighbour: Caller) -> None:
    account = {"name": "Acme", "currency": "USD", "external_id": "crm-1"}
    assert caller.post("/v1/accounts", account).status_code == 201
    assert neighbour.post("/v1/accounts", account).status_code == 201
    again = caller.post("/v1/accounts", account)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/external_id")


def test_two_spellings_of_one_external_id_are_one(caller: Caller) -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert caller.post("/v1/accounts", {"name": "A", "currency": "USD", "external_id": composed}).status_code == 201
    before = caller.rows()
    again = caller.post("/v1/accounts", {"name": "B", "currency": "USD", "external_id": decomposed})
    assert (again.status_code, again.json()["code"]) == (409, "duplicate-external-id")
    assert caller.rows() == before
    assert len(caller.get("/v1/accounts", params={"external_id": decomposed}).json()["items"]) == 1


def test_a_total_is_the_sum_of_lines_rounded_half_up(caller: Caller) -> None:
    changes = [
        {"op": "add", "product": "crm", "quantities": {"users": "1"}},
        {"op": "add", "product": "analytics", "quantities": {"users": "3"}},
    ]
    discounts = [
        {"target": "crm", "unit_price": "40.00125"},
        {"target": "analytics", "unit_price": "15.000138888889"},
    ]
    quote = caller.post("/v1/quotes", caller.ask(changes=changes, discounts=discounts)).json()
    nets = {line["product"]: line["net_term"] for line in quote["lines"]}
    # 1 × 40.00125 × 12 = 480.015, half a cent up: 480.02. 3 × 15.000138888889 × 12 = 540.005000000004: 540.01.
    assert nets == {"crm": "480.02", "analytics": "540.01"}
    assert quote["totals"]["net"] == "1020.03"


def test_dinars_have_three_decimals(caller: Caller) -> None:
    ask = caller.ask(
        account_id=caller.account("KWD"),
        changes=[{"op": "add", "product": "crm", "quantities": {"users": "1"}}],
        discounts=[{"target": "crm", "unit_price": "14.12345"}],
    )
    # 14.12345 × 12 = 169.4814, to fils: 169.481.
    quote = caller.post("/v1/quotes", ask).json()
    assert (quote["currency"], quote["totals"]["net"]) == ("KWD", "169.481")
    assert {len(amount.partition(".")[2]) for amount in quote["totals"].values()} == {3}


def test_a_month_from_the_31st_ends_with_february(caller: Caller) -> None:
    quote = caller.post("/v1/quotes", caller.ask(effective_date="2027-01-31", term_months=1)).json()
    # P7: 31 January + 1 month is clamped to 28 February, the first day after the term.
    assert (quote["term_end"], quote["term_last_day"]) == ("2027-02-28", "2027-02-27")
    billed = sum((Decimal(invoice["total"]) for invoice in quote["invoices"]), Decimal(0))
    assert f"{billed}" == quote["totals"]["tcv"]


def test_ids_are_compared_byte_by_byte(caller: Caller) -> None:
    made = caller.post("/v1/quotes", caller.ask()).json()["id"]
    assert caller.get(f"/v1/quotes/{made}").status_code == 200
    for variant in (made.upper(), made.replace("_", "-"), f"{made}%20", f"%20{made}"):
        assert caller.get(f"/v1/quotes/{variant}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../x.yaml",
        "/etc/x.yaml",
        "a/../x.yaml",
        "a//x.yaml",
        "x.yaml\x00",
        "C:\\x.yaml",
        "a b.yaml",
        "",
        "é.yaml",
        "~/x",
    ],
)
def test_names_of_rule_files_cannot_leave_the_repository(name: str, sqlite_caller: Caller) -> None:
    answer = sqlite_caller.post("/v1/rulebooks/check", {"files": {**TEXTS, name: ""}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not-a-file-name"


def test_production_shows_the_document_and_no_console(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('production')}/none.sqlite"
    for environment, status in {Environment.PRODUCTION: 404, Environment.DEVELOPMENT: 200}.items():
        app = create_app(Settings(database_url=url, environment=environment))
        desk = app.state.doorway.desk
        caller = Caller(app, desk, StringIO())
        assert caller.get("/docs").status_code == status
        assert caller.get("/openapi.json").status_code == 200
        desk.close()


def test_a_body_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "READ_SECONDS", 0)

    async def trickle() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError("an event nobody sets was set")

    with pytest.raises(BodyTooSlow):
        asyncio.run(read_body(trickle, max_bytes=10))


def test_a_caller_who_leaves_is_noticed() -> None:
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def leave() -> dict[str, object]:
        return next(messages)

    with pytest.raises(CallerLeft):
        asyncio.run(read_body(leave, max_bytes=10))
