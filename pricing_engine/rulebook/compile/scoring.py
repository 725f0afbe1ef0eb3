"""Compiles the scorecard and guidance."""

from collections.abc import Mapping

from pricing_engine.rulebook.compile.catalog import compile_selector
from pricing_engine.rulebook.compile.policies import Conditions
from pricing_engine.rulebook.documents.guidance import GuidanceDocument, PeersShape
from pricing_engine.rulebook.documents.scorecard import ScorecardDocument
from pricing_engine.rulebook.rulebook import VocabularyName
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.scoring.deal import FACTS_OF_EVERY_QUOTE
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, Exploration, GuidanceRow, GuidanceRules, PeerSettings
from pricing_engine.scoring.peers import Dimension
from pricing_engine.scoring.scorecard import Factor, ScoreBand, Scorecard

_DISCREET = frozenset({"quote.margin"})
"""Origins that not every role may see: nor the points by them, from which they could be worked out."""


def compile_scorecard(
    loaded: Loaded[ScorecardDocument] | None, conditions: Conditions, vocabulary: Mapping[str, VocabularyName]
) -> Scorecard | None:
    """The scorecard, its factors in the order written, its bands from the highest down."""
    if loaded is None:
        return None
    shape = loaded.shape
    discreet = {id_ for id_, each in vocabulary.items() if each.origin in _DISCREET}
    values = [conditions[loaded.file, ("factors", i, "value")] for i in range(len(shape.factors))]
    factors = tuple(
        Factor(
            id=each.id,
            weight=each.weight,
            value=values[i],
            rule=loaded.rule(("factors", i, "id"), each.id, each.why or shape.why),
            is_discreet=not discreet.isdisjoint(values[i].names),
        )
        for i, each in enumerate(shape.factors)
    )
    bands = sorted((ScoreBand(each.start, each.name) for each in shape.bands), key=lambda band: -band.start)
    return Scorecard(shape.id, factors, tuple(bands), loaded.rule(("id",), shape.id, shape.why))


def compile_guidance(
    loaded: Loaded[GuidanceDocument] | None, conditions: Conditions, vocabulary: Mapping[str, VocabularyName]
) -> GuidanceRules | None:
    """Guidance, its rows in the order written."""
    if loaded is None:
        return None
    shape = loaded.shape
    rows = tuple(
        GuidanceRow(
            id=each.id,
            applies_to=compile_selector(each.applies_to),
            target=each.target,
            stretch=each.stretch,
            rule=loaded.rule(("rows", i, "id"), each.id, each.why or shape.why),
            when=conditions.get((loaded.file, ("rows", i, "when"))),
        )
        for i, each in enumerate(shape.rows)
    )
    explore = shape.explore
    exploration = None if explore is None else Exploration(explore.share, explore.within)
    return GuidanceRules(rows, _peers(shape.peers, vocabulary), shape.maximise, exploration)


def _peers(shape: PeersShape | None, vocabulary: Mapping[str, VocabularyName]) -> PeerSettings:
    if shape is None:
        return USUAL_PEERS
    by = USUAL_PEERS.by
    if shape.by is not None:
        by = tuple(
            Dimension(fact_called(each.fact, vocabulary), tuple(bound.number for bound in each.bounds))
            for each in shape.by
        )
    return PeerSettings(by, shape.minimum, shape.stretch, shape.target, shape.floor, shape.months)


def fact_called(word: str, vocabulary: Mapping[str, VocabularyName]) -> str:
    """The name of a fact, which may be called by the attribute that the vocabulary takes it from."""
    if word in vocabulary or word in FACTS_OF_EVERY_QUOTE:
        return word
    named = (id_ for id_, each in vocabulary.items() if each.source == "account" and each.key == word)
    return next(named, word)
