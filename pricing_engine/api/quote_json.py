"""A quote as the JSON a caller gets, written by hand because every answer needs it; wire_answers.py has the shape."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from pricing_engine.api.change_json import change_json
from pricing_engine.api.invoice_json import invoice_json
from pricing_engine.api.json_values import digits, dumped
from pricing_engine.api.rule_json import rule_json
from pricing_engine.api.scored_json import score_json
from pricing_engine.api.visibility import COST_ROLES, may_see_rule, visible_facts, visible_words
from pricing_engine.money import Currency
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.waterfall import PricedLine, Segment, Step
from pricing_engine.quoting.quote import Quote, TierOutcome, Totals
from pricing_engine.usecases.differences import Difference
from pricing_engine.usecases.quote_life import Life
from pricing_engine.usecases.records import QuoteStep, QuoteSummary
from pricing_engine.usecases.replay_quote import Replay

_TOTALS: Final = Totals._fields
_ONE_DAY: Final = timedelta(days=1)

Json = dict[str, Any]

_NOT_KEPT: Final[Json] = {
    "version": None,
    "revision": None,
    "revises": None,
    "missing_approvals": (),
    "actions": (),
    "history": (),
    "created_at": None,
    "created_by": None,
}

_NO_AMOUNTS: Final[Json] = dict.fromkeys(
    (
        *("list_per_year", "net_per_year", "list_term", "net_term"),
        *("list_unit_price", "net_unit_price", "net_per_period"),
    )
)


def quote_bytes(quote: Quote, *, role: str, waterfall: bool) -> bytes:
    """A quote that is not kept, as JSON, with what the role may see; segments and steps only on demand."""
    return dumped(preview_json(quote, role=role, waterfall=waterfall))


def preview_json(quote: Quote, *, role: str, waterfall: bool) -> Json:
    """The same as JSON-ready data."""
    return quote_json(quote, role=role, waterfall=waterfall) | _NOT_KEPT


def stored_quote_bytes(life: Life, *, role: str, waterfall: bool) -> bytes:
    """The same of a quote that is kept, with what was done with it and can be on the day of that."""
    return dumped(stored_quote_json(life, role=role, waterfall=waterfall, on=life.done_on))


def stored_quote_json(life: Life, *, role: str, waterfall: bool, on: date) -> Json:
    """A quote that is kept as JSON-ready data, with what can be done with it on a day."""
    stored = life.stored
    return quote_json(stored.quote, role=role, waterfall=waterfall) | {
        "version": stored.version,
        "revision": stored.revision,
        "revises": stored.revises,
        "valid_until": stored.valid_until,
        "missing_approvals": life.missing,
        "actions": life.actions_on(on),
        "history": [_life_step(step) for step in life.steps],
        "created_at": stored.created_at,
        "created_by": stored.created_by,
    }


def _life_step(step: QuoteStep) -> Json:
    return {
        "action": step.action,
        "state_before": step.from_state,
        "state": step.to_state,
        "at": step.at,
        "by": step.by,
        "role": step.role,
        "level": step.level,
        "comment": step.comment,
    }


def summary_json(summary: QuoteSummary) -> Json:
    """What a list shows of a quote, as JSON-ready data."""
    return {
        "id": summary.id,
        "account_id": summary.account_id,
        "type": summary.type,
        "state": summary.state,
        "version": summary.version,
        "as_of": summary.as_of,
        "effective_date": summary.effective_date,
        "valid_until": summary.valid_until,
        "currency": summary.currency,
        "rulebook": summary.rulebook,
        "external_ref": summary.external_ref,
        "is_complete": summary.complete,
        "arr": None if summary.arr is None else digits(summary.arr),
        "tcv": None if summary.tcv is None else digits(summary.tcv),
        "created_at": summary.created_at,
        "created_by": summary.created_by,
    }


def replay_json(replay: Replay, *, role: str) -> Json:
    """Whether a quote came out equal; what differs is shown to roles that see everything, to others only where."""
    stored = replay.stored.quote
    return {
        "quote_id": stored.id,
        "rulebook": stored.rulebook,
        "is_equal": replay.is_equal,
        "differences": [_difference(found, role) for found in replay.differences],
    }


def _difference(found: Difference, role: str) -> Json:
    seen = role in COST_ROLES
    return {
        "pointer": found.pointer,
        "stored": found.stored if seen else None,
        "replayed": found.replayed if seen else None,
    }


def quote_json(quote: Quote, *, role: str, waterfall: bool) -> Json:
    """The quote as JSON-ready data."""
    request = quote.request
    return {
        "id": quote.id,
        "state": quote.state,
        "account_id": request.account.id,
        "external_ref": request.external_ref,
        "rulebook": quote.rulebook,
        "price_book": quote.price_book,
        "currency": quote.currency.code,
        "as_of": request.as_of,
        "effective_date": request.effective_date,
        "term_months": request.term_months,
        "term_start": quote.term_start,
        "term_end": quote.term_end,
        "term_last_day": quote.term_end - _ONE_DAY,
        "valid_until": request.valid_until,
        "billing": quote.billing,
        "bundles": request.bundles,
        "note": request.note,
        "terms": quote.terms,
        "tier": _tier(quote.tier),
        "lines": [_line(line, quote.currency, waterfall=waterfall) for line in quote.lines],
        "totals": _totals(quote.totals),
        "invoices": [invoice_json(invoice) for invoice in quote.invoices],
        "change": change_json(quote.change),
        "findings": [finding_json(finding, role) for finding in quote.findings],
        "approval_levels": quote.approval_levels,
        "score": score_json(quote.scored, role),
        "is_complete": quote.is_complete,
        "is_refused": quote.is_refused,
    }


def _tier(tier: TierOutcome | None) -> Json | None:
    if tier is None:
        return None
    return {"tier": tier.tier, "asked": tier.asked, "forced_by": tier.forced_by, "is_upgrade": tier.is_upgrade}


def _line(line: PricedLine, currency: Currency, *, waterfall: bool) -> Json:
    written: Json = {
        "id": line.id,
        "product": line.product,
        "name": line.name,
        "tier": line.tier,
        "charge": line.charge,
        "timing": line.timing,
        "months": line.months,
        "metric": line.metric,
        "bundle": line.bundle,
        "quantity": digits(line.quantity),
        "is_priced": line.is_priced,
        "usage_estimate": None if line.usage_estimate is None else digits(line.usage_estimate),
    }
    written.update(_amounts(line, currency) if line.is_priced else _NO_AMOUNTS)
    if waterfall:
        written["segments"] = [_segment(segment) for segment in line.segments]
        written["closing"] = [_step(step) for step in line.closing]
    return written


def _amounts(line: PricedLine, currency: Currency) -> Json:
    """What a line comes to, and what one charge period and one unit of it do on the first day of the term.

    A rounded amount is in plain digits already: it has neither an exponent nor a negative zero (P2).
    """
    first = line.segments[0]
    unit_prices = line.unit_prices(first.list, first.net)
    return {
        "list_per_year": str(line.list_per_year),
        "net_per_year": str(line.net_per_year),
        "list_term": str(line.list_term),
        "net_term": str(line.net_term),
        "list_unit_price": digits(unit_prices[0]) if unit_prices else None,
        "net_unit_price": digits(unit_prices[1]) if unit_prices else None,
        "net_per_period": str(line.per_period(first.net, currency)),
    }


def _segment(segment: Segment) -> Json:
    share = segment.share
    return {
        "start": segment.start,
        "end": segment.end,
        "last_day": segment.end - _ONE_DAY,
        "share": f"{share.numerator}/{share.denominator}",
        "quantity": digits(segment.quantity),
        "list": digits(segment.list),
        "net": digits(segment.net),
        "steps": [_step(step) for step in segment.steps],
    }


def _step(step: Step) -> Json:
    return {
        "kind": step.kind,
        "rule": rule_json(step.rule),
        "before": digits(step.before),
        "after": digits(step.after),
        "amount": digits(step.after - step.before),
    }


def _totals(totals: Totals | None) -> dict[str, str] | None:
    return None if totals is None else dict(zip(_TOTALS, map(str, totals), strict=True))


def finding_json(finding: Finding, role: str) -> Json:
    """A finding in words and facts that the role may see."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "what": visible_words(role, finding.code, finding.what),
        "line": finding.line,
        "rule": None if finding.rule is None or not may_see_rule(role, finding.code) else rule_json(finding.rule),
        "facts": dict(visible_facts(role, finding.facts)),
    }
