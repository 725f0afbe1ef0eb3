"""What a quote's request was priced to, as JSON and back; each mapping stands beside its inverse.

Numbers are exact text. A rule is written once, in `rules`, and referred to by its place there, since most steps share
a few. Encoding is on the way of every stored quote, so it makes plain lists and one call to orjson.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson

from pricing_engine.catalog.products import Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import Currency
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.waterfall import PricedLine, Segment, Step, StepKind
from pricing_engine.quoting.quote import Quote, QuoteState, TierOutcome, Totals
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.storage.change_json import plain_contract_change, read_contract_change
from pricing_engine.storage.invoice_json import plain_invoice, read_invoice
from pricing_engine.storage.scored_json import plain_scored, read_scored
from pricing_engine.storage.tagged_values import mapping_from_plain, mapping_to_plain
from pricing_engine.storage.written_once import WrittenRules

_KINDS: Mapping[str, StepKind] = {kind.value: kind for kind in StepKind}


def encode_priced(quote: Quote) -> bytes:
    """Everything of the quote but its id, state and request, as JSON."""
    rules = WrittenRules()
    lines = [_plain_line(line, rules) for line in quote.lines]
    findings = [_plain_finding(finding, rules) for finding in quote.findings]
    # Left out where there are none, as in quotes stored before there were contracts or scores.
    at_times: dict[str, Any] = {}
    if quote.change is not None:
        at_times["change"] = plain_contract_change(quote.change, rules)
    if quote.terms is not None:
        at_times["terms"] = quote.terms
    if quote.scored is not None:
        at_times["scored"] = plain_scored(quote.scored)
    return orjson.dumps(
        {
            "rulebook": quote.rulebook,
            "price_book": quote.price_book,
            "currency": (quote.currency.code, quote.currency.digits),
            "term": (quote.term_start, quote.term_end),
            "billing": quote.billing,
            "tier": quote.tier and (quote.tier.tier, quote.tier.asked, quote.tier.forced_by),
            "lines": lines,
            "totals": quote.totals and _plain_totals(quote.totals),
            "invoices": [plain_invoice(invoice) for invoice in quote.invoices],
            "findings": findings,
            "approval_levels": quote.approval_levels,
            **at_times,
            "rules": [tuple(rule) for rule in rules],
        }
    )


def decode_priced(text: str | bytes, *, id: str, state: QuoteState, request: QuoteRequest) -> Quote:
    """The quote `encode_priced` was given."""
    plain = orjson.loads(text)
    rules = [RuleRef(*rule) for rule in plain["rules"]]
    start, end = plain["term"]
    return Quote(
        id=id,
        state=state,
        request=request,
        rulebook=plain["rulebook"],
        price_book=plain["price_book"],
        currency=Currency(*plain["currency"]),
        term_start=date.fromisoformat(start),
        term_end=date.fromisoformat(end),
        billing=plain["billing"],
        tier=plain["tier"] and TierOutcome(*plain["tier"]),
        lines=tuple(_line(line, rules) for line in plain["lines"]),
        totals=plain["totals"] and _totals(plain["totals"]),
        invoices=tuple(read_invoice(invoice) for invoice in plain["invoices"]),
        findings=tuple(_finding(finding, rules) for finding in plain["findings"]),
        approval_levels=tuple(plain["approval_levels"]),
        change=read_contract_change(plain["change"], rules) if "change" in plain else None,
        terms=plain.get("terms"),
        scored=read_scored(plain["scored"]) if "scored" in plain else None,
    )


def _plain_line(line: PricedLine, rules: WrittenRules) -> dict[str, Any]:
    estimate = line.usage_estimate
    return {
        "id": line.id,
        "product": line.product,
        "name": line.name,
        "tier": line.tier,
        "charge": line.charge,
        "timing": line.timing,
        "months": line.months,
        "metric": line.metric,
        "bundle": line.bundle,
        "quantity": str(line.quantity),
        "segments": [
            (
                start,
                end,
                f"{share.numerator}/{share.denominator}",
                str(quantity),
                str(list_),
                str(net),
                [(kind, rules[rule], str(before), str(after)) for kind, rule, before, after in steps],
                *([_plain_steps(holding, rules)] if holding else ()),
            )
            for start, end, share, quantity, list_, net, steps, holding in line.segments
        ],
        "closing": _plain_steps(line.closing, rules),
        "per_year": (str(line.list_per_year), str(line.net_per_year)),
        "term": (str(line.list_term), str(line.net_term)),
        "usage_estimate": None if estimate is None else str(estimate),
    }


def _plain_steps(steps: Sequence[Step], rules: WrittenRules) -> list[tuple[str, int, str, str]]:
    return [(kind, rules[rule], str(before), str(after)) for kind, rule, before, after in steps]


def _line(plain: Mapping[str, Any], rules: list[RuleRef]) -> PricedLine:
    estimate = plain["usage_estimate"]
    list_per_year, net_per_year = map(Decimal, plain["per_year"])
    list_term, net_term = map(Decimal, plain["term"])
    return PricedLine(
        id=plain["id"],
        product=plain["product"],
        name=plain["name"],
        tier=plain["tier"],
        charge=plain["charge"],
        timing=Timing(plain["timing"]),
        months=plain["months"],
        metric=plain["metric"],
        bundle=plain["bundle"],
        quantity=Decimal(plain["quantity"]),
        segments=tuple(_segment(segment, rules) for segment in plain["segments"]),
        closing=_steps(plain["closing"], rules),
        list_per_year=list_per_year,
        net_per_year=net_per_year,
        list_term=list_term,
        net_term=net_term,
        usage_estimate=None if estimate is None else Decimal(estimate),
    )


def _segment(plain: list[Any], rules: list[RuleRef]) -> Segment:
    start, end, share, quantity, list_, net, steps, *holding = plain
    return Segment(
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        share=Fraction(share),
        quantity=Decimal(quantity),
        list=Decimal(list_),
        net=Decimal(net),
        steps=_steps(steps, rules),
        holding=_steps(holding[0], rules) if holding else (),
    )


def _steps(plain: list[Any], rules: list[RuleRef]) -> tuple[Step, ...]:
    return tuple(
        Step(_KINDS[kind], rules[rule], Decimal(before), Decimal(after)) for kind, rule, before, after in plain
    )


def _plain_totals(totals: Totals) -> dict[str, str]:
    return {
        "list": str(totals.list),
        "discount": str(totals.discount),
        "net": str(totals.net),
        "arr": str(totals.arr),
        "mrr": str(totals.mrr),
        "acv": str(totals.acv),
        "tcv": str(totals.tcv),
        "one_time": str(totals.one_time),
        "first_invoice": str(totals.first_invoice),
    }


def _totals(plain: Mapping[str, str]) -> Totals:
    return Totals(**{name: Decimal(amount) for name, amount in plain.items()})


def _plain_finding(finding: Finding, rules: WrittenRules) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "what": finding.what,
        "rule": None if finding.rule is None else rules[finding.rule],
        "line": finding.line,
        "facts": mapping_to_plain(finding.facts),
    }


def _finding(plain: Mapping[str, Any], rules: list[RuleRef]) -> Finding:
    return Finding(
        code=plain["code"],
        severity=Severity(plain["severity"]),
        what=plain["what"],
        rule=None if plain["rule"] is None else rules[plain["rule"]],
        line=plain["line"],
        facts=mapping_from_plain(plain["facts"]),
    )
