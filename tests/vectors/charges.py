"""Adapters for the charge models, minimum, maximum, included, increments and commitments (P10, P11)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from pricing_engine.catalog.charge_models import (
    Band,
    ChargeModel,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.prices import Price, limit, rate, rate_increment
from pricing_engine.money import ONE, ZERO, Currency, round_money
from tests.vectors.shapes import Given, UnknownShape, adapts, choose, count, number, only_keys, optional_number, percent

INCLUSIVE = {"up_to inclusive": True}
LIMITS = "minimum_amount maximum_amount free_units"


def bands_of(rows: Sequence[Given], *, unit: str = "unit", flat: str = "flat") -> tuple[Band, ...]:
    """Bands as the sources list them; a row without a price of one sort has none of that sort."""
    return tuple(
        Band(
            None if only_keys(row, "up_to", unit, flat, "cap")["up_to"] is None else number(row["up_to"]),
            number(row.get(unit, "0")),
            number(row.get(flat, "0")),
        )
        for row in rows
    )


def check_bounds(given: Given) -> None:
    """Refuses bounds that mean something else than ours do."""
    choose(given.get("bounds", "up_to inclusive"), INCLUSIVE)
    if given.get("zero_quantity_charges_first_flat", True) is not True:
        raise UnknownShape("a quantity of 0 that does not owe the first band's flat amount (P11)")


def priced(model: ChargeModel, given: Given) -> Price:
    """A price with the limits the input names."""
    return Price(
        model,
        included=number(given.get("free_units", "0")),
        minimum=optional_number(given, "minimum_amount"),
        maximum=optional_number(given, "maximum_amount"),
    )


@adapts("graduated", "quantity tiers", f"bounds zero_quantity_charges_first_flat {LIMITS}")
def graduated(given: Given) -> Decimal:
    check_bounds(given)
    caps = [tier["cap"] for tier in given["tiers"] if "cap" in tier]
    if caps and len(given["tiers"]) > 1:
        raise UnknownShape("a cap per band, where ours is per charge (P11)")
    limits = {**given, "maximum_amount": caps[0]} if caps else given
    return rate(priced(Graduated(bands_of(given["tiers"])), limits), number(given["quantity"]))


@adapts("volume", "quantity tiers", f"bounds zero_quantity_charges_first_flat {LIMITS}")
def volume(given: Given) -> Decimal:
    check_bounds(given)
    return rate(priced(Volume(bands_of(given["tiers"])), given), number(given["quantity"]))


def bands_of_blocks(rows: Sequence[Given]) -> tuple[Band, ...]:
    """Bands whose widths are listed one by one; the last applies above its own width too."""
    if any(number(only_keys(row, "block_size", "max_blocks", "block_price")["block_size"]) != ONE for row in rows):
        raise UnknownShape("blocks of several units inside a band (P10)")
    bounds = [*accumulate(number(row["max_blocks"]) for row in rows[:-1]), None]
    return tuple(Band(bound, number(row["block_price"])) for bound, row in zip(bounds, rows, strict=True))


@adapts("graduated", "block_tiers policy quantity")
@adapts("volume", "block_tiers policy quantity")
def blocks(given: Given) -> Decimal:
    bands = bands_of_blocks(given["block_tiers"])
    models: dict[str, ChargeModel] = {"ALL_TIERS": Graduated(bands), "TOP_TIER": Volume(bands)}
    model = choose(given["policy"], models)
    return rate(Price(model), number(given["quantity"]))


@adapts("stairstep", "quantity tiers", f"bounds {LIMITS}")
def stairstep(given: Given) -> Decimal:
    check_bounds(given)
    return rate(priced(Stairstep(bands_of(given["tiers"], flat="price")), given), number(given["quantity"]))


def package_price(given: Given) -> Price:
    """The price of packages the input describes."""
    return priced(Package(number(given["package_size"]), number(given["package_price"])), given)


@adapts("package", "package_price package_size quantity", f"already_billed_quantity {LIMITS}")
def package(given: Given) -> Decimal:
    price, quantity = package_price(given), number(given["quantity"])
    if "already_billed_quantity" not in given:
        return rate(price, quantity)
    return rate_increment(
        price, cumulative=quantity, already_rated=rate(price, number(given["already_billed_quantity"]))
    )


@adapts("package", "lines")
def packages(given: Given) -> Decimal:
    return sum(map(package, given["lines"]), ZERO)


@adapts("percentage", "graduated_percentage_tiers quantity")
def banded_percentage(given: Given) -> Decimal:
    rows = [
        {**only_keys(row, "up_to", "rate_pct", "flat"), "rate_pct": str(percent(row["rate_pct"]))}
        for row in given["graduated_percentage_tiers"]
    ]
    return rate(Price(Percentage(Graduated(bands_of(rows, unit="rate_pct")))), number(given["quantity"]))


def share_of(fraction: Decimal) -> Price:
    """One percentage of all of the amount."""
    return Price(Percentage(Graduated((Band(None, fraction),))))


@adapts("percentage", "events rate_pct volume", "fixed_per_event")
def percentage_and_events(given: Given) -> Decimal:
    """A fixed amount per event is a charge of its own, on the number of events."""
    per_event = PerUnit(number(given.get("fixed_per_event", "0")))
    return sum(
        (
            rate(share_of(percent(given["rate_pct"])), number(given["volume"])),
            rate(Price(per_event), number(given["events"])),
        ),
        ZERO,
    )


@adapts("percentage", "event_values rate_pct", "fixed_per_event")
def percentage_of_events(given: Given) -> Decimal:
    """Without limits per event only the period's amount and number of events count."""
    values = [number(value) for value in given["event_values"]]
    plain = {key: given[key] for key in ("rate_pct", "fixed_per_event") if key in given}
    return percentage_and_events({**plain, "volume": str(sum(values)), "events": str(len(values))})


@adapts("percentage", "cost multiplier", "already_billed_amount maximum_amount minimum_amount round_to")
def multiplied_cost(given: Given) -> Decimal:
    amount = limit(
        rate(share_of(number(given["multiplier"])), number(given["cost"])),
        minimum=optional_number(given, "minimum_amount"),
        maximum=optional_number(given, "maximum_amount"),
        already_rated=number(given.get("already_billed_amount", "0")),
    )
    exponent = number(given.get("round_to", "0.01")).as_tuple().exponent
    return round_money(amount, Currency("XXX", -count(exponent)))


@adapts("commit", "qty unit", "already_billed_amount minimum maximum")
@adapts("commit", "qty tiers", "already_billed_amount minimum maximum")
def limited_line(given: Given) -> Decimal:
    model = Graduated(bands_of(given["tiers"])) if "tiers" in given else PerUnit(number(given["unit"]))
    return limit(
        rate(Price(model), number(given["qty"])),
        minimum=optional_number(given, "minimum"),
        maximum=optional_number(given, "maximum"),
        already_rated=number(given.get("already_billed_amount", "0")),
    )


@adapts("commit", "commitment_cents plan_cents usage_cents")
def top_up(given: Given) -> Decimal:
    """What a period's fees are raised by when they are below the amount committed."""
    fees = [number(given["plan_cents"]), *map(number, given["usage_cents"])]
    return limit(ZERO, minimum=number(given["commitment_cents"]), maximum=None, already_rated=sum(fees, ZERO))
