"""`pricing-engine offers`: what the sample rules offer an account of the demo, on paper and as the API answers."""

from __future__ import annotations

import json
from pathlib import Path

from tests.journeys.conftest import Run


def test_an_account_that_has_nothing_is_offered_what_it_may_begin_with(demo_database: Path, run: Run) -> None:
    done = run("offers", "acc_bluefin")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Offers for acc_bluefin as new sales, for ")
    # Essentials 99 × 12 + Core 12 × 12
    line = next(row for row in done.stdout.splitlines() if row.startswith("Core workspace"))
    assert line.split()[-2:] == ["+$1,332.00", "$1,332.00"]
    assert "start-with-core" in line
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_json_is_what_the_api_answers(demo_database: Path, run: Run) -> None:
    done = run("offers", "acc_bluefin", "--json")
    found = json.loads(done.stdout)
    assert found["account_id"] == "acc_bluefin"
    assert found["offers"][0]["source"] == "start-with-core"
    assert set(found) >= {"offers", "withheld", "unlocks", "effective_date", "rulebook"}


def test_who_is_not_there_is_refused_and_a_role_that_is_none_is_wrong_usage(demo_database: Path, run: Run) -> None:
    assert run("offers", "acc_nobody").exit_code == 1
    assert run("offers", "acc_bluefin", "--role", "boss").exit_code == 2
    assert run("offers", "acc_bluefin", "--contract", "con_nobody").exit_code == 1


def test_what_is_withheld_says_what_it_would_have_been(demo_database: Path, run: Run) -> None:
    kept = json.loads(run("quote", "--account", "acc_bluefin", "--add", "crm:users=40", "--save", "--json").stdout)
    assert run("contracts", "book", kept["id"]).exit_code == 0
    rows = run("offers", "acc_bluefin").stdout.splitlines()
    row = rows.index("  Security pack (bundle, security-pack)")
    # A third product brings 15% off what there is, which is more than the pack costs.
    assert rows[row + 1] == "    add sso, add audit-log"
    assert rows[row + 2].startswith("    it would lower recurring revenue by ")
    (withheld,) = json.loads(run("offers", "acc_bluefin", "--json").stdout)["withheld"]
    assert [change["product"] for change in withheld["changes"]] == ["sso", "audit-log"]
    assert (withheld["name"], withheld["code"]) == ("Security pack", "lowers-arr")
