"""Of many who accept a quote at once over HTTP one wins; the long form of this is `make torture`."""

from __future__ import annotations

from pathlib import Path

from tests.torture.crowd import PARTIES, a_crowd, wrong_ends
from tests.torture.offers import a_desk_with_rules, new_account, offered, offered_more
from tests.torture.service import failures, serving
from tests.torture.wholeness import broken_promises


def test_of_64_who_accept_at_once_one_wins_and_the_others_are_told_why(database_url: str, tmp_path: Path) -> None:
    with a_desk_with_rules(database_url) as desk, serving(database_url, tmp_path) as service:
        for _ in range(2):
            service.start()
        account = new_account(desk)
        with a_crowd(service) as crowd:
            first = crowd.accept(offered(desk, account))
            change = crowd.accept(offered_more(desk, account, 120))
            repeated = crowd.accept(offered(desk, new_account(desk)), key="the-same-request")
        assert failures([*first, *change, *repeated], service.log) == []
        assert wrong_ends(first) == wrong_ends(change) == []
        assert {each.status for each in repeated} == {200}
        assert len({each.body for each in repeated}) == 1, "the same request with its key is answered alike"
        assert len(repeated) == PARTIES
        assert broken_promises(desk) == []
