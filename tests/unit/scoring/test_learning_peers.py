"""The tree of comparable won deals: what it tells apart, what it leaves together, and what it says of a segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.scoring.deal import Draw, Outcome
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, PeerSettings
from pricing_engine.scoring.learning.peers import learn_peers, quantile
from pricing_engine.scoring.peers import Dimension, PeerNode, PeerTree, find_peers
from pricing_engine.scoring.price_response import Method, PriceResponse
from pricing_engine.scoring.typed_json import from_plain, to_plain
from tests.rulebooks import D
from tests.unit.scoring.past_deals import DAY, a_deal, a_line, deals_of

FIVE = replace(USUAL_PEERS, minimum=5)


def learn(deals: list, settings: PeerSettings = FIVE, as_of: date = DAY) -> PeerTree:
    return learn_peers(deals, settings, as_of=as_of)


def root(deals: list, settings: PeerSettings = FIVE, as_of: date = DAY) -> PeerNode:
    tree = learn(deals, settings, as_of)
    assert tree.root is not None
    return tree.root


def test_a_node_says_what_its_lines_were_sold_at() -> None:
    # Five deals at 0%, 10%, 20%, 30%, 40%. Their places are 0 to 4: a quarter lies at place 1, a half at 2, and 90% at
    # 3.6, which is 30% + 0.6 × 10%.
    found = root([a_deal(number, f"0.{number}") for number in range(5)])
    assert (found.stretch, found.target, found.floor) == (D("0.1"), D("0.2"), D("0.36"))
    assert (found.low, found.high, found.mean) == (D("0.1"), D("0.3"), D("0.2"))
    assert (found.deals, found.accounts, found.by) == (5, 5, None)
    assert (found.since, found.until) == (DAY - timedelta(days=30),) * 2


@given(st.lists(st.integers(0, 1_000_000), min_size=1, max_size=40), st.decimals(0, 1, places=3))
def test_quantiles_are_those_of_spreadsheets_rounded_half_up(discounts: list[int], share: Decimal) -> None:
    place = Fraction(share) * (len(discounts) - 1)
    rising = [*sorted(discounts), 0]
    exact = rising[int(place)] + (place - int(place)) * (rising[int(place) + 1] - rising[int(place)])
    ten_thousandths = (exact / 100 + Fraction(1, 2)) // 1
    assert quantile(np.array(sorted(discounts)), share) == Decimal(ten_thousandths).scaleb(-4)


def test_what_tells_discounts_apart_is_found_and_the_rest_is_left_together() -> None:
    found = root(deals_of(1, 1_000, accounts=400, told_apart=True), USUAL_PEERS)
    assert found.by == Dimension("family")
    assert list(found.children) == ["f0", "f1", "f2", "f3"]
    assert {child.by for child in found.children.values()} == {Dimension("segment")}
    finest = [leaf for child in found.children.values() for leaf in child.children.values()]
    assert {leaf.by for leaf in finest} == {None}
    # Families are 6 points apart and segments 3: f3 in s2 is around 0.2 + 0.18 + 0.06.
    assert abs(found.children["f3"].children["s2"].target - D("0.44")) < D("0.01")


@pytest.mark.parametrize("by_account", [0.0, 0.1])
def test_noise_is_rarely_told_apart(by_account: float) -> None:
    # Measured over 200 books each: 5% of books of 60 deals, 1% of 300, none of 2,000; with habits of accounts, which
    # make lines of an account alike, 3.5%, 0.5% and none.
    books = [deals_of(seed, 150, accounts=50, told_apart=False, by_account=by_account) for seed in range(25)]
    assert sum(root(each, USUAL_PEERS).by is not None for each in books) <= 2


def test_a_thin_segment_stays_with_its_parent() -> None:
    deals = [a_deal(number, "0.30", facts={"segment": "smb"}) for number in range(30)]
    deals += [a_deal(number, "0.10", facts={"segment": "mid"}) for number in range(30, 60)]
    deals += [a_deal(number, "0.90", facts={"segment": "big"}) for number in range(60, 64)]
    tree = learn(deals)
    assert tree.root is not None
    assert list(tree.root.children) == ["mid", "smb"]
    for segment, speaks in {"smb": "0.30", "mid": "0.10"}.items():
        found = find_peers(tree, {"segment": segment})
        assert found is not None
        assert (found[0].target, found[1]) == (D(speaks), (("segment", segment),))
    for facts in ({"segment": "big"}, {"segment": None}, {}):
        assert find_peers(tree, facts) == (tree.root, ())


def test_deals_of_a_few_customers_are_no_segment() -> None:
    deals = [a_deal(number, "0.30") for number in range(30)]
    deals += [a_deal(100 + each, "0.05", account=f"k{each % 4}", facts={"segment": "key"}) for each in range(200)]
    assert "key" not in root(deals).children
    assert learn(deals[30:]) == PeerTree(5, 200, None)
    assert find_peers(learn(deals[30:]), {"segment": "key"}) is None


def test_only_prices_that_were_agreed_count() -> None:
    agreed = [a_deal(number, "0.20") for number in range(6)]
    others = [
        a_deal(10, "0.90", outcome=Outcome.LOST),
        a_deal(11, "0.90", outcome=Outcome.OPEN, closed=None),
        a_deal(12, "0.90", draw=Draw(D("0.90"), D("0.2"))),
        a_deal(13, lines=(a_line("0.9")._replace(net=None), a_line("0.9")._replace(list=D(0)))),
    ]
    assert root(agreed + others) == root(agreed)
    assert (root(agreed).target, root(agreed).deals) == (D("0.20"), 6)


def test_above_list_counts_as_at_list() -> None:
    assert root([a_deal(number, "-0.20") for number in range(6)]).mean == 0


def test_deals_count_from_so_many_months_back_until_the_day() -> None:
    closed = [date(2025, 1, 1), date(2025, 1, 2), DAY, DAY + timedelta(days=1)]
    deals = [a_deal(10 * at + each, "0.2", closed=day) for at, day in enumerate(closed) for each in range(6)]
    found = root(deals, replace(FIVE, months=12))
    assert (found.deals, found.since, found.until) == (12, date(2025, 1, 2), DAY)


@pytest.mark.parametrize(
    ("value", "bucket"),
    [("9.99", "..10"), ("10", "10..20"), ("19.9", "10..20"), ("20", "20.."), ("1E+9", "20..")],
)
def test_a_range_has_its_lower_end_and_not_its_upper_one(value: str, bucket: str) -> None:
    assert Dimension("seats", (D("10"), D("20"))).bucket(D(value)) == bucket


def test_parts_of_an_artefact_come_back_from_json_as_they_were() -> None:
    response = PriceResponse(
        *(0.1 + 0.2, 1 / 3, D("0.00"), D("0.2500"), D("0.1"), 0.4, 1000, 90, Method.INSTRUMENT, "list_review")
    )
    whole = learn(deals_of(1, 1_000, accounts=400, told_apart=True), USUAL_PEERS)
    thin = learn([], USUAL_PEERS)
    for part in (whole, thin, response):
        assert from_plain(type(part), orjson.loads(orjson.dumps(to_plain(part)))) == part
