"""Terms: what a file of them compiles to, what each part may say, and what fees and scopes let pass."""

from __future__ import annotations

from decimal import Decimal

import pytest
from jsonschema import Draft7Validator

from pricing_engine.expressions import Kind
from pricing_engine.rulebook.documents.kinds import KINDS
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.load import check_rulebook, load_published, load_rulebook
from pricing_engine.rulebook.schema import schemas
from pricing_engine.rulebook.yaml_reader import read_yaml
from pricing_engine.terms.terms import (
    Allowed,
    Credit,
    CreditBase,
    OverUseMode,
    RenewalBasis,
    RenewalTerms,
    Terms,
    TrialEnd,
    Waivable,
)
from tests.unit.rulebook.small_rules import DIGITS, FILES, changed, small_rules
from tests.unit.rulebook.test_schema import plain

D = Decimal
NAME = "terms/standard.yaml"
HEAD = "kind: terms\nid: standard\nwhy: what everybody agrees to\n"
FULL = f"""\
{HEAD}price_hold: true
cancellation: {{notice_days: 60, fee: remaining_fees, why: a term is a promise}}
partial_cancellation:
  allowed: with_fee
  fee: 'remaining_fees * 0.50'
  cap: 'min(remaining_fees, fees_per_year)'
  free_window_days: 30
  notice_days: 30
  credit: refund
reinstatement: {{within_days: 180, lapse_fees_share: "100%", last_year_share: "20%", covers_lapse: true}}
over_use: {{tolerance: "5%", mode: true_up, multiplier: "125%"}}
renewal: {{basis: list, floor: "0%", cap: "7%", notice_days: 60, grace_days: 30, auto: true}}
guarantees:
  - {{milestone: first-100-users-active, due_days: 90, credit: "10%", of: quarter_fees}}
trials:
  - {{product: analytics, days: 30, limits: {{users: 25}}, repeatable: true, then: convert}}
waivers: {{cancellation_fee: deal_desk, notice: manager}}
"""
ENTERPRISE = "kind: terms\nid: enterprise\nwhen: 'segment == \"enterprise\"'\nwhy: they plan over years\n"


def with_terms(text: str, **more: str) -> dict[str, bytes]:
    """The small rules with terms; more files by the name of their terms."""
    return small_rules({NAME: text, **{f"terms/{name}.yaml": each for name, each in more.items()}})


def faults(text: str, **more: str) -> tuple[Fault, ...]:
    return check_rulebook(with_terms(HEAD + text, **more), currency_digits=DIGITS).faults


def told(text: str, **more: str) -> list[str]:
    return [f"{fault.code} {fault.path}: {fault.what}" for fault in faults(text, **more)]


@pytest.fixture(scope="module")
def terms() -> Terms:
    (found,) = load_rulebook(with_terms(FULL), currency_digits=DIGITS).terms
    return found


def test_a_file_with_every_field_has_no_fault() -> None:
    assert check_rulebook(with_terms(FULL), currency_digits=DIGITS).faults == ()


def test_rules_without_terms_have_none() -> None:
    assert load_published(small_rules(), currency_digits=DIGITS).terms == ()


def test_giving_up_is_compiled_with_its_formulas(terms: Terms) -> None:
    assert (terms.id, terms.when, terms.price_hold) == ("standard", None, True)
    whole, part = terms.cancellation, terms.partial_cancellation
    assert whole is not None
    assert whole.fee is not None
    assert part is not None
    assert part.fee is not None
    assert (whole.allowed, whole.notice_days, whole.credit, whole.fee.cap) == (
        Allowed.WITH_FEE,
        60,
        Credit.CREDIT,
        None,
    )
    assert (part.allowed, part.free_window_days, part.notice_days, part.credit) == (
        Allowed.WITH_FEE,
        30,
        30,
        Credit.REFUND,
    )
    facts = {"remaining_fees": D("10888.77"), "fees_per_year": D("5000")}
    # Half of 10,888.77 is 5,444.385, unrounded (P2); the cap is the smaller of the two amounts.
    assert part.fee.formula.evaluate(facts) == D("5444.3850")
    assert part.fee.cap is not None
    assert part.fee.cap.evaluate(facts) == D("5000")
    assert part.fee.formula.kind is Kind.MONEY


