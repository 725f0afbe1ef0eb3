"""`pricing-engine quotes`: a kept quote goes from draft to contract, and the audit log says how."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.journeys.conftest import Run

SOLD = ("quote", "--account", "acc_bluefin", "--add", "crm:users=40", "--save", "--json")


@pytest.fixture
def quote(demo_database: Path, run: Run) -> str:
    """A kept quote that nobody has to agree to."""
    done = run(*SOLD)
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


def test_a_quote_is_presented_and_accepted(quote: str, run: Run) -> None:
    presented = run("quotes", "present", quote, "--by", "rob")
    assert presented.exit_code == 0, presented.output
    assert presented.stdout.startswith(f"{quote} is presented until ")
    assert presented.stdout.endswith("(revision 2)\n")
    accepted = run("quotes", "accept", quote, "--seen", "2", "--comment", "signed")
    assert accepted.exit_code == 0, accepted.output
    first, *moved = accepted.stdout.splitlines()
    assert first.startswith(f"{quote} is accepted (revision 3); contract con_")
    assert any("a year: crm.seats, new business" in line for line in moved)
    again = run("quotes", "accept", quote, "--json")
    assert again.exit_code == 1
    assert json.loads(again.stdout)["error"]["code"] == "transition-not-allowed"
    assert run("audit", "verify").stdout.startswith("all 2 entries are as they were written; the last has the hash ")


def test_a_discount_is_approved_by_somebody_else(demo_database: Path, run: Run) -> None:
    kept = json.loads(run(*SOLD, "--discount", "quote=12%", "--why", "competitive").stdout)
    quote, (level,) = kept["id"], kept["missing_approvals"]
    missing = run("quotes", "present", quote)
    assert missing.exit_code == 1
    assert f"{level} must agree" in missing.output
    assert f"pending approval, and {level} must agree" in run("quotes", "submit", quote, "--by", "rob").stdout
    own = run("quotes", "approve", quote, "--level", level, "--by", "rob")
    assert own.exit_code == 1
    assert "rob asked for the quote" in own.output
    done = run("quotes", "approve", quote, "--level", level, "--by", "mia", "--json")
    assert json.loads(done.stdout)["state"] == "approved"
    wrong = run("quotes", "approve", quote, "--level", level, "--role", "king")
    assert wrong.exit_code == 2
    assert "there is no role king" in wrong.output


def test_what_is_declined_needs_a_reason(quote: str, run: Run) -> None:
    run("quotes", "present", quote)
    assert run("quotes", "decline", quote).exit_code == 2
    assert run("quotes", "decline", quote, "--comment", " ").exit_code == 1
    assert "is declined" in run("quotes", "decline", quote, "--comment", "no budget").stdout


def test_nothing_has_expired_and_withdrawn_rules_are_not_offered(quote: str, run: Run) -> None:
    assert run("quotes", "expire").stdout == "0 quotes have expired\n"
    assert json.loads(run("quotes", "expire", "--json").stdout) == {"expired": []}
    hash = json.loads(run(*SOLD).stdout)["rulebook"]
    withdrawn = run("rules", "withdraw", hash, "--reason", "a price was wrong")
    assert withdrawn.stdout.startswith(f"{hash[:12]} is withdrawn")
    refused = run("quotes", "present", quote)
    assert refused.exit_code == 1
    assert "a price was wrong" in refused.output


def test_a_changed_audit_log_is_found(quote: str, demo_database: Path, run: Run) -> None:
    run("quotes", "present", quote)
    with sqlite3.connect(demo_database) as connection:
        connection.execute("DROP TRIGGER tr_journal_update")
        connection.execute("UPDATE journal SET by = 'nobody' WHERE number = 1")
    connection.close()
    found = run("audit", "verify")
    first, fix = found.stdout.splitlines()
    assert (found.exit_code, first) == (
        1,
        "entry 1 is not as it was written; the 0 before it are as they were written",
    )
    assert fix.startswith("  fix   find out who has changed the table journal, and restore it from a backup")
    assert json.loads(run("audit", "verify", "--json").stdout)["broken_at"] == 1


@pytest.fixture
def approved(demo_database: Path, run: Run) -> str:
    """A kept quote that rob submitted and mia approved."""
    kept = json.loads(run(*SOLD, "--discount", "quote=12%", "--why", "competitive").stdout)
    assert run("quotes", "submit", kept["id"], "--by", "rob").exit_code == 0
    assert run("quotes", "approve", kept["id"], "--level", kept["missing_approvals"][0], "--by", "mia").exit_code == 0
    return str(kept["id"])


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE quote_step SET by = 'eve' WHERE action = 'approve'",
            "step 3 and entry 2 of the log differ: by is 'eve' in the step, 'mia' in the entry",
        ),
        (
            "DELETE FROM quote_step WHERE action = 'approve'",
            "step 3 is missing: entry 2 of the log is 'quote.approved' by 'mia'",
        ),
        (
            "INSERT INTO quote_step SELECT tenant_id, quote_id, 4, action, from_state, to_state, at, 'eve', role, "
            "'cfo', comment, content_hash FROM quote_step WHERE action = 'approve'",
            "step 4, 'approve' by 'eve', has no entry in the log",
        ),
    ],
)
def test_a_changed_approval_is_found(statement: str, what: str, approved: str, demo_database: Path, run: Run) -> None:
    whole = run("audit", "verify")
    assert (whole.exit_code, whole.stdout.splitlines()[1]) == (0, "all 2 steps of 1 quotes are as the entries say")
    with sqlite3.connect(demo_database) as connection:
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER tr_quote_step_{verb}")
        connection.execute(statement)
    connection.close()
    found = run("audit", "verify")
    first, entries, fix = found.stdout.splitlines()
    assert (found.exit_code, first) == (1, f"quote {approved}: {what}")
    assert entries.startswith("all 2 entries are as they were written; the last has the hash ")
    assert fix.startswith("  fix   find out who has changed the table quote_step")
    as_json = run("audit", "verify", "--json")
    assert as_json.exit_code == 1
    said = json.loads(as_json.stdout)
    assert (said["is_whole"], said["entries"], said["quote_id"]) == (False, 2, approved)
    assert (said["what"], said["fix"]) == (first, fix.removeprefix("  fix   "))


def test_without_trials_none_is_bought(demo_database: Path, run: Run) -> None:
    assert run("contracts", "convert-trials").stdout == "0 trials are bought\n"
    assert json.loads(run("contracts", "convert-trials", "--json").stdout) == {"trials": []}


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--by", ""), ("--by", "x y"), ("--by", "root "), ("--comment", "x" * 501), ("--comment", "a\nb")],
)
def test_names_and_comments_are_held_to_the_rules_of_the_api(flag: str, value: str, quote: str, run: Run) -> None:
    assert run("quotes", "present", quote, flag, value).exit_code == 2
