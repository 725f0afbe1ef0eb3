"""`pricing-engine quotes list` and `show`: kept quotes are found, and say who has agreed and what can be done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pricing_engine.cli.show_life import SENT, TYPED
from pricing_engine.quoting.lifecycle import Action
from tests import databases
from tests.api.conftest import Caller, open_caller
from tests.journeys.conftest import Run

SOLD = ("--add", "crm:users=40", "--save", "--json")


def kept(run: Run, account: str, *more: str) -> str:
    """The id of a new draft."""
    done = run("quote", "--account", account, *SOLD, *more)
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


@pytest.fixture
def three(demo_database: Path, run: Run) -> list[str]:
    """Three drafts, newest first: two for Bluefin, of which the newer has a reference, and one for Gruber."""
    older, newer = kept(run, "acc_bluefin"), kept(run, "acc_bluefin", "--ref", "opp-7")
    return [kept(run, "acc_gruber"), newer, older]


@pytest.fixture
def caller(demo_database: Path) -> Iterator[Caller]:
    """The API over the same database."""
    opened = open_caller(databases.sqlite_url(demo_database))
    yield opened
    opened.desk.close()


def listed(run: Run, *options: str) -> list[str]:
    """The ids of a page, newest first."""
    done = run("quotes", "list", *options, "--json")
    assert done.exit_code == 0, done.output
    return [item["id"] for item in json.loads(done.stdout)["items"]]


def next_typed(said: str) -> list[str]:
    """What the hint for the next page says to type."""
    return said.strip().removeprefix("there are more: pricing-engine ").split()


def test_the_list_shows_what_a_rep_looks_for(three: list[str], run: Run) -> None:
    run("quotes", "present", three[1])
    rows = run("quotes", "list").stdout.splitlines()
    # (Growth 900.00 + 40 × 45.00) × 12 = 32,400.00
    (row,) = [at for at, line in enumerate(rows) if line.startswith(three[1])]
    assert rows[row].split()[1:3] == ["presented", "$32,400.00"]
    assert rows[row + 1].split()[:3] == ["acc_bluefin", "new", "from"]
    assert rows[row + 2].split() == ["opp-7", "version", "1"]
    assert max(map(len, rows)) <= 100


def test_a_list_is_restricted_by_every_filter_of_the_api(three: list[str], run: Run) -> None:
    gruber, newer, older = three
    run("quotes", "withdraw", older)
    assert listed(run) == three
    assert listed(run, "--account", "acc_bluefin") == [newer, older]
    assert listed(run, "--account", "acc_bluefin", "--state", "draft") == [newer]
    assert listed(run, "--ref", "opp-7") == [newer]
    assert listed(run, "--created-after", "2020-01-01T00:00:00Z") == three
    assert listed(run, "--created-after", "2099-01-01") == []
    assert listed(run, "--account", "acc_nobody") == []
    assert run("quotes", "list", "--state", "accepted").stdout == "there are no such quotes\n"
    assert gruber in run("quotes", "list").stdout


def test_a_list_is_restricted_by_what_quotes_are_for(three: list[str], run: Run) -> None:
    run("contracts", "book", three[0])
    grown = kept(run, "acc_gruber")
    assert listed(run, "--type", "new") == three
    assert listed(run, "--type", "amendment") == [grown]
    assert listed(run, "--type", "renewal") == []
    rows = run("quotes", "list", "--type", "amendment").stdout.splitlines()
    assert rows[-2].split()[:3] == ["acc_gruber", "amendment", "from"]


def test_the_next_page_is_had_by_what_is_said_to_be_typed(three: list[str], run: Run) -> None:
    seen, typed = [], ["quotes", "list", "--state", "draft", "--limit", "1"]
    while typed != [""]:
        page = run(*typed)
        assert page.exit_code == 0, page.output
        seen += [line.split()[0] for line in page.stdout.splitlines() if line.startswith("quo_")]
        typed = next_typed(page.stderr) if page.stderr else [""]
    assert seen == three


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (("--state", "gone"), "--state"),
        (("--type", "expansion"), "--type"),
        (("--limit", "0"), "--limit"),
        (("--limit", "many"), "--limit"),
        (("--cursor", "a b"), "--cursor"),
        (("--created-after", "yesterday"), "--created-after"),
        (("--account", "no one"), "--account"),
        (("--ref", " "), "--ref"),
    ],
)
def test_what_is_typed_wrongly_is_wrong_usage_with_its_option(
    options: tuple[str, str], where: str, demo_database: Path, run: Run
) -> None:
    done = run("quotes", "list", *options, "--json")
    assert done.exit_code == 2
    assert [error["where"] for error in json.loads(done.stdout)["error"]["errors"]] == [where]


def test_a_cursor_of_another_list_is_wrong_usage(three: list[str], run: Run) -> None:
    cursor = json.loads(run("quotes", "list", "--limit", "1", "--json").stdout)["next_cursor"]
    for typed in (["--cursor", "abc"], ["--cursor", cursor, "--state", "draft"]):
        done = run("quotes", "list", *typed, "--json")
        error = json.loads(done.stdout)["error"]
        assert (done.exit_code, error["code"], error["where"]) == (2, "cursor-unreadable", "--cursor")


def test_json_is_what_the_api_answers(three: list[str], run: Run, caller: Caller) -> None:
    run("quotes", "submit", three[0], "--by", "rob")
    assert json.loads(run("quotes", "list", "--limit", "2", "--json").stdout) == caller.get("/v1/quotes?limit=2").json()
    for role in ("rep", "manager"):
        headers = {"X-Acting-Role": role}
        for more, query in (((), "?expand=score"), (("--waterfall",), "?expand=waterfall,score")):
            shown = run("quotes", "show", three[0], "--role", role, "--json", *more)
            assert json.loads(shown.stdout) == caller.get(f"/v1/quotes/{three[0]}{query}", headers=headers).json()


def test_a_quote_goes_from_draft_to_contract_by_what_it_says_can_be_done(demo_database: Path, run: Run) -> None:
    quote = kept(run, "acc_bluefin", "--discount", "quote=12%", "--why", "competitive")
    for step, by in (("submit", "rob"), ("approve", "mia"), ("present", "rob"), ("accept", "rob")):
        can = run("quotes", "show", quote).stdout.partition("What can be done\n")[2].splitlines()
        (typed,) = [line for line in can if f" quotes {step} " in line]
        done = run(*typed.split()[1:], "--by", by, "--comment", f"{step} it")
        assert done.exit_code == 0, done.output
    shown = run("quotes", "show", quote).stdout
    assert f"Quote {quote}, kept as accepted" in shown
    assert "Growth · platform fee" in shown
    assert "Approval, manager  given " in shown
    assert "by mia: approve it" in shown
    steps = shown.partition("What was done\n")[2].partition("\n\n")[0].splitlines()[2:]
    assert [row.split()[2].rstrip(",") for row in steps] == ["submit", "approve", "present", "accept"]
    assert shown.endswith("What can be done\nit is booked: pricing-engine contracts show acc_bluefin\n")


def test_a_quote_that_waits_says_for_whom_and_who_cannot_agree(demo_database: Path, run: Run) -> None:
    quote = kept(run, "acc_bluefin", "--discount", "quote=12%", "--why", "competitive")
    assert "What was done" not in run("quotes", "show", quote).stdout
    run("quotes", "submit", quote, "--by", "rob")
    shown = run("quotes", "show", quote).stdout
    assert "State              pending approval" in shown
    (row,) = [line for line in shown.splitlines() if line.startswith("Approval, ")]
    assert row.endswith("missing")
    assert "rep, rob; nobody approves their own request" in shown
    assert f"revise by the API: POST /v1/quotes/{quote}/revise" in shown
    run("quotes", "reject", quote, "--comment", "too much", "--by", "mia")
    assert "too much" in run("quotes", "show", quote).stdout
    run("quotes", "withdraw", quote)
    assert run("quotes", "show", quote).stdout.endswith("What can be done\nnothing any more\n")


def test_the_last_day_is_that_of_the_presentation(three: list[str], run: Run) -> None:
    assert "Valid until" not in run("quotes", "show", three[0]).stdout
    run("quotes", "present", three[0])
    (row,) = [line for line in run("quotes", "show", three[0]).stdout.splitlines() if line.startswith("Valid until")]
    assert row.split()[-1] == json.loads(run("quotes", "show", three[0], "--json").stdout)["valid_until"]


def test_once_the_last_day_is_over_it_does_not_say_that_a_quote_can_be_accepted(
    three: list[str], demo_database: Path, run: Run, caller: Caller
) -> None:
    run("quotes", "present", three[0])
    accept = f"pricing-engine quotes accept {three[0]}\n"
    assert accept in run("quotes", "show", three[0]).stdout
    with closing(sqlite3.connect(demo_database)) as connection, connection:
        connection.execute("UPDATE quote SET valid_until = '2026-01-14' WHERE state = 'presented'")
    assert accept not in run("quotes", "show", three[0]).stdout
    assert "quotes decline" in run("quotes", "show", three[0]).stdout
    can = ["decline", "withdraw", "revise"]
    assert json.loads(run("quotes", "show", three[0], "--json").stdout)["actions"] == can
    assert caller.get(f"/v1/quotes/{three[0]}").json()["actions"] == can


def test_an_unknown_quote_is_refused_and_a_role_that_is_none_is_wrong_usage(three: list[str], run: Run) -> None:
    missing = run("quotes", "show", "quo_nobody")
    assert (missing.exit_code, "list quotes" in missing.stderr) == (1, True)
    assert run("quotes", "show", three[0], "--role", "king").exit_code == 2
    assert run("quotes", "show", three[0], "--locale", "xx_YY_ZZ_00").exit_code == 2


def test_every_action_that_somebody_takes_is_typed_or_sent() -> None:
    assert {*TYPED, *SENT} == {*Action} - {Action.EXPIRE}
