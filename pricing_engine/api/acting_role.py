"""Who is asking: until login exists, the role and the user in two headers, read behind this one seam."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from starlette.types import Scope

from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.errors import DomainError
from pricing_engine.rulebook.roles import ACTING_ROLES
from pricing_engine.usecases.quote_life import Actor

HEADER: Final = "X-Acting-Role"
USER_HEADER: Final = "X-Acting-User"
ROLES: Final = ACTING_ROLES
DEFAULT_ROLE: Final = "rep"

BACKDATING_ROLES: Final = frozenset({"pricing", "revops", "admin"})
RECORDING_ROLES: Final = frozenset({"deal_desk", "pricing", "revops", "admin"})

APPROVING_ROLES: Final = frozenset({"manager", "deal_desk", "pricing", "revops", "admin"})
AUDITING_ROLES: Final = frozenset({"revops", "admin"})
FIGURE_ROLES: Final = frozenset({"manager", "deal_desk", "pricing", "revops", "admin"})
WEBHOOK_ROLES: Final = frozenset({"integration", "revops", "admin"})

_RAW: Final = HEADER.lower().encode()
_RAW_USER: Final = USER_HEADER.lower().encode()
_USER: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_BY_BYTES: Final = {role.encode(): role for role in ROLES}


class MayNotBackdate(DomainError):
    """The role may not choose the day whose rules and prices are used."""

    code = "may-not-backdate"


class MayNotRecord(DomainError):
    """The role may not record how a milestone came out."""

    code = "may-not-record"


class MayNotApprove(DomainError):
    """The role may not approve or reject quotes."""

    code = "may-not-approve"


class MayNotAudit(DomainError):
    """The role may not read the audit log."""

    code = "may-not-audit"


class MayNotReadFigures(DomainError):
    """The role may not read the figures of the whole book."""

    code = "may-not-read-figures"


class MayNotManageWebhooks(DomainError):
    """The role may not see or change webhooks."""

    code = "may-not-manage-webhooks"


def check_may_approve(role: str) -> None:
    """Refuses a role that nobody asks to agree. Who holds which level comes with login.

    Raises: MayNotApprove.
    """
    if role not in APPROVING_ROLES:
        raise MayNotApprove(
            f"a {role} may not approve or reject quotes",
            fix="have a manager, the deal desk, pricing, revops or an admin do it",
            roles=sorted(APPROVING_ROLES),
        )


def check_may_audit(role: str) -> None:
    """Refuses a role that may not see who did what.

    Raises: MayNotAudit.
    """
    if role not in AUDITING_ROLES:
        raise MayNotAudit(
            f"a {role} may not read the audit log", fix="ask revops or an admin", roles=sorted(AUDITING_ROLES)
        )


def check_may_read_figures(role: str) -> None:
    """Refuses a role that may not see what all customers together come to.

    Raises: MayNotReadFigures.
    """
    if role not in FIGURE_ROLES:
        raise MayNotReadFigures(
            f"a {role} may not read the figures of the book",
            fix="ask a manager, the deal desk, pricing, revops or an admin",
            roles=sorted(FIGURE_ROLES),
        )


def check_may_manage_webhooks(role: str) -> None:
    """Refuses a role that may not decide where events are sent.

    Raises: MayNotManageWebhooks.
    """
    if role not in WEBHOOK_ROLES:
        raise MayNotManageWebhooks(
            f"a {role} may not see or change webhooks",
            fix="have an integration, revops or an admin do it",
            roles=sorted(WEBHOOK_ROLES),
        )


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


def is_user(name: str) -> bool:
    """Whether somebody may be called so."""
    return name.isascii() and _USER.fullmatch(name.encode()) is not None


def acting(scope: Scope) -> Actor:
    """Who acts: the role of this request, `rep` when no header names one, and the user, by default the role's name.

    Raises: InvalidRequest for a role that does not exist, a name that is none, or a header that is there twice.
    """
    roles, users = [], []
    for name, value in scope["headers"]:
        if name == _RAW:
            roles.append(value)
        elif name == _RAW_USER:
            users.append(value)
    role = _BY_BYTES.get(roles[0]) if roles else DEFAULT_ROLE
    if role is None or len(roles) > 1:
        raise InvalidRequest([FieldFault("header", HEADER, "not-an-option", f"send one of {', '.join(ROLES)}")])
    if not users:
        return Actor(role, role)
    if len(users) > 1 or not _USER.fullmatch(users[0]):
        detail = "send one name or address: at most 100 letters, digits and . _ @ + -"
        raise InvalidRequest([FieldFault("header", USER_HEADER, "not-an-option", detail)])
    return Actor(users[0].decode("ascii"), role)


def acting_role(scope: Scope) -> str:
    """The role of this request.

    Raises: as `acting`.
    """
    return acting(scope).role
