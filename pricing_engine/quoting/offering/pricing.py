"""Prices offers by the path every quote takes; what was priced once is not priced again."""

from __future__ import annotations

from decimal import Decimal

from pricing_engine.errors import DomainError
from pricing_engine.offers.paths import UpsellPath
from pricing_engine.offers.sentences import MONTHS, OFFER, PERCENT, Share, Value, fill
from pricing_engine.quoting.assemble import weigh_quote
from pricing_engine.quoting.offering.candidates import Candidate
from pricing_engine.quoting.offering.has import Has
from pricing_engine.quoting.offering.offer import Offer, Withheld, offer_id
from pricing_engine.quoting.request import Change, QuoteRequest
from pricing_engine.quoting.weighed import Weighed

LOWERS_ARR = "lowers-arr"
"""Why something is not offered that could be sold: the account would pay less for more."""


class Pricer:
    """Prices requests for one account, each once."""

    __slots__ = ("_has", "_values", "_weighed")

    def __init__(self, has: Has, values: dict[str, Value]) -> None:
        self._has = has
        self._values = values
        self._weighed: list[tuple[QuoteRequest, Weighed | DomainError]] = []

    def offer(self, candidate: Candidate) -> Offer | Withheld:
        """The candidate at its price, or what stands in the way of it."""
        request = self._request(candidate.changes, tier=candidate.tier, bundle=candidate.bundle, path=candidate.path)
        weighed = self._weigh(request)
        if isinstance(weighed, DomainError):
            return _withheld(candidate, request, weighed.code, weighed.what)
        refused = weighed.refusal
        if refused is not None:
            return _withheld(candidate, request, refused.code, refused.what)
        difference = weighed.arr_difference
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
            weighed=weighed,
            saving=self._saving(candidate, weighed),
            days=candidate.days,
        )

    def arr_difference(self, changes: tuple[Change, ...]) -> Decimal | None:
        """What changes make of the ARR there is; None where they cannot be sold."""
        weighed = self._weigh(self._request(changes))
        if isinstance(weighed, DomainError) or not weighed.can_be_sold:
            return None
        return weighed.arr_difference

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

    def _weigh(self, request: QuoteRequest) -> Weighed | DomainError:
        for known, outcome in self._weighed:  # a handful, whose mappings cannot be hashed
            if known == request:
                return outcome
        found: Weighed | DomainError
        try:
            found = weigh_quote(request, rulebook=self._has.rulebook, held=self._has.held)
        except DomainError as refusal:
            found = refusal
        self._weighed.append((request, found))
        return found

    def _saving(self, candidate: Candidate, weighed: Weighed) -> Decimal | None:
        """What the offer costs less a year than the same without bundle and incentive; None if not sold so."""
        if candidate.path is None and candidate.bundle is None:
            return weighed.currency.zero
        alone = self._weigh(self._request(candidate.changes, tier=candidate.tier))
        if isinstance(alone, DomainError) or not alone.can_be_sold:
            return None
        return alone.arr_difference - weighed.arr_difference

    def _say(self, candidate: Candidate) -> str:
        values = {**self._values, OFFER: candidate.name, **candidate.values}
        if candidate.path is not None:
            path = next(each for each in self._has.rulebook.upsell_paths if each.id == candidate.path)
            values.update(_incentive(path))
        return fill(candidate.say, values)


def _withheld(candidate: Candidate, request: QuoteRequest, code: str, what: str) -> Withheld:
    """The candidate as it would have been offered, and what stands in the way."""
    source = candidate.source
    id = offer_id(source, request)
    return Withheld(id, source, candidate.kind, candidate.rule, candidate.name, request, code, what)


def _incentive(path: UpsellPath) -> dict[str, Value]:
    if path.incentive is None:
        return {}
    months = path.incentive.months
    percent: dict[str, Value] = {PERCENT: Share(path.incentive.percent)}
    return percent if months is None else {**percent, MONTHS: str(months)}
