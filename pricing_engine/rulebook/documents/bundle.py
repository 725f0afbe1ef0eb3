"""kind: bundle: products sold as one offer, at a percentage off list or at a fixed price from the price book."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pricing_engine.rulebook.documents.fields import Id, Per, Ratio, Text
from pricing_engine.rulebook.documents.shape import Shape, refused


class ItemShape(Shape):
    """One product, or one of a choice."""

    product: Id | None = None
    any_of: tuple[Id, ...] | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.product is None) == (not self.any_of):
            raise refused("E106", "an item is a product or a choice", "write product: x, or any_of: [x, y]")
        return self

    @property
    def choices(self) -> tuple[str, ...]:
        """The products any of which fills the item."""
        return (self.product,) if self.product is not None else self.any_of or ()


class BundlePriceShape(Shape):
    """`off_list`, or `fixed` with `per`; both are shared over the lines by list price."""

    off_list: Ratio | None = None
    fixed: Literal[True] | None = None
    per: Per | None = None
    allocate: Literal["by_list"] = "by_list"

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.off_list is None) == (self.fixed is None):
            raise refused("E106", "a bundle has one price", 'write off_list: "18%", or fixed: true with per: month')
        if (self.fixed is None) != (self.per is None):
            raise refused("E106", "a fixed price has a period, a percentage has none", "write fixed: true, per: month")
        return self


class BundleDocument(Shape):
    """One bundle; a fixed price stands in the price books under `<id>.price`."""

    kind: Literal["bundle"]
    id: Id
    name: Text | None = None
    items: Annotated[tuple[ItemShape, ...], Field(min_length=2)]
    price: BundlePriceShape
    why: Text
