"""Scores and guidance over HTTP: in short with every quote, whole on demand, and to each role what it may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.api.acting_role import ROLES
from pricing_engine.api.visibility import COST_ROLES
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests.api.conftest import Caller, open_caller
from tests.scored_rules import scored_files

ATTRIBUTES = {"segment": "smb", "prepaid": False}


@pytest.fixture
def scored_caller(database_url: str) -> Iterator[Caller]:
    """A caller of an app with rules that score, and an account of a small customer."""
    opened = open_caller(database_url, publish=False)
    rules = scored_files()
    roles = b"roles: [rep, manager, deal_desk, pricing, revops, admin, integration]"
    rules["rulebook.yaml"] = rules["rulebook.yaml"].replace(b"roles: [rep, manager, deal_desk]", roles)
    publish_rulebook(
        opened.desk, rules, author="test", activate=True, reason="t", from_instant=datetime(2026, 1, 1, tzinfo=UTC)
    )
    made = opened.post("/v1/accounts", {"name": "Fjord", "currency": "USD", "attributes": ATTRIBUTES})
    opened.accounts["USD"] = made.json()["id"]
    yield opened
    opened.desk.close()


def ask(caller: Caller) -> dict[str, Any]:
    """Forty seats, paid month by month."""
    return caller.ask(
        changes=[{"op": "add", "product": "crm", "quantities": {"users": "40"}}], billing="monthly_in_advance"
    )


def test_every_quote_has_its_score_in_short_and_the_whole_on_demand(scored_caller: Caller) -> None:
    manager = {"X-Acting-Role": "manager"}
    kept = scored_caller.post("/v1/quotes", ask(scored_caller), headers=manager)
    # With the spring promotion 21,120, of 21,600 at the target (39.1 of 40); margin 17,280 of 21,120 (24.5 of 30); 12
    # of 48 months (5.0 of 20); one of twelve ahead (0.8 of 10).
    assert kept.json()["score"] == {"scorecard": "small", "points": "69.4", "band": "weak"}
    assert "scoring" not in kept.json()
    read = scored_caller.get(f"{kept.headers['location']}?expand=score", headers=manager).json()
    preview = scored_caller.post("/v1/quotes/preview?expand=score", ask(scored_caller), headers=manager).json()
    assert read["scoring"] == preview["scoring"]
    scoring = read["scoring"]
    assert sum(Decimal(each["points"]) for each in scoring["score"]["factors"]) == Decimal("69.4")
    assert [each["lever"] for each in scoring["improvements"][:2]] == ["billing", "term"]
    line = scoring["lines"][0]
    # 10% off 24,000 a year, of 50.00 a seat and month; at most 45% off.
    assert line["target"] == {"discount": "0.10", "net": "21600.00", "net_unit_price": "45"}
    assert line["floor"]["net_unit_price"] == "27.5"
    assert line["evidence"]["source"] == "rules"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_of_a_score_what_it_may(role: str, scored_caller: Caller) -> None:
    headers = {"X-Acting-Role": role}
    found = scored_caller.post("/v1/quotes/preview?expand=score", ask(scored_caller), headers=headers).json()
    scoring = found["scoring"]
    margin = next(each for each in scoring["score"]["factors"] if each["id"] == "margin")
    sees = role in COST_ROLES
    assert (margin["points"] is not None) == sees
    assert (scoring["guidance"]["floor"] is not None) == sees
    assert (scoring["lines"][0]["floor"] is not None) == sees
    assert found["score"]["points"] == ("69.4" if sees else "69")
    assert ("." in scoring["improvements"][0]["points"]) == sees
    assert scoring["guidance"]["target"] == "0.10"
    assert ("0.45" in str(scoring)) == sees
    assert ("24.5" in str(scoring)) == sees


def test_what_is_asked_for_beyond_that_is_refused(scored_caller: Caller) -> None:
    answer = scored_caller.post("/v1/quotes?expand=score", ask(scored_caller))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_rules_without_scoring_have_none(sqlite_caller: Caller) -> None:
    found = sqlite_caller.post("/v1/quotes/preview?expand=score", sqlite_caller.ask()).json()
    assert (found["score"], found["scoring"]) == (None, None)
