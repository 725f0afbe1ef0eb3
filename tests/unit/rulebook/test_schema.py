"""The JSON schemas: valid draft-07, accepting what loads, refusing what does not, current where they are written."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from pricing_engine.rulebook.documents.kinds import KINDS
from pricing_engine.rulebook.schema import schemas
from pricing_engine.rulebook.yaml_reader import read_yaml
from tests.unit.rulebook.small_rules import FILES

WRITTEN = Path(__file__).parents[3] / "rules" / ".schema"


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return int(value) if isinstance(value, Decimal) else value


def complaints(text: str) -> list[str]:
    document, _ = read_yaml("x.yaml", text.encode())
    assert document is not None
    data = plain(document.data)
    return [error.message for error in Draft7Validator(schemas()[data["kind"]]).iter_errors(data)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_valid_schema(kind: str) -> None:
    schema = schemas()[kind]
    Draft7Validator.check_schema(schema)
    assert schema["properties"]["kind"] == {"const": kind, "title": "Kind", "type": "string"}
    assert "$defs" not in json.dumps(schema)


@pytest.mark.parametrize("file", sorted(FILES))
def test_the_schema_accepts_what_loads(file: str) -> None:
    assert complaints(FILES[file]) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("discounts/discretion.yaml", '"45%"', "45"),
        ("discounts/multi-product.yaml", "why:", "because:"),
        ("products/crm.yaml", "timing: recurring", "timing: monthly"),
        ("price_books/usd.yaml", '"900.00"', '"1,900.00"'),
        ("fx_rates.yaml", "from:", "since:"),
    ],
)
def test_the_schema_refuses_what_an_editor_should_underline(file: str, old: str, new: str) -> None:
    assert complaints(FILES[file].replace(old, new)) != []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_schemas_beside_the_sample_rules_are_current(kind: str) -> None:
    if not WRITTEN.exists():
        pytest.skip(f"{WRITTEN} is not written yet")
    assert json.loads((WRITTEN / f"{kind}.json").read_text(encoding="utf-8")) == schemas()[kind]
