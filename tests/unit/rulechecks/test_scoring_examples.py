"""Examples of scores and guidance: what a wrong expectation shows, which names are refused, which rules are covered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.examples import ExamplesReport, run_examples
from pricing_engine.rulechecks.rule_coverage import RuleKind
from pricing_engine.scoring.guidance_rules import Exploration
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.rule_files import read_rule_files
from tests.rulebooks import D

FILES = read_rule_files(Path(__file__).parents[3] / "rules")
RULES = load_rulebook(FILES, currency_digits=currency_digits())
CARD = "scoring/scorecard.yaml"


def run(expect: str, *, given: str = "segment: smb", rules: Rulebook = RULES) -> ExamplesReport:
    """The report on one example: 20 users of Core for a year, 20 × 12.00 × 12 = 2,880 and 12 × 99.00 = 1,188 a year."""
    text = (
        f"for: scoring/scorecard\ngiven: {{effective: 2026-02-01, price_book: usd, {given}}}\ncases:\n  - name: only\n"
        f"    request: {{add: [{{product: core, users: 20}}]}}\n    expect: {expect}\n"
    )
    return run_examples({CARD: FILES[CARD], "scoring/scorecard.test.yaml": text.encode()}, rules)


def wrong(report: ExamplesReport) -> list[str]:
    (case,) = report.cases
    found = [each.difference for each in case.mismatches]
    return [f"{'.'.join(map(str, each.path))}: expected {each.expected}, got {each.actual}" for each in found]


def covered(report: ExamplesReport) -> set[str]:
    kinds = (RuleKind.FACTOR, RuleKind.GUIDANCE)
    return {each.id for each in report.coverage.rules if each.kind in kinds and each.cases}


# Margin: Core costs 2.00 of 12.00, 83.3%: 15. Size: 4,068 ÷ 100,000 × 10 = 0.4.
# 25 + 15 + 0 + 0.4 + 10 + 0 + 2 + 5 + 5 = 62.4
PARTS = (
    "price-realisation 25.0, margin 15.0, term 0.0, size 0.4, billing-in-advance 10.0, products-together 0.0, fit 2.0, "
    "retained 5.0, standard-terms 5.0"
)


def test_an_example_whose_score_and_guidance_hold_passes() -> None:
    report = run('{score: "62.4", band: fair, factors: {fit: 2}, target: "5%", stretch: "2%", floor: "45%"}')
    assert (wrong(report), report.faults, report.passed) == ([], (), True)


@pytest.mark.parametrize(
    ("expect", "shown"),
    [
        ('{score: "62.3"}', f"score: expected 62.3, got 62.4 ({PARTS})"),
        ("{band: strong}", "band: expected strong, got fair, with 62.4 points"),
        ("{factors: {fit: 5}}", "factors.fit: expected 5, got 2.0 of 5"),
        ('{target: "6%"}', "target: expected 6%, got 5% (reps seldom need more)"),
        ('{floor: "40%"}', "floor: expected 40%, got 45% (reps seldom need more)"),
        (
            '{lines: {core.seats: {stretch: "3%"}}}',
            "lines.core.seats.stretch: expected 3%, got 2% (reps seldom need more)",
        ),
    ],
)
def test_what_does_not_hold_is_shown_with_what_explains_it(expect: str, shown: str) -> None:
    assert wrong(run(expect)) == [shown]


def test_a_part_of_what_is_not_known_says_so() -> None:
    rules = replace(RULES, guidance=None, discounts=(), terms=())
    report = run("{factors: {fit: 5}}", given="market: US", rules=rules)
    assert wrong(report) == ["factors.fit: expected 5, got 0.0 of 5, for segment is not known"]


def test_rules_that_do_not_score_meet_no_expectation_of_a_score() -> None:
    silent = replace(RULES, scorecard=None, guidance=None)
    assert wrong(run('{score: "62.4", band: fair, factors: {fit: 2}, target: "5%"}', rules=silent)) == [
        "score: expected a score, got none, for the rules have no scorecard",
        "band: expected a score, got none, for the rules have no scorecard",
        "factors: expected a score, got none, for the rules have no scorecard",
        "target: expected 5%, got nothing",
    ]


def test_a_quote_of_which_a_line_has_no_price_has_no_score_and_says_why() -> None:
    text = (
        "for: scoring/scorecard\ngiven: {effective: 2026-02-01, price_book: usd, segment: smb}\n"
        "cases:\n  - name: only\n"
        '    request: {add: [{product: dedicated-region}]}\n    expect: {score: "70"}\n'
    )
    report = run_examples({CARD: FILES[CARD], "scoring/scorecard.test.yaml": text.encode()}, RULES)
    assert wrong(report) == ["score: expected a score, got none, for a line has no price"]


def test_no_lot_moves_what_an_example_expects() -> None:
    assert RULES.guidance is not None
    explored = replace(RULES.guidance, exploration=Exploration(D(1), D("0.1")))
    assert run('{target: "5%", stretch: "2%"}', rules=replace(RULES, guidance=explored)).passed


def test_a_refusal_has_no_score() -> None:
    assert wrong(run("{refused: unknown-product}")) == ["refused: expected refused: unknown-product, got it was priced"]


@pytest.mark.parametrize(
    ("expect", "what", "fix"),
    [
        ("{factors: {fitt: 5}}", "there is no factor fitt", "did you mean fit?"),
        ("{band: strng}", "there is no band of scores strng", "did you mean strong?"),
    ],
)
def test_names_that_the_scorecard_does_not_have_are_refused(expect: str, what: str, fix: str) -> None:
    (fault,) = run(expect).faults
    assert (fault.code, fault.what, fault.fix) == ("E510", what, fix)


def test_only_what_an_example_expects_something_of_is_covered() -> None:
    assert covered(run('{arr: "4068.00"}')) == set()
    assert covered(run('{score: "62.4"}')) == set()
    assert covered(run("{factors: {fit: 2, term: 0}}")) == {"fit", "term"}
    assert covered(run('{target: "5%"}')) == {"other"}
    assert covered(run('{floor: "45%"}')) == set()
    assert covered(run('{lines: {core.seats: {target: "9%"}}}', given="segment: smb, term_months: 24")) == {"years"}
