"""Who is asking: until login exists, the role in one header, read behind this one seam."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

from pricing_engine.api.wire_faults import FieldFault, InvalidRequest

HEADER: Final = "X-Acting-Role"
ROLES: Final = ("rep", "manager", "deal_desk", "pricing", "revops", "admin", "integration")
DEFAULT_ROLE: Final = "rep"

_RAW: Final = HEADER.lower().encode()
_BY_BYTES: Final = {role.encode(): role for role in ROLES}


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
