"""The document as a tagged PDF (PDF/UA-1), typeset by typst with its own fonts: no network, no date, no system font."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import Any, Final

import orjson

from pricing_engine.document.assemble import DocumentNotPossible
from pricing_engine.document.shape import Document
from pricing_engine.errors import DomainError

STANDARD: Final = "ua-1"
"""Readable by machines and screen readers; it also makes typst refuse a letter that it would print as an empty box."""

_NO_GLYPH: Final = "could not be displayed with font"
_QUOTED: Final = re.compile(r'`"(.*?)"`')
_LONG_WORD: Final = re.compile(r"\S{16}(?=\S{4})")
WHOLE: Final = frozenset({"facts", "footer", "file_name"})
"""Where ids stand, which a reader copies."""
_MAY_BREAK: Final = "\u200b"


class DocumentUnavailable(DomainError):
    """This installation cannot make PDFs."""

    code = "document-unavailable"


def render_pdf(document: Document) -> bytes:
    """The PDF; equal documents give equal bytes.

    Data goes in as JSON and is printed as text, so that nothing in it is read as markup.
    Raises: DocumentUnavailable without typst; DocumentNotPossible for a letter that no font has.
    """
    typst = _typst()
    shown = {field.name: _plain(getattr(document, field.name), whole=field.name in WHOLE) for field in fields(document)}
    data = orjson.dumps(shown).decode()
    try:
        made: bytes = typst.compile(
            _source(),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"document": data},
            pdf_standards=[STANDARD],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise _refusal(error, document) from error
    return made


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError:
        raise DocumentUnavailable(
            "PDFs are made by typst, which is not installed here",
            fix="install pricing-engine[document], or ask for format=html",
        ) from None
    return typst


@cache
def _source() -> bytes:
    return files("pricing_engine.rendering").joinpath("templates/document.typ").read_bytes()


@cache
def _fonts() -> Any:
    """The fonts that typst brings along, read once."""
    return _typst().Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _plain(value: object, *, whole: bool = False) -> object:
    """What is shown, as JSON knows it; very long words may break unless `whole`, or they would leave their column."""
    if type(value) is str:
        return value if whole else _LONG_WORD.sub(_break, value)
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        if named is None:
            return [_plain(each, whole=whole) for each in value]
        return {name: _plain(each, whole=whole) for name, each in named().items()}
    return value


def _break(word: re.Match[str]) -> str:
    return word[0] + _MAY_BREAK


def _refusal(error: Exception, document: Document) -> Exception:
    """What to tell of a letter without a glyph; anything else is a fault of the template, and ours."""
    message = str(getattr(error, "message", error))
    if _NO_GLYPH not in message:
        return error
    found = _QUOTED.search(message)
    letters = " ".join(f"U+{ord(letter):04X}" for letter in (found[1] if found else "") if letter > "\x7f")
    return DocumentNotPossible(
        f"the fonts of the PDF lack {letters or 'a letter'}, which is in the names, the note or the locale's figures",
        fix="ask for format=html, which is shown in the reader's own fonts",
        quote_id=document.file_name,
    )
