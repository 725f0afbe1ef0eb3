"""Have quotes scored with a trained model, some of its parts or none: an explicit step, which can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.fact_names import fact_names
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.artefact import Artefact, read_artefact
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.peers import PeerNode
from pricing_engine.storage import journal, scoring_models
from pricing_engine.storage.scoring_models import Promotion
from pricing_engine.storage.session import Session
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.quote_life import Actor


class PartNotUsable(DomainError):
    """A part of a model is to be used that it does not have, or that its own evidence speaks against."""

    code = "scoring-part-not-usable"


class FactsNotQuoted(DomainError):
    """A model goes by facts that no quote has."""

    code = "scoring-facts-not-quoted"


class AlreadyLive(DomainError):
    """What is asked for is so already."""

    code = "scoring-live-already"


class PromotionReasonMissing(DomainError):
    """What quotes are scored with is to change without saying why."""

    code = "scoring-reason-missing"


class To(StrEnum):
    """What a rollback goes back to: what was live before, or rules alone."""

    BEFORE = "before"
    RULES = "rules"


def promote_model(
    desk: Desk,
    *,
    hash: str,
    parts: Sequence[Part] = (),
    reason: str,
    actor: Actor,
    once: Once[Promotion] | None = None,
) -> Promotion:
    """The activation of some parts of a model; without any, of all that may be used. `hash` may be its beginning.

    Raises: ModelNotFound; ArtefactUnreadable; PartNotUsable; FactsNotQuoted; AlreadyLive; NoRulebookInForce;
    PromotionReasonMissing.
    Source: S9, S10.
    """
    _check_reason(reason)
    with desk.transaction() as session:
        stored = scoring_models.find(session, hash)
        artefact = read_artefact(stored.content)
        chosen = usable_parts(artefact, parts)
        _check_facts(artefact, chosen, desk.rulebook_in_force(session, desk.today()))
        return _activate(desk, session, "scoring.promoted", (stored.hash, chosen), reason, actor, once)


def roll_back(
    desk: Desk, *, to: To = To.BEFORE, reason: str, actor: Actor, once: Once[Promotion] | None = None
) -> Promotion:
    """The activation of what was live before the last one, so that doing it twice changes nothing; or of no model.

    Raises: AlreadyLive; PromotionReasonMissing.
    """
    _check_reason(reason)
    with desk.transaction() as session:
        journal.hold(session)
        before = scoring_models.activations(session, limit=2)[1:] if to is To.BEFORE else ()
        wanted = (before[0].model, before[0].parts) if before else (None, ())
        return _activate(desk, session, "scoring.rolled_back", wanted, reason, actor, once)


def usable_parts(artefact: Artefact, asked: Sequence[Part]) -> tuple[Part, ...]:
    """The parts that are asked for, or all that may be used; in the order of `Part`.

    Raises: PartNotUsable, with the artefact's own words.
    """
    verdicts = {each.part: each for each in artefact.verdicts}
    usable = [part for part in artefact.model.parts if part in verdicts and verdicts[part].is_usable]
    refused = [part for part in Part if part in (asked or Part) and part not in usable]
    if refused and (asked or not usable):
        says = {part: verdicts[part].why if part in verdicts else "the model has none" for part in refused}
        told = "; ".join([f"{part} ({why})" for part, why in says.items()])
        raise PartNotUsable(
            f"of model {artefact.model.hash[:12]} may not be used: {told}",
            fix=f"promote {', '.join(usable)} alone" if usable else "import more deals and train again",
            pointer="/parts",
            hash=artefact.model.hash,
            usable=usable,
            why=says,
        )
    return tuple([part for part in usable if not asked or part in asked])


def _check_facts(artefact: Artefact, parts: Sequence[Part], rulebook: Rulebook) -> None:
    known = fact_names(rulebook)
    needs = {part: sorted(set(_facts(artefact, part)) - known) for part in parts}
    unknown = sorted({name for names in needs.values() for name in names})
    if unknown:
        able = [part for part, names in needs.items() if not names]
        instead = f"promote {', '.join(able)} alone; or " if able else ""
        raise FactsNotQuoted(
            f"{artefact.model.hash[:12]} goes by {', '.join(unknown)}, which no quote under the rules in force has",
            fix=f"{instead}add them to the vocabulary, or train without them",
            pointer="/parts",
            hash=artefact.model.hash,
            facts=unknown,
        )


def _facts(artefact: Artefact, part: Part) -> Iterator[str]:
    """The facts that a part goes by."""
    if part is Part.WIN:
        yield from artefact.facts
    elif part is Part.PEERS and artefact.model.peers is not None and artefact.model.peers.root is not None:
        yield from _told_apart(artefact.model.peers.root)


def _told_apart(node: PeerNode) -> Iterator[str]:
    if node.by is not None:
        yield node.by.fact
    for child in node.children.values():
        yield from _told_apart(child)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise PromotionReasonMissing(
            "what quotes are scored with changes for a reason", fix="say why", pointer="/reason"
        )


def _activate(
    desk: Desk,
    session: Session,
    happened: str,
    wanted: tuple[str | None, tuple[Part, ...]],
    reason: str,
    actor: Actor,
    once: Once[Promotion] | None,
) -> Promotion:
    model, parts = wanted
    journal.hold(session)  # of two at once the second sees the first
    newest = scoring_models.activations(session, limit=1)
    if wanted == ((newest[0].model, newest[0].parts) if newest else (None, ())):
        raise AlreadyLive("this is what quotes are scored with already", fix="list models to see what is live")
    done = Promotion(desk.new_id("pro"), model, parts, reason, desk.now(), actor.user)
    scoring_models.activate(session, done)
    keep_answer(desk, session, once, done)
    data = {"promotion": done.id, "model": model, "parts": list(parts), "reason": reason}
    journal.enter(session, journal.Happening(desk.new_id("evt"), happened, model or "rules", done.at, *actor, data))
    return done
