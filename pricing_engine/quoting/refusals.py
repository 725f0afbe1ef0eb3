"""Requests that cannot be priced at all, each with a code, a pointer into the request and a way out."""

from __future__ import annotations

from pricing_engine.errors import DomainError


class UnknownProduct(DomainError):
    """The rulebook has no product of this id."""

    code = "unknown-product"


class UnknownTier(DomainError):
    """The ladder has no tier of this id."""

    code = "unknown-tier"


class UnknownBundle(DomainError):
    """The rulebook has no bundle of this id."""

    code = "unknown-bundle"


class UnknownMetric(DomainError):
    """A quantity or usage was given for a metric that the product has no charge for."""

    code = "unknown-metric"


class UnknownCharge(DomainError):
    """A price, commitment or discount names a charge that is not on the quote."""

    code = "unknown-charge"


class UnknownBilling(DomainError):
    """The rulebook does not offer this billing plan."""

    code = "unknown-billing-plan"


class UnknownRole(DomainError):
    """The rulebook has no such role."""

    code = "unknown-role"


class UnknownCurrency(DomainError):
    """The rulebook does not sell in this currency."""

    code = "unknown-currency"


class DuplicateProduct(DomainError):
    """One product is added twice: its bands would be counted twice."""

    code = "duplicate-product"


class QuantityMissing(DomainError):
    """A charge needs a quantity that the request does not give."""

    code = "quantity-missing"


class QuantityNotPositive(DomainError):
    """A line of no or negative quantity does not exist; what goes down is asked for as a reduction."""

    code = "quantity-not-positive"


class BundleIncomplete(DomainError):
    """A bundle was asked for without all of its products."""

    code = "bundle-incomplete"


class BundleOnRequest(DomainError):
    """A fixed-price bundle has no list price in this price book."""

    code = "bundle-on-request"


class BundlesOverlap(DomainError):
    """A product cannot be priced by two bundles."""

    code = "bundles-overlap"


class NoTierFits(DomainError):
    """No tier of the ladder holds what was asked for."""

    code = "no-tier-fits"


class TermOutOfRange(DomainError):
    """The term is shorter or longer than the rulebook sells."""

    code = "term-out-of-range"


class RampOutOfTerm(DomainError):
    """A ramp step does not lie inside the term, or the steps are not in order."""

    code = "ramp-out-of-term"


class RampOnOneTime(DomainError):
    """A ramp changes the quantity or price of a charge that is owed once, on the first day."""

    code = "ramp-on-one-time"


class PriceNotAllowed(DomainError):
    """A unit price was given to a charge that has a list price; ask for a target price instead."""

    code = "price-not-allowed"


class RoleMayNotPrice(DomainError):
    """Only some roles may give an on-request charge its price."""

    code = "role-may-not-price"


class TargetPriceOfQuote(DomainError):
    """A unit price is asked for without saying of which line: no unit is common to all of them."""

    code = "target-price-of-quote"


class AmountTooPrecise(DomainError):
    """An amount has more decimals than its currency."""

    code = "amount-too-precise"


class ApprovalMatrixMissing(DomainError):
    """A quote needs approval and the rulebook does not say whose."""

    code = "approval-matrix-missing"


class NothingToChange(DomainError):
    """A change was asked for of an account that has no contract in force."""

    code = "nothing-to-change"
