"""The document as one HTML page: no script, no network, every text escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pricing_engine.document.shape import Document


def render_html(document: Document) -> bytes:
    """The page in UTF-8; equal documents give equal bytes."""
    return _template().render(document=document).encode()


@cache
def _template() -> Template:
    """The template, compiled once. Escaping is always on, whatever a template's name ends with."""
    environment = Environment(
        loader=PackageLoader("pricing_engine.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    return environment.get_template("document.html.j2")
