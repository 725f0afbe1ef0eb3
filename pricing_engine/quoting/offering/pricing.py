"""Prices offers by the path every quote takes; what was priced once is not priced again."""

from __future__ import annotations

from decimal import Decimal

from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO
from pricing_engine.offers.paths import UpsellPath
from pricing_engine.offers.sentences import MONTHS, OFFER, PERCENT, Share, Value, fill
from pricing_engine.policies.findings import Severity
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.offering.candidates import Candidate
from pricing_engine.quoting.offering.has import Has
from pricing_engine.quoting.offering.offer import Offer, Withheld, offer_id
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Change, QuoteRequest

LOWERS_ARR = "lowers-arr"
"""Why something is not offered that could be sold: the account would pay less for more."""

OFFER_ID = "offer"
"""The id of a quote that is only offered."""


class Pricer:
    """Prices requests for one account, each once."""

    __slots__ = ("_has", "_priced", "_values")

    def __init__(self, has: Has, values: dict[str, Value]) -> None:
        self._has = has
        self._values = values
        self._priced: list[tuple[QuoteRequest, Quote | DomainError]] = []

    def offer(self, candidate: Candidate) -> Offer | Withheld:
        """The candidate at its price, or what stands in the way of it."""
        request = self._request(candidate.changes, tier=candidate.tier, bundle=candidate.bundle, path=candidate.path)
        quote = self._quote(request)
        if isinstance(quote, DomainError):
            return _withheld(candidate, request, quote.code, quote.what)
        refused = next((each for each in quote.findings if each.severity is Severity.REFUSAL), None)
        if refused is not None:
            return _withheld(candidate, request, refused.code, refused.what)
        difference = _arr_difference(quote)
        if difference < 0:
            # As when one product more brings a discount on all the others: a rep may ask for it, nobody proposes it.
            what = f"it would lower recurring revenue by {-difference:,} a year"
            return _withheld(candidate, request, LOWERS_ARR, what)
        return Offer(
            id=offer_id(candidate.source, request),
            source=candidate.source,
            kind=candidate.kind,
            rule=candidate.rule,
            name=candidate.name,
            say=self._say(candidate),
            quote=quote,
            arr_difference=difference,
            due_now=_due_now(quote),
            saving=self._saving(candidate, quote),
            days=candidate.days,
        )

    def arr_difference(self, changes: tuple[Change, ...]) -> Decimal | None:
        """What changes make of the ARR there is; None where they cannot be sold."""
        quote = self._quote(self._request(changes))
        if isinstance(quote, DomainError) or quote.totals is None or quote.is_refused:
            return None
        return _arr_difference(quote)

    def _request(
        self,
        changes: tuple[Change, ...],
        *,
        tier: str | None = None,
        bundle: str | None = None,
        path: str | None = None,
    ) -> QuoteRequest:
        bundles = () if bundle is None else (bundle,)
        return self._has.request._replace(changes=changes, tier=tier, bundles=bundles, path=path)

    def _quote(self, request: QuoteRequest) -> Quote | DomainError:
        for known, outcome in self._priced:  # a handful, whose mappings cannot be hashed
            if known == request:
                return outcome
        found: Quote | DomainError
        try:
            found = assemble_quote(
                request, rulebook=self._has.rulebook, quote_id=OFFER_ID, held=self._has.held, scored_by=None
            )
        except DomainError as refusal:
            found = refusal
        self._priced.append((request, found))
        return found

    def _saving(self, candidate: Candidate, quote: Quote) -> Decimal | None:
        """What the offer costs less a year than the same without bundle and incentive; None if not sold so."""
        if candidate.path is None and candidate.bundle is None:
            return quote.currency.zero
        alone = self._quote(self._request(candidate.changes, tier=candidate.tier))
        if isinstance(alone, DomainError) or alone.totals is None or alone.is_refused:
            return None
        return _arr_difference(alone) - _arr_difference(quote)

    def _say(self, candidate: Candidate) -> str:
        values = {**self._values, OFFER: candidate.name, **candidate.values}
        path = next((each for each in self._has.rulebook.upsell_paths if each.id == candidate.path), None)
        return fill(candidate.say, {**values, **_incentive(path)})


def _withheld(candidate: Candidate, request: QuoteRequest, code: str, what: str) -> Withheld:
    """The candidate as it would have been offered, and what stands in the way."""
    source = candidate.source
    id = offer_id(source, request)
    return Withheld(id, source, candidate.kind, candidate.rule, candidate.name, request, code, what)


def _incentive(path: UpsellPath | None) -> dict[str, Value]:
    if path is None or path.incentive is None:
        return {}
    months = path.incentive.months
    percent: dict[str, Value] = {PERCENT: Share(path.incentive.percent)}
    return percent if months is None else {**percent, MONTHS: str(months)}


def _arr_difference(quote: Quote) -> Decimal:
    """ARR against what there is; of a first sale all of it."""
    if quote.change is not None:
        return quote.change.arr_after - quote.change.arr_before
    return quote.totals.arr if quote.totals is not None else ZERO


def _due_now(quote: Quote) -> Decimal:
    if quote.change is not None:
        return quote.change.due_now
    return quote.totals.first_invoice if quote.totals is not None else ZERO
