"""Guidance: who speaks for a line, why nobody finer does, and how far policy lets it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.catalog.products import Selector, Timing
from pricing_engine.scoring.deal import Deal
from pricing_engine.scoring.exploration import draw_move
from pricing_engine.scoring.guidance import Source
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, Exploration, GuidanceRow, GuidanceRules, Maximise
from pricing_engine.scoring.guided import Guided, explore_deal, guide_deal
from pricing_engine.scoring.guiding import LineToGuide
from pricing_engine.scoring.learning.peers import learn_peers
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.price_response import Method, PriceResponse
from tests.rulebooks import D, a_product, ref
from tests.unit.scoring.past_deals import DAY, a_deal

ROW = GuidanceRow("usual", Selector(), D("0.08"), D("0.03"), ref("usual"))
RULES = GuidanceRules((ROW,), USUAL_PEERS)


def past() -> list[Deal]:
    """30 deals at 10% and 30 at 30%, told apart by segment, and three of another segment at 20%."""
    sold = {"smb": ("0.10", 30), "mid": ("0.30", 30), "big": ("0.20", 3)}
    return [
        a_deal(number, share, account=f"{segment}{number}", facts={"segment": segment, "market": "US"})
        for segment, (share, count) in sold.items()
        for number in range(count)
    ]


PEERS = learn_peers(past(), USUAL_PEERS, as_of=DAY)
MODEL = Model("hash", PEERS)
RESPONSE = PriceResponse(5.0, 0.5, D("0.00"), D("0.40"), D("0.15"), 0.4, 1_000, 300, Method.DRAWN)


def a_line(id: str = "crm", **more: Any) -> LineToGuide:
    product = a_product(id, family="insight")
    return LineToGuide(id, product, product.charges[0], *(D("1000"), None, D("300")))._replace(**more)


def guided(*lines: LineToGuide, segment: str | None = "smb", **more: Any) -> Guided:
    known: dict[str, Any] = {"rules": RULES, "model": MODEL, "facts": {"segment": segment}} | more
    return guide_deal(lines or (a_line(),), known={}, **known)


def test_peers_speak_before_rules_and_say_who_they_are() -> None:
    found = guided().lines[0].guidance
    assert (found.stretch, found.target, found.floor) == (D("0.10"),) * 3
    evidence = found.evidence
    assert (evidence.source, evidence.deals, evidence.accounts) == (Source.PEERS, 30, 30)
    assert evidence.peers == (("segment", "smb"),)
    assert (evidence.low, evidence.high, evidence.mean) == (D("0.10"),) * 3
    assert evidence.since == evidence.until
    assert evidence.why == "nothing finer tells the discounts of these deals apart"


@pytest.mark.parametrize(
    ("segment", "why"),
    [
        ("big", "fewer than 20 comparable won deals, or than 5 accounts, in segment=big: all won deals speak"),
        ("gov", "fewer than 20 comparable won deals, or than 5 accounts, in segment=gov: all won deals speak"),
        (None, "segment is not known: all won deals speak"),
    ],
)
def test_a_thin_or_unknown_segment_is_spoken_for_by_what_it_is_part_of(segment: str | None, why: str) -> None:
    evidence = guided(segment=segment).lines[0].guidance.evidence
    assert (evidence.deals, evidence.peers, evidence.why) == (63, (), why)


def test_too_few_deals_leave_it_to_the_rules_which_say_so() -> None:
    thin = Model("hash", learn_peers(past()[:12], USUAL_PEERS, as_of=DAY))
    found = guided(model=thin).lines[0].guidance
    assert (found.target, found.stretch, found.evidence.source) == (D("0.08"), D("0.03"), Source.RULES)
    why = "12 comparable won deals are too few to guide: it takes 20, of 5 accounts"
    assert found.evidence.why == f"{ROW.rule.why} ({why})"
    silent = guided(model=thin, rules=None).lines[0].guidance
    assert (silent.target, silent.stretch, silent.evidence.source) == (None, None, Source.NOTHING)
    assert silent.evidence.why == f"no rule of guidance is about this line, and {why}"


def test_nothing_is_guided_further_than_policy_lets() -> None:
    found = guided(a_line(most=D("0.25")), segment="mid").lines[0].guidance
    assert (found.stretch, found.target, found.floor) == (D("0.25"),) * 3
    assert guided(a_line(most=D("0.40")), segment="mid").lines[0].guidance.floor == D("0.30")


def test_the_quote_weighs_its_lines_by_what_they_come_to() -> None:
    # 1,000 at most 5% off and 3,000 at 10%: (50 + 300) ÷ 4,000 = 0.0875.
    found = guided(a_line("crm", most=D("0.05")), a_line("api", list_term=D("3000"))).quote
    assert found is not None
    assert (found.target, found.evidence.source) == (D("0.0875"), Source.PEERS)
    assert guided(a_line(list_term=D(0))) == Guided((), None)
    changed = guided(a_line("crm"), a_line("api", list_term=D("-1000"))).quote
    assert changed is not None
    assert changed.target is None


def test_where_the_price_is_known_to_matter_all_targets_move_to_what_earns_most() -> None:
    lines = a_line("crm"), a_line("api", list_term=D("3000"), cost_term=D("900"))
    peers, moved = guided(*lines), guided(*lines, model=replace(MODEL, response=RESPONSE))
    assert peers.quote is not None
    assert moved.quote is not None
    # 40% are won at 15% off, and 30 of 100 at list are cost. More is earned as long as 5 × (1 − p) × (0.7 − d) is above
    # 1: at 10% off it is 5 × 0.658 × 0.6 = 1.98, and at 27% (p = 0.5485) 5 × 0.4515 × 0.43 = 0.97.
    assert moved.quote.evidence.source is Source.PRICE_RESPONSE
    assert D("0.20") < moved.quote.target < D("0.27")  # type: ignore[operator]
    points = moved.quote.target - D("0.10")  # type: ignore[operator]
    assert [each.guidance.target for each in moved.lines] == [D("0.10") + points] * 2
    assert [each.guidance.floor for each in moved.lines] == [D("0.10") + points] * 2
    assert moved.quote.curve
    assert "drawn by lot, from 0.0% to 40.0% off" in moved.quote.evidence.why


def test_a_line_moves_only_as_far_as_policy_lets_it() -> None:
    lines = a_line("crm", most=D("0.12")), a_line("api", most=D("0.45"))
    found = guided(*lines, model=replace(MODEL, response=RESPONSE))
    assert found.lines[0].guidance.target == D("0.12")
    assert found.lines[1].guidance.target > D("0.12")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "more", "why", "is_shown"),
    [
        (a_line(cost_term=None), {}, "price response is not used, as the cost of a line is not known", False),
        (a_line(), {"rules": replace(RULES, maximise=Maximise.NRR)}, "at list a year is not known", False),
        (a_line(), {"response": replace(RESPONSE, low=D("0.11"))}, "not known for discounts such as these", False),
        (a_line(), {"response": replace(RESPONSE, error=5.0)}, "no other discount is sure to bring more margin", True),
        (a_line(most=D("0.10")), {"response": replace(RESPONSE, low=D("0.10"))}, "no other discount is sure", True),
    ],
    ids=["no cost", "no list a year", "outside the range", "it may be nothing", "as far as policy lets"],
)
def test_else_targets_stay_with_peers_and_it_is_said_why(
    line: LineToGuide, more: dict[str, Any], why: str, is_shown: bool
) -> None:
    response = more.get("response", RESPONSE)
    found = guided(line, model=replace(MODEL, response=response), rules=more.get("rules", RULES))
    assert found.lines[0].guidance.evidence.source is Source.PEERS
    assert found.quote is not None
    assert (found.quote.target, bool(found.quote.curve)) == (D("0.10"), is_shown)
    assert why in found.quote.evidence.why
    assert found.quote.evidence.why.startswith("nothing finer tells the discounts of these deals apart; ")


def test_the_own_chance_of_a_deal_stands_at_what_its_peers_were_given() -> None:
    """Of a deal that is as good as won, nothing more is given; of one that is nearly lost, more."""
    model = replace(MODEL, response=RESPONSE)
    sure, unlikely = (guided(model=model, win_probability=D(each)).quote for each in ("0.95", "0.10"))
    assert sure is not None
    assert unlikely is not None
    assert sure.target < D("0.10") < unlikely.target  # type: ignore[operator]


def test_what_is_said_of_the_deal_is_what_its_lines_come_to() -> None:
    """Together 40.83% may be given; the line of 31.11% at most cannot follow, and its share is not the others'."""
    lines = (
        a_line(most=D("0.45"), list_term=D("700"), cost_term=D("10")),
        a_line("api", most=D("0.3111"), list_term=D("300"), cost_term=D("10")),
    )
    response = replace(RESPONSE, effect=40.0, error=0.01, high=D("0.60"), base_rate=0.001, mean=D("0.30"))
    found = guided(*lines, model=Model("hash", PEERS, response=response))
    assert found.quote is not None
    assert [each.guidance.target for each in found.lines] == [D("0.4083"), D("0.3111")]
    # (700 × 40.83% + 300 × 31.11%) ÷ 1,000
    assert found.quote.target == D("0.3791")
    assert f"{found.quote.target:.1%} off the deal is expected" in found.quote.evidence.why


