"""Train a model of all deals there are, judge it out of time, and keep it: using it is another step (S9, S10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version as installed_version
from typing import Any, Final

from pricing_engine.desk import Desk
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.scopes import KNOWN_AFTER_PRICING
from pricing_engine.scoring.artefact import Artefact, write_artefact
from pricing_engine.scoring.guidance_rules import USUAL_PEERS
from pricing_engine.scoring.learning.simulator import policy_values
from pricing_engine.scoring.learning.training import Asked, train
from pricing_engine.storage import deals, journal, scoring_models
from pricing_engine.storage.rulebooks import NoRulebookInForce
from pricing_engine.storage.scoring_models import StoredModel
from pricing_engine.storage.session import Session
from pricing_engine.usecases.collect_deals import collect_deals
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.progress import Progress, unseen
from pricing_engine.usecases.quote_life import Actor

SIMULATED: Final = ("chosen by sellers", "1,000 drawn by lot")
"""What moved the prices of the simulator's histories: the usual case, and the one that may be learnt from."""

_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class TrainingAsked:
    """How to train: where to cut (None: it is chosen), which facts to leave out, and which suspicious ones to keep.

    `keep` says why for each; `instrument` is a fact that moved prices and nothing else.
    """

    cut: date | None = None
    without: frozenset[str] = frozenset()
    keep: Mapping[str, str] = field(default_factory=dict)
    instrument: str | None = None


def learn_model(desk: Desk, asked: TrainingAsked, *, on_progress: Progress = unseen) -> Artefact:
    """The model of all deals that are kept, by the guidance of the rules in force; nothing is written.

    Raises: TrainingRefused; LearningUnavailable.
    """
    on_progress("reading deals", 0, 0)
    today = desk.today()
    with desk.reading_still() as session:
        rulebook = _rulebook(desk, session)
        found = list(deals.all_deals(session))
    on_progress("worth of policies in the simulator", 0, 0)
    policies = policy_values(seed=_SEED, prices=SIMULATED, worlds=3)
    return train(
        found,
        _asked(asked, rulebook),
        on=today,
        versions={"pricing-engine": installed_version("pricing-engine")},
        policies=policies,
        on_step=on_progress,
    )


def collect_and_learn(desk: Desk, asked: TrainingAsked, *, by: str, on_progress: Progress = unseen) -> Artefact:
    """The same once quotes that have ended are deals, too (S11).

    Quotes of which no deal can be made stop nothing: `scoring collect` names them.
    Raises: TrainingRefused; LearningUnavailable.
    """
    collect_deals(desk, by=by, on_progress=on_progress)
    return learn_model(desk, asked, on_progress=on_progress)


def keep_model(desk: Desk, *, prepared: Artefact, actor: Actor, once: Once[Artefact] | None = None) -> Artefact:
    """The model as it is kept; one with the same content that is there already stays as it is."""
    hash, at = prepared.model.hash, desk.now()
    with desk.transaction() as session:
        is_new = scoring_models.save(session, StoredModel(hash, write_artefact(prepared), at, actor.user))
        keep_answer(desk, session, once, prepared)
        if is_new:
            data = {"model": hash, "deals": prepared.trained.deals}
            journal.enter(session, journal.Happening(desk.new_id("evt"), "scoring.trained", hash, at, *actor, data))
    return prepared


def _rulebook(desk: Desk, session: Session) -> Rulebook | None:
    """The rules in force; deals can be learnt from before there are any."""
    try:
        return desk.rulebook_in_force(session, desk.today())
    except NoRulebookInForce:
        return None


def _asked(asked: TrainingAsked, rulebook: Rulebook | None) -> Asked:
    known: dict[str, Any] = {
        "cut": asked.cut,
        "without": asked.without,
        "keep": asked.keep,
        "instrument": asked.instrument,
    }
    if rulebook is None:
        return Asked(**known)
    priced = [name for name, entry in rulebook.vocabulary.items() if entry.origin in KNOWN_AFTER_PRICING]
    guidance = rulebook.guidance
    return Asked(**known, priced=frozenset(priced), peers=USUAL_PEERS if guidance is None else guidance.peers)
