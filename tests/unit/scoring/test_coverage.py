"""How later won lines lie to the band of their peers."""

from __future__ import annotations

from datetime import timedelta

from pricing_engine.scoring.deal import Draw, Outcome
from pricing_engine.scoring.guidance_rules import USUAL_PEERS
from pricing_engine.scoring.learning.coverage import Covered, coverage_of
from pricing_engine.scoring.learning.peers import learn_peers
from tests.rulebooks import D
from tests.unit.scoring.past_deals import DAY, a_deal, deals_of

# Two segments of 21 deals each, sold at 0% to 20% and at 30% to 50%: their bands are 5% to 18% and 35% to 48%.
PAST = [a_deal(each, f"0.{each:02}", facts={"segment": "smb"}) for each in range(21)]
PAST += [a_deal(30 + each, f"0.{30 + each}", facts={"segment": "mid"}) for each in range(21)]
TREE = learn_peers(PAST, USUAL_PEERS, as_of=DAY)


def test_lines_are_counted_below_inside_and_above_the_band_of_their_peers() -> None:
    later = [
        a_deal(1, "0.05", "0.18", "0.04", "-0.10", account="a1", facts={"segment": "smb"}),
        a_deal(2, "0.19", account="a1", facts={"segment": "smb"}),
        a_deal(3, "0.40", facts={"segment": "mid"}),
        a_deal(4, "0.05", facts={"segment": "mid"}, outcome=Outcome.LOST),
        a_deal(5, "0.05", facts={"segment": "mid"}, draw=Draw(D("0.05"), D("0.2"))),
    ]
    found = coverage_of(TREE, later, USUAL_PEERS)
    assert found.promised == D("0.65")
    assert found.whole == Covered((), 2, below=2, inside=3, above=1)
    assert found.segments == (
        Covered((("segment", "smb"),), 1, below=2, inside=2, above=1),
        Covered((("segment", "mid"),), 1, below=0, inside=1, above=0),
    )
    assert (found.silent, found.whole.lines) == (0, 6)


def test_lines_of_which_no_peers_speak_are_counted() -> None:
    thin = learn_peers(PAST[:5], USUAL_PEERS, as_of=DAY)
    found = coverage_of(thin, [a_deal(1, "0.1", "0.2")], USUAL_PEERS)
    assert (found.whole.lines, found.segments, found.silent) == (0, (), 2)


def test_as_many_lie_inside_as_is_promised_where_nothing_changes() -> None:
    deals = deals_of(3, 2_000, accounts=1_500, told_apart=True)
    tree = learn_peers(deals[:1_000], USUAL_PEERS, as_of=DAY + timedelta(days=1))
    found = coverage_of(tree, deals[1_000:], USUAL_PEERS)
    assert found.whole.lines == 2_000
    assert abs(found.whole.inside / 2_000 - 0.65) < 0.04  # three errors of the share among so many
