"""What the YAML reader returns: exact values, positions of every key and value, and all faults at once."""

from decimal import Decimal

import pytest

from pricing_engine.rulebook.fault_pages.reading import READING_CODES
from pricing_engine.rulebook.faults import Fault, Position, Related, Severity, path_text, sort_faults
from pricing_engine.rulebook.yaml_events import MAX_EVENTS
from pricing_engine.rulebook.yaml_reader import MAX_BYTES, Document, Style, read_yaml

DISCRETION = """\
kind: discretion   # who may give what
limits:
  - {id: d1, role: rep, line_max: 12.10}
  - id: d2
    "role": manager
    when: 'arr_after < 250000'
"""

# Codes whose page describes a file in words because the file is too large or not text.
DESCRIBED = {"Y001", "Y002", "Y003", "Y008", "Y033", "Y041"}


def read(text: str) -> Document:
    document, faults = read_yaml("rules/x.yaml", text.encode())
    assert document is not None, faults
    return document


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    return read_yaml("rules/x.yaml", text if isinstance(text, bytes) else text.encode())[1]


def test_values_keep_their_type_and_their_decimals() -> None:
    data = read('a: 12.10\nb: "12.10"\nc: true\nd: null\ne: 2026-01-01\nf: 15%\n').data
    assert repr(data) == repr(
        {"a": Decimal("12.10"), "b": "12.10", "c": True, "d": None, "e": "2026-01-01", "f": "15%"}
    )


def test_every_key_and_value_has_its_position() -> None:
    positions = read(DISCRETION).positions
    # Line 3 is `  - {id: d1, role: rep, line_max: 12.10}`: 24 characters stand before line_max, 34 before its value.
    spot = positions["limits", 0, "line_max"]
    assert (spot.key, spot.value, spot.end, spot.length) == (Position(3, 25), Position(3, 35), Position(3, 40), 5)
    quoted = positions["limits", 1, "role"]
    assert (quoted.key, quoted.value, quoted.style) == (Position(5, 5), Position(5, 13), Style.PLAIN)
    item = positions["limits", 0]
    assert (item.key, item.value, item.length, item.style) == (None, Position(3, 5), 36, Style.CONTAINER)
    assert positions[()].value == Position(1, 1)


def test_positions_list_every_path_in_the_order_of_the_file() -> None:
    paths = [path_text(path) for path in read(DISCRETION).positions]
    assert paths == [
        "", "kind", "limits", "limits[0]", "limits[0].id", "limits[0].role", "limits[0].line_max",
        "limits[1]", "limits[1].id", "limits[1].role", "limits[1].when",
    ]  # fmt: skip
    assert len(read(DISCRETION).positions) == len(paths)


def test_an_absent_path_has_no_position_and_its_nearest_is_the_mapping_that_misses_it() -> None:
    document = read(DISCRETION)
    for path in [("limits", 0, "quote_max"), ("limits", 2), ("limits", "id"), ("kind", "x"), (0,)]:
        with pytest.raises(KeyError):
            document.positions[path]
    path, spot = document.nearest(("limits", 0, "quote_max"))
    assert (path, spot.value) == (("limits", 0), Position(3, 5))


