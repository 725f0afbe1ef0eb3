"""`applies_to` and `percent_of`: which charges of which products a rule is about."""

from typing import Annotated

from pricing_engine.catalog.products import ProductType, Timing
from pricing_engine.rulebook.documents.fields import Id, OneOrMore, SnakeName
from pricing_engine.rulebook.documents.shape import Shape


class SelectorShape(Shape):
    """Each field is one word or a list; a field left out does not restrict."""

    product: Annotated[tuple[Id, ...], OneOrMore] = ()
    family: Annotated[tuple[Id, ...], OneOrMore] = ()
    type: Annotated[tuple[ProductType, ...], OneOrMore] = ()
    charge: Annotated[tuple[SnakeName, ...], OneOrMore] = ()
    timing: Annotated[tuple[Timing, ...], OneOrMore] = ()
