"""Which model scores quotes: promoted part by part on its evidence, rolled back, entered in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.scoring.artefact import Artefact
from pricing_engine.scoring.model import Model, Part
from pricing_engine.storage import scoring_models
from pricing_engine.storage.kept_models import KeptModels
from pricing_engine.storage.scoring_models import ModelNotFound, Promotion, StoredModel
from pricing_engine.storage.session import Session
from pricing_engine.usecases.list_models import list_models, read_model
from pricing_engine.usecases.promote_model import (
    AlreadyLive,
    FactsNotQuoted,
    PartNotUsable,
    PromotionReasonMissing,
    To,
    promote_model,
    roll_back,
)
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import scored_by
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_journal import read_journal
from tests.builders import NOON
from tests.trained_models import an_artefact, keep
from tests.unit.rulebook.small_rules import small_rules

ADA = Actor("ada", "pricing")
BOTH = an_artefact(Part.PEERS, Part.WIN)
PEERS = an_artefact(Part.PEERS, intercept=1.0)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    for number, artefact in enumerate((BOTH, PEERS)):
        keep(desk, artefact, NOON + timedelta(hours=number))
    return desk


def live(desk: Desk) -> Model | None:
    with desk.reading() as session:
        found = session.connection.scalar(scoring_models.LIVE, {"tenant": session.tenant})
        return scored_by(desk, session, scoring_models.read_live(found)).model


def promote(desk: Desk, hash: str, *parts: Part, reason: str = "better") -> tuple[str | None, tuple[Part, ...]]:
    done = promote_model(desk, hash=hash, parts=parts, reason=reason, actor=ADA)
    return done.model, done.parts


def test_a_model_is_live_from_its_promotion_on_with_the_parts_that_were_asked_for(ready: Desk) -> None:
    assert live(ready) is None
    assert promote(ready, BOTH.model.hash) == (BOTH.model.hash, (Part.PEERS, Part.WIN))
    assert live(ready) == BOTH.model
    assert promote(ready, BOTH.model.hash, Part.WIN) == (BOTH.model.hash, (Part.WIN,))
    assert live(ready) == Model(BOTH.model.hash, win=BOTH.model.win)
    assert live(ready.for_tenant("rival")) is None
    assert [(each.stored.hash, each.live) for each in list_models(ready).page.items] == [
        (PEERS.model.hash, ()),
        (BOTH.model.hash, (Part.WIN,)),
    ]


def test_a_process_reads_a_live_model_once(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    promote(ready, BOTH.model.hash)
    first = live(ready)
    monkeypatch.setattr(scoring_models, "load", None)  # whoever reads it again fails
    assert live(ready) is first


def test_rolling_back_leads_to_what_was_before_and_twice_to_where_it_was(ready: Desk) -> None:
    promote(ready, BOTH.model.hash)
    promote(ready, PEERS.model.hash)
    assert roll_back(ready, reason="worse", actor=ADA).model == BOTH.model.hash
    assert live(ready) == BOTH.model
    assert roll_back(ready, reason="not worse", actor=ADA).model == PEERS.model.hash
    assert roll_back(ready, to=To.RULES, reason="neither", actor=ADA).model is None
    assert live(ready) is None
    assert roll_back(ready, reason="that one", actor=ADA).model == PEERS.model.hash


def test_rolling_back_the_first_promotion_leaves_rules_alone(ready: Desk) -> None:
    with pytest.raises(AlreadyLive):
        roll_back(ready, reason="nothing to go back to", actor=ADA)
    promote(ready, BOTH.model.hash)
    assert (roll_back(ready, reason="worse", actor=ADA).model, live(ready)) == (None, None)
    with pytest.raises(AlreadyLive):
        roll_back(ready, to=To.RULES, reason="again", actor=ADA)


def test_of_two_promotions_at_once_the_second_sees_the_first(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    promote(ready, PEERS.model.hash)
    both_have_looked, look = Barrier(2), scoring_models.activations

    def looked(session: Session, *, limit: int) -> Sequence[Promotion]:
        found = look(session, limit=limit)
        with suppress(BrokenBarrierError):
            both_have_looked.wait(timeout=0.5)
        return found

    monkeypatch.setattr(scoring_models, "activations", looked)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(promote, ready, BOTH.model.hash) for _ in range(2)]
    failures = [each.exception() for each in asked]
    assert [type(each) for each in failures if each is not None] == [AlreadyLive]
    monkeypatch.undo()
    assert roll_back(ready, reason="worse", actor=ADA).model == PEERS.model.hash


def test_what_was_done_is_in_the_journal_with_its_reason(ready: Desk) -> None:
    promote(ready, BOTH.model.hash, Part.PEERS)
    roll_back(ready, reason="worse", actor=ADA)
    promoted, rolled_back = [each for each in read_journal(ready, after=0, limit=9) if "scoring" in each.type]
    assert (promoted.type, promoted.subject, promoted.by, promoted.role) == (
        *("scoring.promoted", BOTH.model.hash),
        *ADA,
    )
    assert promoted.data == {
        "promotion": promoted.data["promotion"],
        "model": BOTH.model.hash,
        "parts": ["peers"],
        "reason": "better",
    }
    assert (rolled_back.type, rolled_back.subject, rolled_back.data["model"]) == ("scoring.rolled_back", "rules", None)


def test_a_part_that_its_own_evidence_speaks_against_is_refused_in_the_words_of_the_artefact(ready: Desk) -> None:
    with pytest.raises(PartNotUsable) as refused:
        promote(ready, PEERS.model.hash, Part.PEERS, Part.WIN, Part.RESPONSE)
    what = "may not be used: win (win was judged); response (the model has none)"
    assert what in refused.value.what
    assert refused.value.fix == "promote peers alone"
    assert promote(ready, PEERS.model.hash)[1] == (Part.PEERS,)  # without any named, all that may be
    none = keep(ready, an_artefact(), NOON)
    with pytest.raises(PartNotUsable, match="peers \\(peers was judged\\); win"):
        promote(ready, none)
    assert live(ready) == PEERS.model.only({Part.PEERS})


@pytest.mark.parametrize(
    ("artefact", "fix"),
    [
        (an_artefact(Part.PEERS, Part.WIN, fact="shoe_size"), "promote peers alone; or add"),
        (an_artefact(Part.PEERS, Part.WIN, by="shoe_size"), "promote win alone; or add"),
        (an_artefact(Part.PEERS, by="shoe_size"), "add them to the vocabulary"),
    ],
)
def test_a_model_that_goes_by_what_no_quote_has_is_refused(artefact: Artefact, fix: str, ready: Desk) -> None:
    hash_ = keep(ready, artefact, NOON)
    with pytest.raises(FactsNotQuoted, match="goes by shoe_size, which no quote") as refused:
        promote(ready, hash_)
    assert refused.value.fix.startswith(fix)
    assert live(ready) is None


def test_a_promotion_needs_a_reason_a_model_and_a_change(ready: Desk) -> None:
    with pytest.raises(PromotionReasonMissing):
        promote(ready, BOTH.model.hash, reason=" ")
    with pytest.raises(PromotionReasonMissing):
        roll_back(ready, reason="", actor=ADA)
    with pytest.raises(ModelNotFound):
        promote(ready.for_tenant("rival"), BOTH.model.hash)
    promote(ready, BOTH.model.hash)
    with pytest.raises(AlreadyLive):
        promote(ready, BOTH.model.hash, Part.WIN, Part.PEERS)


def test_a_model_is_named_by_the_beginning_of_its_hash(ready: Desk) -> None:
    for number in range(2):
        with ready.transaction() as session:
            scoring_models.save(session, StoredModel("abcdef01" + f"{number}" * 56, "", NOON, "ada"))
    assert read_model(ready, hash=BOTH.model.hash[:8]).artefact == BOTH
    for beginning in (BOTH.model.hash[:7], BOTH.model.hash.upper(), "", "%%%%%%%%", "f" * 64):
        with pytest.raises(ModelNotFound, match="there is no"):
            read_model(ready, hash=beginning)
    with pytest.raises(ModelNotFound, match="several scoring models begin with abcdef01"):
        read_model(ready, hash="abcdef01")


def test_a_live_model_that_this_version_cannot_read_refuses_no_quote(ready: Desk) -> None:
    with ready.transaction() as session:
        scoring_models.save(session, StoredModel("e" * 64, '{"format":99}', NOON, "ada"))
        scoring_models.activate(session, scoring_models.Promotion("pro_x", "e" * 64, (Part.WIN,), "old", NOON, "ada"))
    assert live(ready) is None
    assert read_model(ready, hash="e" * 64).artefact is None


class Crowded(dict[Any, Any]):
    """What is kept where another thread makes room just after somebody asked whether it is there."""

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        self.pop(key, None)
        return found


def test_a_model_that_makes_room_while_it_is_looked_up_is_still_told(ready: Desk) -> None:
    kept = KeptModels(Crowded())
    with ready.reading() as session:
        found = [kept.get(session, BOTH.model.hash, (Part.PEERS,)) for _ in range(2)]
    assert found[0] is not None
    assert found[0] == found[1]
