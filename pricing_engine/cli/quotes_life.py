"""`quotes submit`, `approve`, `present`, `accept` and so on: take a kept quote a step further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pricing_engine.cli.acting import By, Role, actor_of
from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.quotes_document import QuoteId
from pricing_engine.cli.screen import JsonFlag, write_answer, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.usecases.quote_life import Life

Comment = Annotated[str, typer.Option(metavar="TEXT", help="Why.")]
Seen = Annotated[
    int | None, typer.Option(metavar="N", help="Only if the quote is still at this revision; any if absent.")
]
_ORIGINS: Final = {"/comment": "--comment", "/level": "--level"}


def submit(
    quote: QuoteId,
    comment: Comment = "",
    by: By = None,
    role: Role = "rep",
    seen: Seen = None,
    as_json: JsonFlag = False,
) -> None:
    """Ask the levels that must agree; a quote that nobody has to agree to is approved at once."""
    _step("submit", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment)


def approve(
    quote: QuoteId,
    level: Annotated[str, typer.Option(metavar="LEVEL", help="Which of the levels that are asked agrees.")],
    comment: Comment = "",
    by: By = None,
    role: Role = "manager",
    seen: Seen = None,
    as_json: JsonFlag = False,
) -> None:
    """Agree to a quote as one of the levels that are asked; nobody approves their own request."""
    _step("approve", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment, level=level)


def reject(
    quote: QuoteId,
    comment: Comment,
    by: By = None,
    role: Role = "manager",
    seen: Seen = None,
    as_json: JsonFlag = False,
) -> None:
    """Send a quote back to draft."""
    _step("reject", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment)


def present(
    quote: QuoteId,
    comment: Comment = "",
    by: By = None,
    role: Role = "rep",
    seen: Seen = None,
    as_json: JsonFlag = False,
) -> None:
    """Present a quote to the customer; from then on it can only be accepted, declined, revised or withdrawn."""
    _step("present", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment)


def decline(
    quote: QuoteId, comment: Comment, by: By = None, role: Role = "rep", seen: Seen = None, as_json: JsonFlag = False
) -> None:
    """Record that the customer has declined, and why."""
    _step("decline", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment)


def withdraw(
    quote: QuoteId,
    comment: Comment = "",
    by: By = None,
    role: Role = "rep",
    seen: Seen = None,
    as_json: JsonFlag = False,
) -> None:
    """Withdraw a quote that is open."""
    _step("withdraw", quote, by=by, role=role, seen=seen, as_json=as_json, comment=comment)


def accept(
    quote: QuoteId,
    comment: Comment = "",
    by: By = None,
    role: Role = "rep",
    seen: Seen = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Accept a quote that was presented: its contract is booked."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.api.accepted_json import accepted_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_movements import movements_part
        from pricing_engine.usecases.accept_quote import accept_quote

        chosen = read_locale(locale)
        with open_ready_desk() as desk:
            done = accept_quote(desk, quote_id=quote, actor=actor_of(by, role), revision=seen, comment=_said(comment))
        if as_json:
            write_answer(accepted_json(done, role=role))
        else:
            contract = done.booked.contract
            write_text(f"{_words(done.life)}; contract {contract.id} is at version {contract.version}")
            write_text(movements_part(done.movements, contract.currency, chosen))


def expire(as_json: JsonFlag = False) -> None:
    """Expire every quote that was presented and whose last day is over; for a timer, once a day."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.expire_quotes import expire_quotes

        with open_ready_desk() as desk:
            expired = expire_quotes(desk)
        if as_json:
            write_json({"expired": list(expired)})
        else:
            write_text("\n".join([*expired, f"{len(expired)} quotes have expired"]))


def _step(
    name: str,
    quote: str,
    *,
    by: str | None,
    role: str,
    seen: int | None,
    as_json: bool,
    comment: str,
    level: str = "",
) -> None:
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.api.acting_role import check_may_approve
        from pricing_engine.api.quote_json import stored_quote_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.quoting.lifecycle import Action
        from pricing_engine.usecases.take_step import take_step

        action, actor = Action(name), actor_of(by, role)
        if action in {Action.APPROVE, Action.REJECT}:
            check_may_approve(role)
        with open_ready_desk() as desk:
            life = take_step(
                desk,
                quote_id=quote,
                action=action,
                actor=actor,
                revision=seen,
                level=level,
                comment=_said(comment),
            )
        if as_json:
            write_answer(stored_quote_json(life, role=role, waterfall=False, on=life.done_on))
        else:
            write_text(_words(life))


def _said(comment: str) -> str:
    """The comment, by the rules of the API.

    Raises: InvalidRequest.
    """
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_life import StepIn

    # What the shell could not decode would be no text anywhere else.
    return validate(StepIn, {"comment": comment.encode("utf-8", "replace").decode()}).comment


def _words(life: Life) -> str:
    """Where the quote stands, in a line."""
    stored = life.stored
    said = f"{stored.quote.id} is {stored.quote.state.value.replace('_', ' ')}"
    if life.missing and stored.quote.state.value in {"draft", "pending_approval"}:
        said += f", and {', '.join(life.missing)} must agree"
    elif stored.quote.state.value == "presented":
        said += f" until {stored.valid_until}"
    return f"{said} (revision {stored.revision})"
