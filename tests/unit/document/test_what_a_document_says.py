"""What the customer reads, with figures worked by hand, and what no customer may read."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pricing_engine.catalog.charge_models import Band, Graduated
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Selector, Timing
from pricing_engine.document import wording
from pricing_engine.document.assemble import DocumentNotPossible, assemble_document
from pricing_engine.document.locales import locale_named
from pricing_engine.policies.discounts import DiscountPolicy, Percent
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import (
    Add,
    Cancel,
    DiscountRequest,
    PercentOff,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    Waiver,
)
from pricing_engine.terms.terms import CreditBase, Guarantee, RenewalTerms, TrialRule, Waivable
from tests.contracts import a_rulebook_of_three, crm_and_analytics, some_terms
from tests.documents import KEPT, a_document, a_document_of_change, document_of, facts, part, rows, texts
from tests.rulebooks import D, a_policy, a_product, a_rulebook, add, quote, ref, seats

LIMIT = DiscretionLimit("rep-any", "rep", D("0.10"), D("0.10"), Selector(), ref("rep-any"))
TEN_ALLOWED = Discretion(limits=(LIMIT,), may_price=frozenset())
CRM_AT_50 = a_rulebook([a_product("crm")], {"crm.seats": "50"}, discretion=TEN_ALLOWED)
TEN_OFF = DiscountRequest(PercentOff(D("0.10")), why="they threatened to leave")


def test_each_charge_stands_with_quantity_list_price_discount_net_price_and_year() -> None:
    # 100 × 50.00 × 12 = 60,000.00 at list; 10% off is 45.00 a user and month and 54,000.00 a year.
    document = a_document(CRM_AT_50, add("crm", "100"), discounts=(TEN_OFF,))
    per = "per user a month"
    assert rows(part(document, "What you buy")) == [
        ["Crm (seats)", "100 users", f"$50.00 ({per})", "−10.0%", f"$45.00 ({per})", "$54,000.00"],
        ["Recurring, a year from Jan 1, 2026", "", "", "", "", "$54,000.00"],
    ]


def test_a_later_quantity_stands_below_its_charge() -> None:
    # 100 users for half a year, then 120: 120 × 50.00 × 12 = 72,000.00 a year from July on.
    ramp = (RampStep(6, {"users": D(120)}),)
    document = a_document(CRM_AT_50, Add("crm", {"users": D(100)}, ramp=ramp))
    assert rows(part(document, "What you buy"))[1][:2] == ["(from Jul 1, 2026)", "120 users"]
    assert rows(part(document, "What you buy"))[1][-1] == "$72,000.00"


def test_what_is_paid_once_is_said_to_be_and_in_no_year() -> None:
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    document = a_document(
        a_rulebook([a_product("crm"), setup], {"crm.seats": "50", "setup.fee": "500"}), add("crm", "10"), add("setup")
    )
    # 10 × 50.00 × 12 = 6,000.00 a year and 500.00 once.
    assert rows(part(document, "What you buy"))[1:] == [
        ["Setup (fee)", "", "$500.00 (once)", "", "$500.00 (once)", "$500.00 (once)"],
        ["Recurring, a year from Jan 1, 2026", "", "", "", "", "$6,000.00"],
    ]
    assert rows(part(document, "From list price to total"))[-1] == ["of it charged once", "", "$500.00"]


def test_list_becomes_the_total_by_kinds_of_discount() -> None:
    # 60,000.00; 15% by policy leaves 51,000.00; 10% of that asked leaves 45,900.00.
    rulebook = a_rulebook(
        [a_product("crm")], {"crm.seats": "50"}, discounts=[a_policy("fifteen", "0.15")], discretion=TEN_ALLOWED
    )
    document = a_document(rulebook, add("crm", "100"), discounts=(TEN_OFF,))
    assert rows(part(document, "From list price to total")) == [
        ["List price, 12 months", "", "$60,000.00"],
        ["Discounts by our price list", "−15.0%", "−$9,000.00"],
        ["Discount for this quote", "−8.5%", "−$5,100.00"],
        ["Total, 12 months, net of tax", "−23.5%", "$45,900.00"],
    ]


def test_the_three_figures_a_reader_looks_for_stand_first() -> None:
    document = a_document(CRM_AT_50, add("crm", "100"), billing="monthly_in_advance")
    assert [(fact.name, *fact.sentences) for fact in document.highlights] == [
        ("A year", "$60,000.00"),
        ("Over 12 months", "$60,000.00"),
        ("First invoice, Jan 1, 2026", "$5,000.00"),
    ]
    assert rows(part(document, "First invoice, Jan 1, 2026"))[0] == [
        "Crm (seats)",
        "for Jan 1, 2026 – Jan 31, 2026",
        "$5,000.00",
    ]


def test_a_head_says_for_whom_which_quote_of_which_day_and_until_when_it_holds() -> None:
    document = a_document(CRM_AT_50, add("crm", "100"), valid_until=date(2026, 2, 28))
    head = {fact.name: fact.sentences[0] for fact in document.facts}
    assert document.customer == "Test Ltd"
    assert head["Quote"] == "quo_test"
    assert head["Date"] == "Jan 2, 2026, version 1"
    assert head["Valid until"] == "Feb 28, 2026"
    assert head["Term"] == "12 months, Jan 1, 2026 – Dec 31, 2026"
    assert head["Currency"] == "US Dollar (USD)"
    assert "net of tax" in part(document, "From list price to total").remarks[0]


def test_a_change_is_shown_line_by_line_beside_what_there_was() -> None:
    # The worked partial churn of pricing.md: Analytics leaves on 1 July, CRM loses its 10%.
    document = a_document_of_change(crm_and_analytics(), Remove("analytics"))
    assert rows(part(document, "What changes")) == [
        [
            "Crm (seats · new price)",
            "100 users",
            "[$54,000.00] ($45.00 per user a month)",
            "$60,000.00 ($50.00 per user a month)",
            "+$6,000.00",
            "+$3,024.66",
        ],
        ["Analytics (seats · removed)", "[100]0", "[$21,600.00]", "", "−$21,600.00", "−$10,888.77"],
        ["Fees and other items", "", "", "", "", "+$5,444.38"],
        ["Recurring, a year", "", "$75,600.00", "$60,000.00", "−$15,600.00", "−$2,419.73"],
    ]


def test_what_is_due_is_made_item_by_item_with_how() -> None:
    document = a_document_of_change(crm_and_analytics(), Remove("analytics"))
    due = part(document, "What is due now")
    assert sorted(rows(due)[:-1]) == [
        ["Credit for what is given up (Analytics · seats)", "$21,600.00 × 184/365", "−$10,888.77"],
        ["Fee for giving up a part", "remaining fees × 50%; the remaining fees are $10,888.767", "$5,444.38"],
        ["Price of what stays (Crm · seats)", "($60,000.00 − $54,000.00) × 184/365", "$3,024.66"],
    ]
    assert rows(due)[-1] == ["Credited on Jul 1, 2026", "", "−$2,419.73"]
    assert "184/365" in due.remarks[0]


def test_a_cancellation_says_when_the_contract_ends_instead() -> None:
    document = a_document_of_change(crm_and_analytics(), Cancel())
    head = {fact.name: fact.sentences[0] for fact in document.facts}
    assert document.title == "Cancellation of contract"
    assert head["Term"] == "ends Jun 30, 2026, instead of Dec 31, 2026"
    assert "What you will have" not in {section.heading for section in document.sections}


def test_a_renewal_shows_its_first_invoice_and_the_limit_of_its_price() -> None:
    # By list 80.00 × 100 × 12 = 96,000.00; at most 54,000.00 × 1.07 = 57,780.00 for CRM.
    book = crm_and_analytics().under(a_rulebook_of_three({"crm.seats": "80", "analytics.seats": "20"}, hash="1" * 64))
    document = a_document_of_change(book, Renew(), on=date(2027, 1, 1))
    crm = rows(part(document, "What changes"))[0]
    assert crm[3].startswith("$57,780.00")
    assert document.highlights[2].name == "First invoice, Jan 1, 2027"
    assert any(row[0] == "Limits on the renewal price" for row in rows(part(document, "From list price to total")))


def test_a_reinstatement_shows_its_fee_beside_the_first_invoice_of_the_day() -> None:
    # The lapse is January and February: 75,600.00 × 59 ÷ 365 = 12,220.27, and a fifth of 75,600.00 is 15,120.00.
    document = a_document_of_change(crm_and_analytics(), Reinstate(), on=date(2027, 3, 1))
    (fee, total) = rows(part(document, "What is due now"))
    assert fee == [
        "Fee for coming back",
        "100% of the fees of the days not covered and 20% of the last yearly fee",
        "$27,340.27",
    ]
    assert total[-1] == "$27,340.27"
    # and 75,600.00 for the new year
    assert document.highlights[2].sentences == ("$102,940.27",)
    assert rows(part(document, "First invoice, Mar 1, 2027"))[-1][-1] == "$102,940.27"


def test_a_trial_says_until_when_it_costs_nothing_and_what_comes_then() -> None:
    tried = TrialRule("core", ref("trial"), 30, {"users": D(25)})
    book = crm_and_analytics(terms=[some_terms(trials=(tried,))])
    document = a_document_of_change(book, Trial("core", {"users": D(20)}))
    per = "per user a month"
    assert rows(part(document, "What you will have"))[2:4] == [
        ["Core (seats, on trial)", "20 users", f"$10.00 ({per})", "−100.0%", f"$0.00 ({per})", "$0.00"],
        ["(until Jul 30, 2026)", "", "", "", "", ""],
    ]
    said = facts(part(document, "Terms “standard”"))
    assert said["Trials"] == ("Core: 30 days at no charge, up to 25 users; then it ends.",)


def test_many_invoices_are_folded_into_runs_that_sum_to_all() -> None:
    # 60 months of 5,000.00
    document = a_document(CRM_AT_50, add("crm", "100"), term_months=60, billing="monthly_in_advance")
    shown = rows(part(document, "Invoices"))
    assert len(shown) < 10
    assert shown[-1] == ["All invoices", "", "60", "", "$300,000.00"]
    assert sum(int(row[2]) for row in shown[:-1]) == 60


def test_use_without_commitment_is_shown_with_the_price_it_has() -> None:
    api = a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE))
    bands = Graduated((Band(D(1000), D("0.02")), Band(None, D("0.01"))))
    rulebook = a_rulebook([a_product("crm"), api], {"crm.seats": "50", "api.calls": Price(bands, included=D(100))})
    document = a_document(rulebook, add("crm", "10"), Add("api"))
    assert facts(part(document, "Prices of use")) == {
        "Api · calls": (
            "Each at the price of its band: up to 1,000 calls: $0.02 per call; above: $0.01 per call",
            "The first 100 calls a month are included",
        )
    }
    assert rows(part(document, "What you buy"))[1][-1] == "as used"


def test_terms_are_sentences_with_their_figures() -> None:
    promise = Guarantee("go-live", ref("go-live"), 90, D("0.10"), CreditBase.QUARTER_FEES)
    terms = some_terms(
        guarantees=(promise,), renewal=RenewalTerms(ref("r"), cap=D("0.07"), floor=D(0), notice_days=60, auto=True)
    )
    document = a_document(a_rulebook_of_three(terms=[terms]), add("crm", "100"))
    said = facts(part(document, "Terms “standard”"))
    assert said["Renewal"] == (
        "The contract renews by itself unless one of us gives notice 60 days before its term ends.",
        "A new term is priced by the price list of its day, at most 7% above the price so far and not below it.",
    )
    # 60,000.00 a year; 10% of a quarter of that; 90 days after 1 January is 1 April.
    assert said["What we promise"] == (
        "Go live: by Apr 1, 2026, or $1,500.00 are credited. That is 10% of a quarter’s fees.",
    )
    assert (
        "Fee: remaining fees × 50%, and never more than the remaining fees of what is given up."
        in said["Giving up a part"]
    )
    assert "Fee: all remaining fees of what is given up." in said["Leaving early"]
    assert said["Coming back after a lapse"][1] == (
        "Fee: 100% of the fees of the days not covered and 20% of the last yearly fee."
    )
    assert said["Use above what you bought"][0].startswith("Up to 5% more is not charged")


def test_terms_agreed_otherwise_stand_as_agreed() -> None:
    terms = some_terms(waivers={Waivable.UPLIFT_CAP: "director", Waivable.PARTIAL_CANCELLATION_FEE: "deal_desk"})
    book = crm_and_analytics(terms=[terms])
    waivers = (Waiver("uplift_cap", "3%", "third year"), Waiver("partial_cancellation_fee", None, "strategic"))
    document = a_document_of_change(book, Remove("analytics"), waivers=waivers)
    said = facts(part(document, "Terms “standard”"))
    assert "at most 3% above the price so far" in said["Renewal"][1]
    assert said["Agreed otherwise for this change"] == ("Fee for giving up a part: waived.",)
    assert not {"third year", "strategic"} & set(texts(document))


def _secretive() -> tuple[Any, ...]:
    """A quote in which everything that is not the customer's business has a word that betrays it."""
    policy: DiscountPolicy = a_policy("innersecret-policy", Percent(D("0.15")))
    rulebook = a_rulebook(
        [a_product("crm")], {"crm.seats": "50"}, discounts=[policy], terms=[some_terms()], discretion=TEN_ALLOWED
    )
    sold = quote(
        rulebook,
        add("crm", "100"),
        discounts=(DiscountRequest(PercentOff(D("0.10")), why="innersecret why"),),
        external_ref="innersecret-opportunity",
    )
    findings = (Finding("margin-low", Severity.APPROVAL, "innersecret finding", facts={"margin": D("0.4")}),)
    return sold._replace(findings=findings, approval_levels=("innersecret-level",)), rulebook