def test_of_a_renewal_the_arr_may_be_what_counts() -> None:
    """Of 1,000 a year at list 800 were kept before: the ARR is 0.4 × 850 − 800 to expect at 15% off."""
    rules, facts = replace(RULES, maximise=Maximise.NRR), {"segment": "smb", "list_per_year": D("1000")}
    model = replace(MODEL, response=RESPONSE)
    found = guided(a_line(cost_term=None), rules=rules, model=model, facts=facts, arr_before=D("800")).quote
    assert found is not None
    assert found.evidence.source is Source.PRICE_RESPONSE
    # At 10% off the chance is 0.3418 (40% at 15%, less half a tenth of 5): 0.3418 × 900 − 800 = −492.38.
    assert {point.discount: point.expected for point in found.curve}[D("0.10")] == D("-492.38")


def test_what_is_paid_once_is_no_arr() -> None:
    rules, facts = replace(RULES, maximise=Maximise.NRR), {"segment": "smb", "list_per_year": D("1000")}
    once = a_line()
    once = once._replace(charge=replace(once.charge, timing=Timing.ONE_TIME, months=None))
    found = guided(once, rules=rules, model=replace(MODEL, response=RESPONSE), facts=facts).quote
    assert found is not None
    assert (found.target, found.evidence.source, found.curve) == (D("0.10"), Source.PEERS, ())


