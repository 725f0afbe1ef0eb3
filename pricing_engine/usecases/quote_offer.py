"""Make a stored draft quote of an offer: what was offered, at its price of today, in one call."""

from __future__ import annotations

from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.offering.offer import Offer, Offers, Withheld, source_mark
from pricing_engine.storage import quotes
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.read_offers import offers_in
from pricing_engine.usecases.records import StoredQuote
from pricing_engine.usecases.request_quote import to_be_valued


class OfferNotFound(DomainError):
    """No offer of the rules in force has this id."""

    code = "offer-not-found"


class OfferGone(DomainError):
    """What was offered is not offered to the account any more."""

    code = "offer-gone"


def quote_offer(
    desk: Desk,
    *,
    account_id: str,
    offer_id: str,
    role: str,
    contract_id: str | None = None,
    external_ref: str | None = None,
    note: str = "",
    valid_until: date | None = None,
    by: str | None = None,
    once: Once[StoredQuote] | None = None,
) -> StoredQuote:
    """The draft, which is the very quote that the offer was priced by; `by` is its author, the role when not said.

    Raises: OfferNotFound; OfferGone with the reason; what reading offers raises.
    """
    mark = offer_id.split("_")[1] if offer_id.count("_") == 2 else ""
    with desk.autocommit() as session:
        found = offers_in(
            desk,
            session,
            account_id=account_id,
            role=role,
            contract_id=contract_id,
            wanted=lambda candidate: source_mark(candidate.source) == mark,
        )
        quote = _offer(found, offer_id, mark).quote
        request = quote.request._replace(external_ref=external_ref, note=note, valid_until=valid_until)
        kept = quote._replace(id=desk.new_id("quo"), request=request)
        if once is None:
            return to_be_valued(desk, quotes.save(session, kept, at=desk.now(), by=by or role))
    with desk.transaction() as session:
        stored = quotes.save(session, kept, at=desk.now(), by=by or role)
        keep_answer(desk, session, once, stored)
    return to_be_valued(desk, stored)


def _offer(found: Offers, offer_id: str, mark: str) -> Offer:
    for offer in found.offers:
        if offer.id == offer_id:
            return offer
    raise _missing(found, offer_id, mark)


def _missing(found: Offers, offer_id: str, mark: str) -> DomainError:
    """Why an offer is not there; only what comes from the source of its mark was looked for."""
    withheld = next((each for each in found.withheld if each.id == offer_id), None)
    if withheld is not None:
        return _withheld(withheld)
    if found.offers:
        ids, first = [offer.id for offer in found.offers], found.offers[0]
        what = f"{first.source} offers something else by now: {first.name}"
        return OfferGone(what, fix=f"take {' or '.join(ids)}", source=first.source, offers=ids)
    if found.withheld:
        return _withheld(found.withheld[0])
    for source, why in found.skipped.items():
        if source_mark(source) == mark:
            what = f"{source} is not offered any more: {why}"
            return OfferGone(what, fix="read the offers there are", source=source)
    return OfferNotFound("there is no such offer", fix="read the account's offers and use the id of one of them")


def _withheld(each: Withheld) -> OfferGone:
    what = f"{each.source} cannot be offered now: {each.code}"
    return OfferGone(what, fix="read the offers; what is withheld says why", source=each.source)
