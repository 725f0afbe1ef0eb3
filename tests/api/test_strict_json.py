"""Reading JSON: what two parsers could read differently is refused with its place, everything else is read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.api.strict_json import MAX_DEPTH, MalformedJson, read_json

REFUSED = {
    "nothing at all": (b"", "not JSON"),
    "only blanks": (b" \n ", "not JSON"),
    "two values": (b"{} {}", "extra data"),
    "a trailing comma": (b'{"a": 1,}', "not JSON"),
    "a comment": (b'{"a": 1} // x', "extra data"),
    "single quotes": (b"{'a': 1}", "not JSON"),
    "hexadecimal": (b'{"a": 0x10}', "not JSON"),
    "a leading zero": (b"[01]", "not JSON"),
    "a leading plus": (b"[+1]", "not JSON"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": Infinity}', "infinities"),
    "-Infinity": (b'{"a": -Infinity}', "infinities"),
    "a line break in a string": (b'{"a": "x\ny"}', "control character"),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    "invalid UTF-8": (b'{"name":"\xff\xfe"}', "UTF-8"),
    "an overlong encoding": (b'{"a":"\xc0\xaf"}', "UTF-8"),
    "a surrogate encoded as UTF-8": (b'{"a":"\xed\xa0\x80"}', "UTF-8"),
    "half a surrogate pair": (b'{"a":"\\ud800"}', "surrogate"),
    "half a surrogate pair as a key": (b'{"\\udc00":1}', "surrogate"),
    "a number of 5,000 digits": (b"[" + b"9" * 5_000 + b"]", "too many digits"),
    "brackets 10,000 deep": (b"[" * 10_000 + b"]" * 10_000, "nested"),
    "objects 500 deep": (b'{"a":' * 500 + b"1" + b"}" * 500, "nested"),
    "brackets that never close": (b"[" * 100_000, "nested"),
    "one level too many": (b"[" * 13 + b"]" * 13, "nested"),
    "a truncated object": (b'{"a": [1', "not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_strict_json_is_refused_for_its_own_reason(name: str) -> None:
    body, words = REFUSED[name]
    with pytest.raises(MalformedJson) as refused:
        read_json(body)
    assert words in f"{refused.value}"


READ = {
    "escapes": (b'{"a": "\\u00e9\\n\\"[{"}', {"a": 'é\n"[{'}),
    "a whole surrogate pair": (b'"\\ud83d\\ude00"', "\U0001f600"),
    "the deepest that is allowed": (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, [[[[[[[[[[[[]]]]]]]]]]]]),
    "many brackets side by side": (b"[" + b",".join([b"[]"] * 100) + b"]", [[]] * 100),
    "brackets inside a string": (b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 24}),
    "an escaped quote before brackets": (b'["\\"", "[[[[[[[[[[[[[[[[", "\\\\"]', ['"', "[" * 16, "\\"]),
    "a key that stands in two objects": (b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    "literal non-ASCII": ('{"ä": "字"}'.encode(), {"ä": "字"}),
    "a number": (b"12", 12),
    "the word NaN in a string": (b'["NaN", "Infinity"]', ["NaN", "Infinity"]),
}


@pytest.mark.parametrize("name", READ)
def test_strict_json_is_read_whole(name: str) -> None:
    body, data = READ[name]
    assert read_json(body) == data


def test_a_duplicate_key_is_refused_with_its_pointer_line_and_column() -> None:
    body = b'{\n "lines": [{"qty": "1"},\n  {"qty": "1", "q\\u0074y": "9999"}]}'
    with pytest.raises(MalformedJson) as refused:
        read_json(body)
    # The second "qty" begins at the 16th character of the third line.
    assert (refused.value.pointer, refused.value.facts["line"], refused.value.facts["column"]) == (
        "/lines/1/qty",
        3,
        16,
    )


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_number_json_does_not_have_is_refused_with_its_pointer_line_and_column(constant: str) -> None:
    body = f'{{"why": "NaN, -Infinity",\n "lines": [{{"qty": "1"}}, {{"unit": "x", "qty": {constant}}}]}}'
    with pytest.raises(MalformedJson) as refused:
        read_json(body.encode())
    # ` "lines": [` is 11 characters, `{"qty": "1"}, ` 14 and `{"unit": "x", "qty": ` 21: the value is the 47th.
    facts = refused.value.facts
    assert (refused.value.pointer, facts["line"], facts["column"]) == ("/lines/1/qty", 2, 47)


def test_a_syntax_fault_names_line_and_column() -> None:
    with pytest.raises(MalformedJson) as refused:
        read_json(b'{\n  "a": tru\n}')
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (2, 8)


def test_half_a_surrogate_pair_is_refused_with_its_pointer() -> None:
    with pytest.raises(MalformedJson) as refused:
        read_json(b'{"a": ["x", {"b": "\\udfff"}]}')
    assert refused.value.pointer == "/a/1/b"


def test_a_key_that_is_no_plain_name_is_not_repeated_in_the_pointer() -> None:
    with pytest.raises(MalformedJson) as refused:
        read_json(b'{"a": {"<script>": 1, "<script>": 2}}')
    assert refused.value.pointer == "/a"
    assert "script" not in f"{refused.value}{refused.value.fix}{refused.value.facts}"


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(data=plain_data, ascii_only=st.booleans())
def test_whatever_a_json_library_writes_is_read_back(data: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(data, ensure_ascii=ascii_only).encode()) == data


REFUSAL = object()


@given(body=st.binary(max_size=60))
def test_no_bytes_get_past_as_anything_but_data_or_a_refusal(body: bytes) -> None:
    try:
        data = read_json(body)
    except MalformedJson:
        data = REFUSAL
    assert data is REFUSAL or data == json.loads(body)