def test_nothing_of_what_is_ours_alone_is_in_it() -> None:
    sold, rulebook = _secretive()
    said = "\n".join(texts(document_of(sold, rulebook)))
    assert "Crm" in said
    for ours in ("innersecret", ".yaml", "because of", "margin", "approv", "mid_market", "rulebook", "book-usd"):
        assert ours not in said.lower(), ours


def test_a_refused_quote_has_no_document_and_its_refusals_are_named_by_code() -> None:
    sold = quote(CRM_AT_50, add("crm", "100"))
    refused = sold._replace(findings=(Finding("below-floor", Severity.REFUSAL, "net 12.00 is below 13.00"),))
    with pytest.raises(DocumentNotPossible) as raised:
        document_of(refused, CRM_AT_50)
    assert "below-floor" in raised.value.what
    assert "13.00" not in f"{raised.value.what}{raised.value.fix}{raised.value.facts}"


def test_a_quote_with_a_price_on_request_names_the_line_that_lacks_it() -> None:
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": None})
    with pytest.raises(DocumentNotPossible, match=r"no price yet for crm\.seats") as raised:
        a_document(rulebook, add("crm", "100"))
    assert "unit_prices" in raised.value.fix


def test_the_same_quote_gives_an_equal_document() -> None:
    sold = crm_and_analytics()
    asked = (Set("crm", {"users": D(120)}), Remove("analytics"))
    assert a_document_of_change(sold, *asked) == a_document_of_change(sold, *asked)


def test_every_word_of_the_wording_is_used() -> None:
    folder = Path(wording.__file__).parent
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")]
    used = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {name for name in vars(wording) if name.isupper()} - used == set()


def test_whoever_assembles_it_a_quote_without_totals_is_refused_first() -> None:
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": None})
    sold = quote(rulebook, add("crm", "100"))
    with pytest.raises(DocumentNotPossible):
        assemble_document(sold, rulebook=rulebook, held=None, kept=KEPT, locale=locale_named("en-US"))


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (QuoteState.DRAFT, "Draft"),
        (QuoteState.APPROVED, "Draft"),
        (QuoteState.PRESENTED, ""),
        (QuoteState.ACCEPTED, ""),
        (QuoteState.DECLINED, "Declined"),
        (QuoteState.EXPIRED, "Expired"),
        (QuoteState.WITHDRAWN, "Withdrawn"),
        (QuoteState.SUPERSEDED, "Superseded"),
    ],
)
def test_what_is_no_offer_says_so_across_the_page(state: QuoteState, mark: str) -> None:
    sold = quote(CRM_AT_50, add("crm", "100"))._replace(state=state)
    document = document_of(sold, CRM_AT_50)
    assert document.mark == mark
    assert bool(document.notice) == bool(mark)
