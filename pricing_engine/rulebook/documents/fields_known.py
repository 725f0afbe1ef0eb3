"""Which fields a place in a rule file may have, for did-you-mean: a walk along the path in the kind's JSON schema."""

from collections.abc import Iterable, Iterator
from typing import Any

from pricing_engine.rulebook.faults import Path

Node = dict[str, Any]


def fields_known(schema: Node, path: Path) -> tuple[str, ...]:
    """The fields of the mapping at `path`, sorted; steps that name a shape of a union choose it."""
    nodes = list(_alternatives(schema, schema))
    for step in path:
        nodes = _step(schema, nodes, step)
    return tuple(sorted({name for node in nodes for name in node.get("properties", ())}))


def _step(schema: Node, nodes: Iterable[Node], step: str | int) -> list[Node]:
    found, nodes = list[Node](), list(nodes)
    for node in nodes:
        below = node.get("items") if isinstance(step, int) else _property(node, step)
        if isinstance(below, dict):
            found.extend(_alternatives(schema, below))
    if found or isinstance(step, int):
        return found or nodes
    return [node for node in nodes if node.get("title") == step] or nodes


def _property(node: Node, name: str) -> object:
    return node.get("properties", {}).get(name, node.get("additionalProperties"))


def _alternatives(schema: Node, node: Node) -> Iterator[Node]:
    """The node with references followed and unions opened."""
    reference = node.get("$ref")
    if isinstance(reference, str):
        yield from _alternatives(schema, schema["$defs"][reference.rsplit("/", 1)[-1]])
        return
    members = [member for key in ("anyOf", "oneOf", "allOf") for member in node.get(key, ())]
    for member in members:
        yield from _alternatives(schema, member)
    if not members:
        yield node
