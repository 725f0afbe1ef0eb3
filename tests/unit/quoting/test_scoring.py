"""What scoring says of a quote, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.deal_of_quote import offered_by
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import ContractRef, DiscountRequest, PercentOff, RampStep, Renew, Set, Trial, Waiver
from pricing_engine.quoting.scoring import ScoredBy
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.guidance import Source
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.price_response import Method, PriceResponse
from pricing_engine.scoring.scorecard import Score
from pricing_engine.scoring.scored import Scored
from pricing_engine.scoring.win_model import NumberFeature, WinModel
from tests.rulebooks import ACCOUNT, add, ask
from tests.scored_rules import GUIDANCE, SCORECARD, scored_files, scored_rulebook
from tests.unit.rulebook.small_rules import DIGITS

D = Decimal
TERMS = b"kind: terms\nid: standard\nwhy: usual\nrenewal: {basis: list, notice_days: 30, auto: true}\n"
TRIALS = b"trials: [{product: analytics, days: 30, limits: {users: 25}, then: end, why: seen once it sells itself}]\n"
RULES = scored_rulebook()
SMB = ACCOUNT._replace(attributes={"segment": "smb", "prepaid": False})


def priced(rulebook: Rulebook = RULES, *, users: str = "40", **more: object) -> Quote:
    """The quote of so many CRM seats at 50.00 a month."""
    return assemble_quote(ask(add("crm", users), **({"account": SMB} | more)), rulebook=rulebook, quote_id="quo_test")


def scored(quote: Quote) -> Scored:
    """What scoring says of it."""
    assert quote.scored is not None
    return quote.scored


def score(quote: Quote) -> Score:
    """Its score."""
    found = scored(quote).score
    assert found is not None
    return found


def test_each_part_is_its_share_of_the_weight_and_the_parts_sum_to_the_score() -> None:
    # 40 × 50.00 × 12 = 24,000 at list; the target is 10% off, 21,600: more than asked for counts as all of it.
    # Cost 40 × 8.00 × 12 = 3,840: margin 20,160 / 24,000 = 0.84, of 30 points 25.2.
    # 12 of 48 months: 5 of 20. A year is paid ahead: 10 of 10.
    found = score(priced())
    assert {each.id: each.points for each in found.factors} == {
        "price": D("40.0"),
        "margin": D("25.2"),
        "term": D("5.0"),
        "ahead": D("10.0"),
    }
    assert (found.points, found.band) == (D("80.2"), "strong")


def test_a_discount_beyond_the_target_costs_points() -> None:
    # 28% off is 17,280: 0.8 of 21,600, so 32 of 40; margin (17,280 - 3,840) / 17,280 = 0.7778, of 30 points 23.3.
    asked = DiscountRequest(PercentOff(D("0.28")), why="must win")
    found = score(priced(discounts=(asked,), role="deal_desk"))
    assert [each.points for each in found.factors] == [D("32.0"), D("23.3"), D("5.0"), D("10.0")]


def test_what_is_paid_in_arrears_or_month_by_month_is_paid_less_ahead() -> None:
    # One month ahead of twelve: 10 × 1/12 = 0.8.
    assert score(priced(billing="monthly_in_advance")).factors[-1].points == D("0.8")


def test_what_is_not_known_counts_nothing_and_is_named() -> None:
    card = SCORECARD.replace("either(margin, 0)", '1 if segment == "smb" else 0')
    found = score(priced(scored_rulebook(scorecard=card), account=ACCOUNT._replace(attributes={"prepaid": False})))
    assert [(each.points, each.missing) for each in found.factors if each.id == "margin"] == [(D(0), "segment")]


def test_guidance_is_the_first_row_that_holds_within_what_policy_lets() -> None:
    # Net is at least 55% of list, and the cost of 3,840 over 70%, which is less: so 45% off at most.
    guided = scored(priced()).guidance
    assert guided is not None
    assert (guided.stretch, guided.target, guided.floor) == (D("0.05"), D("0.10"), D("0.45"))
    assert (guided.evidence.source, guided.evidence.rule) == (Source.RULES, "usual")
    # 100 × 50 × 12 = 60,000 at list, and Growth's 10,800: the row of large deals begins with 60,000.
    large = scored(priced(users="100")).guidance
    assert large is not None
    assert (large.target, large.evidence.rule) == (D("0.20"), "large")


def test_the_floor_is_what_keeps_the_margin_where_that_is_less() -> None:
    # At a unit cost of 26.00 net is at least 26 / 0.70 = 37.142857 of 50: 25.71% off, and the target no more than that.
    dear = scored_files(guidance=GUIDANCE.replace('"10%"', '"30%"', 2).replace('"20%"', '"30%"'))
    dear["products/crm.yaml"] = dear["products/crm.yaml"].replace(b'"8.00"', b'"26.00"')
    guided = scored(priced(load_rulebook(dear, currency_digits=DIGITS))).guidance
    assert guided is not None
    assert (guided.floor, guided.target) == (D("0.2571"), D("0.2571"))


def test_the_floor_of_a_ramp_is_that_of_its_cheapest_units() -> None:
    """From July on 500 seats are at 20.00 instead of 50.00; at a unit cost of 11.00 net is at least 15.714."""
    files = scored_files()
    files["products/crm.yaml"] = files["products/crm.yaml"].replace(b'"8.00"', b'"11.00"')
    files["price_books/usd.yaml"] = files["price_books/usd.yaml"].replace(
        b'list 2026, model: per_unit, unit_price: "50.00"}',
        b'list 2026, model: volume, bands: [{up_to: 100, unit_price: "50.00"}, {unit_price: "20.00"}]}',
    )
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    ramped = add("crm", "40")._replace(ramp=(RampStep(6, {"users": D(500)}),))
    asked = DiscountRequest(PercentOff(D("0.22")), product="crm", why="must win")
    request = ask(ramped, account=SMB, role="deal_desk", discounts=(asked,))
    quote = assemble_quote(request, rulebook=rulebook, quote_id="q")
    assert "below-floor" in [each.code for each in quote.findings]
    floors = {each.line: each.guidance.floor for each in scored(quote).lines}
    assert floors["crm.seats"] == D("0.2142")


def test_a_renewal_for_less_retains_less() -> None:
    """Of 40 seats 30 are renewed: 18,000 of 24,000 a year."""
    card = SCORECARD.replace("either(margin, 0)", "either(retained, 0)")
    files = scored_files(scorecard=card) | {"terms/standard.yaml": TERMS}
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    contract = book_contract(ask(add("crm", "40"), account=SMB), rulebook=rulebook, contract_id="con_1")
    held = Held(contract, {rulebook.hash: rulebook})
    changes = (Renew(), Set("crm", {"users": D(30)}))
    request = ask(
        *changes, account=SMB, effective_date=contract.ends, as_of=contract.ends, contract=ContractRef("con_1", 1)
    )
    found = score(assemble_quote(request, rulebook=rulebook, quote_id="q", held=held))
    # In 2027 a seat is at 52.00: 30 × 52 × 12 = 18,720 of 24,000 is 0.78, of 30 points 23.4.
    assert found.factors[1].points == D("23.4")


def test_a_row_of_a_change_goes_by_arr_at_list_of_all_that_the_account_has() -> None:
    """A contract of 400 CRM seats, 250,800 at list, takes 40 of Analytics: 9,600 more."""
    contract = book_contract(ask(add("crm", "400"), account=SMB), rulebook=RULES, contract_id="con_1")
    request = ask(add("analytics", "40"), account=SMB, contract=ContractRef("con_1", 1))
    quote = assemble_quote(request, rulebook=RULES, quote_id="q", held=Held(contract, {RULES.hash: RULES}))
    assert [(each.line, each.guidance.evidence.rule) for each in scored(quote).lines] == [("analytics.seats", "large")]


def test_a_quote_of_lines_with_and_without_guidance_has_none() -> None:
    only_insight = GUIDANCE.replace("{id: usual, target", "{id: usual, applies_to: {family: insight}, target")
    rules = scored_rulebook(guidance=only_insight.replace("list_arr >= 60000", "list_arr >= 900000"))
    found = scored(priced(rules))
    assert found.guidance is not None
    assert (found.guidance.target, found.guidance.evidence.source) == (None, Source.NOTHING)


def test_scoring_changes_no_price_and_no_approval() -> None:
    asked = DiscountRequest(PercentOff(D("0.12")), why="must win")
    request = ask(add("crm", "40"), account=SMB, discounts=(asked,), waivers=(Waiver("notice", "10", "asked"),))
    with_it = assemble_quote(request, rulebook=RULES, quote_id="q")
    without = assemble_quote(request, rulebook=RULES, quote_id="q", scored_by=None)
    assert without.scored is None
    assert with_it._replace(scored=None) == without


@pytest.mark.parametrize("value", ["high", True, date(2026, 1, 1)])
def test_an_attribute_of_another_type_is_not_known_and_refuses_no_quote(value: str | bool | date) -> None:
    card = SCORECARD.replace("either(margin, 0)", "either(rating, 0.5)")
    rulebook = scored_rulebook(
        scorecard=card, guidance=GUIDANCE.replace("list_arr >= 60000", "either(rating, 0) > 0.5")
    )
    account = ACCOUNT._replace(attributes={"segment": "smb", "prepaid": False, "rating": value})
    quote = priced(rulebook, account=account)
    assert score(quote).factors[1].points == D("15.0")
    assert scored(quote).lines[0].guidance.evidence.rule == "usual"


def test_a_model_tells_the_chance_from_the_facts_of_the_deal() -> None:
    # 24,000 a year at list is a standard deviation above the mean: log-odds 0.5 + 0.5 = 1, so 1 / (1 + e^-1) = 0.7311.
    size = NumberFeature("list_per_year", 20_000.0, 4_000.0, 0.5, 0.0)
    model = Model("abc", win=WinModel(0.5, (size,), ()))
    request = ask(add("crm", "40"), account=SMB)
    found = assemble_quote(request, rulebook=RULES, quote_id="q", scored_by=ScoredBy(model)).scored
    assert found is not None
    assert (found.model, found.win_probability) == ("abc", D("0.7311"))


def test_what_an_amendment_does_not_bring_is_not_lost_of_the_contract() -> None:
    """A contract of 400 seats takes 40 of Analytics, 9,600 a year at list: declined, it goes on as it was."""
    rulebook = scored_rulebook(guidance=GUIDANCE + "maximise: nrr\n")
    contract = book_contract(ask(add("crm", "400"), account=SMB), rulebook=rulebook, contract_id="con_1")
    request = ask(add("analytics", "40"), account=SMB, contract=ContractRef("con_1", 1))
    response = PriceResponse(5.0, 0.5, D("0.00"), D("0.40"), D("0.10"), 0.5, 1_000, 300, Method.DRAWN)
    by = ScoredBy(Model("abc", response=response))
    held = Held(contract, {rulebook.hash: rulebook})
    found = scored(assemble_quote(request, rulebook=rulebook, quote_id="q", held=held, scored_by=by)).guidance
    assert found is not None
    # At 10% off half of them are won: 0.5 × 9,600 × 0.90.
    assert {point.discount: point.expected for point in found.curve}[D("0.10")] == D("4320.00")


def test_what_is_only_tried_is_no_size_of_a_deal() -> None:
    files = scored_files() | {"terms/standard.yaml": TERMS + TRIALS}
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    contract = book_contract(ask(add("crm", "100"), account=SMB), rulebook=rulebook, contract_id="con_1")
    held = Held(contract, {rulebook.hash: rulebook})
    request = ask(Trial("analytics", {"users": D(25)}), account=SMB, contract=ContractRef("con_1", 1))
    assert offered_by(request, rulebook=rulebook, held=held).facts["list_per_year"] == 0


def test_a_quote_without_a_price_is_not_scored() -> None:
    request = ask(add("crm", "40"), add("onboarding"), account=SMB)
    assert assemble_quote(request, rulebook=RULES, quote_id="q").scored is None