def test_the_curve_of_arr_is_in_the_currency_of_the_quote() -> None:
    """1,080 in the reporting currency are 1,000 at 1.08: at 10% off 0.3418 × 900 are to be expected."""
    rules, facts = replace(RULES, maximise=Maximise.NRR), {"segment": "smb", "list_per_year": D("1080")}
    model = replace(MODEL, response=RESPONSE)
    found = guided(rules=rules, model=model, facts=facts, reporting_rate=D("1.08")).quote
    assert found is not None
    assert {point.discount: point.expected for point in found.curve}[D("0.10")] == D("307.62")


def test_what_is_drawn_moves_every_line_inside_its_band() -> None:
    rules = replace(RULES, rows=(replace(ROW, target=D("0.10"), stretch=D("0.05")),))
    lines = a_line("crm", most=D("0.13")), a_line("api", most=D("0.50"))
    found = guided(*lines, rules=rules, model=None)
    every = Exploration(Decimal(1), D("0.04"))
    seen = set()
    for number in range(60):
        moved, drawn = explore_deal(lines, found, every, key=("secret", str(number)))
        assert drawn is not None
        assert drawn == draw_move(every, found.lines, key=("secret", str(number)))
        assert [each.guidance.target for each in moved.lines] == [D("0.10") + drawn.moved] * 2
        assert found.quote is not None
        assert moved.quote == found.quote._replace(target=D("0.10") + drawn.moved)
        seen.add(drawn.moved)
    assert seen == {D("-0.04"), D("-0.02"), D("0"), D("0.02"), D("0.03")}  # the last of them cut at 13%
    assert explore_deal(lines, found, None, key=("secret", "1")) == (found, None)
