"""`scoring collect`, `models`, `show`, `promote` and `rollback`, as their users type them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pricing_engine.desk import Desk, open_desk
from pricing_engine.scoring.model import Part
from pricing_engine.settings import Settings
from tests import databases
from tests.builders import NOON
from tests.journeys.conftest import QUOTE, Run
from tests.trained_models import an_artefact, keep

WHY = ("--reason", "better than rules", "--by", "ada")


@pytest.fixture
def desk(demo_database: Path) -> Iterator[Desk]:
    opened = open_desk(Settings(database_url=databases.sqlite_url(demo_database)))
    yield opened
    opened.close()


def test_quotes_that_have_ended_are_collected_once(run: Run, demo_database: Path) -> None:
    quote = json.loads(run(*QUOTE, "--save", "--json").stdout)["id"]
    assert run("quotes", "present", quote).exit_code == 0
    assert run("scoring", "collect").stdout == "made 0 deals of quotes\n"  # it is still open
    assert run("quotes", "decline", quote, "--comment", "too dear").exit_code == 0
    done = run("scoring", "collect")
    assert (done.exit_code, done.stdout) == (0, "made 1 deal of quotes: 1 declined\n")
    again = run("scoring", "collect", "--json")
    assert json.loads(again.stdout) == {"made": 0, "by_state": {}, "undiscussed": 0, "failed": []}


def test_a_model_is_shown_promoted_and_rolled_back(run: Run, desk: Desk) -> None:
    assert "quotes are scored by rules alone\nno model was trained yet\n" in run("scoring", "models").stdout
    hash_ = keep(desk, an_artefact(Part.PEERS), NOON)
    shown = run("scoring", "show", hash_[:12]).stdout
    for said in (f"Model {hash_}", "not live", "goes by: segment", "few deals", "win was judged", "not used"):
        assert said in shown
    assert json.loads(run("scoring", "show", hash_, "--json").stdout)["facts"] == ["segment"]
    done = run("scoring", "promote", hash_[:12], *WHY)
    assert (done.exit_code, done.stdout.startswith(f"live: peers of model {hash_[:12]} since ")) == (0, True)
    listed = json.loads(run("scoring", "models", "--json").stdout)
    assert (listed["live"]["parts"], listed["live"]["by"], listed["items"][0]["live"]) == (["peers"], "ada", ["peers"])
    row = run("scoring", "models").stdout.splitlines()[-1].split()
    assert row == [hash_[:12], "2026-01-15", "12:00", "45", "peers", "peers"]
    back = json.loads(run("scoring", "rollback", *WHY, "--json").stdout)
    assert (back["model"], back["parts"]) == (None, [])
    assert run("audit", "verify").exit_code == 0


def test_what_is_refused_says_why_and_ends_with_1(run: Run, desk: Desk) -> None:
    hash_ = keep(desk, an_artefact(Part.PEERS), NOON)
    for typed, exit_code, said in (
        (("promote", hash_, "--part", "win", *WHY), 1, "may not be used: win (win was judged)"),
        (("promote", hash_, "--reason", " "), 1, "where --reason"),
        (("promote", hash_, *WHY, "--role", "rep"), 1, "a rep may not decide which model scores quotes"),
        (("promote", hash_, "--part", "all", *WHY), 2, "--part: must be 'peers', 'win' or 'response'"),
        (("promote", "1234567", *WHY), 1, "write at least 8 characters of a hash"),
        (("rollback", *WHY), 1, "this is what quotes are scored with already"),
        (("rollback", "--to", "yesterday", *WHY), 2, "--to: must be 'before' or 'rules'"),
        (("show", "none"), 1, "there is no scoring model none"),
    ):
        done = run("scoring", *typed)
        assert (done.exit_code, said in done.stderr) == (exit_code, True), done.stderr
    assert json.loads(run("scoring", "models", "--json").stdout)["live"] is None
