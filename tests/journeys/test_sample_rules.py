"""A pricing analyst's day with the sample rules: they load clean, each is tested, and a changed price is caught."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pricing_engine.rulebook.fault_report import render_text
from pricing_engine.rulebook.load import CheckResult, check_rulebook
from pricing_engine.rulechecks.examples import ExamplesReport, run_examples
from pricing_engine.rulechecks.examples_report import render_examples

RULES = Path(__file__).parents[2] / "rules"
DIGITS = {"USD": 2, "EUR": 2, "JPY": 0}
BOOK, TESTS = "price_books/usd.yaml", "price_books/usd.test.yaml"


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    """Every file of the sample repository by name."""
    return {
        path.relative_to(RULES).as_posix(): path.read_bytes() for path in sorted(RULES.rglob("*.*")) if path.is_file()
    }


def check(files: Mapping[str, bytes]) -> CheckResult:
    """What `rules check` says."""
    return check_rulebook(files, currency_digits=DIGITS)


def examples_of(files: Mapping[str, bytes]) -> ExamplesReport:
    """What `rules test` says."""
    checked = check(files)
    assert checked.rulebook is not None, checked.faults
    return run_examples(files, checked.rulebook)


def edited(files: Mapping[str, bytes], name: str, before: str, after: str) -> Mapping[str, bytes]:
    """The files after one change, which must change something."""
    text = files[name].decode()
    assert before in text
    return {**files, name: text.replace(before, after, 1).encode()}


def test_the_sample_rules_have_no_fault_and_no_warning(files: Mapping[str, bytes]) -> None:
    assert check(files).faults == ()


def test_every_worked_example_holds(files: Mapping[str, bytes]) -> None:
    report = examples_of(files)
    assert report.faults == ()
    assert [(case.file, case.line) for case in report.cases if not case.passed] == []
    assert len(report.cases) > 90


def test_every_rule_fires_in_some_example(files: Mapping[str, bytes]) -> None:
    assert [(rule.file, rule.line, rule.id) for rule in examples_of(files).coverage.unfired] == []


def test_the_change_the_readme_teaches_goes_as_it_says(files: Mapping[str, bytes]) -> None:
    readme = (RULES / "README.md").read_text(encoding="utf-8")
    old, entry, example = (block.split("```")[0] for block in readme.split("```yaml\n")[1:])
    changed = edited(files, BOOK, old, old + entry)
    report = examples_of(changed)
    assert report.passed
    assert [rule.id for rule in report.coverage.unfired] == ["core.seats in usd from 2027-01-01"]
    assert f"rules test rules/\n{render_examples(report, folder='rules/')}\n```" in readme
    # 40 × 13.00 × 12 = 6,240
    tested_too = {**changed, TESTS: changed[TESTS] + b"\n" + example.encode()}
    assert examples_of(tested_too).passed
    assert examples_of(tested_too).coverage.unfired == ()
    wrong = render_examples(examples_of(edited(tested_too, TESTS, '"6240.00"', '"6204.00"')), folder="rules/")
    assert wrong.split("\n\n")[0] in readme
    mistyped = edited(changed, BOOK, '"13.00"', '"13,00"')
    shown = render_text(check(mistyped).faults, mistyped).replace("--> price_books", "--> rules/price_books")
    assert shown in readme


def test_a_price_edited_in_place_fails_the_example_that_pins_it(files: Mapping[str, bytes]) -> None:
    report = examples_of(edited(files, BOOK, 'unit_price: "45.00"', 'unit_price: "45.01"'))
    assert BOOK.replace(".yaml", ".test.yaml") in {case.file for case in report.cases if not case.passed}


def test_a_mistyped_percentage_is_refused_with_what_to_write(files: Mapping[str, bytes]) -> None:
    faults = check(edited(files, "discounts/term.yaml", '"5%"', "5")).faults
    assert [(fault.code, fault.file, fault.position.line) for fault in faults] == [("E118", "discounts/term.yaml", 5)]
    assert faults[0].fix == 'write "5%"'
