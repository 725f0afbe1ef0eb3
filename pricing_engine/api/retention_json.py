"""Retention as the JSON a caller gets; wire_retention.py has the shape."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.api.json_values import digits
from pricing_engine.api.targets_json import against_targets_json
from pricing_engine.money import Currency, round_money
from pricing_engine.retention.bridge import Bridge
from pricing_engine.retention.definitions import (
    BOTTOM_QUARTILE_NRR,
    COHORTS,
    DEFINITIONS,
    DISCIPLINE,
    RULE_OF_40,
    TOP_QUARTILE_NRR,
)
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.expected import NO_PROBABILITY, expected_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.quote_effect import QuoteEffect
from pricing_engine.retention.rates import Rates
from pricing_engine.usecases.read_discipline import ReadDiscipline
from pricing_engine.usecases.read_growth import Cohorts, Growth
from pricing_engine.usecases.read_retained import Behind, RetainedAccount
from pricing_engine.usecases.read_retention import Figures, Retention
from pricing_engine.usecases.retained_targets import against_targets
from pricing_engine.usecases.verify_ledger import LedgerVerified


def retention_json(found: Retention) -> dict[str, Any]:
    """The figures with their definitions, window and currency, as JSON-ready data."""
    return {
        "opening": found.window.opening,
        "closing": found.window.closing,
        "months": found.asked.months,
        "by": found.asked.by,
        "gap_days": found.asked.gap_days,
        "currency": found.currency.code,
        "definitions": dict(DEFINITIONS),
        "whole": _figures(found.whole, found.currency),
        "segments": [{"segment": name, **_figures(each, found.currency)} for name, each in found.segments.items()],
        "by_month": [_month(closing, bridge, found.currency) for closing, bridge in found.months],
        "currency_effect": _money(found.currency_effect, found.currency),
        "contracted": _money(found.contracted, found.currency),
        "benchmarks": {
            "nrr_top_quartile": digits(TOP_QUARTILE_NRR),
            "nrr_bottom_quartile": digits(BOTTOM_QUARTILE_NRR),
        },
        "targets": against_targets_json(against_targets(found)),
    }


def _figures(found: Figures, currency: Currency) -> dict[str, Any]:
    rates = found.rates
    return {
        **_arm(rates, currency),
        "customers": rates.customers,
        "lost": rates.lost,
        "points": {driver.value: _maybe(points) for driver, points in found.points.items()},
        "movements": _movements(found.bridge, currency),
    }


def _movements(bridge: Bridge, currency: Currency) -> list[dict[str, Any]]:
    return [each._asdict() | {"amount": _money(each.amount, currency)} for each in bridge.moved]


def _month(closing: date, bridge: Bridge, currency: Currency) -> dict[str, Any]:
    return {
        "month": closing,
        "opening": _money(bridge.opening, currency),
        "movements": _movements(bridge, currency),
        "closing": _money(bridge.closing, currency),
    }


def _money(amount: Decimal, currency: Currency) -> str:
    """The amount in minor units, of which it is whole."""
    return digits(round_money(amount, currency))


def _maybe(number: Decimal | None) -> str | None:
    return None if number is None else digits(number)


def cohorts_json(found: Cohorts) -> dict[str, Any]:
    """The cohorts of a book, as JSON-ready data."""
    return {
        "until": found.until,
        "span": found.span,
        "currency": found.currency.code,
        "definitions": dict(COHORTS),
        "items": [
            {
                "start": each.start,
                "customers": each.customers,
                "arr": [_money(arr, found.currency) for arr in each.arr],
                "nrr": [_maybe(rate) for rate in each.rates],
            }
            for each in found.cohorts
        ],
    }


def growth_json(found: Growth) -> dict[str, Any]:
    """The Rule of 40, as JSON-ready data."""
    rule = found.rule
    return {
        "opening": found.window.opening,
        "closing": found.window.closing,
        "definitions": dict(RULE_OF_40),
        "from_customers": _maybe(rule.from_customers),
        "from_new": _maybe(rule.from_new),
        "growth": _maybe(rule.growth),
        "margin": digits(rule.margin),
        "total": _maybe(rule.total),
    }


def discipline_json(found: ReadDiscipline) -> dict[str, Any]:
    """How quotes were made, as JSON-ready data."""
    figures = found.figures
    return {
        "opening": found.window.opening,
        "closing": found.window.closing,
        "currency": found.currency.code,
        "definitions": dict(DISCIPLINE),
        "quotes": figures.quotes,
        "growth": figures.growth,
        "untouched": _maybe(figures.untouched),
        "within_policy": _maybe(figures.within_policy),
        "discount": _maybe(figures.discount),
        "discretion": _maybe(figures.discretion),
        "partial_churns": figures.partial_churns,
        "repriced": _money(figures.repriced, found.currency),
        "waived": dict(figures.waived),
        "minutes": figures.minutes,
    }


def quote_effect_json(found: QuoteEffect) -> dict[str, Any]:
    """What a quote does to retention, as JSON-ready data."""
    return {
        "quote_id": found.quote_id,
        "worked_out_at": found.at,
        "opening": found.window.opening,
        "closing": found.window.closing,
        "currency": found.currency.code,
        "definitions": dict(DEFINITIONS),
        "declined": found.declined,
        "probability": _maybe(found.probability),
        "not_expected": NO_PROBABILITY if found.probability is None else None,
        "moved": [each._asdict() | {"amount": digits(each.amount)} for each in found.moved],
        "account": _effect(found.account, found),
        "segments": [
            {"by": attribute, "segment": value, **_effect(each, found)}
            for (attribute, value), each in found.segments.items()
        ],
        "book": _effect(found.book, found),
    }


def _effect(found: Effect, of: QuoteEffect) -> dict[str, Any]:
    currency, probability = of.currency, of.probability
    return {
        "accepted": _arm(found.accepted, currency),
        "declined": _arm(found.declined, currency),
        "flat": None if found.flat is None else _arm(found.flat, currency),
        "nrr_difference": _maybe(found.nrr_difference),
        "grr_difference": _maybe(found.grr_difference),
        "against_flat": _maybe(found.against_flat),
        "growth_difference": _maybe(found.growth_difference),
        "points": {driver.value: _maybe(points) for driver, points in found.points.items()},
        "lines": [
            {
                "product": each.product_line,
                "driver": each.driver,
                "amount": _money(each.amount, currency),
                "points": _maybe(each.points),
            }
            for each in found.lines
        ],
        "expected": None if probability is None else _expected(found, probability),
    }


def _expected(found: Effect, probability: Decimal) -> dict[str, Any]:
    return {name: _maybe(each) for name, each in expected_of(found, probability)._asdict().items()}


def _arm(rates: Rates, currency: Currency) -> dict[str, Any]:
    return {
        "opening": _money(rates.opening, currency),
        "closing": _money(rates.closing, currency),
        "kept": _money(rates.kept, currency),
        "new": _money(rates.new, currency),
        "nrr": _maybe(rates.nrr),
        "grr": _maybe(rates.grr),
        "grr_by_account": _maybe(rates.grr_by_account),
    }


def accounts_json(found: Behind[RetainedAccount], *, after: int) -> dict[str, Any]:
    """The accounts behind a figure, as JSON-ready data."""
    return {**_behind(found, after), "items": [_account(each, found.currency) for each in found.items]}


def _account(found: RetainedAccount, currency: Currency) -> dict[str, Any]:
    return {
        "account_id": found.account.id,
        "name": found.account.name,
        "opening": _money(found.opening, currency),
        "closing": _money(found.closing, currency),
        "lines": [
            {"product": product, "opening": _money(each.opening, currency), "closing": _money(each.closing, currency)}
            for product, each in sorted(found.lines.items())
        ],
    }


def entries_json(found: Behind[Entry], *, after: int) -> dict[str, Any]:
    """The movements behind a figure, as JSON-ready data."""
    return {**_behind(found, after), "items": [_entry(each, found.currency) for each in found.items]}


def _entry(each: Entry, currency: Currency) -> dict[str, Any]:
    return {
        "day": each.day,
        "account_id": each.account,
        "contract_id": each.contract,
        "product": each.product_line,
        "kind": each.kind,
        "driver": each.driver,
        "cause": each.cause,
        "amount": _money(each.amount, currency),
        "quote_id": each.quote,
    }


def _behind(found: Behind[Any], after: int) -> dict[str, Any]:
    reached = after + len(found.items)
    return {
        "opening": found.window.opening,
        "closing": found.window.closing,
        "currency": found.currency.code,
        "count": found.count,
        "next_after": reached if reached < found.count else None,
    }


def verified_ledger_json(found: LedgerVerified) -> dict[str, Any]:
    """Whether the ledger says what contracts do, as JSON-ready data."""
    broken = found.broken
    return {
        "versions": found.versions,
        "months": found.months,
        "is_whole": broken is None,
        "what": None if broken is None else broken.what,
        "broken": None
        if broken is None
        else {
            "account_id": broken.account_id,
            "contract_id": broken.contract_id,
            "version": broken.version,
            "product": broken.product,
            "day": broken.day,
            "in_ledger": digits(broken.in_ledger),
            "in_contract": digits(broken.in_contract),
        },
    }
