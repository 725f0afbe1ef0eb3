"""The cheapest changes that raise a quote's score, found by pricing each of them (S1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from pricing_engine.catalog.products import Product, ProductType
from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Add, Change, DiscountRequest, PercentOff, QuoteRequest, Renew, Trial
from pricing_engine.rulebook.rulebook import Rulebook

MOST: Final = 3
_TRIED: Final = 12
"""Of how many discounts and products it is tried what they do: each is a pricing of the whole quote."""
_TERMS: Final = (12, 24, 36, 48, 60)
_SOLD: Final = (ProductType.MODULE, ProductType.ADD_ON)

Price = Callable[[QuoteRequest], Quote]


class Lever(StrEnum):
    """What of a request is changed."""

    TERM = "term"
    BILLING = "billing"
    DISCOUNT = "discount"
    WAIVER = "waiver"
    PRODUCT = "product"


class Improvement(NamedTuple):
    """One change, what it does to the score, and what more the customer pays for it.

    `what` says it in words. Units: `points` of 100; `per_year` (recurring) and `once` in the quote's currency, below 0
    where the customer pays less.
    """

    lever: Lever
    what: str
    points: Decimal
    score: Decimal
    band: str
    per_year: Decimal
    once: Decimal


class _Try(NamedTuple):
    what: str
    request: QuoteRequest


def find_improvements(
    quote: Quote, rulebook: Rulebook, price: Price, *, at_most: int = MOST
) -> tuple[Improvement, ...]:
    """The changes that raise the score, those first for which the customer pays the least more per point; less is no
    better than nothing more.

    The first dozen discounts and products are tried.

    Of each lever it is the smallest step that raises it. None is refused by policy, and none asks for an approval
    that the quote does not need already, or a higher one of the same matrix. Of those that cost the same the greater
    gain comes first.
    """
    if quote.scored is None or quote.scored.score is None or quote.totals is None:
        return ()
    found = []
    for lever, steps in _levers(quote, rulebook):
        for step in steps:
            better = _priced(lever, step, quote, rulebook, price)
            if better is not None:
                found.append(better)
                break
    found.sort(key=lambda each: (max(each.per_year + each.once, ZERO) / each.points, -each.points, each.what))
    return tuple(found[:at_most])


def _priced(lever: Lever, step: _Try, quote: Quote, rulebook: Rulebook, price: Price) -> Improvement | None:
    """What a change does; None where it cannot be had, needs somebody else's approval, or raises nothing."""
    try:
        other = price(step.request)
    except DomainError:
        return None
    if (
        other.is_refused
        or other.totals is None
        or other.scored is None
        or not _agreed_by(other.approval_levels, quote.approval_levels, rulebook)
    ):
        return None
    before, after = quote.scored and quote.scored.score, other.scored.score
    if before is None or after is None or after.points <= before.points or quote.totals is None:
        return None
    return Improvement(
        *(lever, step.what, after.points - before.points, after.points, after.band),
        other.totals.arr - quote.totals.arr,
        other.totals.one_time - quote.totals.one_time,
    )


def _agreed_by(needed: Sequence[str], levels: Sequence[str], rulebook: Rulebook) -> bool:
    """Whether those who agree to the one agree to the other, or levels above them in the matrix do."""
    ladder = () if rulebook.approvals is None else rulebook.approvals.levels
    highest = max([ladder.index(each) for each in levels if each in ladder], default=-1)
    return all(each in levels or each in ladder[: highest + 1] for each in needed)


def _levers(quote: Quote, rulebook: Rulebook) -> Iterator[tuple[Lever, Sequence[_Try]]]:
    request = quote.request
    if quote.change is None or any(isinstance(each, Renew) for each in request.changes):
        yield Lever.TERM, _terms(request, rulebook)
        yield Lever.BILLING, _billings(quote, rulebook)
    for index, asked in enumerate(request.discounts[:_TRIED]):
        yield Lever.DISCOUNT, _discounts(request, index, asked)
    for index, waiver in enumerate(request.waivers):
        kept = request.waivers[:index] + request.waivers[index + 1 :]
        yield Lever.WAIVER, [_Try(f"{waiver.what} as the terms have it", request._replace(waivers=kept))]
    products = (tries for product in rulebook.products.values() if (tries := _product(quote, product)))
    for tries in islice(products, _TRIED):
        yield Lever.PRODUCT, tries


def _terms(request: QuoteRequest, rulebook: Rulebook) -> list[_Try]:
    longest = rulebook.term_months[1]
    return [
        _Try(f"{months} instead of {request.term_months} months", request._replace(term_months=months))
        for months in _TERMS
        if request.term_months < months <= longest
    ]


def _billings(quote: Quote, rulebook: Rulebook) -> list[_Try]:
    """Plans by which more is paid ahead, the nearest first."""
    request, plans = quote.request, rulebook.billing_plans
    ahead = {plan.id: (plan.months or request.term_months) if plan.in_advance else 0 for plan in plans.values()}
    now = ahead[quote.billing]
    # Of plans that are as far ahead, the one that says so for a longer term, too, comes last.
    further = sorted([(months, plans[id_].months is None, id_) for id_, months in ahead.items() if months > now])
    return [
        _Try(f"billed {_words(id_)} instead of {_words(quote.billing)}", request._replace(billing=id_))
        for _, _, id_ in further
    ]


def _discounts(request: QuoteRequest, index: int, asked: DiscountRequest) -> list[_Try]:
    """Half of a percentage that is asked for, and nothing of it."""
    before, after = request.discounts[:index], request.discounts[index + 1 :]
    off = ".".join(filter(None, (asked.product, asked.charge))) or "the quote"
    tries = []
    if isinstance(asked.size, PercentOff):
        share = asked.size.fraction
        halved = replace(asked, size=PercentOff(share / 2))
        what = f"{_percent(share / 2)} instead of {_percent(share)} off {off}"
        tries.append(_Try(what, request._replace(discounts=(*before, halved, *after))))
    tries.append(_Try(f"no discount asked off {off}", request._replace(discounts=(*before, *after))))
    return tries


def _product(quote: Quote, product: Product) -> list[_Try]:
    """One more product, for as many as the others are; nothing where it is there, or nobody says how many."""
    if product.type not in _SOLD or any(line.product == product.id for line in quote.lines):
        return []
    known: dict[str, Decimal] = {}
    for line in quote.lines:
        if line.metric is not None:
            known[line.metric] = max(known.get(line.metric, ZERO), line.quantity)
    if any(not known.get(metric) for metric in product.needed):
        return []
    quantities = {metric: known[metric] for metric in product.needed}
    request = quote.request
    if any(isinstance(each, Trial) and each.product == product.id for each in request.changes):
        return []
    more: tuple[Change, ...] = (*request.changes, Add(product.id, quantities))
    many = "".join(f" for {quantity.normalize():f} {_words(metric)}" for metric, quantity in quantities.items())
    return [_Try(f"{product.name}{many} too", request._replace(changes=more))]


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _words(id_: str) -> str:
    return id_.replace("_", " ")
