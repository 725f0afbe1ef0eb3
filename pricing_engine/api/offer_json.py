"""Offers as the JSON a caller gets; wire_offers.py has the shape."""

from __future__ import annotations

from typing import Any

from pricing_engine.api.json_values import digits, plain
from pricing_engine.api.quote_json import finding_json
from pricing_engine.api.rule_json import rule_json
from pricing_engine.api.visibility import may_see_rule, visible_words
from pricing_engine.quoting.offering.offer import Offer, Offers, Unlock, Withheld
from pricing_engine.quoting.request import Change, QuoteRequest, op_of


def offers_json(found: Offers, *, role: str) -> dict[str, Any]:
    """Everything an account may try or buy, as JSON-ready data."""
    return {
        "account_id": found.account_id,
        "contract_id": found.contract,
        "as_of": found.as_of,
        "effective_date": found.effective_date,
        "rulebook": found.rulebook,
        "currency": found.currency,
        "offers": [_offer(offer, role) for offer in found.offers],
        "withheld": [_withheld(each, role) for each in found.withheld],
        "unlocks": [_unlock(each) for each in found.unlocks],
    }


def _offer(offer: Offer, role: str) -> dict[str, Any]:
    weighed = offer.weighed
    return {
        "id": offer.id,
        "source": offer.source,
        "kind": offer.kind,
        "name": offer.name,
        "say": offer.say,
        "rule": rule_json(offer.rule),
        **_asked(offer.request),
        "days": offer.days,
        "arr_after": digits(weighed.arr_after),
        "arr_difference": digits(offer.arr_difference),
        "due_now": digits(offer.due_now),
        "saving": None if offer.saving is None else digits(offer.saving),
        "findings": [plain(finding_json(finding, role)) for finding in weighed.findings],
        "approval_levels": weighed.approval_levels,
    }


def _asked(request: QuoteRequest) -> dict[str, Any]:
    """What an offer asks for, as a request for a quote has it."""
    return {
        "changes": [_change(change) for change in request.changes],
        "tier": request.tier,
        "bundles": request.bundles,
    }


def _change(change: Change) -> dict[str, Any]:
    quantities = getattr(change, "quantities", {})
    return {
        "op": op_of(change),
        "product": getattr(change, "product", None),
        "tier": getattr(change, "tier", None),
        "quantities": {metric: digits(quantity) for metric, quantity in quantities.items()},
    }


def _withheld(each: Withheld, role: str) -> dict[str, Any]:
    return {
        "id": each.id,
        "source": each.source,
        "kind": each.kind,
        "name": each.name,
        "rule": rule_json(each.rule) if may_see_rule(role, each.code) else None,
        **_asked(each.request),
        "code": each.code,
        "what": visible_words(role, each.code, each.what),
    }


def _unlock(each: Unlock) -> dict[str, Any]:
    return {
        "source": each.source,
        "metric": each.metric,
        "has": digits(each.has),
        "needs": digits(each.needs),
        "more": digits(each.more),
        "what": each.what,
    }
