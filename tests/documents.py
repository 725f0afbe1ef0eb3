"""The customer's document of a quote made in code, and its texts to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from pricing_engine.document.assemble import assemble_document
from pricing_engine.document.locales import locale_named
from pricing_engine.document.shape import Document, Section, Table
from pricing_engine.document.view import Kept
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Change
from pricing_engine.rulebook.rulebook import Rulebook
from tests.contracts import MIDYEAR, Book
from tests.rulebooks import quote

KEPT = Kept(1, date(2026, 1, 2))


def document_of(sold: Quote, rulebook: Rulebook, *, held: Held | None = None, locale: str = "en-US") -> Document:
    """The document of a quote that was kept on 2026-01-02."""
    kept = replace(KEPT, valid_until=sold.request.valid_until)
    return assemble_document(sold, rulebook=rulebook, held=held, kept=kept, locale=locale_named(locale))


def a_document(rulebook: Rulebook, *changes: Change, locale: str = "en-US", **more: Any) -> Document:
    """The document of a new sale."""
    return document_of(quote(rulebook, *changes, **more), rulebook, locale=locale)


def a_document_of_change(
    book: Book, *changes: Change, on: date = MIDYEAR, locale: str = "en-US", **more: Any
) -> Document:
    """The document of a change to a contract."""
    return document_of(book.quote(*changes, on=on, **more), book.rulebook, held=book.held, locale=locale)


def part(document: Document, heading: str) -> Section:
    """The section with this heading."""
    return next(section for section in document.sections if section.heading == heading)


def rows(section: Section) -> list[list[str]]:
    """The texts of a table, with what stands below each cell in parentheses and what is struck out in brackets."""
    assert section.table is not None
    return [
        [
            "".join(
                [
                    f"[{cell.was}]" if cell.was else "",
                    f"[{cell.text}]" if cell.gone else cell.text,
                    f" ({cell.below})" if cell.below else "",
                ]
            ).strip()
            for cell in row.cells
        ]
        for row in section.table.rows
    ]


def facts(section: Section) -> dict[str, tuple[str, ...]]:
    """The facts by name."""
    return {fact.name: fact.sentences for fact in section.facts}


def texts(document: Document) -> Iterator[str]:
    """Every text of a document."""
    yield from (document.title, document.customer, document.footer, document.mark, document.notice)
    for fact in (*document.facts, *document.highlights):
        yield from (fact.name, *fact.sentences)
    for section in document.sections:
        yield from (section.heading, *section.paragraphs, *section.remarks)
        for fact in section.facts:
            yield from (fact.name, *fact.sentences)
        if section.table is not None:
            yield from _texts_of(section.table)


def _texts_of(table: Table) -> Iterator[str]:
    yield from (column.heading for column in table.columns)
    for row in table.rows:
        for cell in row.cells:
            yield from filter(None, (cell.was, cell.text, cell.below))
