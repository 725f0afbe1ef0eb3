"""kind: rulebook: the name, currencies, proration, billing plans, roles and the order of discount groups."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.discounts import Base, Pick
from pricing_engine.rulebook.documents.fields import CurrencyCode, Id, Months, SnakeName, Text
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.roles import ACTING_ROLES

PlanWord = Literal[
    "yearly_in_advance",
    "half_yearly_in_advance",
    "quarterly_in_advance",
    "monthly_in_advance",
    "yearly_in_arrears",
    "half_yearly_in_arrears",
    "quarterly_in_arrears",
    "monthly_in_arrears",
    "up_front",
]

Role = Annotated[SnakeName, WithJsonSchema({"enum": list(ACTING_ROLES)})]
"""Offered by editors, but refused by a check and not here: a version that was published must stay readable."""


class BillingShape(Shape):
    """The plans that may be asked for, and the one taken when none is."""

    default: PlanWord
    plans: Annotated[tuple[PlanWord, ...], Field(min_length=1)]


class TermShape(Shape):
    """The shortest and the longest term that is sold."""

    minimum_months: Months
    maximum_months: Months


class DiscountGroupShape(Shape):
    """A stacking group; groups apply in the order written."""

    id: Id
    pick: Pick
    base: Base = Base.COMPOUND


class RulebookDocument(Shape):
    """The settings that hold for every rule."""

    kind: Literal["rulebook"]
    name: Text
    language: Literal["1"]
    reporting_currency: CurrencyCode
    currencies: Annotated[tuple[CurrencyCode, ...], Field(min_length=1)]
    proration: ProrationMethod = ProrationMethod.DAYS
    billing: BillingShape
    term: TermShape
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    discount_groups: tuple[DiscountGroupShape, ...] = ()
