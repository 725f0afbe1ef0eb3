"""What the laws draw from: amounts, weights, band tables, quantities, dates and periods."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from pricing_engine.catalog.charge_models import Band, BandTable
from pricing_engine.periods import Period

CENT = Decimal("0.01")
Table = TypeVar("Table", bound=BandTable)

cents = st.integers(-10_000_000, 10_000_000).map(lambda number: Decimal(number).scaleb(-2))
prices = st.integers(0, 100_000).map(lambda number: Decimal(number).scaleb(-4))
weights = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), Decimal(2)]),
    st.integers(0, 10**12).map(lambda number: Decimal(number).scaleb(-4)),
    st.integers(1, 10**60).map(lambda number: Decimal((0, tuple(map(int, str(number))), -50))),
)
quantities = st.integers(0, 2_500).map(lambda number: Decimal(number).scaleb(-2))


@st.composite
def tables(draw: st.DrawFn, kind: type[Table], *, closed: bool = False) -> Table:
    """A table of one to five bands whose bounds are hundredths up to 20."""
    count = draw(st.integers(1, 5))
    ticks = draw(st.lists(st.integers(0, 2_000), min_size=count, max_size=count, unique=True).map(sorted))
    bounds = [Decimal(tick).scaleb(-2) for tick in ticks]
    last = bounds[-1] if closed else None
    return kind(tuple(Band(bound, draw(prices), draw(prices)) for bound in (*bounds[:-1], last)))


days = st.dates(date(2019, 1, 1), date(2032, 12, 31))
month_ends = st.sampled_from(
    [date(year, month, day) for year in (2023, 2024) for month in (1, 3, 8, 12) for day in (28, 29, 30, 31)]
    + [date(2024, 2, 28), date(2024, 2, 29), date(2023, 2, 28), date(2024, 4, 30)]
)
anchors = st.one_of(month_ends, days)
cadences = st.sampled_from([1, 3, 6, 12])


@st.composite
def periods(draw: st.DrawFn, longest: int = 800) -> Period:
    """A period of up to `longest` days, often from a month's end."""
    start = draw(anchors)
    return Period(start, start + timedelta(days=draw(st.integers(0, longest))))
