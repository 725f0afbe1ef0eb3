"""Who can act: the roles a request may come from. A level of the approval matrix is another idea, and a free name."""

from typing import Final

ACTING_ROLES: Final = ("rep", "manager", "deal_desk", "pricing", "revops", "admin", "integration")
"""A rulebook names those it serves; limits, `may_price` and conditions can only be about these."""
