"""Who is asking: until login exists, the role in one header, read behind this one seam."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.types import Scope

from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.errors import DomainError
from pricing_engine.rulebook.roles import ACTING_ROLES

HEADER: Final = "X-Acting-Role"
ROLES: Final = ACTING_ROLES
DEFAULT_ROLE: Final = "rep"

BACKDATING_ROLES: Final = frozenset({"pricing", "revops", "admin"})
RECORDING_ROLES: Final = frozenset({"deal_desk", "pricing", "revops", "admin"})

_RAW: Final = HEADER.lower().encode()
_BY_BYTES: Final = {role.encode(): role for role in ROLES}


class MayNotBackdate(DomainError):
    """The role may not choose the day whose rules and prices are used."""

    code = "may-not-backdate"


class MayNotRecord(DomainError):
    """The role may not record how a milestone came out."""

    code = "may-not-record"


def check_may_record(role: str) -> None:
    """Refuses a role that may not give the credit of a milestone, which recording it does.

    Raises: MayNotRecord.
    """
    if role not in RECORDING_ROLES:
        raise MayNotRecord(
            f"a {role} may not record how a milestone came out",
            fix="ask the deal desk, pricing, revops or an admin to record it",
            roles=sorted(RECORDING_ROLES),
        )


def check_may_backdate(role: str, *, as_of: date | None, today: date) -> None:
    """Refuses an as-of day that the role may not choose, and one that has not come yet.

    Raises: MayNotBackdate or InvalidRequest.
    """
    if as_of is None:
        return
    if role not in BACKDATING_ROLES:
        raise MayNotBackdate(
            f"a {role} may not choose the as-of day",
            fix="leave as_of out",
            pointer="/as_of",
            roles=sorted(BACKDATING_ROLES),
        )
    if as_of > today:
        raise InvalidRequest([FieldFault("pointer", "/as_of", "date-out-of-range", "this day has not come yet")])


def acting_role(scope: Scope) -> str:
    """The role of this request, `rep` when no header names one.

    Raises: InvalidRequest for a role that does not exist, or two headers.
    """
    given = [value for name, value in scope["headers"] if name == _RAW]
    if not given:
        return DEFAULT_ROLE
    role = _BY_BYTES.get(given[0])
    if role is None or len(given) > 1:
        raise InvalidRequest([FieldFault("header", HEADER, "not-an-option", f"send one of {', '.join(ROLES)}")])
    return role
