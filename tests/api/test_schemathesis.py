"""Requests made from our own OpenAPI document: none gives a 500, and every answer has the shape that is promised."""

from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pricing_engine.api import (
    accounts,
    contracts,
    offers,
    operations,
    quote_documents,
    quotes,
    retention_behaviour,
    rulebooks,
    scoring,
    usage,
    webhooks,
)
from tests.api.conftest import Caller

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    allow_header_conformance,
    negative_data_rejection,
]
EXAMPLES = {GenerationMode.POSITIVE: 10, GenerationMode.NEGATIVE: 15}
DETERMINED = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
OPERATIONS = [
    (method, route.path)
    for resource in (
        accounts,
        contracts,
        quotes,
        quote_documents,
        usage,
        offers,
        retention_behaviour,
        rulebooks,
        scoring,
        webhooks,
        operations,
    )
    for route in resource.router.routes
    if getattr(route, "include_in_schema", False)
    for method in sorted(getattr(route, "methods", ()))
]
TRIED = [
    pytest.param(method, path, mode, id=f"{method} {path} {mode.value}")
    for method, path in OPERATIONS
    for mode in EXAMPLES
    # What takes nothing can be given nothing wrong.
    if path.startswith("/v1/") or mode is GenerationMode.POSITIVE
]


@pytest.fixture(scope="session")
def api_schema(sqlite_caller: Caller) -> Any:
    """Our document, as schemathesis reads it, over an app with a real database."""
    return schemathesis.openapi.from_asgi("/openapi.json", sqlite_caller.app)


@pytest.mark.parametrize(("method", "path", "mode"), TRIED)
def test_whatever_the_document_allows_or_forbids_is_answered_as_it_promises(
    method: str, path: str, mode: GenerationMode, api_schema: Any
) -> None:
    operation = api_schema[path][method]

    @settings(DETERMINED, max_examples=EXAMPLES[mode])
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/preview"])
def test_a_generated_quote_for_a_real_account_is_priced_or_refused_with_a_reason(
    path: str, api_schema: Any, sqlite_caller: Caller
) -> None:
    operation = api_schema[path]["POST"]
    products = cycle(("crm", "analytics", "region"))
    statuses: list[int] = []

    @settings(DETERMINED, max_examples=40)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def check(case: Case) -> None:
        for name in ("tier", "billing", "bundle", "bundles", "usage", "discounts", "as_of", "currency"):
            case.body.pop(name, None)
        changes = [_ours(change, next(products)) for change in case.body["changes"][:1]]
        case.body |= sqlite_caller.ask(changes=changes)
        case.query = {"expand": "waterfall"}
        statuses.append(case.call_and_validate(checks=CHECKS).status_code)

    check()
    assert {200, 201} & set(statuses)


def _ours(change: dict[str, Any], product: str) -> dict[str, Any]:
    """A generated change, about one of our products."""
    users = next(iter(change.get("quantities", {}).values()), "1")
    return {"op": "add", "product": product} | ({} if product == "region" else {"quantities": {"users": users}})
