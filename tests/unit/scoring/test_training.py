"""The chance to win is fitted by the library, and used only where it beats the base rate out of time."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pricing_engine.api.evaluation_json import evaluation_json
from pricing_engine.rendering.evaluation import render_evaluation
from pricing_engine.scoring.artefact import Artefact, read_artefact, write_artefact
from pricing_engine.scoring.deal import Deal, DealLine, Outcome
from pricing_engine.scoring.evaluation import Interval, Verdict
from pricing_engine.scoring.learning import library
from pricing_engine.scoring.learning.columns import WON, columns_of
from pricing_engine.scoring.learning.features import design, plan_features
from pricing_engine.scoring.learning.fitting import Calibration, calibrate, fit_logit
from pricing_engine.scoring.learning.library import TrainingRefused, one_thread
from pricing_engine.scoring.learning.measures import Draws, briers, calibration_slope, log_losses
from pricing_engine.scoring.learning.reliability import drifts
from pricing_engine.scoring.learning.split import folds, split_at
from pricing_engine.scoring.learning.training import Asked, train
from pricing_engine.scoring.learning.win_evaluation import measures, win_verdict
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.win_model import log_odds, win_probability
from tests.crm_opportunities import crm_deals
from tests.rulebooks import D
from tests.scoring_deals import END, START, deals_with, with_fact

DEALS = deals_with(1_500, seed=3, noise=2)
GENERATOR = np.random.default_rng(9)


def trained(deals: list[Deal], **asked: object) -> Artefact:
    return train(deals, Asked(**asked), on=END, versions={"pricing-engine": "1"}, on_step=lambda *_: None)


@cache
def the_artefact() -> Artefact:
    return trained(DEALS)


def verdict(artefact: Artefact, part: Part = Part.WIN) -> Verdict:
    return next(each for each in artefact.verdicts if each.part is part)


def test_the_chance_worked_out_without_the_library_equals_what_it_predicts() -> None:
    """`log_odds` of facts against scikit-learn's own predict_proba, for words, numbers and what is missing."""
    columns = columns_of(DEALS)
    decided = columns.taken(columns.is_decided)
    with one_thread():
        plans = plan_features(decided)
        fit = LogisticRegression(C=0.1, max_iter=1_000).fit(design(plans, decided), decided.outcome == WON)
        logit = fit_logit(decided, strength=0.1)
    assert logit is not None
    own = logit._replace(plans=plans, intercept=fit.intercept_[0], coefficients=fit.coef_[0], calibration=Calibration())
    expected = fit.predict_proba(design(plans, columns))[:, 1]
    odds = np.array([log_odds(own.model(), deal.facts) for deal in DEALS])
    assert np.abs(1 / (1 + np.exp(-odds)) - expected).max() < 1e-9
    calibrated = logit.chances(columns)
    said = [float(win_probability(logit.model(), deal.facts)) for deal in DEALS]
    assert np.abs(np.array(said) - calibrated).max() <= 0.00005 + 1e-9  # rounded to four decimals


def test_numbers_are_standardised_as_the_library_does_it() -> None:
    facts = [{"x": Decimal(str(round(each, 3)))} for each in GENERATOR.normal(50, 9, len(DEALS))]
    decided = [deal._replace(facts=fact) for deal, fact in zip(DEALS, facts, strict=True) if deal.is_decided]
    columns = columns_of(decided)
    values = np.array([[float(deal.facts["x"])] for deal in decided])  # type: ignore[arg-type]
    is_won = columns.outcome == WON
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=0.1)).fit(values, is_won)
    own = LogisticRegression(C=0.1).fit(design(plan_features(columns), columns), is_won)
    assert own.coef_[0] == pytest.approx(pipeline[-1].coef_[0], abs=1e-9)


def test_words_and_numbers_that_were_not_seen_in_training_are_worked_out_all_the_same() -> None:
    model = the_artefact().model.win
    assert model is not None
    for facts in ({}, {"segment": "new word"}, {"employees": Decimal("-1")}, {"employees": Decimal("1e300")}):
        assert 0 <= win_probability(model, facts) <= 1


def test_a_model_of_deals_with_a_signal_is_used_and_says_what_is_true() -> None:
    artefact = the_artefact()
    assert verdict(artefact).is_usable, verdict(artefact).why
    found = artefact.win
    assert found is not None
    assert found.log_loss_gain.low is not None
    assert found.log_loss_gain.low > 0
    assert found.slope.low is not None
    assert found.slope.high is not None
    assert found.slope.low < 1.1
    assert found.slope.high > 0.9
    assert {each.by for each in found.reliability} == {"chance that was said", "segment", "term_months", "discount"}
    assert sum([each.deals for each in found.reliability[0].rows]) == found.split.test


