"""The approval matrix over the whole space of quotes: gaps, overlaps, masked rows, falling levels; and brute force."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.load import check_rulebook
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules

D = Decimal
HEAD = "kind: approval_matrix\nid: discount\nlevels: [manager, director, board]\n"
SEGMENTS = ("smb", "mid_market", "enterprise")


def faults(columns: str, *rows: str, hit: str = "highest", vocabulary: str | None = None) -> tuple[Fault, ...]:
    numbered = "".join(f"  - {{id: r{i}, {row}}}\n" for i, row in enumerate(rows, start=1))
    matrix = f"{HEAD}hit: {hit}\ncolumns: {{{columns}}}\nrows:\n{numbered}"
    overrides = {"approvals/discount.yaml": matrix, "vocabulary.yaml": vocabulary or FILES["vocabulary.yaml"]}
    return check_rulebook(small_rules(overrides), currency_digits=DIGITS).faults


def told(columns: str, *rows: str, hit: str = "highest", vocabulary: str | None = None) -> list[str]:
    return [f"{each.code} {each.what}" for each in faults(columns, *rows, hit=hit, vocabulary=vocabulary)]


def test_a_gap_is_named_by_its_ranges() -> None:
    gaps = told(
        "discretionary: range, acv: range",
        'discretionary: "..20%", level: manager',
        'discretionary: "20%..", acv: "250000..", level: board',
    )
    assert gaps == ["E404 no row decides discretionary 20%..100%, acv 0..250000"]


def test_a_word_nobody_decides_is_a_gap() -> None:
    assert told("segment: one_of", "segment: [smb, enterprise], level: manager") == [
        "E404 no row decides segment mid_market"
    ]


def test_a_name_that_may_be_missing_needs_a_row_for_that_too() -> None:
    region = "  region: {type: enum, values: [emea, apac], from: account.region, optional: true}\n"
    text = FILES["vocabulary.yaml"] + region
    gaps = told("region: one_of", "region: [emea, apac], level: manager", vocabulary=text)
    assert gaps == ["E404 no row decides region not known"]
    assert told("region: one_of", "level: manager", vocabulary=text) == []


def test_the_upper_end_of_the_vocabularys_range_must_be_decided_too() -> None:
    # Ranges are half-open: 0%..100% leaves out exactly 100%.
    assert told("discretionary: range", 'discretionary: "0%..100%", level: manager') == [
        "E404 no row decides discretionary 100%"
    ]


def test_values_the_vocabulary_rules_out_need_no_row() -> None:
    assert told("term_months: range", 'term_months: "1..", level: manager') == []
    assert told("term_months: range", 'term_months: "2..", level: manager') == ["E404 no row decides term_months 1..2"]


def test_an_account_number_without_a_range_may_be_negative() -> None:
    text = FILES["vocabulary.yaml"] + "  balance: {type: money, from: account.balance}\n"
    assert told("balance: range", 'balance: "0..", level: manager', vocabulary=text) == [
        "E404 no row decides balance ..0"
    ]


def test_rows_of_one_level_may_overlap_and_rows_of_two_levels_are_warned_of() -> None:
    columns = "discretionary: range"
    assert told(columns, 'discretionary: "..30%", level: manager', 'discretionary: "20%..", level: manager') == []
    assert told(columns, 'discretionary: "..30%", level: manager', 'discretionary: "20%..", level: board') == [
        "W405 rows r1 and r2 both hold for discretionary 20%..30%; r2 decides"
    ]


def test_with_hit_first_a_row_is_masked_only_when_earlier_rows_together_cover_it() -> None:
    columns = "discretionary: range"
    first, second = 'discretionary: "..20%", level: manager', 'discretionary: "20%..", level: board'
    third = 'discretionary: "10%..30%", level: director'
    assert told(columns, first, second, third, hit="first") == [
        "E406 row r3 never decides: the rows before it hold wherever it does"
    ]
    assert told(columns, first, third, second, hit="first") == []


def test_more_discount_with_a_lower_level_is_warned_of_where_it_happens() -> None:
    found = told(
        "discretionary: range, segment: one_of",
        'discretionary: "..20%", level: manager',
        'discretionary: "20%..40%", segment: smb, level: board',
        'discretionary: "20%..40%", segment: [mid_market, enterprise], level: director',
        'discretionary: "40%..", level: director',
    )
    assert found == [
        "W407 discretionary 40%..100% (segment smb) needs director, a smaller discount needs board, which is higher"
    ]


def test_a_matrix_of_more_rows_than_are_proved_is_refused() -> None:
    rows = [f'acv: "{i}..{i + 1}", level: manager' for i in range(501)]
    assert [each.code for each in faults("acv: range", *rows)] == ["E410"]


def test_a_matrix_whose_cells_multiply_beyond_reason_is_refused_quickly() -> None:
    text = FILES["vocabulary.yaml"]
    names = [f"n{i}" for i in range(8)]
    text += "".join(f"  {name}: {{type: number, from: account.{name}}}\n" for name in names)
    rows = [", ".join(f'{n}: "{(i * 7 + j * 5) % 40}.."' for j, n in enumerate(names)) for i in range(60)]
    rows = [f"{row}, level: manager" for row in rows] + ["level: manager"]
    columns = ", ".join(f"{name}: range" for name in names)
    assert [each.code for each in faults(columns, *rows, vocabulary=text, hit="first")] == ["E410"]


@pytest.mark.parametrize("seed", range(40))
def test_gaps_are_found_exactly_when_brute_force_finds_one(seed: int) -> None:
    """Small matrices made from the digits of a number; brute force tries a value in and at every edge."""
    digits = [seed * 7919 // 3**k % 3 for k in range(9)]
    edges = (("", "20%"), ("20%", "50%"), ("50%", ""))
    rows, boxes = [], []
    for i in range(3):
        low, high = edges[digits[3 * i]][0], edges[(digits[3 * i] + digits[3 * i + 1]) % 3][1]
        if low and high and D(low[:-1]) >= D(high[:-1]):
            low = ""
        words = SEGMENTS[: digits[3 * i + 2] + 1]
        rows.append(f'discretionary: "{low}..{high}", segment: [{", ".join(words)}], level: manager')
        boxes.append((D(low[:-1] or 0), D(high[:-1] or 101), words))
    points = product((D(0), D(19), D(20), D(49), D(50), D(99), D(100)), SEGMENTS)
    has_gap = any(
        not any(low <= share < high and segment in words for low, high, words in boxes) for share, segment in points
    )
    found = faults("discretionary: range, segment: one_of", *rows)
    assert {each.code for each in found} == ({"E404"} if has_gap else set())
