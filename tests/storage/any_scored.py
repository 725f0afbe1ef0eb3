"""Scorings of every shape hypothesis can think of, also ones no rulebook or model would make."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from pricing_engine.scoring.guidance import CurvePoint, Drawn, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.scorecard import FactorScore, Score
from pricing_engine.scoring.scored import Scored

words = st.text("abcxyz-_.", min_size=1, max_size=6)
maybe_word = st.none() | words
shares = st.decimals(Decimal(-2), Decimal(2), places=4)
maybe_share = st.none() | shares
counts = st.integers(0, 10_000)
maybe_day = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
peers = st.lists(st.tuples(words, words), max_size=3).map(tuple)

evidence = st.builds(
    Evidence,
    *(st.sampled_from(Source), words, counts, counts, peers),
    *(maybe_day, maybe_day, maybe_share, maybe_share, maybe_share, maybe_word),
)
curves = st.lists(st.builds(CurvePoint, shares, shares, shares), max_size=2).map(tuple)
guidance = st.builds(Guidance, maybe_share, maybe_share, maybe_share, evidence, curves)
factors = st.builds(FactorScore, words, shares, shares, maybe_word, st.booleans())
scores = st.builds(Score, words, shares, words, st.lists(factors, max_size=3).map(tuple))
scored = st.builds(
    Scored,
    *(maybe_word, st.lists(st.sampled_from(Part), unique=True).map(tuple), st.none() | scores),
    *(st.none() | guidance, st.lists(st.builds(LineGuidance, words, guidance), max_size=3).map(tuple)),
    *(maybe_share, st.none() | st.builds(Drawn, shares, shares, shares)),
)
