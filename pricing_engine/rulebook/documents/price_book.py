"""kind: price_book: dated list prices for one currency and market, by `owner.charge`."""

from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag

from pricing_engine.rulebook.documents.fields import Amount, CurrencyCode, Day, Id, OneOrMore, Positive, Quantity, Text
from pricing_engine.rulebook.documents.fields import Ratio as RatioField
from pricing_engine.rulebook.documents.shape import Shape


class EntryShape(Shape):
    """What every dated entry has: in force from `from` until the day before `until`, or the next entry's start."""

    start: Annotated[Day, Field(alias="from")]
    until: Day | None = None
    why: Text


class OnRequestEntry(EntryShape):
    """No list price; someone allowed to gives it one per deal (P5)."""

    model_config = ConfigDict(title="on_request entry")
    on_request: Literal[True]


class PricedEntry(EntryShape):
    """What surrounds every charge model (P11)."""

    included: Quantity = Decimal(0)
    minimum: Amount | None = None
    maximum: Amount | None = None
    overage_unit_price: Amount | None = None


class FlatEntry(PricedEntry):
    """One amount, whatever the quantity."""

    model_config = ConfigDict(title="flat entry")
    model: Literal["flat"]
    amount: Amount


class PerUnitEntry(PricedEntry):
    """Quantity times one unit price."""

    model_config = ConfigDict(title="per_unit entry")
    model: Literal["per_unit"]
    unit_price: Amount


class BandShape(Shape):
    """A quantity range ending at `up_to`, inclusive; the last band has none."""

    up_to: Positive | None = None
    unit_price: Amount | None = None
    flat: Amount | None = None


class VolumeEntry(PricedEntry):
    """All units at the price of the band the quantity reaches."""

    model_config = ConfigDict(title="volume entry")
    model: Literal["volume"]
    bands: Annotated[tuple[BandShape, ...], Field(min_length=1)]


class GraduatedEntry(PricedEntry):
    """Each unit at its own band's price."""

    model_config = ConfigDict(title="graduated entry")
    model: Literal["graduated"]
    bands: Annotated[tuple[BandShape, ...], Field(min_length=1)]


class StepShape(Shape):
    """One amount for every quantity up to `up_to`."""

    up_to: Positive | None = None
    amount: Amount


class StairstepEntry(PricedEntry):
    """One flat amount per band; the last band may be closed."""

    model_config = ConfigDict(title="stairstep entry")
    model: Literal["stairstep"]
    bands: Annotated[tuple[StepShape, ...], Field(min_length=1)]


class PackageEntry(PricedEntry):
    """Whole packages of `size`, begun ones counted."""

    model_config = ConfigDict(title="package entry")
    model: Literal["package"]
    size: Positive
    price: Amount


class RateBandShape(Shape):
    """A rate on the part of the amount up to `up_to`, and a fixed part."""

    up_to: Positive | None = None
    rate: RatioField
    flat: Amount = Decimal(0)


class PercentageEntry(PricedEntry):
    """A share of an amount of money, one rate or by bands, with an optional fixed part."""

    model_config = ConfigDict(title="percentage entry")
    model: Literal["percentage"]
    rate: RatioField | None = None
    bands: tuple[RateBandShape, ...] = ()
    fixed: Amount = Decimal(0)


PricedEntries = (
    FlatEntry | PerUnitEntry | VolumeEntry | GraduatedEntry | StairstepEntry | PackageEntry | PercentageEntry
)
"""An entry with a charge model."""

CHARGE_MODELS: tuple[str, ...] = tuple(
    model for entry in get_args(PricedEntries) for model in get_args(entry.model_fields["model"].annotation)
)
"""The words that `model` may be."""


def _entry_tag(entry: object) -> str | None:
    if not isinstance(entry, dict):
        return None
    if "on_request" in entry and "model" not in entry:
        return "on_request entry"
    return f"{entry['model']} entry" if isinstance(entry.get("model"), str) else None


Entry = Annotated[
    Annotated[OnRequestEntry, Tag("on_request entry")]
    | Annotated[FlatEntry, Tag("flat entry")]
    | Annotated[PerUnitEntry, Tag("per_unit entry")]
    | Annotated[VolumeEntry, Tag("volume entry")]
    | Annotated[GraduatedEntry, Tag("graduated entry")]
    | Annotated[StairstepEntry, Tag("stairstep entry")]
    | Annotated[PackageEntry, Tag("package entry")]
    | Annotated[PercentageEntry, Tag("percentage entry")],
    Discriminator(_entry_tag),
]


class PriceBookDocument(Shape):
    """One price book; without `market` it serves every market that no other book of its currency names."""

    kind: Literal["price_book"]
    id: Id
    currency: CurrencyCode
    market: Annotated[tuple[Text, ...], OneOrMore] = ()
    why: str = ""
    prices: dict[str, Annotated[tuple[Entry, ...], Field(min_length=1)]]
