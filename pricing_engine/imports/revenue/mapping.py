"""kind: revenue_mapping: which column of a table of monthly recurring revenue is what."""

from typing import Literal, Self

from pydantic import model_validator

from pricing_engine.imports.book.mapping import Source, TableShape
from pricing_engine.rulebook.documents.fields import Id
from pricing_engine.rulebook.documents.shape import Shape, refused

MonthForm = Literal[
    "year-month",
    "year/month",
    "month/year",
    "month.year",
    "name-year",
    "year-month-day",
    "year/month/day",
    "month/day/year",
    "day/month/year",
    "day.month.year",
]


class RevenueShape(Shape):
    """One row: a customer's month; without `month` and `mrr`, a customer's months side by side."""

    account: Source
    month: Source | None = None
    mrr: Source | None = None
    product: Source | None = None
    quantity: Source | None = None

    @model_validator(mode="after")
    def _is_long_or_wide(self) -> Self:
        if (self.month is None) != (self.mrr is None):
            fix = "map both; or neither, where each month is a column"
            raise refused("E106", "a row with a month has its revenue, and one with revenue its month", fix)
        if self.month is None and self.quantity is not None:
            fix = "leave quantity out, or write the table with one row for each month"
            raise refused("E106", "where each month is a column there is one quantity for all of them", fix)
        return self


class RevenueMappingDocument(TableShape):
    """What the columns of a table of revenue are, and what it means when a month is not in it."""

    kind: Literal["revenue_mapping"]
    months: MonthForm = "year-month"
    missing_months: Literal["zero", "carry", "refuse"]
    revenue: RevenueShape
    retired: tuple[Id, ...] = ()