def test_each_part_is_a_rule_that_says_where_it_stands_and_why(terms: Terms) -> None:
    assert terms.cancellation is not None
    assert terms.over_use is not None
    assert terms.cancellation.rule == ("standard.cancellation", NAME, 5, "a term is a promise")
    assert terms.over_use.rule == ("standard.over_use", NAME, 14, "what everybody agrees to")
    assert terms.guarantees[0].rule.id == "standard.guarantee.first-100-users-active"
    assert terms.trials[0].rule.id == "standard.trial.analytics"


def test_the_other_parts_are_compiled_field_by_field(terms: Terms) -> None:
    back, over_use, renewal = terms.reinstatement, terms.over_use, terms.renewal
    assert back is not None
    assert over_use is not None
    assert renewal is not None
    assert (back.within_days, back.lapse_fees_share, back.last_year_share) == (180, D(1), D("0.2"))
    assert back.covers_lapse
    assert (over_use.mode, over_use.tolerance, over_use.multiplier) == (OverUseMode.TRUE_UP, D("0.05"), D("1.25"))
    expected = RenewalTerms(renewal.rule, RenewalBasis.LIST, D(0), D("0.07"), D(0), 60, 30, auto=True)
    assert renewal == expected
    (promise,), (trial,) = terms.guarantees, terms.trials
    assert (promise.milestone, promise.due_days, promise.credit, promise.of) == (
        "first-100-users-active",
        90,
        D("0.1"),
        CreditBase.QUARTER_FEES,
    )
    assert (trial.product, trial.days, trial.limits) == ("analytics", 30, {"users": D(25)})
    assert trial.is_repeatable
    assert trial.then is TrialEnd.CONVERT
    assert terms.waivers == {Waivable.CANCELLATION_FEE: "deal_desk", Waivable.NOTICE: "manager"}


def test_terms_stand_in_the_order_of_file_names() -> None:
    found = load_rulebook(with_terms(HEAD, enterprise=ENTERPRISE), currency_digits=DIGITS).terms
    assert [each.id for each in found] == ["enterprise", "standard"]
    (for_some, for_all) = found
    assert for_some.when is not None
    assert for_some.when.evaluate({"segment": "enterprise"}) is True
    assert (for_all.when, for_all.cancellation, for_all.renewal) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("partial_cancellation: {allowed: never, fee: remaining_fees}", "E106"),
        ("partial_cancellation: {allowed: at_renewal, fee: remaining_fees}", "E106"),
        ("partial_cancellation: {allowed: with_fee}", "E106"),
        ("cancellation: {cap: remaining_fees}", "E106"),
        ("partial_cancellation: {allowed: no}", "Y030"),
        ("cancellation: {allowed: no_way}", "E102"),
        ("cancellation: {credit: half}", "E103"),
        ("renewal: {grace_days: 3661}", "E127"),
        ("over_use: {tolerance: 5, mode: true_up}", "E118"),
        ("trials: [{product: analytics, days: 0}]", "E127"),
        ("guarantees: [{milestone: Live, due_days: 9, credit: 10%, of: year_fees}]", "E110"),
    ],
)
def test_what_makes_no_sense_in_itself_is_refused(text: str, fault: str) -> None:
    assert [each.code for each in faults(text)] == [fault]


def test_a_fee_of_nothing_and_a_part_given_up_at_renewal_are_fine() -> None:
    assert told('cancellation: {fee: "0"}\npartial_cancellation: {allowed: at_renewal, notice_days: 30}') == []


def test_something_unknown_to_waive_is_told_at_its_key() -> None:
    (fault,) = faults("waivers: {cancelation_fee: manager}")
    assert (fault.code, fault.path, fault.length) == ("E103", "waivers.cancelation_fee", len("cancelation_fee"))
    assert fault.fix == "did you mean cancellation_fee?"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("waivers: {notice: boss}", "E207 waivers.notice: there is no approval level boss"),
        ("trials: [{product: analytic, days: 9}]", "E202 trials[0].product: there is no product analytic"),
        ("trials: [{product: crm, days: 9, limits: {user: 1}}]", "E203 trials[0].limits.user: there is no metric user"),
        (
            "trials: [{product: crm, days: 9}, {product: crm, days: 8}]",
            "E201 trials[1].product: the trial of crm is there twice",
        ),
        (
            "guarantees:\n"
            "  - {milestone: live, due_days: 9, credit: 10%, of: year_fees}\n"
            "  - {milestone: live, due_days: 8, credit: 110%, of: year_fees}",
            "E201 guarantees[1].milestone: the milestone live is there twice",
        ),
    ],
)
def test_names_point_at_something_and_are_there_once(text: str, fault: str) -> None:
    assert fault in told(text)


