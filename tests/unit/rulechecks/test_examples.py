"""Worked examples beside the rules: what passes, what a wrong expectation shows, what is a fault, what was covered."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from pricing_engine.catalog.products import Selector, Timing
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.examples import CaseResult, ExamplesReport, check_examples, run_examples
from pricing_engine.rulechecks.examples_report import examples_json, render_examples
from tests.rulebooks import EUR, JPY, a_book, a_policy, a_product, a_rulebook, ref

D = Decimal
FILE = "discounts/multi-product.test.yaml"
RULES = {"discounts/multi-product.yaml": b"kind: discount_policy"}
GIVEN = "given: {effective: 2026-01-01, segment: smb}\n"

LIMITS = Discretion(
    limits=(DiscretionLimit("rep-any", "rep", D("0.10"), D("0.10"), Selector(), ref("rep-any")),),
    may_price=frozenset({"deal_desk"}),
)
MATRIX = ApprovalMatrix(
    id="discount",
    columns=("discretionary", "acv"),
    levels=("manager", "director"),
    hit=Hit.HIGHEST,
    rows=(
        ApprovalRow((Range(None, D("0.2")), Range(None, None)), "manager", ref("small")),
        ApprovalRow((Range(D("0.2"), None), Range(None, None)), "director", ref("large")),
        ApprovalRow((Range(D("0.3"), None), Range(None, None)), "director", ref("huge")),
    ),
)


def policy() -> Rulebook:
    """CRM at 50.00 and analytics at 20.00 per user and month; two products 10%, three 15%."""
    bands = ((D(2), D("0.10")), (D(3), D("0.15")))
    multi = a_policy(
        "multi-product", Schedule("product_count", bands), applies_to=Selector(timings=frozenset({Timing.RECURRING}))
    )
    prices: Mapping[str, str | None] = {"crm.seats": "50.00", "analytics.seats": "20.00", "region.seats": None}
    books = (
        a_book(prices),
        a_book({key: "40.00" for key in prices}, currency=EUR, markets=["DE"]),
        a_book({key: "5000" for key in prices}, currency=JPY, markets=["JP"]),
    )
    products = [a_product(id_) for id_ in ("crm", "analytics", "region")]
    return a_rulebook(products, books, discounts=[multi], discretion=LIMITS, approvals=MATRIX)


def run(cases: str, *, head: str = GIVEN, subject: str = "discounts/multi-product") -> ExamplesReport:
    """The report on one test file."""
    content = f"for: {subject}\n{head}cases:\n{cases}"
    return run_examples({**RULES, FILE: content.encode()}, policy())


def case(request: str, expect: str, *, name: str = "case") -> str:
    """One case as YAML."""
    return f"  - name: {name}\n    request: {request}\n    expect: {expect}\n"


def only(report: ExamplesReport) -> CaseResult:
    """The one case of a report without faults."""
    assert report.faults == ()
    (found,) = report.cases
    return found


def shown(report: ExamplesReport) -> tuple[str, str, str]:
    """Path, expected and actual of the one difference."""
    (mismatch,) = only(report).mismatches
    found = mismatch.difference
    return ".".join(map(str, found.path)), found.expected, found.actual


def fault(report: ExamplesReport) -> tuple[str, str, int, int]:
    """Code, path, line and column of the one fault; nothing ran."""
    assert report.cases == ()
    assert not report.passed
    (found,) = report.faults
    assert found.file == FILE
    assert found.fix
    return found.code, found.path, found.position.line, found.position.column


TWO = "{add: [{product: crm, users: 100}, {product: analytics, users: 100}]}"
ONE = "{add: [{product: crm, users: 100}]}"


def test_an_example_passes_when_every_figure_is_met() -> None:
    # (100 × 50 + 100 × 20) × 12 = 84,000; × 0.90 = 75,600; ÷ 12 = 6,300
    expect = (
        '{arr: "75600.00", mrr: 6300, acv: 75600, tcv: 75600, list: 84000, net: 75600, discount: 8400, one_time: 0, '
        "first_invoice: 75600, fired: [multi-product], findings: [], levels: [], "
        "lines: {crm.seats: {quantity: 100, list_per_year: 60000, net_per_year: 54000, list: 60000, net: 54000}}}"
    )
    report = run(case(TWO, expect))
    assert only(report).passed
    assert report.passed


@pytest.mark.parametrize("figure", ["arr", "mrr", "acv", "tcv", "list", "net", "discount", "one_time", "first_invoice"])
def test_every_figure_can_fail(figure: str) -> None:
    path, expected, actual = shown(run(case(TWO, f"{{{figure}: 1.23}}")))
    assert (path, expected) == (figure, "1.23")
    assert actual != "1.23"


@pytest.mark.parametrize("figure", ["quantity", "list_per_year", "net_per_year", "list", "net", "usage_estimate"])
def test_every_figure_of_a_line_can_fail(figure: str) -> None:
    path, expected, _ = shown(run(case(TWO, f"{{lines: {{crm.seats: {{{figure}: 1.23}}}}}}")))
    assert (path, expected) == (f"lines.crm.seats.{figure}", "1.23")


@pytest.mark.parametrize(
    ("expect", "path", "expected", "actual"),
    [
        ("{fired: []}", "fired", "nothing", "multi-product"),
        ("{fired: [multi-product, spring]}", "fired", "multi-product, spring", "multi-product"),
        ("{findings: [price-on-request]}", "findings", "price-on-request", "nothing"),
        ("{levels: [manager]}", "levels", "manager", "nothing"),
        ("{tier: growth}", "tier", "growth", "no tier"),
        ("{refused: unknown-product}", "refused", "refused: unknown-product", "it was priced"),
        ("{lines: {crm.fee: {net: 1}}}", "lines.crm.fee", "a line crm.fee", "the lines are crm.seats, analytics.seats"),
    ],
)
def test_words_are_compared_whole(expect: str, path: str, expected: str, actual: str) -> None:
    assert shown(run(case(TWO, expect))) == (path, expected, actual)


def test_a_refusal_is_an_expectation_of_its_own() -> None:
    request = "{add: [{product: crmm, users: 100}]}"
    assert only(run(case(request, "{refused: unknown-product}"))).passed
    assert shown(run(case(request, "{refused: unknown-charge}")))[2].startswith("refused: unknown-product")
    path, expected, actual = shown(run(case("{add: [{product: crm}]}", "{arr: 1}")))
    assert (path, expected) == ("", "a quote")
    assert actual.startswith("refused: quantity-missing (")


@pytest.mark.parametrize(
    ("request_", "path", "what"),
    [
        ("{add: [{product: crmm, users: 100}]}", "add[0].product", "there is no product crmm"),
        ("{add: [{product: crm, users: 9}], tier: gold}", "tier", "there is no tier gold"),
        ("{add: [{product: crm, users: 9}], bundles: [suite]}", "bundles[0]", "there is no bundle suite"),
        (
            "{add: [{product: crm, users: 9}], discounts: [{product: cmr, percent: '5%'}]}",
            "discounts[0].product",
            "there is no product cmr",
        ),
    ],
)
def test_a_name_the_rules_do_not_have_is_a_fault_of_the_test(request_: str, path: str, what: str) -> None:
    (found,) = run(case(request_, "{arr: 1}")).faults
    assert (found.code, found.path, found.what) == ("E510", f"cases[0].request.{path}", what)


def test_role_currency_and_plan_are_names_of_the_rules_too_wherever_they_are_written() -> None:
    head = "given: {effective: 2026-01-01, role: vp, currency: CHF, billing: weekly}\n"
    found = [(each.code, each.path) for each in run(case(ONE, "{arr: 1}"), head=head).faults]
    assert found == [("E510", f"given.{field}") for field in ("role", "currency", "billing")]


def test_tests_are_looked_at_without_a_rulebook_as_far_as_they_can_be() -> None:
    content = f"for: discounts/multi-product\n{GIVEN}arrr: 1\ncases:\n{case(ONE, '{arr: 1}')}"
    (found,) = check_examples({**RULES, FILE: content.encode()}, None)
    assert (found.code, found.path) == ("E102", "arrr")


def test_a_line_without_a_price_leaves_no_total() -> None:
    request = "{add: [{product: region, users: 1}]}"
    assert shown(run(case(request, "{arr: 1}")))[2] == "no total, for a line has no price"
    assert shown(run(case(request, "{lines: {region.seats: {net: 1}}}")))[2] == "nothing"


def test_the_text_shows_expected_actual_the_places_and_the_waterfall() -> None:
    text = render_examples(run(case(TWO, "{lines: {crm.seats: {net_per_year: 60000}}}", name="two products")))
    lines = text.splitlines()
    assert lines[0] == f"FAILED {FILE}:4  two products"
    assert lines[1] == f'  lines["crm.seats"].net_per_year: expected 60000, got 54000.00  ({FILE}:6)'
    assert lines[2] == "    crm.seats: 100 users, 2026-01-01 to 2027-01-01"
    assert lines[4].split()[:4] == ["policy", "multi-product", "-6000.00", "54000.00"]
    assert "because of multi-product (multi-product.yaml:1)" in lines[4]
    assert not any("analytics" in line for line in lines[:6])
    assert lines[-1] == "0 examples passed, 1 failed"


def test_files_are_named_as_from_the_folder_a_command_ran_in() -> None:
    text = render_examples(run(case(ONE, "{arr: 1}")), folder="rules/")
    assert f"FAILED rules/{FILE}:4  case" in text
    assert f"(rules/{FILE}:6)" in text
    assert "(rules/price-crm.seats.yaml:1)" in text
    assert "  rules/multi-product.yaml:1  multi-product" in text


def test_a_wrong_total_shows_every_line_that_costs_something() -> None:
    text = render_examples(run(case(TWO, "{arr: 1}")))
    assert "crm.seats: 100 users" in text
    assert "analytics.seats: 100 users" in text


def test_amounts_of_a_waterfall_have_the_decimals_of_their_currency() -> None:
    text = render_examples(run(case(ONE, "{arr: 1}"), head="given: {effective: 2026-01-01, price_book: book-jpy}\n"))
    assert " 6000000  " in text


def test_the_json_says_the_same() -> None:
    found = examples_json(run(case(TWO, "{arr: 1}") + case(ONE, '{arr: "60000.00"}', name="one")))
    assert found["passed"] is False
    assert [(each["name"], each["line"], each["passed"]) for each in found["cases"]] == [
        ("case", 4, False),
        ("one", 7, True),
    ]
    assert found["cases"][0]["mismatches"] == [
        {"line": 6, "path": "arr", "expected": "1", "actual": "75600.00", "about": None}
    ]
    assert {"kind": "discount policies", "fired": 1, "total": 1} in found["coverage"]["kinds"]
    assert found["faults"] == []


def test_a_case_adds_to_what_the_file_gives() -> None:
    head = "given: {effective: 2026-01-01, segment: smb, currency: EUR, market: DE, term_months: 24}\n"
    cases = "  - name: one year\n    given: {term_months: 12}\n    request: " + ONE + "\n    expect: {tcv: 48000}\n"
    # 100 × 40.00 × 12 = 48,000 a year
    report = run(cases + case(ONE, "{tcv: 96000}", name="two years"), head=head)
    assert [each.mismatches for each in report.cases] == [(), ()]


def test_naming_a_price_book_sells_in_its_currency_in_any_market() -> None:
    head = "given: {effective: 2026-01-01, price_book: book-eur}\n"
    assert only(run(case(ONE, '{arr: "48000.00"}'), head=head)).passed


OWN_BOOK = """price_book:
  id: own
  currency: USD
  prices:
    crm.seats: [{from: 2026-01-01, model: per_unit, unit_price: "1.00", why: own}]
