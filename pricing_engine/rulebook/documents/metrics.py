"""kind: metrics: what is counted, whether it is bought ahead or measured, and how products' counts combine."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.catalog.products import Combine, MetricKind
from pricing_engine.rulebook.documents.fields import Positive, SnakeName, Text
from pricing_engine.rulebook.documents.shape import Shape


class MetricShape(Shape):
    """One metric; quantities come in multiples of `step`."""

    id: SnakeName
    kind: MetricKind
    unit: Text
    combine: Combine = Combine.MAX
    step: Positive = Decimal(1)
    meaning: str = ""


class MetricsDocument(Shape):
    """All metrics."""

    kind: Literal["metrics"]
    metrics: Annotated[tuple[MetricShape, ...], Field(min_length=1)]
