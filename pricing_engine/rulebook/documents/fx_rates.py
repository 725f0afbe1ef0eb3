"""kind: fx_rates: dated exchange rates, each the reporting currency per unit of the currency named."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from pricing_engine.rulebook.documents.fields import Day, Positive
from pricing_engine.rulebook.documents.shape import Shape


class RatesShape(Shape):
    """The rates in force from a day on; every other field is a currency."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Positive] = Field(init=False)

    start: Annotated[Day, Field(alias="from")]

    @property
    def by_currency(self) -> dict[str, Decimal]:
        """The rates by currency code."""
        return self.__pydantic_extra__


class FxRatesDocument(Shape):
    """All dated rates."""

    kind: Literal["fx_rates"]
    why: str = ""
    rates: Annotated[tuple[RatesShape, ...], Field(min_length=1)]
