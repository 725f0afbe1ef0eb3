"""A version that was published compiles for ever, whatever checks are added later (P17a)."""

from __future__ import annotations

import pytest

from pricing_engine.rulebook.load import RulebookRefused, load_published, load_rulebook
from tests.unit.rulebook.small_rules import DIGITS, small_rules


def test_a_published_version_compiles_although_a_check_of_today_would_refuse_it() -> None:
    # A price that nobody sells is a reference fault today.
    files = small_rules()
    name = next(name for name in files if name.startswith("price_books/"))
    stray = files[name] + b'  nothing.seats:\n    - {from: 2026-01-01, model: flat, amount: "1.00", why: stray}\n'
    files = {**files, name: stray}
    with pytest.raises(RulebookRefused):
        load_rulebook(files, currency_digits=DIGITS)
    rulebook = load_published(files, currency_digits=DIGITS)
    assert any("nothing.seats" in book.prices for book in rulebook.price_books)


def test_what_cannot_be_read_is_refused_also_when_published() -> None:
    files = {**small_rules(), "metrics.yaml": b"kind: metrics\nmetrics: [\n"}
    with pytest.raises(RulebookRefused):
        load_published(files, currency_digits=DIGITS)


def test_published_and_checked_rules_are_the_same_rulebook() -> None:
    assert load_published(small_rules(), currency_digits=DIGITS) == load_rulebook(small_rules(), currency_digits=DIGITS)