@pytest.mark.parametrize("seed", range(4))
def test_a_model_of_deals_without_a_signal_is_refused_with_figures(seed: int) -> None:
    artefact = trained(deals_with(900, signal=0, seed=20 + seed))
    assert not verdict(artefact).is_usable
    assert artefact.win is not None
    assert str(artefact.win.log_loss_gain.value) in verdict(artefact).why
    assert "base rate" in verdict(artefact).why


@pytest.mark.parametrize("seed", range(3))
def test_a_model_is_not_used_for_seeing_that_fewer_deals_are_won_of_late(seed: int) -> None:
    """Facts say nothing, and the share won falls from 55% to 25%: only the calibration on late deals gains."""
    luck = np.random.default_rng(seed).random(3_000)
    deals = [
        deal._replace(outcome=Outcome.WON if luck[row] < 0.55 - 0.3 * row / 3_000 else Outcome.LOST)
        if deal.is_decided
        else deal
        for row, deal in enumerate(deals_with(3_000, seed=40 + seed))
    ]
    assert not verdict(trained(deals)).is_usable, verdict(trained(deals)).why


def test_of_the_public_opportunities_nothing_is_learnt_and_the_leak_is_named() -> None:
    artefact = train(crm_deals(), Asked(), on=date(2018, 1, 1), versions={}, on_step=lambda *_: None)
    assert not verdict(artefact).is_usable
    assert "does not surely beat the base rate" in verdict(artefact).why
    assert "close_value" in {each.fact for each in artefact.leaks}
    assert any("amounts of lost deals are not what was offered" in each for each in artefact.said)
    assert artefact.facts == ("agent", "list_per_year", "manager", "office")
    assert artefact.win is not None
    assert artefact.win.split.shared == artefact.win.split.test_accounts == 85
    assert artefact.win.split.test == 1_687  # all of them, though every account has trained: those are kept apart


def test_the_leak_kept_in_would_have_looked_like_a_wonderful_model() -> None:
    """Why the detector matters: a fact that is the outcome, let in by force, wins at everything."""
    told = with_fact(DEALS, "stage", [str(deal.outcome) for deal in DEALS])
    columns = columns_of(told)
    decided = columns.taken(columns.is_decided)
    logit = fit_logit(decided, strength=1.0)
    assert logit is not None
    assert measures("leak", logit.chances(decided), decided.outcome == WON).auc > Decimal("0.99")
    assert "stage" not in trained(told).facts


def test_only_deals_closed_before_the_cut_train_and_only_those_created_since_test_without_a_common_account() -> None:
    columns = columns_of(DEALS)
    parts = split_at(columns, START + timedelta(days=500))
    assert parts is not None
    ordinal = parts.cut.toordinal()
    tested = np.zeros(len(DEALS), dtype=int)
    for train_of_fold, test_of_fold in folds(columns, parts):
        assert (columns.closed[train_of_fold] < ordinal).all()
        assert (columns.created[test_of_fold] >= ordinal).all()
        assert not set(columns.accounts[train_of_fold]) & set(columns.accounts[test_of_fold])
        tested += test_of_fold
    expected = [deal.is_decided and deal.created >= parts.cut for deal in DEALS]
    assert tested.tolist() == [int(each) for each in expected]


def test_measures_are_those_of_the_library() -> None:
    is_won = GENERATOR.random(400) < 0.4
    said = np.round(GENERATOR.random(400) * 0.8 + 0.1, 2)  # with equal ones
    found = measures("any", said, is_won)
    assert found.log_loss == Decimal(f"{log_loss(is_won, said):.4f}")
    assert found.brier == Decimal(f"{brier_score_loss(is_won, said):.4f}")
    assert found.auc == Decimal(f"{roc_auc_score(is_won, said):.4f}")
    slope = LogisticRegression(C=np.inf, tol=1e-10).fit(np.log(said / (1 - said))[:, None], is_won).coef_[0, 0]
    assert calibration_slope(said, is_won, np.ones(400)) == pytest.approx(slope, abs=1e-4)
    assert log_losses(said, is_won).mean() == pytest.approx(log_loss(is_won, said))
    assert briers(said, is_won).mean() == pytest.approx(brier_score_loss(is_won, said))


