"""What the OpenAPI document allows is what the service takes, also where pydantic says less than it does."""

from typing import Any

import jsonschema
import pytest

from pricing_engine.api.quote_examples import QUOTE_EXAMPLES
from pricing_engine.api.wire_faults import InvalidRequest, validate
from pricing_engine.api.wire_quote_request import QuoteIn
from pricing_engine.api.wire_rule_files import RuleFilesIn
from pricing_engine.quoting.request import OPS

CRM = {"op": "add", "product": "crm"}
ASKED = {"account_id": "acc_1", "effective_date": "2026-03-01", "changes": [CRM]}

ALIKE: dict[str, tuple[bool, dict[str, Any]]] = {
    "the least there is": (True, {}),
    "quantities by a name of another form": (False, {"changes": [CRM | {"quantities": {"Users": "1"}}]}),
    "unit prices by a name of another form": (False, {"changes": [CRM | {"unit_prices": {"a b": "1"}}]}),
    "usage by a name of another form": (False, {"usage": {"API": "1"}}),
    "a ramp step that changes nothing": (False, {"changes": [CRM | {"ramp": [{"after_months": 3}]}]}),
    "a ramp step of empty quantities": (
        False,
        {"changes": [CRM | {"ramp": [{"after_months": 3, "quantities": {}}]}]},
    ),
    "a ramp step of quantities": (
        True,
        {"changes": [CRM | {"ramp": [{"after_months": 3, "quantities": {"users": "2"}}]}]},
    ),
    "a discount without a size": (False, {"discounts": [{"target": "quote"}]}),
    "a discount of two sizes": (False, {"discounts": [{"target": "quote", "percent": "0.1", "amount": "5"}]}),
    "a discount of one size and a null": (
        True,
        {"discounts": [{"target": "quote", "percent": "0.1", "amount": None}]},
    ),
    "a bundle and bundles": (False, {"bundle": "suite", "bundles": ["suite"]}),
    "a bundle and no bundles": (True, {"bundle": "suite", "bundles": []}),
    "null for a bundle beside bundles": (True, {"bundle": None, "bundles": ["suite"]}),
}


@pytest.mark.parametrize(("is_taken", "said"), ALIKE.values(), ids=ALIKE.keys())
def test_the_document_refuses_what_the_service_refuses(is_taken: bool, said: dict[str, Any]) -> None:
    body = ASKED | said
    assert jsonschema.Draft202012Validator(QuoteIn.model_json_schema()).is_valid(body) is is_taken
    if is_taken:
        validate(QuoteIn, body)
    else:
        with pytest.raises(InvalidRequest):
            validate(QuoteIn, body)


@pytest.mark.parametrize("example", QUOTE_EXAMPLES.values(), ids=QUOTE_EXAMPLES.keys())
def test_an_example_of_the_document_is_one_that_it_and_the_service_take(example: dict[str, Any]) -> None:
    assert jsonschema.Draft202012Validator(QuoteIn.model_json_schema()).is_valid(example)
    validate(QuoteIn, example)


def test_the_examples_show_every_op() -> None:
    assert {change["op"] for example in QUOTE_EXAMPLES.values() for change in example["changes"]} == set(OPS.values())


@pytest.mark.parametrize("name", ["../x.yaml", "/etc/passwd", "a b.yaml", ".hidden.yaml"])
def test_the_document_refuses_names_of_files_that_lead_elsewhere(name: str) -> None:
    body = {"files": {name: ""}}
    assert not jsonschema.Draft202012Validator(RuleFilesIn.model_json_schema()).is_valid(body)
    with pytest.raises(InvalidRequest):
        validate(RuleFilesIn, body)
