"""What use costs that nobody has committed to, or that goes above a commitment: the price schedule in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, assert_never

from pricing_engine.catalog.charge_models import (
    BandTable,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Timing
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.document import wording
from pricing_engine.document.figures import inert, words
from pricing_engine.document.shape import Fact, Section
from pricing_engine.document.view import View

_HOW: Final[Mapping[type[BandTable], str]] = {
    Volume: wording.VOLUME,
    Graduated: wording.GRADUATED,
    Stairstep: wording.STAIRSTEP,
}


def usage_section(view: View) -> Section | None:
    """A fact for each usage charge in force; None where there is none."""
    on_quote = {line.id for line in view.quote.lines}
    found = [line for line in view.contract.lines if line.timing is Timing.USAGE and line.id in on_quote]
    facts = [
        Fact(f"{inert(line.name)} · {words(line.charge)}", price_in_words(view, line, line.price))
        for line in found
        if line.price is not None
    ]
    return Section(wording.USE, tuple(facts), remarks=(wording.USE_REMARK,)) if facts else None


def price_in_words(view: View, line: ContractLine, price: Price) -> tuple[str, ...]:
    """A price schedule as sentences."""
    said = [_model(view, line, price)]
    period, money = wording.PERIODS.get(line.months, ""), view.figures.money
    if price.included:
        said.append(wording.INCLUDED.format(units=_units(view, line, price.included), period=period))
    if price.minimum is not None:
        said.append(wording.AT_LEAST.format(amount=money(price.minimum), period=period))
    if price.maximum is not None:
        said.append(wording.AT_MOST.format(amount=money(price.maximum), period=period))
    if price.overage_unit_price is not None:
        overage = view.figures.exact(price.overage_unit_price)
        said.append(wording.OVERAGE.format(amount=overage, unit=_unit(view, line)))
    return tuple(said)


def _model(view: View, line: ContractLine, price: Price) -> str:
    model, exact, unit = price.model, view.figures.exact, _unit(view, line)
    if price.is_free:
        return wording.FREE
    match model:
        case Flat(amount):
            return wording.FLAT.format(amount=exact(amount), period=wording.PERIODS.get(line.months, ""))
        case PerUnit(amount):
            return wording.A_UNIT.format(amount=exact(amount), unit=unit)
        case Package(size, amount):
            return wording.PACKAGE.format(amount=exact(amount), units=_units(view, line, size))
        case Volume() | Graduated() | Stairstep():
            return f"{_HOW[type(model)]}: {_bands(view, line, model)}"
        case Percentage(rates):
            shares = " / ".join(view.figures.share(band.unit_price) for band in rates.bands)
            return wording.PERCENTAGE.format(share=shares)
        case _:
            assert_never(model)


def _bands(view: View, line: ContractLine, model: BandTable) -> str:
    exact, unit = view.figures.exact, _unit(view, line)
    said = []
    for band in model.bands:
        flat = wording.FLAT.format(amount=exact(band.flat), period=wording.PERIODS.get(line.months, ""))
        a_unit = wording.A_UNIT.format(amount=exact(band.unit_price), unit=unit)
        price = flat if not band.unit_price and band.flat else a_unit
        if band.flat and band.unit_price:
            price = wording.BAND_BOTH.format(flat=flat, unit_price=a_unit)
        if band.up_to is None:
            said.append(wording.BAND_ABOVE.format(price=price) if len(model.bands) > 1 else price)
        else:
            said.append(wording.BAND_UP_TO.format(units=_units(view, line, band.up_to), price=price))
    return "; ".join(said)


def _unit(view: View, line: ContractLine) -> str:
    return view.unit_of(line.metric) if line.metric else wording.UNIT


def _units(view: View, line: ContractLine, quantity: Decimal) -> str:
    return view.units(line.metric, quantity) or view.figures.number(quantity)
