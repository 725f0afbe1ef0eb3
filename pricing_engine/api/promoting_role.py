"""Who may decide which model scores quotes: those who answer for prices."""

from __future__ import annotations

from pricing_engine.api.acting_role import BACKDATING_ROLES as PROMOTING_ROLES
from pricing_engine.errors import DomainError


class MayNotPromote(DomainError):
    """The role may not decide which model scores quotes."""

    code = "may-not-promote"


def check_may_promote(role: str) -> None:
    """Refuses a role that is judged by scores, or only reads them.

    Raises: MayNotPromote.
    """
    if role not in PROMOTING_ROLES:
        raise MayNotPromote(
            f"a {role} may not decide which model scores quotes",
            fix="ask pricing, revops or an admin",
            roles=sorted(PROMOTING_ROLES),
        )
