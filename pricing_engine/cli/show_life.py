"""The life of a kept quote as a person reads it: who has agreed, what was done, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import columns, section, words
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.usecases.quote_life import Life

TYPED: Final[Mapping[Action, str]] = {
    Action.SUBMIT: "submit {quote}",
    Action.APPROVE: "approve {quote} --level {level}",
    Action.REJECT: "reject {quote} --comment WHY",
    Action.PRESENT: "present {quote}",
    Action.ACCEPT: "accept {quote}",
    Action.DECLINE: "decline {quote} --comment WHY",
    Action.WITHDRAW: "withdraw {quote}",
}
"""What is typed after `pricing-engine quotes`, where there is a command."""

SENT: Final[Mapping[Action, str]] = {
    Action.CHANGE: "PATCH /v1/quotes/{quote}",
    Action.REVISE: "POST /v1/quotes/{quote}/revise",
}
"""What the API alone takes, for it needs a request."""


def life_parts(life: Life, *, on: date) -> Iterator[RenderableType]:
    """The parts from top to bottom, with what can be done on a day."""
    yield section("Where it stands")
    yield _standing(life)
    if life.steps:
        yield section("What was done")
        yield _steps(life)
    yield section("What can be done")
    yield _next(life, on)


def _standing(life: Life) -> RenderableType:
    table = columns(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    stored = life.stored
    before = "" if stored.revises is None else f", in place of {stored.revises}"
    table.add_row("State", words(life.quote.state))
    table.add_row("Version", f"{stored.version}, revision {stored.revision}{before}")
    table.add_row("Made", f"{_instant(stored.created_at)} by {stored.created_by}")
    for name, value in _approvals(life):
        table.add_row(name, value)
    return table


def _approvals(life: Life) -> Iterator[tuple[str, str]]:
    """A row for each level that is asked, and who cannot be the one who agrees."""
    given = {each.level: each for each in life.approvals}
    for level in life.quote.approval_levels:
        found = given.get(level)
        if found is None:
            yield f"Approval, {words(level)}", "missing"
        else:
            said = f": {found.comment}" if found.comment else ""
            yield f"Approval, {words(level)}", f"given {_instant(found.at)} by {found.by}{said}"
    if life.missing:
        yield "Asked for by", f"{', '.join(sorted(life.asked_by))}; nobody approves their own request"


def _steps(life: Life) -> RenderableType:
    table = columns()
    for name in ("When (UTC)", "What"):
        table.add_column(name, no_wrap=True)
    table.add_column("By", overflow="fold")
    table.add_column("State after", no_wrap=True)
    table.add_column("Comment", overflow="fold")
    for step in life.steps:
        what = words(step.action) if step.level is None else f"{words(step.action)}, {words(step.level)}"
        by = f"{step.by} ({words(step.role)})"
        table.add_row(f"{step.at:%Y-%m-%d %H:%M}", what, by, words(step.to_state), step.comment)
    return table


def _next(life: Life, on: date) -> RenderableType:
    lines = list(_commands(life, on))
    if life.quote.state is QuoteState.ACCEPTED:
        lines.append(f"it is booked: pricing-engine contracts show {life.quote.request.account.id}")
    return Group(*(Text(line, overflow="fold") for line in lines or ["nothing any more"]))


def _commands(life: Life, on: date) -> Iterator[str]:
    """What is typed for each action, or sent; an approval for each level that is missing."""
    for action in life.actions_on(on):
        typed = TYPED.get(action)
        for level in life.missing if action is Action.APPROVE else ("",):
            if typed is None:
                yield f"{action} by the API: {SENT[action].format(quote=life.quote.id)}"
            else:
                yield f"pricing-engine quotes {typed.format(quote=life.quote.id, level=level)}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
