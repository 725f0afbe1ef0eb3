"""Laws of loading: layout never matters to hash and content, every value does, and only a refusal ever comes out."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pricing_engine.rulebook.faults import Fault, Severity
from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.yaml_reader import read_yaml
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules

RULEBOOK = load_rulebook(small_rules(), currency_digits=DIGITS)
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def data_of(text: str) -> dict[str, Any]:
    document, _ = read_yaml("x.yaml", text.encode())
    assert document is not None
    return document.data


DATA = {name: data_of(text) for name, text in FILES.items()}


def written(data: Any, indent: str = "") -> str:
    """The data as YAML in flow style, a value per line; numbers as they were read, every text in quotes."""
    inner = indent + " "
    if isinstance(data, dict):
        lines = [f"{inner}{json.dumps(key)}: {written(each, inner)}" for key, each in data.items()]
        return "{\n" + ",\n".join(lines) + "\n" + indent + "}" if lines else "{}"
    if isinstance(data, list):
        lines = [f"{inner}{written(each, inner)}" for each in data]
        return "[\n" + ",\n".join(lines) + "\n" + indent + "]" if lines else "[]"
    return f"{data:f}" if isinstance(data, Decimal) else json.dumps(data)


def shuffled(draw: st.DrawFn, data: Any) -> Any:
    """The same data with the keys of every mapping in another order."""
    if isinstance(data, dict):
        return {key: shuffled(draw, data[key]) for key in draw(st.permutations(list(data)))}
    return [shuffled(draw, each) for each in data] if isinstance(data, list) else data


@st.composite
def other_layouts(draw: st.DrawFn) -> dict[str, bytes]:
    """The small rules in another order of files and keys, with comments and other line ends."""
    files = {}
    for name in draw(st.permutations(list(DATA))):
        content = written(shuffled(draw, DATA[name])).encode()
        if draw(st.booleans()):
            content = b"# a remark\n\n" + content.replace(b"\n", b"  # another\n", 1) + b"\n# the end\n"
        files[name] = content.replace(b"\n", b"\r\n") if draw(st.booleans()) else content
    return files


@SLOW
@given(other_layouts())
def test_the_hash_does_not_depend_on_order_comments_or_line_ends(files: dict[str, bytes]) -> None:
    assert load_rulebook(files, currency_digits=DIGITS).hash == RULEBOOK.hash


@SLOW
@given(other_layouts())
def test_what_compiles_does_not_depend_on_the_order_of_keys(files: dict[str, bytes]) -> None:
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    assert without_lines(rulebook) == without_lines(RULEBOOK)


def without_lines(rulebook: Rulebook) -> str:
    """Everything compiled, as text with sorted parts and without the lines of files."""
    return _plain(replace(rulebook, sources={}))


def _plain(value: Any) -> str:
    if hasattr(value, "_fields"):
        return f"{type(value).__name__}({value.id}, {value.file}, {value.why})"
    if hasattr(value, "__dataclass_fields__"):
        fields = [field for field in value.__dataclass_fields__ if field not in ("evaluate", "tree")]
        return f"{type(value).__name__}({', '.join(_plain(getattr(value, field)) for field in fields)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_plain(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_plain, value)) + ")"
    return str(value)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a document."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for step, below in steps for place in places(below, (*path, step)))]


PLACES = [(name, path) for name, data in DATA.items() for path in places(data)]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        ["", "x", "crm", "users", "15%", "150%", "0.15", "2026-02-30", "2026-01-01", "..", "20%..", "10..5"]
    ),
    st.sampled_from(
        ["unlimited", "rep", "manager", "product_count", "segment", "USD", "EUR", "quantity", "acv > 5", "a b"]
    ),
    st.decimals(min_value=-5, max_value=10**6, places=2),
    st.sampled_from([[], {}, ["crm", "crm"], {"x": "y"}, [[]], [{"from": "2026-01-01"}]]),
    st.sampled_from([data for data in DATA.values()]),
)


def changed_at(data: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The data with the value at a path replaced; DROP removes it."""
    if not path:
        return change
    step, *rest = path
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    if change is DROP and not rest:
        del copy[step]
    else:
        copy[step] = changed_at(data[step], tuple(rest), change)
    return copy


DROP = object()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.one_of(st.just(DROP), VALUES)), min_size=1, max_size=3))
def test_whatever_a_file_says_the_answer_is_a_rulebook_or_faults_in_their_place(changes: list[Any]) -> None:
    documents: dict[str, Any] = dict(DATA)
    for (name, path), change in changes:
        try:
            documents[name] = changed_at(documents[name], path, change if path or change is not DROP else {})
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    files = {name: written(data).encode() for name, data in documents.items()}
    result = check_rulebook(files, currency_digits=DIGITS)
    assert (result.rulebook is None) == any(fault.severity is Severity.ERROR for fault in result.faults)
    assert all(_is_in_place(fault, files) for fault in result.faults)
    if result.rulebook is not None:
        same = all(documents[name] == DATA[name] for name in DATA)
        assert (result.rulebook.hash == RULEBOOK.hash) == same


def _is_in_place(fault: Fault, files: dict[str, bytes]) -> bool:
    """Whether the fault stands inside its file and says what is wrong and how to mend it."""
    lines = files.get(fault.file, b"").decode().split("\n")
    line, column = fault.position.line, fault.position.column
    return line <= len(lines) and column <= len(lines[line - 1]) + 1 and bool(fault.what and fault.fix)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*FILES, "a.yaml", "b.csv", "c.yml", "d.test.yaml"]), st.binary(max_size=60)))
def test_any_bytes_give_a_rulebook_or_faults(overrides: dict[str, bytes]) -> None:
    result = check_rulebook({**small_rules(), **overrides}, currency_digits=DIGITS)
    assert (result.rulebook is None) == any(fault.severity is Severity.ERROR for fault in result.faults)


@pytest.mark.parametrize("name", sorted(FILES))
def test_leaving_a_file_out_changes_the_hash_or_is_refused(name: str) -> None:
    rulebook = check_rulebook(small_rules({name: None}), currency_digits=DIGITS).rulebook
    assert rulebook is None or rulebook.hash != RULEBOOK.hash