def test_the_nearest_position_passes_over_the_steps_pydantic_adds_for_unions() -> None:
    path, spot = read(DISCRETION).nearest(("limits", 0, "RoleLimit", "line_max"))
    assert (path, spot.value) == (("limits", 0, "line_max"), Position(3, 35))


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("when: users > 5\n", 6, 1, 13),  # `>` is character 6 of the value, which starts in column 7
        ("when: 'users > 5'\n", 6, 1, 14),  # one further for the quote
        ('when: "users > 5"\n', 6, 1, 14),
        ("when: 'it''s > 5'\n", 5, 1, 14),  # it's: the doubled quote is one character
        ('when: "a\\"b > 5"\n', 4, 1, 13),  # the escape is one character, two columns
        ('when: "\\x41\\u0042\\U00000043 > 5"\n', 4, 1, 29),  # A, B and C take columns 8, 12 and 18..27; a blank
        ("when: users\n  and prepaid\n", 10, 2, 7),  # folded: `prepaid` starts at character 10
        ("when: 'users\n\n  and prepaid'\n", 10, 3, 7),  # the blank line stays as a line break
        ('when: "users \\\n  and prepaid"\n', 10, 2, 7),  # the line break is escaped away
        ("when: |\n  users\n  and prepaid\n", 10, 3, 7),
        ("when: |2\n    users\n  and prepaid\n", 12, 3, 7),  # the first line keeps two blanks
        ("when: >-\n  users\n  and prepaid\n", 10, 3, 7),
        ("when: >\n  users\n\n\n  and prepaid\n", 11, 5, 7),  # two line breaks stay
        ("when: |\n\n  users\n", 1, 3, 3),
        ("when: |2+\n\n", 1, 2, 1),  # behind a text that is one line break
        ("when: users > 5\r\nb: |\r\n  c\r\n", 6, 1, 13),
    ],
)
def test_an_offset_inside_a_text_leads_to_its_line_and_column(text: str, offset: int, line: int, column: int) -> None:
    document = read(text)
    assert document.position_in(("when",), offset) == Position(line, column)


def test_an_offset_past_the_text_leads_to_its_end_and_before_it_to_its_start() -> None:
    document = read("when: 'a > 5'\nusers: 50\n")
    assert document.position_in(("when",), 99) == Position(1, 13)
    assert document.position_in(("when",), -1) == Position(1, 8)
    assert document.position_in(("users",), 1) == Position(2, 8)


def test_windows_line_ends_change_neither_data_nor_positions() -> None:
    unix, windows = read(DISCRETION), read(DISCRETION.replace("\n", "\r\n"))
    assert windows.data == unix.data
    assert dict(windows.positions) == dict(unix.positions)


def test_all_faults_of_a_file_are_told_at_once_and_in_order() -> None:
    text = "a: NO\nb: &x 1\na: 2\nc:\n\td: 010\ne: [1e3, ~]\n"
    found = [(fault.code, fault.position.line, fault.position.column, fault.path) for fault in faults_of(text)]
    assert found == [
        ("Y030", 1, 4, "a"),
        ("Y010", 2, 4, "b"),
        ("Y020", 3, 1, "a"),
        ("Y014", 5, 1, ""),
        ("Y030", 5, 5, "c.d"),
        ("Y030", 6, 5, "e[0]"),
        ("Y030", 6, 10, "e[1]"),
    ]


def test_a_duplicate_key_points_at_the_first_one_also_from_the_third() -> None:
    faults = faults_of("a: 1\nb: 2\na: 3\na: 4\n")
    first = (Related("rules/x.yaml", Position(1, 1), "first defined here"),)
    assert [(fault.position, fault.related) for fault in faults] == [(Position(3, 1), first), (Position(4, 1), first)]


def test_what_follows_from_a_fault_on_the_same_line_is_not_told_too() -> None:
    assert [fault.code for fault in faults_of("when: *users > 5\n")] == ["Y013"]


@pytest.mark.parametrize(
    ("spelling", "fix"),
    [
        ("010", 'write 10 if that is the number meant, or "010" in quotes if it is text'),
        ("1_000", 'write 1000 if that is the number meant, or "1_000" in quotes if it is text'),
        ("+5", 'write 5 if that is the number meant, or "+5" in quotes if it is text'),
        ("-.5", 'write -0.5 if that is the number meant, or "-.5" in quotes if it is text'),
        ("5.", 'write 5 if that is the number meant, or "5." in quotes if it is text'),
        ("-0", "write 0"),
        ("Yes", 'write true, or "Yes" in quotes if it is text'),
        ("0x1F", 'write a plain decimal number, or "0x1F" in quotes if it is text'),
    ],
)
def test_an_ambiguous_spelling_is_refused_with_what_to_write(spelling: str, fix: str) -> None:
    (fault,) = faults_of(f"a: {spelling}\n")
    assert (fault.code, fault.fix, fault.length) == ("Y030", fix, len(spelling))


