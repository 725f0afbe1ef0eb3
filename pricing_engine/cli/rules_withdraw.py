"""`rules withdraw`: quotes of a version are not presented or accepted any more."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.screen import JsonFlag, write_json, write_text


def withdraw(
    version: Annotated[str, typer.Argument(metavar="HASH", help="A published version's hash.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")],
    by: Annotated[str | None, typer.Option(help="Who withdraws it; the user of this machine if absent.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Withdraw a version that was wrong. It stays readable, and in force for pricing until another one is activated."""
    with outcome_shown(as_json=as_json, origins={"/reason": "--reason"}):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.quote_life import Actor
        from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook

        with open_ready_desk() as desk:
            actor = Actor(by or getpass.getuser(), "pricing")
            done = withdraw_rulebook(desk, hash=version, reason=reason, actor=actor)
        if as_json:
            write_json(
                {"rulebook": done.rulebook_hash, "at": done.at.isoformat(), "by": done.by, "reason": done.reason}
            )
        else:
            write_text(f"{done.rulebook_hash[:12]} is withdrawn: its quotes are not presented or accepted any more")
