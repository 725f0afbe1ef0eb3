"""Numbers and days of a locale, and texts of others made fit to print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.document.amounts import Amounts
from pricing_engine.document.figures import Figures, inert, paragraphs, plural
from pricing_engine.document.invoices import folded
from pricing_engine.document.locales import UnknownLocale, locale_named
from pricing_engine.document.shape import Document
from pricing_engine.money import Currency
from pricing_engine.pricing.billing import Invoice
from pricing_engine.quoting.request import Account, Remove
from pricing_engine.rulebook.rulebook import ExchangeRates, Rulebook
from tests.contracts import crm_and_analytics
from tests.documents import a_document, a_document_of_change, part, rows
from tests.rulebooks import EUR, JPY, D, a_book, a_product, a_rulebook, add

KWD = Currency("KWD", 3)


def figures(code: str, digits: int, locale: str) -> Figures:
    return Figures(Amounts(Currency(code, digits), locale_named(locale)))


@pytest.mark.parametrize(
    ("code", "digits", "locale", "money", "day"),
    [
        ("USD", 2, "en-US", "−$12,345.68", "Dec 1, 2026"),
        ("EUR", 2, "de-DE", "−12.345,68\xa0€", "01.12.2026"),
        ("EUR", 2, "fr-FR", "−12\u202f345,68\xa0€", "1 déc. 2026"),
        ("JPY", 0, "ja-JP", "−¥12,346", "2026/12/01"),
        ("KWD", 3, "en-US", "−KWD\xa012,345.678", "Dec 1, 2026"),
        ("CHF", 2, "de-CH", "CHF−12’345.68", "01.12.2026"),
        ("USD", 2, "ar-EG", "−12,345.68\xa0US$", "1/12/2026"),
        ("CNY", 2, "zh-CN", "−¥12,345.68", "2026/12/1"),
    ],
)
def test_amounts_and_days_are_written_as_the_place_does(
    code: str, digits: int, locale: str, money: str, day: str
) -> None:
    writes = figures(code, digits, locale)
    assert writes.money(D("-12345.678")) == money
    assert writes.day(date(2026, 12, 1)) == day


def test_a_discount_has_one_decimal_and_a_share_of_the_terms_those_it_has() -> None:
    german = figures("EUR", 2, "de-DE")
    assert german.off(D(100), D(80)) == "−20,0\xa0%"
    assert german.off(D(100), D(100)) == ""
    assert german.share(D("0.075")) == "7,5\xa0%"
    assert german.share(D("0.20")) == "20\xa0%"


def test_what_a_unit_comes_to_is_rounded_to_four_decimals_unless_it_is_small() -> None:
    dollars = figures("USD", 2, "en-US")
    assert dollars.average(D("36.016201")) == "$36.0162"
    assert dollars.average(D("0.000289")) == "$0.000289"
    assert dollars.average(D("50")) == "$50.00"


@pytest.mark.parametrize("name", ["xx-YY", "de-XX", "de_", "../etc"])
def test_a_locale_that_is_none_is_named(name: str) -> None:
    with pytest.raises(UnknownLocale) as raised:
        locale_named(name)
    assert raised.value.facts == {"locale": name}


def _sold_in(currency: Currency) -> Rulebook:
    books: tuple[PriceBook, ...] = (a_book({"crm.seats": "15.5"}, currency=currency),)
    rulebook = a_rulebook([a_product("crm")], books)
    rates = ExchangeRates("USD", (date(2020, 1, 1),), ({currency.code: D("3.25")},))
    return replace(rulebook, currencies={currency.code: currency}, rates=rates)


def _document_in(currency: Currency, locale: str) -> Document:
    account = Account("acc_test", "Test Ltd", currency.code, None, {"segment": "mid_market"})
    rulebook = _sold_in(currency)
    return a_document(rulebook, add("crm", "10"), currency=currency.code, account=account, locale=locale)


@pytest.mark.parametrize(
    ("currency", "locale", "total"),
    # 10 × 15.5 × 12 = 1,860
    [(EUR, "de-DE", "1.860,00\xa0€"), (JPY, "ja-JP", "¥1,860"), (KWD, "en-GB", "KWD\xa01,860.000")],
)
def test_each_currency_has_its_own_digits(currency: Currency, locale: str, total: str) -> None:
    document = _document_in(currency, locale)
    assert document.highlights[1].sentences == (total,)
    assert rows(part(document, "Invoices"))[-1][-1] == total


def test_how_an_amount_was_made_is_written_in_the_locale_too() -> None:
    document = a_document_of_change(crm_and_analytics(), Remove("analytics"), locale="de-DE")
    how = {row[1] for row in rows(part(document, "What is due now"))}
    assert "(60.000,00\xa0$ − 54.000,00\xa0$) × 184/365" in how
    assert "remaining fees × 50\xa0%; the remaining fees are 10.888,767\xa0$" in how


def test_paper_is_that_of_the_place() -> None:
    assert _document_in(EUR, "de-DE").paper == "a4"
    assert _document_in(EUR, "en-US").paper == "us-letter"


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\u2066b\u2069\u200bc\ufeff", "abc"),
        ("a\x1b[2Jb\x07", "a[2Jb"),
        ("two\nlines\tand  blanks ", "two lines and blanks"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("lone \udc80 surrogate \uffff", "lone surrogate"),
    ],
)
def test_signs_that_deceive_are_not_printed(given: str, printed: str) -> None:
    assert inert(given) == printed


def test_a_note_keeps_its_paragraphs() -> None:
    assert paragraphs("one\n\n  two\u202e \r\nthree") == ("one", "two", "three")


def test_units_are_counted_as_people_say_them() -> None:
    assert [plural("user", D(1)), plural("user", D(2)), plural("GB", D(2)), plural("", D(2))] == [
        "user",
        "users",
        "GB",
        "",
    ]


def test_a_schedule_that_alternates_is_folded_by_year() -> None:
    days = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(60)]
    invoices = [Invoice(day, day, day, (), D(place % 2)) for place, day in enumerate(days)]
    shown = folded(invoices, lambda invoice: invoice.total)
    assert [len(run) for run in shown] == [12] * 5
