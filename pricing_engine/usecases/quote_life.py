"""A quote with what was done with it, and what every step of its life has in common: guarded, kept and entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.policies.findings import Severity
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.lifecycle import Action, Approval, actions_in, is_over, missing_levels
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.storage import contracts, journal, quote_steps, quotes, rulebook_withdrawals
from pricing_engine.storage.hot_statements import Rows
from pricing_engine.storage.quote_steps import QuoteStep, approvals_in
from pricing_engine.storage.quotes import QuoteRow, StoredQuote
from pricing_engine.storage.session import Session

HAPPENED: Final[Mapping[Action, str]] = {
    Action.CHANGE: "quote.changed",
    Action.SUBMIT: "quote.submitted",
    Action.APPROVE: "quote.approved",
    Action.REJECT: "quote.rejected",
    Action.PRESENT: "quote.presented",
    Action.ACCEPT: "quote.accepted",
    Action.DECLINE: "quote.declined",
    Action.WITHDRAW: "quote.withdrawn",
    Action.REVISE: "quote.superseded",
    Action.EXPIRE: "quote.expired",
}
"""What a step is called in the journal, and as an event."""


_ASKING: Final = frozenset({Action.SUBMIT, Action.CHANGE, Action.REVISE})


class Actor(NamedTuple):
    """Who does something, and the role they act in."""

    user: str
    role: str


class QuoteStale(DomainError):
    """The quote is not any more as the caller has seen it."""

    code = "quote-stale"


@dataclass(frozen=True, slots=True)
class Life:
    """A stored quote, its steps, and the levels that have yet to agree to its content.

    `asked_by` are those who made, changed or submitted it or a version it revises, and cannot approve it (P21).
    """

    stored: StoredQuote
    steps: tuple[QuoteStep, ...]
    missing: tuple[str, ...]
    asked_by: frozenset[str]

    @property
    def quote(self) -> Quote:
        """The quote itself."""
        return self.stored.quote

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """What levels have agreed to its content, oldest first."""
        return tuple([each for each in approvals_in(self.steps) if each.content_hash == self.stored.content_hash])

    @property
    def done_on(self) -> date:
        """The day on which something was done with it last, be it that it was made."""
        return (self.steps[-1].at if self.steps else self.stored.created_at).date()

    def actions_on(self, day: date) -> tuple[Action, ...]:
        """What somebody can do with it on a day: nothing that its content, last day or a missing approval forbids."""
        quote = self.quote
        never = {Action.SUBMIT, Action.PRESENT} if quote.is_refused or not quote.is_complete else set()
        if self.missing:
            never.add(Action.PRESENT)
        if is_over(self.stored.valid_until, on=day):
            never |= {Action.PRESENT, Action.ACCEPT}
        return tuple([each for each in actions_in(quote.state) if each not in never])


def read_life(session: Session, quote_id: str) -> Life:
    """The quote and what was done with it.

    Raises: QuoteNotFound.
    """
    stored = quotes.load(session, quote_id)
    steps = quote_steps.of_quote(session, quote_id)
    return _life(stored, steps, frozenset(_askers(session, stored, steps)))


def _life(stored: StoredQuote, steps: tuple[QuoteStep, ...], asked_by: frozenset[str]) -> Life:
    missing = missing_levels(stored.quote.approval_levels, approvals_in(steps), stored.content_hash)
    return Life(stored, steps, missing, asked_by)


def _askers(session: Session, stored: StoredQuote, steps: tuple[QuoteStep, ...]) -> Iterator[str]:
    yield stored.created_by
    yield from (step.by for step in steps if step.action in _ASKING)
    if stored.revises is not None:
        before = quotes.load(session, stored.revises)
        yield from _askers(session, before, quote_steps.of_quote(session, stored.revises))


def life_of_new(stored: StoredQuote, *, revised: Life | None = None) -> Life:
    """The life of a quote that was made just now, or `revised` so: nothing was done with it, and nobody has agreed."""
    asked_before: frozenset[str] = frozenset() if revised is None else revised.asked_by
    return Life(stored, (), stored.quote.approval_levels, asked_before | {stored.created_by})


def check_seen(row: QuoteRow | StoredQuote, revision: int | None) -> None:
    """Refuses a step decided on from another revision than the latest; None was not said.

    Raises: QuoteStale.
    """
    if revision not in {None, row.revision}:
        raise QuoteStale(
            f"quote {row.id} is at revision {row.revision}, not {revision}",
            fix="read it again, decide anew, and send the ETag of that answer",
            quote_id=row.id,
            revision=row.revision,
        )


def check_offerable(session: Session, quote: Quote, *, today: date) -> None:
    """Refuses what cannot become a contract, and what was priced under rules that are withdrawn.

    Raises: NotBookable; RulebookWithdrawn.
    """
    if quote.is_refused:
        # Their codes alone: the words of some are not for every role.
        refusals = [finding.code for finding in quote.findings if finding.severity is Severity.REFUSAL]
        raise NotBookable(
            f"quote {quote.id} is refused: {', '.join(dict.fromkeys(refusals))}",
            fix="mend what the findings name, and ask for another quote",
            quote_id=quote.id,
        )
    if not quote.is_complete:
        raise NotBookable(
            f"a line of quote {quote.id} has no price yet",
            fix="have it priced by a role that may give `unit_prices`",
            quote_id=quote.id,
        )
    rulebook_withdrawals.refuse_withdrawn(session, quote.rulebook, today=today)


def check_not_withdrawn(session: Session, quote: Quote, *, today: date) -> None:
    """Refuses a quote of rules that were withdrawn meanwhile: call it after `keep_step`, which holds the journal.

    A withdrawal comes before this, or after all of it. Whoever held the journal before the quote would wait for one
    who has taken the quote further, and waits for the journal.
    Raises: RulebookWithdrawn.
    """
    rulebook_withdrawals.refuse_withdrawn(session, quote.rulebook, today=today)


def refuse_second(session: Session, request: QuoteRequest) -> None:
    """Of two quotes for a first contract one is agreed: the other was priced as if there were none.

    Raises: ContractChangedMeanwhile.
    """
    # Also those that begin later: the request would have been about them.
    refuse_running(contracts.ask_running(session, request.account.id, request.effective_date))


def refuse_running(asked: Rows) -> None:
    """The same of contracts that were asked for before."""
    for contract_id, version in asked():
        raise contracts.changed_meanwhile(contract_id, priced_from=0, now=version)


def keep_step(
    desk: Desk,
    session: Session,
    life: Life,
    action: Action,
    after: StoredQuote,
    actor: Actor,
    *,
    level: str | None = None,
    comment: str = "",
    more: Mapping[str, Any] | None = None,
) -> Life:
    """The quote after a step that led to `after`, which is kept and entered in the journal.

    Call it last in its transaction.
    """
    before, to = life.quote.state, after.quote.state
    step = QuoteStep(
        after.quote.id, after.revision, action, before, to, desk.now(), *actor, level, comment, after.content_hash
    )
    enter_step(desk, session, step, about_quote(after) | {"valid_until": day_text(after.valid_until)}, more or {})
    asked_by = life.asked_by | {actor.user} if action in _ASKING else life.asked_by
    return _life(after, (*life.steps, step), asked_by)


def enter_step(
    desk: Desk, session: Session, step: QuoteStep, about: Mapping[str, Any], more: Mapping[str, Any]
) -> None:
    """Keeps a step and enters it in the journal, with what readers of events need to know without asking again.

    Call it last in its transaction.
    """
    quote_steps.add(session, step)
    said = {"level": step.level, "comment": step.comment, **more}
    data = {
        **about,
        "revision": step.number,
        "state_before": step.from_state.value,
        "state": step.to_state.value,
        "content_hash": step.content_hash,
        **{name: value for name, value in said.items() if value},
    }
    happened = HAPPENED[step.action]
    journal.enter(
        session,
        journal.Happening(desk.new_id("evt"), happened, step.quote_id, step.at, step.by, step.role, data),
    )


def about_quote(stored: StoredQuote) -> dict[str, Any]:
    """What no step changes of a quote, for readers of events."""
    quote, totals = stored.quote, stored.quote.totals
    return {
        "quote_id": quote.id,
        "account_id": quote.request.account.id,
        "external_ref": quote.request.external_ref,
        "version": stored.version,
        "currency": quote.currency.code,
        "arr": totals and str(totals.arr),
        "tcv": totals and str(totals.tcv),
    }


def day_text(day: date | None) -> str | None:
    """A day as JSON has it."""
    return None if day is None else day.isoformat()
