"""What is bought: each charge with its quantity, list price, discount, net price and yearly amount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing_engine.catalog.products import Timing
from pricing_engine.document import wording
from pricing_engine.document.figures import ONE_DAY
from pricing_engine.document.names import name_of
from pricing_engine.document.shape import Cell, Row, RowKind, Section, cell, table
from pricing_engine.document.view import View
from pricing_engine.pricing.waterfall import PricedLine, Segment

_HEADINGS = (
    wording.ITEM,
    wording.QUANTITY,
    wording.LIST_PRICE,
    wording.DISCOUNT,
    wording.YOUR_PRICE,
    wording.NET_A_YEAR,
)
_NOTHING = Cell("")


def items_section(view: View) -> Section | None:
    """The charges of the quote, later prices of each below it, closed by their yearly sum; None without any."""
    lines = view.quote.lines
    if not lines:
        return None
    rows = [row for line in lines for row in _rows(view, line)]
    day = view.figures.day(view.quote.request.effective_date)
    closing = wording.RECURRING_SUM.format(day=day)
    rows.append(Row((Cell(closing), *[_NOTHING] * 4, Cell(view.figures.money(view.totals.arr))), RowKind.SUM))
    averages = any(line.quantity and line.metric for line in lines)
    return Section(
        wording.BOUGHT if view.quote.change is None else wording.WILL_HAVE,
        table=table(_HEADINGS, rows),
        remarks=(wording.ROUNDED_UNITS,) if averages else (),
    )


def is_as_used(line: PricedLine) -> bool:
    """Whether the line comes to what is used, with nothing committed."""
    return line.timing is Timing.USAGE and not line.quantity and not line.list_term


def _rows(view: View, line: PricedLine) -> Iterator[Row]:
    if is_as_used(line):
        used = cell(wording.AS_USED)
        yield Row((_item(view, line), _NOTHING, used, _NOTHING, used, used))
    elif line.timing is Timing.ONE_TIME:
        yield _once(view, line)
    else:
        first, *later = line.segments
        yield Row((_item(view, line), *_priced(view, line, first.quantity, line.list_per_year, line.net_per_year)))
        for segment in later:
            yield _later(view, line, segment)
    if line.usage_estimate is not None:
        expected = wording.EXPECTED_USE.format(
            amount=view.figures.money(line.usage_estimate), period=wording.PERIODS.get(line.months, "")
        )
        yield Row((Cell("", expected), *[_NOTHING] * 5), RowKind.PART)


def _item(view: View, line: PricedLine) -> Cell:
    name = name_of(line)
    if line.bundle is None:
        return name.cell
    return Cell(name.product, f"{name.charge}, {wording.INCLUDED_IN.format(bundle=view.bundle_name(line.bundle))}")


def _once(view: View, line: PricedLine) -> Row:
    list_price, net_price = _unit_prices(view, line, line.quantity, line.list_term, line.net_term)
    off = Cell(view.figures.off(line.list_term, line.net_term))
    quantity = Cell(view.units(line.metric, line.quantity))
    amount = Cell(view.figures.money(line.net_term), wording.ONCE)
    return Row((_item(view, line), quantity, list_price, off, net_price, amount))


def _later(view: View, line: PricedLine, segment: Segment) -> Row:
    """A stretch of the term with another price or quantity."""
    if line.metric is not None and not segment.quantity and not segment.net:  # none is left: a trial that is over
        until = wording.UNTIL_DAY.format(day=view.figures.day(segment.start - ONE_DAY))
        return Row((Cell("", until), *[_NOTHING] * 5), RowKind.PART)
    since = wording.FROM_DAY.format(day=view.figures.day(segment.start))
    return Row((Cell("", since), *_priced(view, line, segment.quantity, segment.list, segment.net)), RowKind.PART)


def _priced(
    view: View, line: PricedLine, quantity: Decimal, list_per_year: Decimal, net_per_year: Decimal
) -> tuple[Cell, ...]:
    list_price, net_price = _unit_prices(view, line, quantity, list_per_year, net_per_year)
    return (
        Cell(view.units(line.metric, quantity) if quantity else ""),
        list_price,
        Cell(view.figures.off(list_per_year, net_per_year)),
        net_price,
        Cell(view.figures.money(net_per_year)),
    )


def _unit_prices(
    view: View, line: PricedLine, quantity: Decimal, list_amount: Decimal, net_amount: Decimal
) -> tuple[Cell, Cell]:
    """List and net price for a unit and period; for a period where nothing is counted."""
    figures, period = view.figures, wording.PERIODS.get(line.months, "")
    found = line._replace(quantity=quantity).unit_prices(list_amount, net_amount) if line.metric else None
    if found is not None and line.metric is not None:
        unit = view.unit_of(line.metric)
        once = line.months is None
        per = f"per {unit}" if once else wording.PER_UNIT.format(unit=unit, period=period)
        return Cell(figures.average(found[0]), per), Cell(figures.average(found[1]), per)
    per = wording.ONCE if line.months is None else wording.PER_PERIOD.format(period=period)
    prices = (line.per_period(amount, view.quote.currency) for amount in (list_amount, net_amount))
    list_price, net_price = (Cell(figures.money(price), per) for price in prices)
    return list_price, net_price