@pytest.mark.parametrize("moved", [0.0, 0.4, 1.0, 2.0])
def test_drift_is_the_stability_index_of_tenths(moved: float) -> None:
    """Of two normal spreads that lie apart the index is nearly the square of the distance (Siddiqi: 0.1, 0.25)."""
    draws = np.random.default_rng(1)
    before, after = draws.normal(0, 1, 4_000), draws.normal(moved, 1, 2_000)
    columns = [
        columns_of(with_fact(deals_with(len(each)), "x", [D(f"{at:.4f}") for at in each])) for each in (before, after)
    ]
    (found,) = [each for each in drifts(*columns) if each.fact == "x"]
    edges = np.quantile(before, np.linspace(0, 1, 11)[1:-1])
    was, now = (np.bincount(np.searchsorted(edges, each), minlength=10) / len(each) for each in (before, after))
    expected = float(((now - was) * np.log(np.maximum(now, 1e-4) / was)).sum())
    assert float(found.psi) == pytest.approx(expected, rel=0.15, abs=0.02)
    assert found.says == ("steady" if moved == 0 else "moved" if expected < 0.25 else "moved much")


def test_intervals_are_wider_where_the_deals_of_an_account_go_together() -> None:
    values = np.repeat(GENERATOR.normal(size=40), 25)
    apart, together = Draws(np.arange(1_000)), Draws(np.repeat(np.arange(40), 25))
    width = [found.high - found.low for found in (apart.mean(values), together.mean(values))]
    assert width[1] > 3 * width[0]  # √25 = 5 times in expectation


def test_calibration_undoes_what_was_overstated_and_says_nothing_where_nothing_is_known() -> None:
    odds = GENERATOR.normal(size=4_000) * 2
    is_won = GENERATOR.random(4_000) < 1 / (1 + np.exp(-(0.5 * odds - 1)))
    slope, shift = calibrate(odds, is_won)
    assert slope == pytest.approx(0.5, abs=0.08)
    assert shift == pytest.approx(-1, abs=0.12)
    assert calibrate(-odds, is_won).slope == 0
    assert calibrate(odds[:10], is_won[:10]) == Calibration()


def test_the_same_deals_give_the_same_artefact_and_it_comes_back_as_it_was() -> None:
    artefact = the_artefact()
    assert trained(list(DEALS)).model.hash == artefact.model.hash
    assert read_artefact(write_artefact(artefact)) == artefact
    other = trained([*DEALS[:-1], DEALS[-1]._replace(reason="another")])
    assert other.trained.data != artefact.trained.data


def test_the_order_of_deals_changes_nothing() -> None:
    order = np.random.default_rng(7).permutation(len(DEALS))
    assert trained([DEALS[at] for at in order]) == the_artefact()


def test_the_price_is_no_fact_of_the_chance_to_win_under_whatever_name() -> None:
    deals = with_fact(DEALS, "discount", [deal.discount for deal in DEALS])
    deals = with_fact(deals, "what_we_got", [deal.net for deal in DEALS])
    deals = with_fact(deals, "acv", [deal.list for deal in DEALS])
    artefact = trained(deals, priced=frozenset({"acv"}))
    assert not {"discount", "what_we_got", "acv"} & set(artefact.facts)
    assert "employees" in artefact.facts
    assert any("acv, discount, what_we_got left out" in each for each in artefact.said)


@pytest.mark.parametrize("instrument", ["off", "after", "honest"])
def test_the_price_and_what_came_after_the_outcome_are_no_instruments(instrument: str) -> None:
    """Sellers give more to buyers who are eager anyway: by itself the discount would seem to win."""
    draws = np.random.default_rng(4)
    deals = []
    for row in range(1_500):
        eager, honest = draws.normal(), bool(draws.random() < 0.5)
        off = D(str(round(min(max(0.15 + 0.03 * eager + 0.06 * honest, 0.0), 0.4), 4)))
        won = draws.random() < 1 / (1 + np.exp(-eager - 15 * (float(off) - 0.15)))
        made = START + timedelta(days=row % 600)
        facts = {"off": 100 * off, "after": D(int(won)), "honest": honest}
        outcome = Outcome.WON if won else Outcome.LOST
        line = DealLine("crm", "platform", D(1000), 1000 * (1 - off))
        deals.append(Deal(f"d{row}", f"a{row // 2}", made, made + timedelta(days=20), outcome, facts, (line,)))
    artefact = trained(deals, instrument=instrument)
    found = verdict(artefact, Part.RESPONSE)
    assert found.is_usable == (instrument == "honest"), found.why
    assert (artefact.model.response is not None) == found.is_usable
    assert found.is_usable or "no instrument" in found.why
    assert not trained(deals, instrument="after", without=frozenset({"after"})).model.response


