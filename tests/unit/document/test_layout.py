"""HTML and PDF: the same bytes every time, the same texts, and nothing of what others wrote read as markup."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pricing_engine.document.assemble import DocumentNotPossible
from pricing_engine.document.figures import LONGEST_UNIT, inert
from pricing_engine.document.shape import Document
from pricing_engine.quoting.request import Account, Remove
from pricing_engine.rendering import pdf
from pricing_engine.rendering.html import render_html
from pricing_engine.rendering.media import Form, render
from pricing_engine.rendering.pdf import DocumentUnavailable, render_pdf
from tests.contracts import crm_and_analytics
from tests.documents import a_document, a_document_of_change, document_of, texts
from tests.rulebooks import a_product, a_rulebook, add, quote
from tests.shared import shared_path

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 12

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "&lt;b&gt; & \"quotes\" 'and' more",
    "{{7*7}}{{config}}{%for x in ().__class__%}",
    '#import "@preview/evil:1.0.0": *',
    "#panic(1)",
    '#read("/etc/passwd")',
    '"); panic("out',
    "]#panic(1)[",
    "`raw` $x/0$ _emph_ *strong* = heading <label> @ref // comment /* more",
    "\\u{41} \\ ~ -- --- ...",
    '=HYPERLINK("http://evil","x")',
    "a\x1b[2Jb\x07",
    "invoice\u202egnp.exe",
    "\u2066isolated\u2069 \u200bhidden\ufeff",
    LONG_WORD,
]


class Page(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def _with(text: str) -> Document:
    """A document with a text wherever somebody else writes one: account, note, product, charge and unit."""
    product = replace(a_product("crm"), name=text)
    rulebook = a_rulebook([product], {"crm.seats": "50"})
    metrics = {**rulebook.metrics, "users": replace(rulebook.metrics["users"], unit=text)}
    rulebook = replace(rulebook, metrics=metrics)
    account = Account("acc_test", text, "USD", "US", {"segment": "mid_market"})
    return document_of(quote(rulebook, add("crm", "10"), account=account, note=f"first\n{text}"), rulebook)


PLAIN = _with("Plain")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_of_others_is_shown_as_it_is_and_makes_no_element(text: str) -> None:
    plain, page = Page(render_html(PLAIN)), Page(render_html(_with(text)))
    assert (page.elements, page.attributes) == (plain.elements, plain.attributes)
    assert page.text.count(inert(text)) >= 4 - (len(inert(text)) > LONGEST_UNIT)


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_prints_a_text_and_reads_nothing_in_it(text: str) -> None:
    """`#panic` and `#read` would be refused, were they read; two pages stay two."""
    made = render_pdf(_with(text))
    assert made.startswith(b"%PDF-")


def test_texts_of_the_shared_hostile_list_are_printed() -> None:
    cases = json.loads(shared_path("hostile", "api.json").read_text(encoding="utf-8"))
    listed = cases if isinstance(cases, list) else cases["cases"]
    bodies = [
        (case.get("body_or_header") or {}).get("json") or {} for case in listed if case["name"].startswith("txt/")
    ]
    names = [body["name"] for body in bodies if isinstance(body.get("name"), str)]
    assert len(names) > 5
    plain = Page(render_html(PLAIN))
    for name in names:
        assert Page(render_html(_with(name))).elements == plain.elements
    assert render_pdf(_with(" ".join(names)))


@pytest.mark.parametrize("form", Form)
def test_the_same_document_gives_the_same_bytes(form: Form) -> None:
    book = crm_and_analytics()
    first, second = (render(a_document_of_change(book, Remove("analytics")), form) for _ in range(2))
    assert first == second


def test_a_pdf_has_no_date_and_is_tagged_for_screen_readers() -> None:
    made = render_pdf(PLAIN)
    assert b"CreationDate" not in made
    assert b"ModDate" not in made
    assert b"/StructTreeRoot" in made
    assert b"pdfuaid" in made


def test_html_holds_every_text_and_fetches_nothing() -> None:
    document = a_document_of_change(crm_and_analytics(), Remove("analytics"))
    content = render_html(document)
    page = Page(content)
    assert [text for text in texts(document) if text not in page.text] == []
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & page.elements
    assert b"http" not in content
    assert b"url(" not in content
    assert b"@import" not in content


def test_a_letter_that_the_pdf_lacks_is_named_and_html_has_it() -> None:
    document = _with("日本")
    with pytest.raises(DocumentNotPossible, match=r"U\+65E5") as raised:
        render_pdf(document)
    assert "format=html" in raised.value.fix
    assert "日本" in render_html(document).decode()


@pytest.mark.parametrize("name", ["Łódź Αθήνα Москва", "Ünïcødé “quotes” – €£¥₹₩₽₫", "שלום", "مرحبا"])
def test_letters_of_many_places_are_in_the_pdf_or_refused_by_name(name: str) -> None:
    try:
        assert render_pdf(_with(name))
    except DocumentNotPossible as refused:
        assert "U+" in refused.what  # noqa: PT017 -- either is an answer, an empty box is not


def test_a_very_long_word_may_break() -> None:
    sent = pdf._plain(LONG_WORD)
    assert isinstance(sent, str)
    assert sent.replace("\u200b", "") == LONG_WORD
    assert max(map(len, sent.split("\u200b"))) <= 20


def test_without_typst_there_is_html_and_a_problem_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(DocumentUnavailable) as raised:
        render_pdf(PLAIN)
    assert "pricing-engine[document]" in raised.value.fix
    assert render_html(PLAIN)


def test_a_quote_of_many_lines_runs_over_pages() -> None:
    products = [a_product(f"product-{number}") for number in range(80)]
    rulebook = a_rulebook(products, {f"{product.id}.seats": "10" for product in products})
    document = a_document(rulebook, *(add(product.id, "10") for product in products))
    # A letter page holds some 28 lines, and they stand in three tables.
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", render_pdf(document))) <= 12
