"""A forecast of retention as the JSON a caller gets; wire_forecast.py has the shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pricing_engine.api.json_values import digits
from pricing_engine.money import Currency, round_money
from pricing_engine.retention.backtest import BackTest, Tried
from pricing_engine.retention.calendar import EndingMonth
from pricing_engine.retention.forecast_definitions import FORECAST_DEFINITIONS
from pricing_engine.usecases.open_quotes import OpenQuote
from pricing_engine.usecases.read_forecast import Distribution, Expected, Forecast, Quantiles, fraction


def forecast_json(found: Forecast) -> dict[str, Any]:
    """The forecast or why there is none, with the calendar and open quotes, as JSON-ready data."""
    return {
        "opening": found.window.opening,
        "closing": found.window.closing,
        "months": found.asked.months,
        "by": found.asked.by,
        "currency": found.currency.code,
        "definitions": dict(FORECAST_DEFINITIONS),
        "customers": found.customers,
        "opening_arr": _money(found.opening, found.currency),
        "history_months": found.history_months,
        "abstains": list(found.abstains),
        "distribution": None if found.distribution is None else _distribution(found.distribution, found.currency),
        "calendar": [_month(each, found.currency) for each in found.calendar],
        "quotes": {
            "count": len(found.quotes),
            "unpriced": sum([each.arr is None for each in found.quotes]),
            "arr": _money(found.quoted, found.currency),
            "items": [_quote(each, found.currency) for each in found.quotes],
        },
    }


def _distribution(found: Distribution, currency: Currency) -> dict[str, Any]:
    return {
        "nrr": _quantiles(found.nrr),
        "grr": _quantiles(found.grr),
        "kept": _quantiles(found.kept),
        "segments": [{"segment": name, **_expected(each, currency)} for name, each in found.segments.items()],
        "learnt": {
            kind.value: {"seen": each.seen, "per_year": digits(each.rate), "varies": digits(each.varies)}
            for kind, each in found.learnt.items()
        },
        "back_test": _back_test(found.back_test),
    }


def _quantiles(found: Quantiles) -> dict[str, str]:
    return {"p10": digits(found.p10), "p50": digits(found.p50), "p90": digits(found.p90)}


def _expected(found: Expected, currency: Currency) -> dict[str, Any]:
    return {
        "customers": found.customers,
        "opening": _money(found.opening, currency),
        "churn": _money(found.churn, currency),
        "contraction": _money(found.contraction, currency),
        "expansion": _money(found.expansion, currency),
        "kept": _money(found.kept, currency),
    }


def _back_test(found: BackTest) -> dict[str, Any]:
    return {
        "count": len(found.tried),
        "apart": found.apart,
        "inside": _maybe(found.coverage),
        "error": _maybe(found.error),
        "error_of_last": _maybe(found.error_of_last),
        "verdict": found.verdict,
        "items": [_tried(each) for each in found.tried],
    }


def _tried(each: Tried) -> dict[str, Any]:
    return {
        "opening": each.origin,
        **{name: digits(fraction(nrr)) for name, nrr in each.band._asdict().items()},
        "came": digits(fraction(each.truth)),
        "is_inside": each.band.has(each.truth),
        "last": _maybe(each.last),
    }


def _month(each: EndingMonth, currency: Currency) -> dict[str, Any]:
    return {
        "month": each.closing,
        "contracts": each.contracts,
        "arr": _money(each.arr, currency),
        **{follows.value: _money(arr, currency) for follows, arr in each.by_follows.items()},
    }


def _quote(each: OpenQuote, currency: Currency) -> dict[str, Any]:
    return {
        "quote_id": each.quote_id,
        "account_id": each.account_id,
        "state": each.state,
        "type": each.type,
        "effective_date": each.effective_date,
        "arr": None if each.arr is None else _money(each.arr, currency),
    }


def _money(amount: Decimal, currency: Currency) -> str:
    return digits(round_money(amount, currency))


def _maybe(number: float | None) -> str | None:
    return None if number is None else digits(fraction(number))
