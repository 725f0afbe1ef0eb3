"""What raises a score, cheapest first: each change comes out as it was said when it is asked for."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.improvements import Improvement, Lever, find_improvements
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import DiscountRequest, PercentOff, QuoteRequest, Waiver
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from tests.rulebooks import add, ask
from tests.scored_rules import SCORECARD, scored_files, scored_rulebook
from tests.unit.quoting.test_scoring import SMB
from tests.unit.rulebook.small_rules import DIGITS

D = Decimal
RULES = scored_rulebook()


def improved(request: QuoteRequest, rulebook: Rulebook = RULES, at_most: int = 9) -> tuple[Quote, list[Improvement]]:
    """The quote of a request, and what would raise its score."""
    price = partial(assemble_quote, rulebook=rulebook, quote_id="q")
    quote = price(request)
    return quote, list(find_improvements(quote, rulebook, price, at_most=at_most))


def test_a_longer_term_is_worth_its_part_and_costs_nothing() -> None:
    # 24 of 48 months instead of 12: 5 points more of 20. What is paid monthly is paid 1 of 12 months ahead: 0.8 of 10.
    quote, found = improved(ask(add("crm", "40"), account=SMB, billing="monthly_in_advance"))
    by_lever = {each.lever: each for each in found}
    term = by_lever[Lever.TERM]
    assert (term.what, term.points, term.per_year) == ("24 instead of 12 months", D("5.0"), D("0.00"))
    billing = by_lever[Lever.BILLING]
    assert (billing.what, billing.points) == ("billed yearly in advance instead of monthly in advance", D("9.2"))
    assert quote.scored is not None
    assert quote.scored.score is not None
    assert term.score == quote.scored.score.points + term.points
    # Both are free, so the greater gain comes first.
    assert [each.lever for each in found[:2]] == [Lever.BILLING, Lever.TERM]


def test_half_the_discount_is_tried_before_none_and_costs_what_it_takes_off() -> None:
    # 40% off 24,000 is 14,400; half of that 19,200, which the customer pays 4,800 more for.
    # Price: 14,400 / 21,600 of 40 = 26.7, then 19,200 / 21,600 = 35.6. Margin: 10,560 / 14,400 of 30 = 22.0, then
    # 15,360 / 19,200 = 24.0. Together 10.9 more.
    request = ask(add("crm", "40"), account=SMB, discounts=(DiscountRequest(PercentOff(D("0.4")), why="must"),))
    _, found = improved(request)
    discount = next(each for each in found if each.lever is Lever.DISCOUNT)
    assert discount.what == "20% instead of 40% off the quote"
    assert (discount.points, discount.per_year) == (D("10.9"), D("4800.00"))


def test_a_waiver_less_is_an_improvement_where_the_scorecard_says_so() -> None:
    card = SCORECARD.replace("clamp(either(margin, 0), 0, 1)", "clamp(1 - waived / 2, 0, 1)")
    files = scored_files(scorecard=card)
    files["terms/standard.yaml"] = (
        b"kind: terms\nid: standard\nwhy: usual\ncancellation: {notice_days: 60, fee: remaining_fees, credit: none}\n"
    )
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    waiver = Waiver("notice", "10", "they ask")
    _, found = improved(ask(add("crm", "40"), account=SMB, waivers=(waiver,)), rulebook)
    assert [(each.points, each.what) for each in found if each.lever is Lever.WAIVER] == [
        (D("15.0"), "notice as the terms have it")
    ]


def test_what_somebody_else_would_have_to_approve_is_no_way_to_a_score() -> None:
    # 400 seats and Growth come to 250,800 at list. Less 12% a manager agrees; with Analytics the deal is worth more
    # than 250,000 a year, which is the director's.
    rulebook = scored_rulebook(scorecard=SCORECARD.replace("either(margin, 0)", "product_count / 3"))
    freely, found = improved(ask(add("crm", "400"), account=SMB), rulebook)
    assert freely.approval_levels == ()
    assert "Analytics for 400 users too" in [each.what for each in found]
    asked = ask(add("crm", "400"), account=SMB, discounts=(DiscountRequest(PercentOff(D("0.12")), why="must"),))
    agreed, found = improved(asked, rulebook)
    assert agreed.approval_levels == ("manager",)
    assert "Analytics for 400 users too" not in [each.what for each in found]


def test_half_a_discount_that_a_lower_level_may_agree_to_is_tried_before_none() -> None:
    # 24% is the deal desk's to agree to, 12% a manager's, who stands below it.
    asked = ask(add("crm", "40"), account=SMB, discounts=(DiscountRequest(PercentOff(D("0.24")), why="must"),))
    quote, found = improved(asked)
    assert quote.approval_levels == ("deal_desk",)
    assert [each.what for each in found if each.lever is Lever.DISCOUNT] == ["12% instead of 24% off the quote"]


def test_however_much_there_is_to_try_only_so_much_is_priced() -> None:
    asked = tuple([DiscountRequest(PercentOff(D("0.001")), product="crm", why="must") for _ in range(60)])
    priced = list[QuoteRequest]()

    def price(request: QuoteRequest) -> Quote:
        priced.append(request)
        return assemble_quote(request, rulebook=RULES, quote_id="q")

    quote = price(ask(add("crm", "40"), account=SMB, discounts=asked))
    find_improvements(quote, RULES, price)
    assert len(priced) < 50


def test_at_most_three_are_named_the_cheapest_ones() -> None:
    request = ask(
        *(add("crm", "40"),),
        account=SMB,
        billing="monthly_in_advance",
        discounts=(DiscountRequest(PercentOff(D("0.4")), why="must"),),
    )
    _, all_of_them = improved(request)
    _, three = improved(request, at_most=3)
    assert len(all_of_them) > 3 or three == all_of_them
    assert three == all_of_them[:3]
    costs = [max(each.per_year + each.once, D(0)) / each.points for each in all_of_them]
    assert costs == sorted(costs)


def test_without_a_scorecard_there_is_nothing_to_raise() -> None:
    files = scored_files()
    del files["scoring/scorecard.yaml"]
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    assert improved(ask(add("crm", "40"), account=SMB), rulebook)[1] == []
