"""Writes an offer's metrics, tiers, products and price book as rule files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pricing_engine.imports.offer import Offer, OfferCharge, OfferMetric, OfferProduct, OfferTier
from pricing_engine.imports.page import ListAmount, QuantityBounds, Unlimited
from pricing_engine.imports.rule_text import comment, document, fields, plain_number, quoted, word, words
from pricing_engine.rulebook.documents.fields import MONTHS_OF

Header = Sequence[str]

_PER = {months: per for per, months in MONTHS_OF.items()}


def metrics_file(offer: Offer, header: Header) -> str:
    """`metrics.yaml`: what plans and add-ons are sold by, then what plans limit."""
    lines = ["kind: metrics", "metrics:"]
    sold = [metric for metric in offer.metrics if metric.is_sold]
    limited = [metric for metric in offer.metrics if not metric.is_sold]
    for metric in sold:
        lines.append(_metric(metric, kind="capacity"))
    if limited:
        lines += [
            "",
            "  # What plans limit: a quote that declares the use of one is raised to a plan that holds it.",
        ]
    lines += [_metric(metric, kind="usage") for metric in limited]
    return document(header, lines)


def _metric(metric: OfferMetric, *, kind: str) -> str:
    pairs = [
        ("id", word(metric.id)),
        ("kind", kind),
        ("unit", quoted(metric.unit)),
        ("meaning", quoted(metric.meaning)),
    ]
    return f"  - {fields(pairs)}"


def tiers_file(offer: Offer, header: Header, *, ladder: str) -> str:
    """`tiers/plans.yaml`: the plans in the order of the page, lowest first."""
    lines = ["kind: tiers", f"id: {word(ladder)}", f"name: {quoted(offer.name)}", "ladder:"]
    for tier in offer.tiers:
        lines += _tier(tier)
    return document(header, lines)


def _tier(tier: OfferTier) -> Iterator[str]:
    yield f"  - id: {word(tier.id)}"
    yield f"    name: {quoted(tier.name)}"
    yield from comment(tier.description, indent=4)
    yield f"    charges: [{_charge(tier.charge)}]"
    if tier.limits:
        yield "    limits:"
        for metric, value in tier.limits:
            yield f"      {word(metric)}: {_limit(value)}"


def _limit(value: Decimal | Unlimited) -> str:
    return "unlimited" if isinstance(value, Unlimited) else plain_number(value)


def _charge(charge: OfferCharge) -> str:
    pairs = [("id", word(charge.id))]
    if charge.metric is not None:
        pairs.append(("metric", word(charge.metric)))
    pairs.append(("timing", "one_time" if charge.months is None else "recurring"))
    if charge.months is not None:
        pairs.append(("per", _PER[charge.months]))
    return fields(pairs)


def product_file(product: OfferProduct, header: Header) -> str:
    """`products/<id>.yaml`: one add-on; what is paid once is a service."""
    lines = ["kind: product", f"id: {word(product.id)}", f"name: {quoted(product.name)}"]
    lines += comment(product.description)
    lines.append(f"type: {'service' if product.charge.months is None else 'add-on'}")
    lines += ["family: add-ons", "charges:", f"  - {_charge(product.charge)}"]
    if product.offered_in is not None:
        lines.append(f"offered_in: {words(product.offered_in)}")
    if product.requires:
        lines.append(f"requires: {words(product.requires)}")
    if product.excludes:
        lines.append(f"excludes: {words(product.excludes)}")
    lines += _quantities(product.charge, product.bounds)
    return document(header, lines)


def _quantities(charge: OfferCharge, bounds: QuantityBounds | None) -> list[str]:
    if bounds is None or charge.metric is None:
        return []
    named = (("minimum", bounds.minimum), ("maximum", bounds.maximum), ("step", bounds.step))
    pairs = [(name, plain_number(number)) for name, number in named if number is not None]
    return ["quantities:", f"  {word(charge.metric)}: {fields(pairs)}"] if pairs else []


def price_book_file(offer: Offer, header: Header) -> str:
    """`price_books/<currency>.yaml`: one dated entry per plan and add-on."""
    lines = ["kind: price_book", f"id: {word(offer.currency.lower())}", f"currency: {offer.currency}", "prices:"]
    if offer.tiers:
        lines.append("  # plans")
    for tier in offer.tiers:
        lines += _price(tier.id, tier.charge, offer)
    if offer.products:
        lines += ["", "  # add-ons"]
    for product in offer.products:
        lines += _price(product.id, product.charge, offer)
    return document(header, lines)


def _price(owner: str, charge: OfferCharge, offer: Offer) -> tuple[str, str]:
    pairs = [("from", offer.first_day.isoformat())]
    if offer.end is not None:
        pairs.append(("until", offer.end.isoformat()))
    price = charge.price
    if isinstance(price, ListAmount):
        model, name = ("flat", "amount") if charge.metric is None else ("per_unit", "unit_price")
        pairs += [("model", model), (name, quoted(plain_number(price.amount))), ("why", quoted(_why(offer)))]
    else:
        pairs += [("on_request", "true"), ("why", quoted(f"the page says: {price.text}"))]
    return f"  {owner}.{charge.id}:", f"    - {fields(pairs)}"


def _why(offer: Offer) -> str:
    return f"price page of {offer.first_day.isoformat()}"
