"""Withdraw a rulebook version: its quotes are not presented or accepted any more."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import journal, rulebook_withdrawals, rulebooks
from pricing_engine.storage.rulebook_withdrawals import Withdrawal
from pricing_engine.usecases.publish_rulebook import ReasonMissing
from pricing_engine.usecases.quote_life import Actor


def withdraw_rulebook(desk: Desk, *, hash: str, reason: str, actor: Actor) -> Withdrawal:
    """The withdrawal. The version stays in force for pricing until another is activated, and replays stay possible.

    Raises: RulebookNotFound; ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing("a rulebook is withdrawn for a reason", fix="say why", pointer="/reason")
    now = desk.now()
    with desk.transaction() as session:
        rulebooks.load_version(session, hash)
        asked = Withdrawal(hash, now, actor.user, reason)
        done = rulebook_withdrawals.withdraw(session, asked)
        if done is asked:
            happening = journal.Happening(
                desk.new_id("evt"), "rulebook.withdrawn", hash, now, *actor, {"hash": hash, "reason": reason}
            )
            journal.enter(session, happening)
        return done
