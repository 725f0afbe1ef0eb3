"""Changes that cannot be priced at all, each with a code, a pointer into the request and a way out."""

from __future__ import annotations

from pricing_engine.errors import DomainError


class NotOnContract(DomainError):
    """A product is changed that the contract does not have."""

    code = "not-on-contract"


class ProductGone(DomainError):
    """The contract has a product or tier that the rulebook in force no longer sells, and the change needs its price."""

    code = "product-gone"


class OutsideTerm(DomainError):
    """The change takes force on a day on which the contract is not in force, or a renewal on a day it cannot begin."""

    code = "outside-term"


class LaterChangeBooked(DomainError):
    """A change is booked already that takes force later: what it was priced from would no longer be so (P31)."""

    code = "later-change-booked"


class ChangesConflict(DomainError):
    """Two changes of one request contradict each other."""

    code = "changes-conflict"


class NotInTerms(DomainError):
    """The contract's terms do not provide for what is asked."""

    code = "not-in-terms"


class TermsGone(DomainError):
    """The contract is under terms that its rulebook version does not have."""

    code = "terms-gone"


class TrialNotOffered(DomainError):
    """The terms offer no trial of the product, not again, or not so much of it."""

    code = "trial-not-offered"


class MilestoneNotPromised(DomainError):
    """The contract promises no milestone of this id."""

    code = "milestone-not-promised"


class OutcomeRecorded(DomainError):
    """How the milestone came out is recorded already, and its credit given or not owed (P28)."""

    code = "outcome-already-recorded"


class MilestoneMetLate(DomainError):
    """A milestone is said to be met on a day after its last: it was missed (P28)."""

    code = "milestone-met-late"


class WaiverNotReadable(DomainError):
    """A waiver asks for a value that its term cannot have."""

    code = "waiver-not-readable"
