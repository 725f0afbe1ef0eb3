"""JSON Schemas of the rule files for editors, draft-07, one per kind; rules/.schema is written from them."""

from collections.abc import Mapping
from typing import Any

from pricing_engine.rulebook.documents.kinds import KINDS, json_schema

DRAFT = "http://json-schema.org/draft-07/schema#"


def schemas() -> Mapping[str, dict[str, Any]]:
    """The schema of every kind, by kind."""
    return {kind: _draft_07(kind) for kind in KINDS}


def _draft_07(kind: str) -> dict[str, Any]:
    schema = _renamed(json_schema(kind))
    if not isinstance(schema, dict):
        raise AssertionError("a model's schema is a mapping")
    return {"$schema": DRAFT, "title": f"kind: {kind}", **{key: schema[key] for key in schema if key != "title"}}


def _renamed(node: object) -> object:
    """The schema in the words of draft-07: definitions instead of $defs, and no discriminator."""
    if isinstance(node, dict):
        words = {"$defs": "definitions"}
        return {words.get(key, key): _renamed(value) for key, value in node.items() if key != "discriminator"}
    if isinstance(node, list):
        return [_renamed(each) for each in node]
    return node.replace("#/$defs/", "#/definitions/") if isinstance(node, str) else node
