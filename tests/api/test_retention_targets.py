"""Figures beside targets over the API."""

from __future__ import annotations

from typing import Any

import pytest

from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests.api.conftest import Caller
from tests.api.rule_files import FILES
from tests.api.test_retention import read, sell

TARGETS = b"""\
kind: retention_targets
why: plan of 2027
rates:
  - {rate: nrr, owner: chief revenue officer, target: "104%", from: 2027-01-01}
drivers:
  - {driver: retention, owner: success, points_per_year: "-8", segment: {product: crm}, from: 2027-01-01}
"""


@pytest.fixture
def planned(caller: Caller) -> Caller:
    """A caller whose rules have targets."""
    files = {**FILES, "retention_targets.yaml": TARGETS}
    publish_rulebook(caller.desk, files, author="ada", activate=True, reason="plan")
    return caller


def test_figures_stand_beside_their_targets(planned: Caller) -> None:
    sell(planned)
    targets = read(planned, on="2027-07-01", by="product")["targets"]
    book, product = targets["items"]
    # What was sold goes on as it is.
    assert book == {
        "segment": None,
        "measure": "nrr",
        "owner": "chief revenue officer",
        "target": "1.040000",
        "actual": "1.000000",
        "difference": "-0.040000",
        "standing": "behind",
        "unknown": None,
        "since": "2027-01-01",
        "until": None,
        "rule": {"id": "nrr", "file": "retention_targets.yaml", "line": 4, "why": "plan of 2027"},
    }
    assert (product["segment"], product["difference"], product["standing"]) == ("crm", "0.080000", "on")
    assert (targets["omitted"], targets["other_by"]) == (None, [])
    assert "the last day of the window" in targets["definition"]


@pytest.mark.parametrize(
    ("asked", "omitted"),
    [({"on": "2027-07-01", "months": "6"}, "the window has 6"), ({"on": "2026-12-31"}, "no target is in force on")],
)
def test_what_has_no_target_says_why(asked: dict[str, Any], omitted: str, planned: Caller) -> None:
    targets = read(planned, **asked)["targets"]
    assert (targets["items"], omitted in targets["omitted"]) == ([], True)


def test_rules_without_targets_say_so(caller: Caller) -> None:
    assert read(caller)["targets"]["omitted"] == "the rules in force have no targets"
