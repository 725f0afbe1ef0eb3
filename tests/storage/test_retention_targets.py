"""Figures beside targets, by a year worked by hand, on SQLite and PostgreSQL (N17)."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.desk import Desk
from pricing_engine.retention.segments import BUILT_IN
from pricing_engine.retention.targets import Measured
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.retained_targets import NO_TARGETS, NOBODY, NOTHING_AT_THE_OPENING, against_targets
from tests.rulebooks import D
from tests.storage.retained_book import CLOSING, a_book, figures, on_day, with_rules

TARGETS = """\
kind: retention_targets
why: plan
drivers:
  - {driver: expansion, owner: eve, points_per_year: "+12", from: 2026-01-01, until: 2027-03-01}
  - {driver: retention, owner: ada, points_per_year: "-24", from: 2026-01-01}
  - {driver: pricing, owner: ben, points_per_year: "7.0028", from: 2026-01-01}
  - {driver: retention, owner: sam, points_per_year: "-90", segment: {segment: smb}, from: 2026-01-01}
  - {driver: pricing, owner: kim, points_per_year: 2, segment: {product: crm, segment: enterprise}, from: 2026-01-01}
rates:
  - {rate: grr, owner: ada, target: "76%", from: 2026-01-01}
  - {rate: nrr, owner: cfo, target: "90%", from: 2026-01-01}
  - {rate: nrr, owner: cfo, target: "96%", from: 2027-03-01}
  - {rate: nrr, owner: max, target: "112%", segment: {segment: enterprise}, from: 2026-01-01}
  - {rate: nrr, owner: nia, target: "100%", segment: {segment: mid_market}, from: 2026-01-01}
"""


@pytest.fixture
def planned(desk: Desk) -> Desk:
    with_rules(desk, **{"retention_targets.yaml": TARGETS})
    a_book(desk)
    return desk


def told(measured: tuple[Measured, ...]) -> list[tuple[object, ...]]:
    return [
        (each.segment, each.target.measure.value, each.target.owner, each.actual, each.difference, each.standing)
        for each in measured
    ]


def test_the_book_stands_beside_the_targets_of_the_last_day(planned: Desk) -> None:
    found = against_targets(figures(planned))
    # 42,840 at the opening: 6,000 three times, and 24,840. 6,000 and Analytics' 4,320 are lost; repricing brings 2,280
    # and renewals 480 and 240; 6,000 are bought. So 41,520 are kept, 32,520 of them line by line.
    assert told(found.measured) == [
        (None, "nrr", "cfo", D("0.969188"), D("0.009188"), "on"),
        (None, "grr", "ada", D("0.759104"), D("-0.000896"), "behind"),
        (None, "retention", "ada", D("-0.240896"), D("-0.000896"), "behind"),
        (None, "pricing", "ben", D("0.070028"), 0, "on"),
    ]
    assert (found.omitted, found.other_by) == (None, ("segment", "product,segment"))


def test_segments_stand_beside_their_own_targets_and_one_without_anybody_says_so(planned: Desk) -> None:
    found = against_targets(figures(planned, by="segment"))
    assert told(found.measured)[4:] == [
        # 41,520 of 36,840; the one small customer of the opening has left.
        ("enterprise", "nrr", "max", D("1.127036"), D("0.007036"), "on"),
        ("smb", "retention", "sam", D(-1), D("-0.1"), "behind"),
        ("mid_market", "nrr", "nia", None, None, None),
    ]
    assert [each.unknown for each in found.measured[4:]] == [None, None, NOBODY]
    assert found.other_by == ("product,segment",)


@pytest.mark.parametrize("by", ["segment,product", "product,segment"])
def test_a_segment_of_several_things_is_found_in_whatever_order_they_are_asked(by: str, planned: Desk) -> None:
    (found,) = against_targets(figures(planned, by=by)).measured[4:]
    # CRM of enterprise has 6,000, 10,800 and 6,000 at the opening; repricing brings 1,200, renewals 480 and 240.
    assert (found.segment, found.actual) == (
        " · ".join({"segment": "enterprise", "product": "crm"}[name] for name in by.split(",")),
        D("0.084211"),
    )
    assert (found.target.owner, found.difference) == ("kim", D("0.064211"))


def test_a_target_counts_only_on_its_days(planned: Desk) -> None:
    day = date(2027, 2, 28)
    found = against_targets(read_retention(on_day(planned, CLOSING), Asked(day)))
    assert [
        (each.target.measure.value, str(each.target.target)) for each in found.measured if each.segment is None
    ] == [
        ("nrr", "0.900000"),
        ("grr", "0.760000"),
        ("retention", "-0.240000"),
        ("pricing", "0.070028"),
        ("expansion", "0.120000"),
    ]


def test_where_no_figure_has_a_target_words_say_why(planned: Desk) -> None:
    assert against_targets(figures(planned, months=3)).omitted == "targets are of 12 months, and the window has 3"
    early = against_targets(read_retention(planned, Asked(date(2025, 12, 31))))
    assert early.omitted == "no target is in force on 2025-12-31, the last day of the window"
    first = against_targets(read_retention(planned, Asked(date(2026, 1, 15))))
    assert {each.unknown for each in first.measured} == {NOTHING_AT_THE_OPENING}


def test_rules_that_have_none_say_so(desk: Desk) -> None:
    found = against_targets(figures(with_rules(desk)))
    assert (found.measured, found.omitted, found.other_by) == ((), NO_TARGETS, ())


def test_every_thing_that_rules_may_name_tells_the_book_apart(planned: Desk) -> None:
    for by in BUILT_IN:
        assert figures(planned, by=by).segments