def test_too_few_deals_give_no_chance_to_win_and_say_what_is_missing() -> None:
    for deals in (DEALS[:150], [each._replace(outcome=Outcome.WON) for each in DEALS if each.is_decided]):
        artefact = trained(deals)
        assert artefact.model.win is artefact.win is None
        assert not verdict(artefact).is_usable
        assert "are needed" in verdict(artefact).why
    only_open = [each._replace(outcome=Outcome.OPEN, closed=None) for each in DEALS]
    assert verdict(trained(only_open)).why == "no deal was decided yet"


def test_deals_without_facts_give_no_chance_to_win() -> None:
    assert "no fact" in verdict(trained([deal._replace(facts={}) for deal in DEALS])).why
    assert "no fact" in verdict(trained([deal._replace(facts={"same": "word"}) for deal in DEALS])).why


def test_all_libraries_that_fit_are_named_with_their_versions() -> None:
    named = {name for name, _ in the_artefact().trained.versions}
    assert named == {"numpy", "pricing-engine", "scikit-learn", "scipy", "statsmodels"}


def test_facts_can_be_left_out_and_must_be_there() -> None:
    assert "segment" not in trained(DEALS, without=frozenset({"segment"})).facts
    with pytest.raises(TrainingRefused, match="no deal has a fact segmnt"):
        trained(DEALS, without=frozenset({"segmnt"}))
    stages = with_fact(DEALS, "stage", [str(deal.outcome) for deal in DEALS])
    with pytest.raises(TrainingRefused, match="stage cannot be kept"):
        trained(stages, keep={"stage": "because"})
    with pytest.raises(TrainingRefused, match="leaves nothing on one side"):
        trained(DEALS, cut=START)
    with pytest.raises(TrainingRefused, match="no deals to learn from"):
        trained([])


@pytest.mark.parametrize("count", [260, 500])
def test_of_few_deals_the_page_shows_what_was_said_in_fewer_parts(count: int) -> None:
    """With 50 to 200 deals to test on, a tenth of them is too small to be shown."""
    facts = ("employees", "inbound")
    deals = [deal._replace(facts={name: deal.facts[name] for name in facts}) for deal in deals_with(count, signal=1.5)]
    artefact = trained(deals)
    assert artefact.win is not None
    first = artefact.win.reliability[0]
    assert first.by == "chance that was said"
    assert sum([row.deals for row in first.rows]) == artefact.win.split.test
    assert b"Did what was said come true?" in render_evaluation(evaluation_json(artefact))


def test_a_model_that_sorts_but_boasts_is_refused() -> None:
    found = the_artefact().win
    assert found is not None
    boasting = found._replace(slope=Interval(Decimal("0.4"), Decimal("0.3"), Decimal("0.5")))
    assert not win_verdict(boasting).is_usable
    assert "not to be believed" in win_verdict(boasting).why


@pytest.mark.parametrize("accounts", [1, 3, 9])
def test_of_a_few_customers_nothing_is_learnt_that_would_be_used(accounts: int) -> None:
    artefact = trained([deal._replace(account=f"a{row % accounts}") for row, deal in enumerate(DEALS)])
    assert not verdict(artefact).is_usable
    assert f"{accounts} accounts of deals closed before" in verdict(artefact).why


def test_deals_without_amounts_have_no_guidance_but_may_have_a_chance_to_win() -> None:
    artefact = trained([deal._replace(lines=(DealLine("crm"),)) for deal in DEALS])
    assert not verdict(artefact, Part.PEERS).is_usable
    assert verdict(artefact).is_usable


def test_a_band_that_does_not_hold_is_no_guidance() -> None:
    """From the cut on discounts are three times what they were: nearly none lies between the ends of before."""
    cut = START + timedelta(days=500)
    deals = [
        deal._replace(lines=tuple([line._replace(net=line.list and line.list * D("0.5")) for line in deal.lines]))
        if deal.created >= cut
        else deal
        for deal in DEALS
    ]
    found = verdict(trained(deals, cut=cut), Part.PEERS)
    assert not found.is_usable
    assert "does not hold out of time" in found.why


def test_without_the_library_training_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(library, "import_module", absent)
    with pytest.raises(library.LearningUnavailable, match="sklearn"):
        trained(DEALS)


def test_what_closes_late_is_never_known_before_it_closes() -> None:
    """Outcomes that were decided after the cut change nothing of what the models at the cut say."""
    cut = START + timedelta(days=400)
    one = trained(DEALS, cut=cut)
    turned = [
        deal._replace(outcome=Outcome.LOST) if deal.created < cut and deal.closed and deal.closed >= cut else deal
        for deal in DEALS
    ]
    other = trained(turned, cut=cut)
    assert one.win is not None
    assert other.win is not None
    assert one.win.measures == other.win.measures
    assert one.model.win != other.model.win  # the model that is kept has seen them
