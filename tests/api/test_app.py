"""The composed app: what surrounds serving, what is documented, and that the reference can be followed."""

import asyncio
import gc
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pricing_engine.api.access_log import open_log
from pricing_engine.api.wire_change_answers import ChangeOut
from pricing_engine.api.wire_faults import validate
from pricing_engine.api.wire_milestones import OutcomeIn
from pricing_engine.api.wire_quote_request import QuoteIn
from pricing_engine.api.wire_usage import UsageIn
from pricing_engine.app import GC_THRESHOLDS, create_app, lifespan_of
from pricing_engine.settings import Settings
from tests.api.conftest import Caller

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", REFERENCE, flags=re.DOTALL)]


def test_while_it_serves_the_collector_is_calm_and_afterwards_as_before(sqlite_url: str) -> None:
    before = gc.get_threshold()
    app = create_app(Settings(database_url=sqlite_url))
    seen: list[tuple[tuple[int, int, int], bool]] = []

    async def serve() -> None:
        async with lifespan_of(app.state.doorway.desk, open_log("info"))(app):
            seen.append((gc.get_threshold(), gc.get_freeze_count() > 0))

    asyncio.run(serve())
    assert seen == [(GC_THRESHOLDS, True)]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_the_reference_names_every_route_and_no_other(sqlite_caller: Caller) -> None:
    paths = sqlite_caller.get("/openapi.json").json()["paths"]
    routes = {f"{method.upper()} {path}" for path, found in paths.items() for method in found}
    named = set(re.findall(r"`((?:DELETE|GET|PATCH|POST) /[^`?]*)`", REFERENCE))
    assert named - {"GET /metrics", "GET /problems/{code}"} == routes


def test_the_examples_of_the_reference_are_accepted(caller: Caller) -> None:
    account, milestone, quote = EXAMPLES[:3]
    made = caller.post("/v1/accounts", account)
    assert made.status_code == 201, made.text
    assert made.json()["attributes"] == account["attributes"]
    priced = caller.post("/v1/quotes", quote | {"account_id": made.json()["id"]})
    assert priced.status_code == 201, priced.text
    validate(OutcomeIn, milestone)


def test_the_change_of_the_reference_has_the_shape_of_the_document() -> None:
    asked, answered = EXAMPLES[3:5]
    validate(QuoteIn, asked | {"account_id": "acc_1"})
    assert ChangeOut.model_validate(answered).due_now == answered["due_now"]
    assert set(answered) == set(ChangeOut.model_fields)


def test_the_readings_of_the_reference_are_accepted() -> None:
    assert len(validate(UsageIn, EXAMPLES[5]).readings) == len(EXAMPLES[5]["readings"])


def test_every_operation_has_a_name_a_summary_and_its_problems(sqlite_caller: Caller) -> None:
    paths = sqlite_caller.get("/openapi.json").json()["paths"]
    for path, found in paths.items():
        for method, operation in found.items():
            assert operation["operationId"], path
            assert operation["summary"], path
            assert "400" in operation["responses"], path
            assert ("requestBody" in operation) == (method in {"post", "patch"}), path


def test_every_reference_of_the_document_leads_somewhere(sqlite_caller: Caller) -> None:
    document = sqlite_caller.get("/openapi.json").json()
    references = set(_references(document))
    assert references
    defined = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references - defined == set()


@pytest.mark.parametrize("changes", [200, 201])
def test_a_large_preview_is_the_same_in_a_thread_and_in_the_loop(changes: int, shared_caller: Caller) -> None:
    # One product may be added once, so a large request of ours is refused; it must be refused alike on both ways.
    ask = shared_caller.ask(changes=shared_caller.ask()["changes"] * changes)
    answer = shared_caller.post("/v1/quotes/preview", ask)
    assert (answer.status_code, answer.json()["code"]) == (422, "duplicate-product")


def _references(value: Any) -> list[str]:
    match value:
        case {"$ref": str() as found}:
            return [found]
        case dict():
            return [found for item in value.values() for found in _references(item)]
        case list():
            return [found for item in value for found in _references(item)]
        case _:
            return []
