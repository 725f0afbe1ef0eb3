"""The customer's document over the API: HTML or PDF, by format or by what is accepted; who has none, and why."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.api.conftest import Caller

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def kept(caller: Caller, **more: Any) -> str:
    """The path of a kept quote's document."""
    made = caller.post("/v1/quotes", caller.ask(**more))
    assert made.status_code == 201, made.text
    return f"/v1/quotes/{made.json()['id']}/document"


def on_request(**more: Any) -> dict[str, Any]:
    return {"changes": [{"op": "add", "product": "region"}], **more}


def test_html_is_what_one_gets(shared_caller: Caller) -> None:
    path = kept(shared_caller, note="See you in March.")
    answer = shared_caller.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == f'inline; filename="{path.split("/")[3]}.html"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["vary"] == "Accept"
    for text in ("USD account", "100 users", "See you in March.", "This is a draft"):
        assert text in answer.text


@pytest.mark.parametrize(
    ("query", "accept", "starts"),
    [
        ("?format=pdf", "*/*", b"%PDF-"),
        ("?format=html", "application/pdf", b"<!DOCTYPE html>"),
        ("", "application/pdf", b"%PDF-"),
        ("", "application/pdf, text/html;q=0.5", b"%PDF-"),
        ("", "application/pdf;q=0.4, text/html;q=0.5", b"<!DOCTYPE html>"),
        ("", "application/pdf;q=0, */*", b"<!DOCTYPE html>"),
        ("", BROWSER, b"<!DOCTYPE html>"),
        ("", "image/png", b"<!DOCTYPE html>"),
        ("", "application/pdf;q=twelve", b"<!DOCTYPE html>"),
        ("", ",;,q=1;=,", b"<!DOCTYPE html>"),
    ],
)
def test_the_form_is_what_is_named_else_what_is_accepted(
    sqlite_caller: Caller, query: str, accept: str, starts: bytes
) -> None:
    answer = sqlite_caller.get(f"{kept(sqlite_caller)}{query}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.content.startswith(starts)


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_the_document_is_the_same_bytes_for_every_reader(shared_caller: Caller, form: str) -> None:
    path = f"{kept(shared_caller)}?format={form}"
    read = [shared_caller.get(path, headers={"X-Acting-Role": role}).content for role in ("rep", "admin", "rep")]
    assert read[0] == read[1] == read[2]


@pytest.mark.parametrize(
    ("currency", "locale", "total"),
    # 100 × 12 months at 50.00 USD, 45.00 EUR and 15.000 KWD
    [("USD", "en-US", "$60,000.00"), ("EUR", "de-DE", "54.000,00\xa0€"), ("KWD", "en-GB", "KWD\xa018,000.000")],
)
def test_amounts_are_those_of_the_currency_and_the_locale(
    sqlite_caller: Caller, currency: str, locale: str, total: str
) -> None:
    path = kept(sqlite_caller, account_id=sqlite_caller.account(currency))
    answer = sqlite_caller.get(f"{path}?locale={locale}")
    assert answer.status_code == 200
    assert total in answer.text


@pytest.mark.parametrize("locale", ["xx-YY", "de-XX"])
def test_a_locale_there_is_not_is_named(sqlite_caller: Caller, locale: str) -> None:
    answer = sqlite_caller.get(f"{kept(sqlite_caller)}?locale={locale}")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["locale"]) == (422, "unknown-locale", locale)


@pytest.mark.parametrize(
    "query", ["format=docx", "locale=../etc", "locale=", "format=pdf&format=pdf", "expand=waterfall"]
)
def test_a_query_that_means_nothing_is_refused(sqlite_caller: Caller, query: str) -> None:
    answer = sqlite_caller.get(f"{kept(sqlite_caller)}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_a_quote_with_a_price_on_request_has_no_document(shared_caller: Caller) -> None:
    answer = shared_caller.get(kept(shared_caller, **on_request()))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["lines"]) == (409, "document-not-possible", ["region.fee"])


def test_a_refused_quote_has_no_document_and_its_floor_stays_unsaid(sqlite_caller: Caller) -> None:
    path = kept(sqlite_caller, discounts=[{"target": "quote", "percent": "0.60", "why": "please"}])
    for role in ("rep", "admin"):
        problem = sqlite_caller.get(path, headers={"X-Acting-Role": role}).json()
        assert problem["code"] == "document-not-possible"
        assert "below-floor" in problem["findings"]
        assert "board" not in str(problem)


def test_a_quote_there_is_not_is_404(shared_caller: Caller) -> None:
    answer = shared_caller.get("/v1/quotes/quo_none/document")
    assert (answer.status_code, answer.json()["code"]) == (404, "quote-not-found")


def test_without_typst_the_pdf_is_a_501_and_html_is_there(
    sqlite_caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(sqlite_caller)
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = sqlite_caller.get(f"{path}?format=pdf")
    assert (answer.status_code, answer.json()["code"]) == (501, "document-unavailable")
    assert sqlite_caller.get(path).status_code == 200


def test_the_openapi_document_names_both_forms(sqlite_caller: Caller) -> None:
    described = sqlite_caller.get("/openapi.json").json()["paths"]["/v1/quotes/{quote_id}/document"]["get"]
    assert set(described["responses"]["200"]["content"]) == {"text/html", "application/pdf"}
    assert {"409", "501"} < set(described["responses"])
