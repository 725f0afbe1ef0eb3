"""What the life of quotes comes to, told a second time and in few words: the oracle of `test_whole_life.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

TABLE: Mapping[str, Mapping[str, str]] = {
    "draft": {
        "change": "draft",
        "submit": "pending_approval",
        "present": "presented",
        "withdraw": "withdrawn",
        "revise": "superseded",
    },
    "pending_approval": {
        "approve": "pending_approval",
        "reject": "draft",
        "withdraw": "withdrawn",
        "revise": "superseded",
    },
    "approved": {"present": "presented", "withdraw": "withdrawn", "revise": "superseded"},
    "presented": {
        "accept": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
        "revise": "superseded",
        "expire": "expired",
    },
}
"""Submitted and approved by all it is `approved` at once."""

VALID = timedelta(days=30)


@dataclass
class Customer:
    """An account, and the version its contract is in; 0: it has none."""

    id: str
    contract: int = 0


@dataclass
class Offer:
    """A quote as it should be. `pinned` is the version of the contract it was priced from."""

    id: str
    customer: Customer
    rules: str
    levels: tuple[str, ...]
    pinned: int
    asked_by: set[str]
    is_refused: bool = False
    state: str = "draft"
    revision: int = 1
    agreed: set[str] = field(default_factory=set)
    until: date | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The levels that have yet to agree."""
        return tuple(level for level in self.levels if level not in self.agreed)

    @property
    def forward(self) -> str:
        """What leads on to a contract; for what is over, what leads nowhere."""
        return {"draft": "submit", "pending_approval": "approve", "approved": "present"}.get(self.state, "accept")

    def refusal(self, action: str, *, seen: int | None, today: date, withdrawn: set[str], **more: str) -> str | None:
        """The code with which an action is refused, the first that applies; None when it is not."""
        offers, level, asked = action in {"submit", "present"}, more.get("level", ""), action == "approve"
        reasons = {
            "transition-not-allowed": action not in TABLE.get(self.state, {}),
            "quote-stale": seen not in {None, self.revision},
            "quote-expired": action == "accept" and self.until is not None and self.until < today,
            "not-bookable": offers and self.is_refused,
            "rulebook-withdrawn": (offers or action == "accept") and self.rules in withdrawn,
            "reason-wanted": action in {"reject", "decline"} and not more.get("comment"),
            "level-not-asked": asked and level not in self.missing,
            "own-request": asked and more["by"] in self.asked_by,
            "approval-missing": action == "present" and bool(self.missing),
            "contract-changed-meanwhile": self._is_about_another_contract(action),
        }
        return next((code for code, is_so in reasons.items() if is_so), None)

    def _is_about_another_contract(self, action: str) -> bool:
        """A first sale does not become a change; what changes a contract is asked again of the one there is."""
        if action in {"change", "revise"} and self.pinned:
            return False
        return action in {"accept", "change", "revise"} and self.pinned != self.customer.contract

    def step(self, action: str, *, today: date, level: str = "", by: str) -> None:
        """Takes it further by an action that is not refused."""
        if action == "approve":
            self.agreed.add(level)
        if action in {"submit", "change", "revise"}:
            self.asked_by.add(by)
        if action in {"reject", "change"}:
            self.agreed.clear()
        if action == "present":
            self.until = self.until or today + VALID
        if action == "accept":
            self.customer.contract += 1
        self.state = TABLE[self.state][action]
        if self.state == "pending_approval" and not self.missing:
            self.state = "approved"
        self.revision += 1
