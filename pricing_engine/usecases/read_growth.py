"""Read the growth of the book: the Rule of 40 over a window, and cohorts of customers by when they began (N9, N15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.retention.cohorts import Cohort, CohortSpan, cohorts_of
from pricing_engine.retention.cut import cut_of
from pricing_engine.retention.growth import RuleOf40, rule_of_40
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.read_retention import Asked
from pricing_engine.usecases.retained_book import read_book


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The cohorts of the book by a day, at the rates of that day."""

    until: date
    span: CohortSpan
    currency: Currency
    cohorts: Sequence[Cohort]


def read_cohorts(desk: Desk, *, until: date, span: CohortSpan) -> Cohorts:
    """What became of the customers that began in each span by a day.

    Raises: NoRulebookInForce; RateMissing.
    """
    book = read_book(desk, Window(until, until))
    with exact_arithmetic():
        return Cohorts(until, span, book.currency, cohorts_of(book.ledger, span, until=until))


@dataclass(frozen=True, slots=True)
class Growth:
    """The Rule of 40 over a window."""

    window: Window
    rule: RuleOf40


def read_rule_of_40(desk: Desk, asked: Asked, *, margin: Decimal) -> Growth:
    """Growth of the book over a window, beside a profit margin, which is the caller's to know.

    Raises: NoRulebookInForce; RateMissing.
    """
    book = read_book(desk, asked.window)
    with exact_arithmetic():
        (rates,) = cut_of(book.ledger, book.window).rates()
        return Growth(book.window, rule_of_40(rates, margin=margin))
