"""The small rule repository with a scorecard and guidance, of which every number is easy to work out."""

from __future__ import annotations

from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules

NAMES = """\
  margin: {type: ratio, from: quote.margin, range: "-1000%..100%", optional: true, meaning: left of net}
  realisation: {type: ratio, from: quote.realisation, range: "0%..1000%", optional: true, meaning: net over target}
  retained: {type: ratio, from: quote.retained, range: "0%..10000%", optional: true, meaning: ARR after over before}
  waived: {type: count, from: quote.waived, range: "0..", meaning: terms asked to be waived}
  prepaid_months: {type: months, from: quote.prepaid_months, range: "0..60", meaning: months paid ahead}
"""

SCORECARD = """\
kind: scorecard
id: small
why: what a deal is worth to us
factors:
  - {id: price, weight: 40, value: 'clamp(either(realisation, 0.5), 0, 1)', why: what we asked for}
  - {id: margin, weight: 30, value: 'clamp(either(margin, 0), 0, 1)', why: what is left}
  - {id: term, weight: 20, value: 'clamp(term_months / 48, 0, 1)', why: time}
  - {id: ahead, weight: 10, value: 'clamp(prepaid_months / 12, 0, 1)', why: cash}
bands:
  - {from: 70, name: strong}
  - {from: 0, name: weak}
"""

GUIDANCE = """\
kind: guidance
why: what deals end at
rows:
  - {id: large, when: 'list_arr >= 60000', target: "20%", stretch: "10%", why: they negotiate}
  - {id: usual, target: "10%", stretch: "5%", why: most do}
"""


def scored_files(*, guidance: str = GUIDANCE, scorecard: str = SCORECARD) -> dict[str, bytes]:
    """The files by name."""
    more = {
        "vocabulary.yaml": (FILES["vocabulary.yaml"] + NAMES).encode(),
        "scoring/scorecard.yaml": scorecard.encode(),
        "scoring/guidance.yaml": guidance.encode(),
    }
    return small_rules() | more


def scored_rulebook(*, guidance: str = GUIDANCE, scorecard: str = SCORECARD) -> Rulebook:
    """The rules compiled."""
    return load_rulebook(scored_files(guidance=guidance, scorecard=scorecard), currency_digits=DIGITS)
