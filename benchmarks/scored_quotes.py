"""`scored-5`: a quote of five lines under the sample rules, scored by rules or a model, beside the same unscored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import race
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Account, Add, QuoteRequest
from pricing_engine.quoting.scoring import RULES_ALONE, ScoredBy
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.peers import Dimension, PeerNode, PeerTree
from pricing_engine.scoring.win_model import NumberFeature, WinModel, WordFeature
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.usecases.rule_directory import read_rule_directory

RULES: Final = Path(__file__).parents[1] / "rules"
MOST_TIMES_UNSCORED: Final = Target(1.5)
DAY: Final = date(2026, 7, 1)
_USERS: Final = {"users": Decimal(120)}
_FAMILIES: Final = ("work", "insight", "platform", "storage", "services")
_SEGMENTS: Final = ("smb", "mid_market", "enterprise")


def scored_quotes(effort: Effort) -> list[Reading]:
    """Readings by rules alone, and by peers and a chance to win of a model."""
    quoted = a_quote_by()
    contenders = {
        "unscored": quoted(None),
        "rules": quoted(RULES_ALONE),
        "model": quoted(ScoredBy(a_model())),
    }
    assert len(contenders["model"]().lines) == 5
    laps = race(contenders, effort)
    floor = laps["unscored"].best * MICROSECONDS
    return [
        Reading(f"scored-5 {name}", "µs", laps[name].best * MICROSECONDS, floor, target=MOST_TIMES_UNSCORED)
        for name in ("rules", "model")
    ]


def a_quote_by() -> Callable[[ScoredBy | None], Callable[[], Quote]]:
    """Makes what quotes five lines, by what they are scored."""
    rulebook = load_rulebook(read_rule_directory(RULES), currency_digits=currency_digits())
    account = Account("acc_bench", "Bench Ltd", "USD", "US", {"segment": "mid_market"})
    changes = tuple([Add(product, _USERS) for product in ("core", "crm", "analytics")])
    request = QuoteRequest(account, DAY, DAY, 24, "USD", "rep", changes)

    def quoted(by: ScoredBy | None) -> Callable[[], Quote]:
        return partial(assemble_quote, request, rulebook=rulebook, quote_id="quo_bench", scored_by=by)

    return quoted


def a_model() -> Model:
    """Peers by family and segment below it, and a chance to win from a dozen facts."""
    families = {family: _node(Dimension("segment"), {each: _node() for each in _SEGMENTS}) for family in _FAMILIES}
    root = _node(Dimension("family"), families)
    numbers = [NumberFeature(name, 1.0, 2.0, 0.1, 0.0) for name in ("list_per_year", "term_months", "users")]
    words = [
        WordFeature(name, dict.fromkeys(_SEGMENTS, 0.2), 0.0, 0.0)
        for name in ("segment", "sector", "quote_type", "tier", "market", "billing", "partner", "source", "region")
    ]
    return Model("0" * 64, PeerTree(20, 400, root), WinModel(0.1, tuple(numbers), tuple(words)))


def _node(by: Dimension | None = None, children: dict[str, PeerNode] | None = None) -> PeerNode:
    shares = [Decimal(f"0.{tenth}500") for tenth in range(6)]
    return PeerNode(40, 20, DAY, DAY, *shares, by=by, children=children or {})
