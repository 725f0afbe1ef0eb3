"""The leak detector refuses what was filled in afterwards, and leaves honest facts alone, however strong they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from pricing_engine.scoring.deal import Deal, DealLine, Fact, Outcome
from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import columns_of
from pricing_engine.scoring.learning.leaks import find_leaks
from tests.crm_opportunities import crm_deals
from tests.scoring_deals import END, START, deals_with, with_fact

DEALS = deals_with(1_500, seed=3)
GENERATOR = np.random.default_rng(5)
LUCK = GENERATOR.random(len(DEALS)).tolist()


@dataclass(frozen=True)
class Case:
    """A fact that was filled in too late, what of it the detector sees first, and how bad that is."""

    value: Callable[[Deal, float], Fact | None]
    check: str
    suspicion: Suspicion = Suspicion.REFUSED


LEAKS = {
    "zero on lost": Case(lambda deal, luck: Decimal(0) if _lost(deal) else Decimal(int(50 + luck * 900)), "separates"),
    "the stage": Case(lambda deal, _: str(deal.outcome), "separates"),
    "a reason of lost ones": Case(
        lambda deal, luck: f"reason {int(luck * 9)}" if _lost(deal) and luck < 0.5 else None, "a value of one outcome"
    ),
    "a contract number, of half the won": Case(
        lambda deal, luck: f"C{int(luck * 1e6)}" if deal.outcome is Outcome.WON and luck < 0.6 else None,
        "a value of one outcome",
    ),
    "filled in once decided": Case(
        lambda deal, luck: f"word {int(luck * 4)}" if deal.is_decided else None, "known while open"
    ),
    "a state of closed ones": Case(
        lambda deal, luck: "signed off" if deal.is_decided and luck < 0.6 else "running", "a value of closed"
    ),
    "days until it closed": Case(lambda deal, _: Decimal((_ended(deal) - deal.created).days), "time to the decision"),
    "weeks until it closed": Case(
        lambda deal, _: Decimal((_ended(deal) - deal.created).days // 7), "time to the decision"
    ),
    "the day of a spreadsheet": Case(
        lambda deal, _: Decimal((_ended(deal) - date(1899, 12, 30)).days), "a day after the deal was made"
    ),
    "the day of a clock": Case(
        lambda deal, luck: Decimal((_ended(deal) - date(1970, 1, 1)).days * 86_400 + int(luck * 86_000)),
        "a day after the deal was made",
    ),
    "the day as a number": Case(lambda deal, _: Decimal(f"{_ended(deal):%Y%m%d}"), "a day after the deal was made"),
    "the day as people write it": Case(lambda deal, _: f"{_ended(deal):%d.%m.%Y}", "a day after the deal was made"),
    "the month it closed": Case(
        lambda deal, _: f"{_ended(deal):%Y-%m}", "a day after the deal was made", Suspicion.SUSPICIOUS
    ),
    "the day it closed": Case(
        lambda deal, _: None if deal.closed is None else str(deal.closed), "a day after the deal was made"
    ),
    "a day later on": Case(
        lambda deal, luck: str(deal.created + timedelta(days=int(luck * 300))), "days after", Suspicion.SUSPICIOUS
    ),
    "a field that was given up": Case(
        lambda deal, luck: f"w{int(luck * 5)}" if deal.created < START + timedelta(days=400) else None, "comes or goes"
    ),
    "a field that is new": Case(
        lambda deal, luck: f"w{int(luck * 5)}" if deal.created > START + timedelta(days=400) else None,
        "comes or goes",
        Suspicion.SUSPICIOUS,
    ),
    "known of long ones": Case(
        lambda deal, luck: f"w{int(luck * 5)}" if _age(deal) > 40 else None, "known by time", Suspicion.SUSPICIOUS
    ),
}

HONEST: dict[str, Callable[[Deal, float], Fact | None]] = {
    "missing at random": lambda deal, luck: None if luck < 0.3 else Decimal(int(luck * 100)),
    "rarely known": lambda deal, luck: "yes" if luck < 0.02 else None,
    "one of many words": lambda deal, luck: f"w{int(luck * 400)}",
    "a day before": lambda deal, luck: str(deal.created - timedelta(days=int(luck * 400))),
    "known more often of won": lambda deal, luck: "x" if luck < (0.7 if deal.outcome is Outcome.WON else 0.6) else None,
    "a day before, of a spreadsheet": lambda deal, luck: Decimal(
        (deal.created - date(1899, 12, 30)).days - int(luck * 400)
    ),
    "an amount like a day": lambda deal, luck: Decimal(44_900 + int(luck * 1_500)),
    "one price, like a day": lambda deal, luck: Decimal(45_500),
    "all the same": lambda deal, luck: True,
}


def _lost(deal: Deal) -> bool:
    return deal.outcome is Outcome.LOST


def _ended(deal: Deal) -> date:
    return deal.closed or END


def _age(deal: Deal) -> int:
    return 0 if deal.closed is None else (deal.closed - deal.created).days


@pytest.mark.parametrize("name", LEAKS)
def test_what_was_filled_in_afterwards_is_named_with_the_figures_that_show_it(name: str) -> None:
    case = LEAKS[name]
    deals = with_fact(DEALS, "planted", [case.value(*each) for each in zip(DEALS, LUCK, strict=True)])
    found = {each.fact: each for each in find_leaks(columns_of(deals), keep={})}
    assert set(found) == {"planted"}
    assert found["planted"].suspicion is case.suspicion, found["planted"].why
    assert case.check in f"{found['planted'].check}: {found['planted'].why}"
    assert "%" in found["planted"].why
    assert found["planted"].fix


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_fact_is_left_alone(name: str) -> None:
    deals = with_fact(DEALS, "planted", [HONEST[name](*each) for each in zip(DEALS, LUCK, strict=True)])
    assert find_leaks(columns_of(deals), keep={}) == ()


@pytest.mark.parametrize("as_word", [False, True])
def test_an_honest_fact_that_sorts_four_of_five_pairs_is_left_alone(as_word: bool) -> None:
    # Two normals 1.19 apart put Φ(1.19 ÷ √2) = 80% of pairs in order.
    drawn = GENERATOR.normal(size=len(DEALS)) + [1.19 * (each.outcome is Outcome.WON) for each in DEALS]
    values = [f"w{int(each * 4)}" if as_word else Decimal(str(round(each, 3))) for each in drawn]
    assert find_leaks(columns_of(with_fact(DEALS, "strong", values)), keep={}) == ()


def test_the_deals_own_amounts_are_looked_at_too() -> None:
    zeroed = [
        deal._replace(lines=tuple([line._replace(net=Decimal(0)) for line in deal.lines])) if _lost(deal) else deal
        for deal in DEALS
    ]
    found = {each.fact: each for each in find_leaks(columns_of(zeroed), keep={})}
    assert set(found) == {"net", "discount"}
    lost = sum(map(_lost, DEALS))
    assert f"{lost:,} of {lost:,} lost" in found["net"].why


def test_chance_raises_no_alarm_in_a_hundred_facts_of_noise() -> None:
    """Missing by chance at any rate, over few accounts: 100 facts by 8 checks."""
    deals = deals_with(600, seed=11, deals_per_account=10)
    rates, luck = GENERATOR.random(100), GENERATOR.random((100, len(deals)))
    facts = [
        {f"f{at}": (f"w{int(luck[at, row] * 97) % 6}" if luck[at, row] < rates[at] else None) for at in range(100)}
        for row in range(len(deals))
    ]
    noisy = [deal._replace(facts={**deal.facts, **more}) for deal, more in zip(deals, facts, strict=True)]
    assert find_leaks(columns_of(noisy), keep={}) == ()


def test_a_fact_of_few_accounts_says_nothing_however_many_deals_they_have() -> None:
    """Three customers, one of whom never buys: that is no leak, for nobody can tell it from chance."""
    deals = [deal._replace(account=f"a{row % 3}") for row, deal in enumerate(DEALS)]
    lost = [each._replace(outcome=Outcome.LOST) if each.account == "a0" and each.is_decided else each for each in deals]
    values: list[Fact | None] = [each.account for each in lost]
    assert find_leaks(columns_of(with_fact(lost, "customer", values)), keep={}) == ()


def test_a_suspicious_fact_is_kept_with_its_reason_and_a_refused_one_is_not() -> None:
    later: list[Fact | None] = [str(deal.created + timedelta(days=90)) for deal in DEALS]
    deals = with_fact(with_fact(DEALS, "planned", later), "stage", [str(deal.outcome) for deal in DEALS])
    found = find_leaks(columns_of(deals), keep={"planned": "a planned day", "stage": "I like it"})
    assert [(each.fact, each.kept) for each in found] == [("stage", None), ("planned", "a planned day")]


def test_without_either_outcome_there_is_nothing_to_find() -> None:
    won = [each._replace(outcome=Outcome.WON) for each in DEALS if each.is_decided]
    assert find_leaks(columns_of(won), keep={}) == ()
    assert find_leaks(columns_of([]), keep={}) == ()


def test_of_the_public_opportunities_what_is_filled_in_later_is_refused_and_nothing_else() -> None:
    found = {each.fact: each for each in find_leaks(columns_of(crm_deals()), keep={})}
    assert {each.suspicion for each in found.values()} == {Suspicion.REFUSED}
    # 0 on lost and blank on open; the accounts of open ones, and so all that is known of those, are mostly blank.
    amounts = {"close_value", "net", "discount"}
    assert set(found) == amounts | {"sector", "country", "revenue", "employees"}
    assert "0 on 0 of 4,238 won and 2,473 of 2,473 lost deals" in found["close_value"].why
    assert "0 of 1,589 open ones" in found["close_value"].why
    assert found["sector"].check == "known while open"


def test_a_line_without_amounts_gives_no_amount_to_look_at() -> None:
    bare = [deal._replace(lines=(DealLine("crm"),)) for deal in DEALS]
    assert find_leaks(columns_of(bare), keep={}) == ()
