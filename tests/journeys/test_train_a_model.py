"""`pricing-engine scoring train` and `evaluate` from end to end: from deals to a model that is promoted, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pricing_engine.desk import open_desk, utc_now
from pricing_engine.settings import Settings
from pricing_engine.storage import deals
from pricing_engine.storage.deals import DealSource, KeptDeal
from pricing_engine.usecases import train_model
from tests import databases
from tests.journeys.conftest import Run
from tests.scoring_deals import deals_with


@pytest.fixture(autouse=True)
def simulator_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its figures are the same for all deals, and take seconds."""
    monkeypatch.setattr(train_model, "policy_values", lambda **_: ())


@pytest.fixture
def with_deals(demo_database: Path) -> None:
    desk = open_desk(Settings(database_url=databases.sqlite_url(demo_database)))
    with desk.transaction() as session:
        kept = [KeptDeal(each, DealSource.IMPORT) for each in deals_with(700, seed=3)]
        deals.save(session, kept, at=utc_now(), by="ada")
    desk.close()


def test_a_model_is_trained_shown_promoted_and_evaluated_again(run: Run, with_deals: None, tmp_path: Path) -> None:
    page = tmp_path / "model.html"
    done = run("scoring", "train", "--report", str(page), "--without", "inbound", "--without", "sector")
    assert done.exit_code == 0, done.output
    assert "win: may be used. it beats the base rate out of time" in " ".join(done.stdout.split())
    assert "What may be used, and why" in page.read_text("utf-8")
    hash_ = done.stdout.splitlines()[0].removeprefix("Model ")
    assert f"use it: pricing-engine scoring promote {hash_[:12]}" in done.stderr
    judged = json.loads(run("scoring", "evaluate", hash_[:12], "--json").stdout)
    assert (judged["hash"], judged["since"], judged["facts"]) == (hash_, None, ["employees", "segment", "term_months"])
    promoted = run("scoring", "promote", hash_[:12], "--part", "peers", "--reason", "try it")
    assert (promoted.exit_code, "live: peers" in promoted.stdout) == (0, True), promoted.output


def test_to_evaluate_keeps_nothing(run: Run, with_deals: None) -> None:
    judged = json.loads(run("scoring", "evaluate", "--cut", "2025-03-01", "--json").stdout)
    assert judged["win"]["split"]["cut"] == "2025-03-01"
    assert "no model was trained yet" in run("scoring", "models").stdout


@pytest.mark.parametrize(
    ("typed", "exit_code", "says"),
    [
        (("train", "--keep", "segment"), 2, "--why TEXT"),
        (("train", "--cut", "soon"), 2, "--cut"),
        (("train", "--without", "segmnt"), 1, "no deal has a fact segmnt"),
        (("train", "--cut", "2020-01-01"), 1, "leaves nothing on one side"),
        (("train", "--report", "-", "--json"), 2, "only one of them"),
        (("train", "--role", "rep"), 1, "a rep may not"),
        (("evaluate", "0" * 12), 1, "there is no scoring model"),
        (("evaluate", "0" * 12, "--cut", "2025-03-01"), 2, "judged as it was trained"),
        (("train", "--report", "/nowhere/at/all.html"), 3, "cannot be written"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(
    run: Run, with_deals: None, typed: tuple[str, ...], exit_code: int, says: str
) -> None:
    done = run("scoring", *typed)
    assert (done.exit_code, says in done.output) == (exit_code, True), done.output


def test_without_deals_there_is_nothing_to_learn(run: Run, demo_database: Path) -> None:
    done = run("scoring", "train")
    assert (done.exit_code, "scoring import" in done.stderr) == (1, True)
