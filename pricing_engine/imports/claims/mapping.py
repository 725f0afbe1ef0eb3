"""kind: reconciliation_mapping: what the columns of tables claim, and what must hold between them and the ledger."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pricing_engine.imports.book.mapping import NameShape, Source, WrittenShape
from pricing_engine.rulebook.documents.fields import ConditionText, Day, Id, SnakeName
from pricing_engine.rulebook.documents.shape import Shape, refused


class ClaimShape(Shape):
    """What must hold in every row of a table; `at_stake` is the amount that is in doubt where it does not."""

    id: Id
    that: ConditionText
    at_stake: SnakeName = "account_arr"
    why: str = ""


class ClaimsTableShape(WrittenShape):
    """One table: whose rows they are, of which contract and day, and what they claim."""

    account: Source
    contract: Source | None = None
    day: Source | None = None
    day_is: Literal["first_day", "last_day"] = "first_day"
    product: Source | None = None
    quantity: Source | None = None
    metric: SnakeName | None = None
    names: dict[SnakeName, NameShape] = Field(default_factory=dict)
    checks: tuple[ClaimShape, ...]

    @model_validator(mode="after")
    def _has_what_list_needs(self) -> Self:
        if self.product is not None and (self.day is None or self.quantity is None):
            raise refused(
                "E106", "a list price is of a quantity on a day", "map quantity and day, or leave product out"
            )
        return self


class ReconciliationDocument(Shape):
    """The tables that are compared with the ledger, by the names they are given on the command line."""

    kind: Literal["reconciliation_mapping"]
    why: str = ""
    as_of: Day | None = None
    tables: dict[Id, ClaimsTableShape]
