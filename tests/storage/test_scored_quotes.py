"""A quote keeps the score it was made with: models and rules that come later change nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pricing_engine.desk import CompiledRulebooks, Desk
from pricing_engine.quoting.request import Add, DiscountRequest, PercentOff
from pricing_engine.scoring.guidance import Source
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.scored import Scored
from pricing_engine.storage.kept_models import KeptModels
from pricing_engine.usecases.ask_again import change_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.improve_quote import improve_quote
from pricing_engine.usecases.promote_model import To, promote_model, roll_back
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.read_quote_effect import read_quote_effect
from pricing_engine.usecases.records import StoredQuote
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from tests.scored_rules import scored_files
from tests.trained_models import an_artefact, keep
from tests.unit.rulebook.small_rules import small_rules

D = Decimal
PRICING = Actor("ada", "pricing")


def an_account(desk: Desk) -> str:
    """A small customer, with rules in force that score."""
    publish_rulebook(desk, scored_files(), author="ada", activate=True, reason="first")
    return create_account(
        desk, name="Fjord AS", currency="USD", attributes={"segment": "smb", "prepaid": False}
    ).account.id


def a_kept_quote(desk: Desk, account: str) -> StoredQuote:
    """Forty seats at 6% off."""
    asked = (DiscountRequest(PercentOff(D("0.06")), why="competitor"),)
    ask = QuoteAsk(account, "rep", date(2026, 2, 1), (Add("crm", {"users": D(40)}),), discounts=asked)
    return request_quote(desk, ask=ask, by="rob")


def scored(stored: StoredQuote) -> Scored:
    """What scoring says of it."""
    assert stored.quote.scored is not None
    return stored.quote.scored


def promoted(desk: Desk, intercept: float) -> str:
    """The hash of a model with this intercept, live with all its parts."""
    hash_ = keep(desk, an_artefact(Part.PEERS, Part.WIN, intercept=intercept), desk.now())
    promote_model(desk, hash=hash_, parts=(), reason="better", actor=PRICING)
    return hash_


def after_a_restart(desk: Desk) -> Desk:
    """The desk of a process that has just started."""
    return replace(desk, compiled=CompiledRulebooks(), models=KeptModels())


def test_a_quote_pins_the_model_that_was_live_and_replays_by_it(desk: Desk) -> None:
    account = an_account(desk)
    by_rules = a_kept_quote(desk, account)
    assert (scored(by_rules).model, scored(by_rules).win_probability) == (None, None)
    first = promoted(desk, 0.0)
    by_first = a_kept_quote(desk, account)
    promoted(desk, 2.0)
    by_second = a_kept_quote(desk, account)
    # Of small customers the log-odds are 1 more than the intercept: 1 / (1 + e^-1) and 1 / (1 + e^-3).
    assert [scored(each).win_probability for each in (by_first, by_second)] == [D("0.7311"), D("0.9526")]
    assert (scored(by_first).model, scored(by_first).parts) == (first, (Part.PEERS, Part.WIN))
    roll_back(desk, to=To.RULES, reason="off", actor=PRICING)
    for stored in (by_rules, by_first, by_second):
        replay = replay_quote(after_a_restart(desk), quote_id=stored.quote.id)
        assert replay.is_equal, replay.differences
        assert replay.replayed.scored == stored.quote.scored


def test_peers_speak_before_rules_and_rules_again_after_a_rollback(desk: Desk) -> None:
    account = an_account(desk)
    promoted(desk, 0.0)
    # The peers of small customers: 5%, 10% and 20%; by rules the target would be 10%, and the floor 45%.
    by_peers = scored(a_kept_quote(desk, account)).guidance
    assert by_peers is not None
    assert (by_peers.stretch, by_peers.target, by_peers.floor) == (D("0.05"), D("0.10"), D("0.20"))
    assert (by_peers.evidence.source, by_peers.evidence.deals) == (Source.PEERS, 20)
    roll_back(desk, to=To.RULES, reason="off", actor=PRICING)
    by_rules = scored(a_kept_quote(desk, account)).guidance
    assert by_rules is not None
    assert (by_rules.evidence.source, by_rules.floor) == (Source.RULES, D("0.45"))


def test_a_changed_draft_is_scored_by_what_is_live_then(desk: Desk) -> None:
    account = an_account(desk)
    stored = a_kept_quote(desk, account)
    live = promoted(desk, 0.0)
    changed = change_quote(desk, quote_id=stored.quote.id, actor=Actor("rob", "rep"), changed={"note": "again"})
    assert scored(changed.stored).model == live


def test_a_quote_of_before_there_were_scores_replays_without_one(desk: Desk) -> None:
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    account = create_account(desk, name="Fjord AS", currency="USD", attributes={"segment": "smb"}).account.id
    stored = a_kept_quote(desk, account)
    assert stored.quote.scored is None
    promoted(desk, 0.0)
    assert replay_quote(after_a_restart(desk), quote_id=stored.quote.id).is_equal
    assert improve_quote(desk, quote=stored.quote) == ()


def test_improvements_are_priced_by_what_the_quote_is_pinned_to(desk: Desk) -> None:
    stored = a_kept_quote(desk, an_account(desk))
    before = improve_quote(desk, quote=stored.quote)
    assert before
    promoted(desk, 5.0)
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="no scores any more")
    kept = read_quote(after_a_restart(desk), quote_id=stored.quote.id).quote
    assert improve_quote(after_a_restart(desk), quote=kept) == before


def test_what_to_expect_of_a_quote_goes_by_its_own_chance_where_nobody_says_another(desk: Desk) -> None:
    account = an_account(desk)
    by_rules = a_kept_quote(desk, account)
    assert read_quote_effect(desk, quote_id=by_rules.quote.id).probability is None
    promoted(desk, 0.0)
    told = a_kept_quote(desk, account)
    assert read_quote_effect(desk, quote_id=told.quote.id).probability == D("0.7311")
    assert read_quote_effect(desk, quote_id=told.quote.id, probability=D("0.2")).probability == D("0.2")