@pytest.mark.parametrize("key", ["when", "while", "value", "fee", "claim"])
def test_a_condition_followed_by_a_comment_always_warns(key: str) -> None:
    (fault,) = faults_of(f"{key}: users > 5    # and prepaid\n")
    assert (fault.code, fault.severity, fault.path) == ("Y040", Severity.WARNING, key)


def test_a_warning_leaves_the_document_readable() -> None:
    document, faults = read_yaml("x.yaml", b"title: Tier #1\n")
    assert document is not None
    assert [fault.severity for fault in faults] == [Severity.WARNING]


def test_reading_stops_after_a_hundred_faults_and_says_so() -> None:
    faults = faults_of("a: [" + "NO, " * 500 + "]\n")
    assert len(faults) == 101
    assert [fault.code for fault in faults if fault.code != "Y030"] == ["Y041"]


def test_a_hundred_warnings_do_not_refuse_a_file() -> None:
    document, faults = read_yaml("x.yaml", "".join(f"k{i}: a #\n" for i in range(300)).encode())
    assert document is not None
    assert len(faults) == 100


def test_a_file_is_measured_before_it_is_read() -> None:
    assert [fault.code for fault in faults_of(b"\xff" * (MAX_BYTES + 1))] == ["Y001"]


def test_a_file_of_too_many_values_is_refused() -> None:
    (fault,) = faults_of("a: [" + "1," * MAX_EVENTS + "]\n")
    assert fault.code == "Y008"


def test_bytes_that_are_not_text_are_refused_where_they_stand() -> None:
    (fault,) = faults_of(b"a: 1\r\nb: \xe9t\xe9\r\n")
    assert (fault.code, fault.position) == ("Y002", Position(2, 4))


def test_an_invisible_character_is_named() -> None:
    (fault,) = faults_of("floor:\u00a00.4\n")
    assert (fault.position, fault.what) == (
        Position(1, 7),
        "U+00A0 NO-BREAK SPACE cannot be seen and is not allowed",
    )


def test_faults_are_sorted_by_place_and_told_once() -> None:
    late, early = (Fault("Y030", Severity.ERROR, "b", Position(line, 1), 1, "", "x", "y") for line in (10, 9))
    other = Fault("Y030", Severity.ERROR, "a", Position(20, 1), 1, "", "x", "y")
    assert sort_faults([late, early, other, late]) == (other, early, late)


def test_a_path_is_written_as_people_write_it() -> None:
    assert path_text(("limits", 1, "line_max")) == "limits[1].line_max"
    assert path_text(("prices", "analytics.seats", 0)) == 'prices["analytics.seats"][0]'
    assert path_text(()) == ""


@pytest.mark.parametrize("code", sorted(READING_CODES.keys() - DESCRIBED))
def test_what_a_page_says_to_avoid_is_refused_with_its_code_and_what_it_prefers_is_not(code: str) -> None:
    page = READING_CODES[code]
    avoided = {fault.code for fault in faults_of(page.avoid.replace("<U+00A0>", "\u00a0") + "\n")}
    assert code in avoided
    if code != "Y005":  # its better way is another file
        assert faults_of(page.prefer + "\n") == ()


@pytest.mark.parametrize(
    ("key", "fix"),
    [("type:module", 'write "type: module"'), ("type", 'write "key: value" with a blank behind the colon')],
)
def test_a_key_without_its_colon_is_shown_where_it_begins_and_not_where_the_next_line_surprises(
    key: str, fix: str
) -> None:
    (fault,) = faults_of(f"kind: product\n{key}\nid: crm\n")
    assert (fault.code, fault.position, fault.fix) == ("Y000", Position(2, 1), fix)
