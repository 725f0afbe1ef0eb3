"""Parts of terms are covered by the examples that are about them, whether or not they come to an amount."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_engine.rulechecks.examples import ExamplesReport
from pricing_engine.terms.terms import CreditBase, Guarantee, TrialRule
from tests.contracts import some_terms
from tests.rulebooks import D, ref
from tests.unit.rulechecks.test_contract_examples import policy, run

LIVE = Guarantee("live", ref("live"), due_days=200, credit=D("0.1"), of=CreditBase.YEAR_FEES)
REPORTS = TrialRule("reports", ref("reports"), days=30, limits={"users": D(25)})
CANCELLATION, PARTIAL = "cancellation", "partial-cancellation"
FEES = {CANCELLATION: "whole-fee", PARTIAL: "partial-fee"}
ALL = {"terms", *FEES, *FEES.values(), "reinstatement", "over-use", "renewal", "live", "reports"}


def example(request: str, *, given: str = "", contract: bool = True) -> ExamplesReport:
    """The report on one example under terms that have every part; what it expects does not matter."""
    terms = some_terms(guarantees=(LIVE,), trials=(REPORTS,))
    cancellation, partial = terms.cancellation, terms.partial_cancellation
    assert cancellation is not None
    assert cancellation.fee is not None
    assert partial is not None
    assert partial.fee is not None
    whole = replace(cancellation, rule=ref(CANCELLATION), fee=replace(cancellation.fee, rule=ref(FEES[CANCELLATION])))
    part = replace(partial, rule=ref(PARTIAL), fee=replace(partial.fee, rule=ref(FEES[PARTIAL])), free_window_days=30)
    rules = replace(policy(), terms=(replace(terms, cancellation=whole, partial_cancellation=part),))
    more = {} if contract else {"contract": None}
    return run(request, '{arr: "1.00"}', given=given, rules=rules, **more)


def fired(report: ExamplesReport) -> set[str]:
    """The parts of terms that the example makes fire."""
    rules = [rule for rule in report.coverage.rules if rule.kind == "parts of terms"]
    assert {rule.id for rule in rules} == ALL
    return {rule.id for rule in rules if rule.cases}


@pytest.mark.parametrize(
    ("request_", "given", "parts"),
    [
        # The milestone is due on 2026-07-20, and so at stake in what is changed before.
        ("{add: [{product: crm, users: 1}]}", "", {"live"}),
        ("{add: [{product: crm, users: 1}]}", "effective: 2026-08-01", set()),
        ("{remove: [analytics]}", "", {PARTIAL, FEES[PARTIAL], "live"}),
        ("{remove: [{product: crm, users: 1}]}", "effective: 2026-08-01", {PARTIAL, FEES[PARTIAL]}),
        # In the first thirty days there is no fee, which is of the terms too.
        ("{remove: [analytics]}", "effective: 2026-01-10", {PARTIAL, "live"}),
        ("{cancel: true}", "effective: 2026-08-01", {CANCELLATION, FEES[CANCELLATION]}),
        ("{cancel: true}", "effective: 2027-01-01", set()),
        ("{reinstate: true}", "effective: 2027-02-01", {"reinstatement", "live"}),
        ("{true_up: [{product: crm, users: 104, since: 2026-03-01}]}", "effective: 2026-08-01", {"over-use"}),
        ("{renew: true}", "effective: 2027-01-01", {"renewal", "live"}),
        ("{extend: 6}", "effective: 2027-01-01", {"renewal", "live"}),
        ("{trial: [{product: reports, users: 25}]}", "effective: 2026-08-01", {"reports"}),
    ],
)
def test_a_part_is_covered_by_a_change_that_is_about_it(request_: str, given: str, parts: set[str]) -> None:
    assert fired(example(request_, given=given)) == {"terms", *parts}


def test_a_new_sale_is_under_its_terms_and_about_no_part_of_them() -> None:
    assert fired(example("{add: [{product: crm, users: 1}]}", contract=False)) == {"terms"}


def test_nothing_is_covered_by_a_request_that_is_refused() -> None:
    assert fired(example("{trial: [{product: reports, users: 26}]}")) == set()
