"""A service that is killed loses nothing it has acknowledged, and leaves nothing half done; longer: `make torture`."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.torture.killing import Blow, Siege
from tests.torture.offers import a_desk_with_rules
from tests.torture.service import serving

KILLS = 3


def test_what_was_acknowledged_outlives_a_killed_server_and_nothing_is_half_done(
    database_url: str, tmp_path: Path
) -> None:
    with a_desk_with_rules(database_url) as desk, serving(database_url, tmp_path) as service:
        service.start()
        siege = Siege(desk, service, Random(20260315))
        for _ in range(KILLS):
            siege.round()
        assert siege.tally.wrong == []
        assert (siege.tally.blows, siege.tally.acknowledged > 0) == (KILLS, True)


def test_a_server_whose_database_sessions_are_ended_loses_nothing_and_goes_on(
    postgres_url: str, tmp_path: Path
) -> None:
    with a_desk_with_rules(postgres_url) as desk, serving(postgres_url, tmp_path) as service:
        service.start()
        siege = Siege(desk, service, Random(20260316))
        for _ in range(2):
            siege.round(Blow.SESSIONS)
        assert siege.tally.wrong == []