given: {effective: 2026-01-01, price_book: own}
"""


def test_a_test_file_may_hold_a_price_book_of_its_own() -> None:
    assert only(run(case(ONE, '{arr: "1200.00"}'), head=OWN_BOOK)).passed


def test_a_price_book_of_its_own_replaces_the_others_and_adds_nothing_to_them() -> None:
    request = "{add: [{product: analytics, users: 100}]}"
    assert only(run(case(request, "{refused: price-missing}"), head=OWN_BOOK)).passed


def test_its_own_price_book_counts_for_no_coverage() -> None:
    report = run(case(ONE, '{arr: "1200.00"}'), head=OWN_BOOK)
    assert not [rule for rule in report.coverage.rules if rule.kind == "prices" and rule.cases]


@pytest.mark.parametrize(
    ("cases", "code", "path", "line", "column"),
    [
        # Line 1 is for, 2 given, 3 cases, 4 name, 5 request, 6 expect.
        (case(TWO, "{arrr: 1}"), "E102", "cases[0].expect.arrr", 6, 14),
        (case("{ad: []}", "{arr: 1}"), "E102", "cases[0].request.ad", 5, 15),
        (case(ONE, "{}"), "E507", "cases[0].expect", 6, 13),
        (case(ONE, "{refused: price-missing, arr: 1}"), "E507", "cases[0].expect.refused", 6, 14),
        (case(ONE, "{arr: -1}"), "E112", "cases[0].expect.arr", 6, 19),
        (case("{add: [{product: crm, user: 1}]}", "{arr: 1}"), "E503", "cases[0].request.add[0].user", 5, 36),
        (
            case("{add: [{product: crm, users: 1}], usage: {call: 5}}", "{arr: 1}"),
            "E503",
            "cases[0].request.usage.call",
            5,
            56,
        ),
        (case("{add: [{product: crm, users: x}]}", "{arr: 1}"), "E113", "cases[0].request.add[0].users", 5, 43),
        (
            case("{add: [{product: crm, users: 1}], discounts: [{percent: '5%', amount: 1}]}", "{arr: 1}"),
            "E509",
            "cases[0].request.discounts[0]",
            5,
            60,
        ),
        (
            case("{add: [{product: crm, users: 1}], discounts: [{percent: '5%', charge: seats}]}", "{arr: 1}"),
            "E509",
            "cases[0].request.discounts[0].charge",
            5,
            76,
        ),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_place(
    cases: str, code: str, path: str, line: int, column: int
) -> None:
    found = [each for each in run(cases).faults if each.code == code]
    assert [(each.path, each.position.line, each.position.column) for each in found] == [(path, line, column)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("given: {effective: 2026-01-01, segmnt: smb}\n", ("E501", "given.segmnt", 2, 32)),
        ("given: {effective: 2026-01-01, segment: huge}\n", ("E502", "given.segment", 2, 41)),
        ("given: {effective: 2026-01-01, price_book: usa}\n", ("E504", "given.price_book", 2, 44)),
        ("given: {segment: smb}\n", ("E505", "cases[0].name", 4, 11)),
        (OWN_BOOK.replace("USD", "CHF"), ("E508", "price_book.currency", 4, 13)),
        (
            OWN_BOOK.replace('per_unit, unit_price: "1.00"', "volume, bands: [{up_to: 5, unit_price: 1}]"),
            ("E302", 'price_book.prices["crm.seats"][0].bands[0].up_to', 6, 67),
        ),
        (
            OWN_BOOK.replace("why: own}]", "why: own}, {from: 2026-01-01, model: flat, amount: 1, why: twice}]"),
            ("E508", 'price_book.prices["crm.seats"][1].from', 6, 91),
        ),
    ],
)
def test_a_situation_that_cannot_be_read_is_a_fault_with_its_place(
    head: str, expected: tuple[str, str, int, int]
) -> None:
    assert fault(run(case(ONE, "{arr: 1}"), head=head)) == expected


def test_a_test_names_a_rule_file_that_is_there() -> None:
    (found,) = run(case(ONE, '{arr: "60000.00"}'), subject="discounts/multiproduct").faults
    assert (found.code, found.path, found.fix) == ("E500", "for", "did you mean discounts/multi-product?")


def test_names_of_examples_are_unique_in_a_file() -> None:
    (found,) = run(case(ONE, "{fired: []}") + case(TWO, "{levels: []}")).faults
    assert (found.code, found.path) == ("E506", "cases[1].name")


def test_a_file_at_fault_does_not_hide_the_others() -> None:
    broken = {**RULES, "a.test.yaml": b"for: [", FILE: f"for: discounts/multi-product\n{GIVEN}cases:\n".encode()}
    broken[FILE] += case(ONE, "{fired: []}").encode()
    report = run_examples(broken, policy())
    assert [each.name for each in report.cases] == ["case"]
    assert {each.file for each in report.faults} == {"a.test.yaml"}
    assert not report.passed


def test_coverage_counts_the_examples_in_which_a_rule_fired() -> None:
    report = run(case(TWO, "{levels: []}") + case(ONE, "{levels: []}", name="one"))
    uses = {rule.id: (rule.file, rule.line, rule.cases) for rule in report.coverage.rules}
    assert uses["multi-product"] == ("multi-product.yaml", 1, 1)
    assert uses["crm.seats in book-usd from 2020-01-01"] == ("price-crm.seats.yaml", 1, 2)
    assert uses["rep-any"] == ("rep-any.yaml", 1, 0)
    figures = {str(each.kind): (each.fired, each.total) for each in report.coverage.by_kind}
    # The builder gives one charge the same rule in every book, so each of the two charges counts in three of them.
    assert figures == {"discount policies": (1, 1), "limits": (0, 1), "approval rows": (0, 3), "prices": (6, 9)}


@pytest.mark.parametrize(("percent", "row"), [("15%", "small"), ("25%", "large"), ("30%", "large")])
def test_coverage_names_the_row_that_decided_and_no_other(percent: str, row: str) -> None:
    # At 30% `large` and `huge` both hold and are of one level: the first of them decides.
    request = f"{{add: [{{product: crm, users: 100}}], discounts: [{{percent: '{percent}'}}]}}"
    report = run(case(request, "{findings: [discretion-exceeded]}"))
    assert only(report).passed
    assert [rule.id for rule in report.coverage.rules if rule.kind == "approval rows" and rule.cases] == [row]
    assert next(rule.cases for rule in report.coverage.rules if rule.id == "rep-any") == 1


def test_the_text_names_the_rules_that_no_example_makes_fire() -> None:
    text = render_examples(run(case(ONE, "{fired: []}")))
    assert "  discount policies    0 of 1" in text
    assert "  multi-product.yaml:1  multi-product" in text
