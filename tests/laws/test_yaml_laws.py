"""Laws of the YAML reader: it never raises, reads the structure every YAML reader reads, and its positions are true."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.rulebook.fault_pages.reading import READING_CODES
from pricing_engine.rulebook.fault_report import render_github, render_json, render_sarif, render_text
from pricing_engine.rulebook.faults import Position
from pricing_engine.rulebook.yaml_offsets import source_offsets
from pricing_engine.rulebook.yaml_reader import Document, Style, read_yaml

# Pieces that YAML gives a meaning to, so that random texts reach deep into the reader.
PIECES = st.sampled_from(
    [
        *("\n", "\n  ", "\n    ", ": ", "- ", "? ", ", ", "{", "}", "[", "]", "'", '"', "|", ">", "#", " #", " "),
        *("&x ", "*x", "!t ", "<<", "%", "@", "---\n", "...\n", "\t", "\r", "\r\n", "\\", "\\u202e"),
        *("\u00a0", "\ufeff", "\0", "a", "b", "é", "東", "010", "1e3", "12.10", "true", "NO", "~", "=", "when: "),
    ]
)
NASTY_TEXT = st.lists(PIECES, max_size=40).map("".join)

PLAIN = re.compile(r"[a-z][a-z_.-]*_|[abcXZ]([^#]*[abcXYZ])?", re.DOTALL)
KEYS = st.from_regex(r"[a-z][a-z_.-]{0,8}", fullmatch=True).map(lambda word: f"{word}_")
TEXTS = st.text(st.sampled_from("abc XYZ019.,:#'\"\\-[]{}&*!%@`|>éß東\n"), max_size=30)
LEAVES = TEXTS | st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(lambda number: number + 0)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
    ),
    min_size=1,
    max_size=5,
)


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    _read_and_render(content)


@given(NASTY_TEXT)
def test_no_text_raises_and_a_refused_one_says_why(text: str) -> None:
    _read_and_render(text.encode())


@given(TREES, st.booleans(), st.integers(20, 200))
def test_reading_equals_the_structure_of_pyyaml(tree: dict[str, Any], flow: bool, width: int) -> None:
    text = _written(tree, flow=flow, width=width)
    document = _read(text)
    assert _as_text(document.data) == yaml.load(text, Loader=yaml.CBaseLoader)
    assert document.data == tree


@given(TREES, st.booleans(), st.integers(20, 200))
def test_positions_point_at_the_text_of_keys_and_values(tree: dict[str, Any], flow: bool, width: int) -> None:
    text = _written(tree, flow=flow, width=width)
    document = _read(text)
    lines = text.split("\n")
    for path, spot in document.positions.items():
        if spot.key is not None:
            assert _rest(lines, spot.key).lstrip("'\"? ").startswith(str(path[-1]))
        value = document.value(path)
        if isinstance(value, Decimal):
            assert _rest(lines, spot.value).startswith(str(value))
        if isinstance(value, str) and spot.style is Style.PLAIN:
            assert _rest(lines, spot.value)[: spot.length] == value[: spot.length].rstrip()


@given(TREES, st.booleans(), st.integers(20, 200), st.sampled_from(["", "'", '"', "|", ">"]))
def test_every_character_of_a_text_is_found_in_the_file(
    tree: dict[str, Any], flow: bool, width: int, style: str
) -> None:
    text = _written(tree, flow=flow, width=width, style=style)
    document = _read(text)
    lines = text.split("\n")
    for path, spot in document.positions.items():
        value = document.value(path)
        if not isinstance(value, str):
            continue
        for offset, character in enumerate(value):
            found = _rest(lines, document.position_in(path, offset))
            # A line break or a folded blank stands at the end of a line; an escape starts with a backslash.
            if not (character.isspace() or (spot.style is Style.DOUBLE and found.startswith("\\"))):
                assert found.startswith(character), (path, offset)


@given(TREES, st.sampled_from(["'", '"', "|", ">", ""]), st.integers(20, 80))
def test_there_is_one_offset_per_character_and_one_more_and_they_rise(
    tree: dict[str, Any], style: str, width: int
) -> None:
    document = _read(_written(tree, flow=False, width=width, style=style))
    positions = document.positions
    for path in positions:
        value, number = document.value(path), positions.number(path)
        if isinstance(value, str):
            _, start, end = positions.bounds(number)
            offsets = source_offsets(
                positions.source.text, value, start=start, end=end, style=positions.style(number).value
            )
            assert len(offsets) == len(value) + 1
            assert offsets == sorted(offsets)


def _read_and_render(content: bytes) -> None:
    document, faults = read_yaml("x.yaml", content)
    assert (document is None) == any(fault.severity == "error" for fault in faults)
    assert {fault.code for fault in faults} <= READING_CODES.keys()
    if document is not None:
        assert isinstance(document.data, dict)
    render_text(faults, {"x.yaml": content})
    render_json(faults)
    render_github(faults)
    render_sarif(faults, pages=READING_CODES)


def _read(text: str) -> Document:
    document, faults = read_yaml("x.yaml", text.encode())
    assert document is not None, (text, faults)
    return document


class _Writer(yaml.SafeDumper):
    """Writes Decimals as plain numbers and texts in a chosen style, without anchors."""

    text_style = ""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _write_text(writer: _Writer, text: str) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=writer.text_style or _quote_if_needed(text))


def _quote_if_needed(text: str) -> str:
    """Quotes where a plain text would be read as something else, or would warn."""
    return "" if PLAIN.fullmatch(text) else '"'


def _write_number(writer: _Writer, number: Decimal) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:float", str(number))


_Writer.add_representer(str, _write_text)
_Writer.add_representer(Decimal, _write_number)


def _written(tree: Mapping[str, Any], *, flow: bool, width: int, style: str = "") -> str:
    writer = type("_StyledWriter", (_Writer,), {"text_style": style})
    text: str = yaml.dump(
        tree, Dumper=writer, default_flow_style=flow, width=width, allow_unicode=True, sort_keys=False
    )
    return text


def _as_text(value: Any) -> Any:
    match value:
        case dict():
            return {key: _as_text(inner) for key, inner in value.items()}
        case list():
            return [_as_text(inner) for inner in value]
        case _:
            return str(value)


def _rest(lines: list[str], position: Position) -> str:
    return lines[position.line - 1][position.column - 1 :]