def test_a_credit_of_more_than_the_fees_is_refused() -> None:
    text = "guarantees: [{milestone: live, due_days: 8, credit: 110%, of: year_fees}]"
    assert told(text) == ["E402 guarantees[0].credit: 110% is more than all of it"]


def test_two_sets_of_one_name_are_told() -> None:
    assert "E201 id: the set of terms standard is there twice" in told("", other=HEAD)


def test_terms_for_nobody_are_told() -> None:
    dead = ENTERPRISE.replace("enterprise\"'", 'enterprise" and segment == "smb"\'')
    assert [each.code for each in faults("", enterprise=dead)] == ["E415"]


def test_of_an_unreadable_file_it_is_not_said_that_terms_are_missing() -> None:
    files = with_terms("kind: terms\nid: standard\n", enterprise=ENTERPRISE)
    assert [each.code for each in check_rulebook(files, currency_digits=DIGITS).faults] == ["E101"]


def test_what_a_change_gives_up_is_known_to_fees_only() -> None:
    elsewhere = "it is known at the step that changes a contract: in fees and caps of terms"
    places = {
        "discounts/spring-promotion.yaml": ("term_months >= 12", "fees_per_year >= 12"),
        "discounts/discretion.yaml": ("arr_after < 250000", "remaining_fees < 250000"),
        "discounts/multi-product.yaml": ("by: product_count", "by: year_of_term"),
        "approvals/discount.yaml": ("acv: range", "remaining_fees: range"),
    }
    for file, (old, new) in places.items():
        found = check_rulebook(changed(file, old, new), currency_digits=DIGITS).faults
        assert [each.code for each in found if each.what.endswith(elsewhere)], file
    assert [
        each.code for each in faults("", odd=ENTERPRISE.replace('segment == "enterprise"', "year_of_term > 1"))
    ] == ["E061"]


def test_a_fee_sees_the_account_and_the_request_but_no_price() -> None:
    assert told("cancellation: {fee: 'remaining_fees * (0.5 if prepaid and term_months > 12 else 1)'}") == []
    (fault,) = faults("cancellation: {fee: 'min(remaining_fees, arr_after)'}")
    assert (fault.code, fault.position.line, fault.position.column) == ("E061", 4, 42)
    assert "in discretion limits and approvals" in fault.what
    (fault,) = faults("cancellation: {fee: 'remaining_fees * users'}")
    assert (fault.code, "in discount policies" in fault.what) == ("E061", True)


@pytest.mark.parametrize(
    ("fee", "codes"),
    [
        ("fee: 'remaining_fees * 1.5'", ["E603"]),
        ("fee: 'remaining_fees * 1.5', cap: remaining_fees", []),
        ("fee: 'remaining_fees * 1.5', cap: fees_per_year", ["W604"]),
        ("fee: 'fees_per_year / 4', credit: none", ["W604"]),
        ("fee: 'min(fees_per_year, remaining_fees / 2)', credit: none", []),
        ("fee: 'max(fees_per_year, remaining_fees)', cap: remaining_fees, credit: none", ["W610"]),
        ("fee: 'remaining_fees * 1.5', cap: 'remaining_fee'", ["E060"]),
    ],
)
def test_a_fee_is_held_against_the_remaining_fees(fee: str, codes: list[str]) -> None:
    assert [each.code for each in faults(f"cancellation: {{{fee}}}")] == codes


def test_terms_need_the_vocabulary_and_metrics_they_use() -> None:
    files = {**with_terms(FULL), "metrics.yaml": None, "vocabulary.yaml": None}
    found = check_rulebook({name: each for name, each in files.items() if each}, currency_digits=DIGITS).faults
    assert {(each.code, each.file) for each in found} == {("E225", "metrics.yaml"), ("E225", "vocabulary.yaml")}


def test_the_schema_accepts_terms_and_refuses_what_an_editor_should_underline() -> None:
    assert "terms" in KINDS
    assert NAME not in FILES
    schema = Draft7Validator(schemas()["terms"])
    for text, is_right in ((FULL, True), (FULL.replace("notice: manager", "notcie: manager"), False)):
        document, _ = read_yaml(NAME, text.encode())
        assert document is not None
        assert schema.is_valid(plain(document.data)) is is_right
