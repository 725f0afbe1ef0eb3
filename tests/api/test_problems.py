"""Every way to refuse has a status, a title and a page; every refusal looks alike; no failure shows its inside."""

import importlib
import json
import pkgutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from starlette.requests import Request
from starlette.responses import Response

import pricing_engine
from pricing_engine.api.problem_table import PROBLEMS
from pricing_engine.api.problems import problem_response
from pricing_engine.app import create_app, readiness_of
from pricing_engine.errors import DomainError
from pricing_engine.settings import LogLevel, Settings
from tests.api import problem_docs
from tests.api.conftest import Caller


def every_refusal() -> set[type[DomainError]]:
    """All subclasses of DomainError in the package."""
    for module in pkgutil.walk_packages(pricing_engine.__path__, "pricing_engine."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: set[type[DomainError]] = set()
    waiting = [DomainError]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found |= {kind for kind in below if kind.__module__.startswith("pricing_engine.")}
    return found


def test_every_refusal_has_an_entry_in_the_table() -> None:
    refusals = every_refusal()
    assert len(refusals) > 30
    assert {
        f"{kind.__module__}.{kind.__name__}: {kind.code}" for kind in refusals if kind.code not in PROBLEMS
    } == set()


def test_no_two_refusals_share_a_code() -> None:
    codes = sorted(kind.code for kind in every_refusal())
    assert [code for code in codes if codes.count(code) > 1] == []


def test_every_entry_is_used() -> None:
    used = {kind.code for kind in every_refusal()} | {"not-found", "method-not-allowed", "internal-error"}
    assert set(PROBLEMS) - used == set()


def test_the_pages_are_those_of_the_tables() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in problem_docs.FOLDER.glob("*.md")}
    assert written == problem_docs.pages(), "run: python -m tests.api.problem_docs"


def test_the_type_of_a_problem_leads_to_its_page(sqlite_caller: Caller) -> None:
    problem = sqlite_caller.get("/v1/quotes/none").json()
    page = sqlite_caller.get(problem["type"])
    assert page.status_code == 200
    assert page.text == problem_docs.pages()["quote-not-found.md"]


class _Refused(DomainError):
    code = "invalid-request"


def test_facts_become_members_that_json_can_say() -> None:
    error = _Refused(
        "not so",
        fix="do this",
        pointer="/a",
        amount=Decimal("1E+2"),
        day=date(2026, 7, 1),
        known=frozenset({"b", "a"}),
        pair=(1, None),
        status=200,
    )
    answer = problem_response(error, role="rep", instance="urn:request:1")
    assert json.loads(bytes(answer.body)) == {
        "type": "/problems/invalid-request",
        "title": PROBLEMS["invalid-request"].page.title,
        "status": 422,
        "detail": "not so; do this",
        "instance": "urn:request:1",
        "code": "invalid-request",
        "amount": "100",
        "day": "2026-07-01",
        "known": ["a", "b"],
        "pair": [1, None],
        "errors": [{"pointer": "/a", "code": "invalid-request", "detail": "not so"}],
    }


@pytest.fixture
def broken(caller: Caller) -> Caller:
    """An app with a route that fails before it answers."""

    async def fail(_request: Request) -> Response:
        raise RuntimeError("the password is hunter2\n{}")

    caller.app.add_route("/fail", fail)
    return caller


def test_a_failure_of_ours_tells_only_where_it_is_logged(broken: Caller) -> None:
    answer = broken.get("/fail")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "hunter2" not in answer.text
    entries = [json.loads(line) for line in broken.log.getvalue().splitlines()]
    failure = next(entry for entry in entries if entry["event"] == "request failed")
    assert answer.json()["instance"] == f"urn:request:{failure['request_id']}"
    assert failure["exception"][0]["exc_type"] == "RuntimeError"


def test_one_request_is_one_line_of_the_log_whatever_it_sends(caller: Caller) -> None:
    caller.get("/v1/x%0a%7b%22event%22:%22approved%22%7d", headers={"User-Agent": 'x"\t{}'})
    lines = caller.log.getvalue().splitlines()
    assert len(lines) == 1
    entry = json.loads(lines[0])
    assert (entry["event"], entry["route"], entry["status"]) == ("request", "unmatched", 404)
    assert "approved" not in lines[0]


def test_requests_are_counted_by_template_and_never_by_path(caller: Caller) -> None:
    caller.get("/v1/quotes/secret-1")
    caller.call("BREW", "/v1/quotes/secret-2")
    text = caller.get("/metrics").text
    counted = 'pricing_engine_http_requests_total{method="GET",route="/v1/quotes/{quote_id}",status="404"} 1.0'
    assert counted in text
    assert 'method="other",route="/v1/quotes/{quote_id}",status="405"' in text
    assert "secret" not in text


def test_the_service_is_ready_only_with_its_schema_and_a_rulebook(caller: Caller) -> None:
    assert caller.get("/readyz").json() == {
        "status": "ok",
        "checks": {"database": True, "schema": True, "rulebook": True},
    }
    early = replace(caller.desk, now=lambda: caller.desk.now().replace(year=2025))
    doorway = caller.app.state.doorway
    caller.app.state.doorway = replace(doorway, check_ready=readiness_of(early))
    answer = caller.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["rulebook"]) == (503, False)
    assert caller.get("/healthz").status_code == 200


def test_a_database_that_does_not_answer_is_a_503_and_no_defect() -> None:
    # Nothing listens on port 1.
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none", log_level=LogLevel.ERROR))
    caller = Caller(app, app.state.doorway.desk, StringIO())
    answer = caller.get("/v1/quotes")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
    assert answer.headers["retry-after"] == "2"
    assert "127.0.0.1" not in answer.text
    assert caller.get("/readyz").status_code == 503
    assert caller.get("/healthz").status_code == 200
    caller.desk.close()
