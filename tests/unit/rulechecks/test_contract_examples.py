"""Worked examples that start from a contract: what a change comes to, what is lost, and what a wrong example says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pricing_engine.catalog.products import Selector, Timing
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.examples import CaseResult, ExamplesReport, run_examples
from pricing_engine.rulechecks.examples_report import render_examples
from pricing_engine.terms.terms import TrialRule, Waivable
from tests.contracts import some_terms
from tests.rulebooks import a_policy, a_product, a_rulebook, ref

D = Decimal
FILE = "terms/standard.test.yaml"
TWO = "{effective: 2026-01-01, add: [{product: crm, users: 100}, {product: analytics, users: 100}]}"


def policy() -> Rulebook:
    """CRM at 50.00 and Analytics at 20.00 per user and month, two products 10%, under the terms of the design."""
    bands = ((D(2), D("0.10")), (D(3), D("0.15")))
    recurring = Selector(timings=frozenset({Timing.RECURRING}))
    multi = a_policy("multi-product", Schedule("product_count", bands), applies_to=recurring, reprice_on_improved=True)
    products = [a_product(id_) for id_ in ("crm", "analytics", "reports")]
    prices = {"crm.seats": "50.00", "analytics.seats": "20.00", "reports.seats": "10.00"}
    limit = DiscretionLimit("rep-any", "rep", D("0.10"), D("0.10"), Selector(), ref("rep-any"))
    anything = (Range(None, None),)
    rows = (ApprovalRow(anything, "director", ref("any")),)
    matrix = ApprovalMatrix("discount", ("discretionary",), ("manager", "director"), Hit.HIGHEST, rows)
    rulebook = a_rulebook(
        products,
        prices,
        discounts=[multi],
        discretion=Discretion(limits=(limit,), may_price=frozenset({"deal_desk"})),
        approvals=matrix,
    )
    trial = TrialRule("reports", ref("trial"), days=30, limits={"users": D(25)})
    waivers = {Waivable.PARTIAL_CANCELLATION_FEE: "manager", Waivable.UPLIFT_CAP: "manager"}
    return replace(rulebook, terms=(some_terms(trials=(trial,), waivers=waivers),))


def run(
    request: str, expect: str, *, contract: str | None = TWO, given: str = "", rules: Rulebook | None = None
) -> ExamplesReport:
    """The report on one case; the change is on 2026-07-01 unless `given` says otherwise."""
    held = f"    contract: {contract}\n" if contract else ""
    content = (
        f"for: terms/standard\ngiven: {{effective: 2026-07-01, segment: mid_market}}\ncases:\n  - name: case\n"
        f"    given: {{{given}}}\n{held}    request: {request}\n    expect: {expect}\n"
    )
    return run_examples({"terms/standard.yaml": b"kind: terms", FILE: content.encode()}, rules or policy())


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


def fault(report: ExamplesReport) -> tuple[str, str, str]:
    """Code, path and text of the one fault; nothing ran."""
    assert report.cases == ()
    (found,) = report.faults
    return found.code, found.path, found.what


def test_the_designs_partial_churn() -> None:
    # 21,600 × 184/365 = 10,888.77 back, half of it as a fee, and 6,000 × 184/365 = 3,024.66 more for CRM.
    expect = (
        '{arr: "60000.00", due_now: "-2419.73", lost: [multi-product], terms: standard, '
        'due: {credit: "-10888.77", repricing: 3024.66, partial_cancellation_fee: "5444.38", clawback: 0}}'
    )
    assert only(run("{remove: [analytics]}", expect)).mismatches == ()


@pytest.mark.parametrize(
    ("expect", "path", "expected", "actual"),
    [
        ('{due_now: "2419.73"}', "due_now", "2419.73", "-2419.73"),
        ('{due: {credit: "-1"}}', "due.credit", "-1", "-10888.77"),
        ("{due: {over_use: 1}}", "due.over_use", "1", "0"),
        ("{lost: []}", "lost", "nothing", "multi-product"),
        ("{terms: enterprise}", "terms", "enterprise", "standard"),
    ],
)
def test_every_expectation_of_a_change_can_fail(expect: str, path: str, expected: str, actual: str) -> None:
    assert shown(run("{remove: [analytics]}", expect)) == (path, expected, actual)


def test_a_discount_that_grows_is_not_lost() -> None:
    # Three products give 15%: CRM 60,000, Analytics 24,000 and Reports 12,000 × 0.85
    request = "{add: [{product: reports, users: 100}]}"
    assert only(run(request, '{arr: "81600.00", lost: []}')).passed


@pytest.mark.parametrize(
    ("request_", "given", "expect"),
    [
        ("{set: [{product: crm, users: 110}]}", "", '{arr: "81000.00"}'),
        ("{remove: crm}", "", '{arr: "24000.00"}'),
        ("{remove: [{product: crm, users: 40}]}", "", '{arr: "54000.00"}'),
        ("{cancel: true}", "", '{arr: "0.00"}'),
        ("{true_up: [{product: crm, users: 104, since: 2026-03-01}]}", "", "{findings: [within-tolerance]}"),
        ("{trial: [{product: reports, users: 25}]}", "", '{arr: "75600.00"}'),
        # A year at the prices of the contract.
        ("{renew: true}", "effective: 2027-01-01", '{arr: "75600.00", tcv: "75600.00"}'),
        # 75,600 × 181/365
        ("{extend: 6}", "effective: 2027-01-01", '{tcv: "37489.31"}'),
        # 75,600 × 31/365 for January, and a fifth of 75,600
        ("{reinstate: true}", "effective: 2027-02-01", '{due: {reinstatement_fee: "21540.82"}}'),
        (
            "{remove: [analytics], waivers: [{what: partial_cancellation_fee}]}",
            "",
            '{due_now: "-7864.11", levels: [manager], findings: [repriced, term-waived]}',
        ),
    ],
)
def test_every_change_can_be_asked_for(request_: str, given: str, expect: str) -> None:
    assert only(run(request_, expect, given=given)).mismatches == ()


def test_a_contract_has_its_own_term_and_billing() -> None:
    contract = "{effective: 2026-01-01, term_months: 24, billing: monthly_in_advance, add: [{product: crm, users: 1}]}"
    report = run("{set: [{product: crm, users: 2}]}", '{arr: "1200.00"}', contract=contract, given="term_months: 12")
    quote = only(report).quote
    assert quote is not None
    assert (quote.request.term_months, quote.billing) == (24, "monthly_in_advance")


def test_a_refusal_to_sell_the_contract_is_no_refusal_of_the_change() -> None:
    contract = "{effective: 2026-01-01, term_months: 600, add: [{product: crm, users: 1}]}"
    path, expected, actual = shown(run("{remove: [crm]}", "{refused: term-out-of-range}", contract=contract))
    assert (path, expected) == ("contract", "a contract")
    assert actual.startswith("refused: term-out-of-range")


def test_a_refused_change_is_an_expectation() -> None:
    assert only(run("{remove: [reports]}", "{refused: not-on-contract}")).passed


MORE_AT_TWENTY_PERCENT = "add: [{product: reports, users: 9}], discounts: [{product: reports, percent: '20%'}]"


def test_coverage_is_by_the_change_and_not_by_the_sale_before_it() -> None:
    report = run("{remove: [analytics]}", "{lost: [multi-product]}")
    used = {rule.id for rule in report.coverage.rules if rule.cases}
    assert used == {"multi-product", "crm.seats in book-usd from 2020-01-01", "terms", "partial-cancellation", "fee"}


def test_a_level_that_waives_is_no_row_of_the_matrix() -> None:
    waivers = "remove: [analytics], waivers: [{what: partial_cancellation_fee}]"
    report = run(f"{{{MORE_AT_TWENTY_PERCENT}, {waivers}}}", "{levels: [manager, director]}")
    assert only(report).mismatches == ()
    assert [rule.id for rule in report.coverage.rules if rule.kind == "approval rows" and rule.cases] == ["any"]


@pytest.mark.parametrize(
    ("request_", "expect", "contract", "code", "path"),
    [
        ("{remove: [analytics]}", "{arr: 1}", None, "E511", "cases[0].request.remove"),
        ("{cancel: true}", "{arr: 1}", None, "E511", "cases[0].request.cancel"),
        ("{tier: growth}", "{arr: 1}", TWO, "E106", "cases[0].request"),
        ("{remove: [analytix]}", "{arr: 1}", TWO, "E510", "cases[0].request.remove[0]"),
        ("{set: [{product: crm, user: 9}]}", "{arr: 1}", TWO, "E503", "cases[0].request.set[0].user"),
        ("{waivers: [{what: fee}], cancel: true}", "{arr: 1}", TWO, "E103", "cases[0].request.waivers[0].what"),
        ("{cancel: true}", "{due: {credits: 1}}", TWO, "E510", "cases[0].expect.due.credits"),
        ("{cancel: true}", "{due_now: ten}", TWO, "E112", "cases[0].expect.due_now"),
        ("{cancel: true}", "{arr: 1}", TWO.replace("crm", "cmr"), "E510", "cases[0].contract.add[0].product"),
        ("{cancel: true}", "{arr: 1}", TWO.replace("users", "user", 1), "E503", "cases[0].contract.add[0].user"),
        ("{cancel: true}", "{arr: 1}", "{effective: 2026-01-01}", "E101", "cases[0].contract"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_place(
    request_: str, expect: str, contract: str | None, code: str, path: str
) -> None:
    assert fault(run(request_, expect, contract=contract))[:2] == (code, path)


def test_a_change_without_a_contract_may_be_shown_to_be_refused() -> None:
    report = run("{remove: [analytics]}", "{refused: nothing-to-change}", contract=None)
    assert report.faults == ()
    assert [case.passed for case in report.cases] == [True]


def test_a_wrong_amount_due_is_told_item_by_item() -> None:
    text = render_examples(run("{remove: [analytics]}", '{due_now: "0.00"}'))
    assert "due_now: expected 0.00, got -2419.73" in text
    assert "  credit                    analytics.seats" in text
