"""The forms a document comes in, and the one function that makes each."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from pricing_engine.document.shape import Document


class Form(StrEnum):
    """What the document is asked for as."""

    HTML = "html"
    PDF = "pdf"


def render(document: Document, form: Form) -> bytes:
    """The document as a file; equal documents give equal bytes.

    Raises: DocumentUnavailable; DocumentNotPossible for letters that no font of the PDF has.
    """
    match form:
        case Form.HTML:
            from pricing_engine.rendering.html import render_html

            return render_html(document)
        case Form.PDF:
            from pricing_engine.rendering.pdf import render_pdf

            return render_pdf(document)
        case _:
            assert_never(form)
