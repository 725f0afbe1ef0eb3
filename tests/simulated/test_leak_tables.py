"""The short form: honest facts are left alone in every table, and what was filled in later is refused in every one."""

from __future__ import annotations

import pytest

from tests.simulated.leak_tables import HONEST, LEAKS, Measured, measured

TABLES = range(5)


@pytest.mark.parametrize("name", ["30 facts of noise", "30 facts of noise of accounts", "honest, sorts 80% as words"])
def test_honest_facts_raise_no_alarm(name: str) -> None:
    assert measured(HONEST[name], TABLES, deals=600) == Measured(5, 0, 0)


@pytest.mark.parametrize(
    "name", ["known for 30% of won, 0% of lost, 15% of open", "known for 100% of won, 100% of lost, 0% of open"]
)
def test_what_is_filled_in_later_is_refused(name: str) -> None:
    assert measured(LEAKS[name], TABLES, deals=2_000) == Measured(5, 5, 0)
