"""Compares what an account is offered with what an example expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pricing_engine.errors import DomainError
from pricing_engine.quoting.offering.offer import Offer, Offers, Withheld, asked_for
from pricing_engine.rulebook.documents.examples import ExpectationShape, OfferExpectationShape
from pricing_engine.rulechecks.expectations import NOTHING, Difference, refused_differences

FIGURES = ("arr_difference", "due_now", "saving")


def differences_of_offers(expect: ExpectationShape, outcome: Offers | DomainError) -> tuple[Difference, ...]:
    """Every expectation about offers that does not hold, with why a missing one is not offered."""
    if isinstance(outcome, DomainError):
        return tuple(refused_differences(expect, outcome))
    return (*_offered(expect, outcome), *_not_offered(expect, outcome))


def _offered(expect: ExpectationShape, outcome: Offers) -> Iterator[Difference]:
    for source, wanted in expect.offers.items():
        found = [offer for offer in outcome.offers if offer.source == source]
        if found:
            yield from min((tuple(_of_offer(offer, source, wanted)) for offer in found), key=len)
        else:
            yield Difference(("offers", source), "an offer", _why_not(source, outcome))


def _of_offer(offer: Offer, source: str, wanted: OfferExpectationShape) -> Iterator[Difference]:
    for name in FIGURES:
        figure, actual = getattr(wanted, name), getattr(offer, name)
        if figure is not None and figure != actual:
            yield Difference(("offers", source, name), f"{figure:f}", NOTHING if actual is None else f"{actual:f}")
    if wanted.say is not None and wanted.say != offer.say:
        yield Difference(("offers", source, "say"), wanted.say, offer.say)
    if wanted.days is not None and wanted.days != offer.days:
        yield Difference(("offers", source, "days"), str(wanted.days), str(offer.days or NOTHING))


def _not_offered(expect: ExpectationShape, outcome: Offers) -> Iterator[Difference]:
    sources = {offer.source for offer in outcome.offers}
    for position, source in enumerate(expect.not_offered):
        if source in sources:
            yield Difference(("not_offered", position), "no such offer", f"offered: {_told(source, outcome.offers)}")


def _told(source: str, offers: Sequence[Offer]) -> str:
    return next(f"{each.name}, {each.arr_difference:f} a year" for each in offers if each.source == source)


def _why_not(source: str, outcome: Offers) -> str:
    withheld = [each for each in outcome.withheld if each.source == source]
    if withheld:
        return "withheld: " + "; ".join(_withheld(each, is_only=len(withheld) == 1) for each in withheld)
    return outcome.skipped.get(source, NOTHING)


def _withheld(each: Withheld, *, is_only: bool) -> str:
    """What stands in the way; of several choices also of which."""
    why = f"{each.code} ({each.what})"
    return why if is_only else f"{asked_for(each.request)}: {why}"
