"""Who acts: the user and the role of commands that change something, by the rules of the API."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import usage

if TYPE_CHECKING:
    from pricing_engine.usecases.quote_life import Actor

By = Annotated[str | None, typer.Option(metavar="NAME", help="Who does it; the user of this machine if absent.")]
Role = Annotated[str, typer.Option(metavar="ROLE", help="In which role.")]


def actor_of(by: str | None, role: str) -> Actor:
    """Who acts.

    Raises: CommandStopped for a role or a name that is none.
    """
    from pricing_engine.api.acting_role import is_user
    from pricing_engine.rulebook.roles import ACTING_ROLES
    from pricing_engine.usecases.quote_life import Actor

    if role not in ACTING_ROLES:
        raise usage(f"there is no role {role}", fix=f"write one of {', '.join(ACTING_ROLES)}", where="--role")
    user = getpass.getuser() if by is None else by
    if not is_user(user):
        fix = "write a name or an address: at most 100 letters, digits and . _ @ + -"
        raise usage("nobody is called so", fix=fix, where="--by")
    return Actor(user, role)
