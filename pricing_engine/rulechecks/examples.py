"""Runs the worked examples beside the rules: files and their rulebook in, results with the coverage of rules out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.errors import DomainError
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.offering.find_offers import find_offers
from pricing_engine.quoting.offering.offer import Offers
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.faults import Fault, Path, Severity, sort_faults
from pricing_engine.rulebook.files import split_files
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.example_files import ExampleFile, read_example_files
from pricing_engine.rulechecks.example_requests import CONTRACT, Example, read_example, read_own_price_book
from pricing_engine.rulechecks.expectations import Difference, contract_refused, differences
from pricing_engine.rulechecks.offer_expectations import differences_of_offers
from pricing_engine.rulechecks.rule_coverage import Coverage, fired_rules, measure_coverage
from pricing_engine.rulechecks.scoring_expectations import differences_of_scoring, scoring_rules


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that does not hold, or a contract that could not be made, with the line of the file."""

    line: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One example and how it came out; `quote` is None when the request was refused."""

    file: str
    line: int
    name: str
    mismatches: tuple[Mismatch, ...]
    quote: Quote | None

    @property
    def passed(self) -> bool:
        """Whether every expectation holds."""
        return not self.mismatches


@dataclass(frozen=True, slots=True)
class ExamplesReport:
    """Every example that could be read, the coverage of the rules by all of them, and what is wrong with the tests."""

    cases: tuple[CaseResult, ...]
    coverage: Coverage
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Whether all examples hold and every test could be read."""
        return all(case.passed for case in self.cases) and not any(
            fault.severity is Severity.ERROR for fault in self.faults
        )

    @property
    def not_run(self) -> tuple[str, ...]:
        """The test files with errors of which no example was run."""
        return tuple(file for file in self._files_with_errors if file not in self._files_run)

    @property
    def run_in_part(self) -> tuple[str, ...]:
        """The test files of which some examples have errors and the others were run."""
        return tuple(file for file in self._files_with_errors if file in self._files_run)

    @property
    def _files_with_errors(self) -> list[str]:
        return sorted({fault.file for fault in self.faults if fault.severity is Severity.ERROR})

    @property
    def _files_run(self) -> set[str]:
        return {case.file for case in self.cases}


def run_examples(files: Mapping[str, bytes], rulebook: Rulebook) -> ExamplesReport:
    """The outcome of every example in the test files among `files`, priced under the rulebook compiled from them.

    No target is moved by lot: an example is about what the rules say.
    """
    if rulebook.guidance is not None:
        rulebook = replace(rulebook, guidance=replace(rulebook.guidance, exploration=None))
    example_files, found = read_example_files(split_files(files))
    ready, unfit = _read_cases(example_files, rulebook)
    ran = [_run_case(each) for each in ready]
    coverage = measure_coverage(rulebook, [each.fired for each in ran])
    return ExamplesReport(tuple(each.result for each in ran), coverage, sort_faults((*found, *unfit)))


def check_examples(files: Mapping[str, bytes], rulebook: Rulebook | None) -> tuple[Fault, ...]:
    """What is wrong with the test files themselves, none of which is run.

    Shape: without a rulebook (the rules have errors) only what the tests say by themselves is looked at.
    """
    example_files, found = read_example_files(split_files(files))
    unfit = _read_cases(example_files, rulebook)[1] if rulebook is not None else []
    return sort_faults((*found, *unfit))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A case that could be read."""

    file: ExampleFile
    index: int
    example: Example


def _read_cases(example_files: Sequence[ExampleFile], rulebook: Rulebook) -> tuple[list[_Ready], list[Fault]]:
    ready, faults = list[_Ready](), list[Fault]()
    for file in example_files:
        book = read_own_price_book(file, rulebook.currencies)
        if isinstance(book, tuple):
            faults += book
            continue
        for index in range(len(file.shape.cases)):
            example = read_example(file, index, rulebook, book)
            if isinstance(example, tuple):
                faults += example
            else:
                ready.append(_Ready(file, index, example))
    return ready, faults


@dataclass(frozen=True, slots=True)
class _Ran:
    """A case's result, and the rules that fired."""

    result: CaseResult
    fired: frozenset[RuleRef]


def _run_case(ready: _Ready) -> _Ran:
    example = ready.example
    try:
        held = _sell(example)
    except DomainError as refusal:
        return _Ran(_result(ready, {("contract",): contract_refused(refusal)}, None), frozenset())
    if example.measured is not None:
        return _run_offers(ready, example.measured, held)
    expect = ready.file.shape.cases[ready.index].expect
    quote: Quote | None = None
    outcome: Quote | DomainError
    fired: frozenset[RuleRef] = frozenset()
    try:
        outcome = quote = assemble_quote(example.request, rulebook=example.rulebook, quote_id="quo_example", held=held)
        fired = fired_rules(quote, example.rulebook, held) | {*scoring_rules(expect, quote, example.rulebook)}
    except DomainError as refusal:
        outcome = refusal
    found = differences(expect, outcome)
    if quote is not None and expect.refused is None:
        found = (*found, *differences_of_scoring(expect, quote))
    return _Ran(_result(ready, {("expect", *difference.path): difference for difference in found}, quote), fired)


def _run_offers(ready: _Ready, measured: Mapping[str, Decimal], held: Held | None) -> _Ran:
    """The result of an example that looks at what an account is offered; the rules of the offers have fired."""
    example, expect = ready.example, ready.file.shape.cases[ready.index].expect
    outcome: Offers | DomainError
    fired: frozenset[RuleRef] = frozenset()
    try:
        outcome = find_offers(example.request, rulebook=example.rulebook, held=held, measured=measured)
        fired = frozenset(offer.rule for offer in outcome.offers if offer.source in expect.offers)
    except DomainError as refusal:
        outcome = refusal
    found = differences_of_offers(expect, outcome)
    return _Ran(_result(ready, {("expect", *difference.path): difference for difference in found}, None), fired)


def _result(ready: _Ready, differences_at: Mapping[Path, Difference], quote: Quote | None) -> CaseResult:
    file, place = ready.file, ("cases", ready.index)
    mismatches = tuple(Mismatch(_line(file, (*place, *path)), found) for path, found in differences_at.items())
    name = file.shape.cases[ready.index].name
    return CaseResult(file.file, _line(file, (*place, "name")), name, mismatches, quote)


def _sell(example: Example) -> Held | None:
    """The contract that the example starts from.

    Raises: a DomainError where it cannot be sold like this.
    """
    if example.sale is None:
        return None
    rulebook = example.rulebook
    contract = book_contract(example.sale, rulebook=rulebook, contract_id=CONTRACT.id)
    return Held(contract, {rulebook.hash: rulebook})


def _line(file: ExampleFile, path: Path) -> int:
    return file.source.mark(path, on_key=True).position.line
