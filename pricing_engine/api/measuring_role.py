"""Who may say what an account uses: the meter, and those who are not judged by it."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.acting_role import RECORDING_ROLES
from pricing_engine.errors import DomainError

MEASURING_ROLES: Final = RECORDING_ROLES | {"integration"}


class MayNotMeasure(DomainError):
    """The role may not say what an account uses."""

    code = "may-not-measure"


def check_may_measure(role: str) -> None:
    """Refuses a role that would be judged by the use it records.

    Raises: MayNotMeasure.
    """
    if role not in MEASURING_ROLES:
        raise MayNotMeasure(
            f"a {role} may not record what an account uses",
            fix="let the meter send it, acting as integration",
            roles=sorted(MEASURING_ROLES),
        )
