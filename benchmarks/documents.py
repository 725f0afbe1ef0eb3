"""`document`: the customer's document of a five-line quote, as HTML and PDF, beside the least its libraries can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

import typst
from jinja2 import Environment

from benchmarks.catalogue import a_request
from benchmarks.contenders import catalogue_of
from benchmarks.readings import Effort, Reading
from benchmarks.stopwatch import race
from pricing_engine.document.assemble import assemble_document
from pricing_engine.document.locales import locale_named
from pricing_engine.document.view import Kept
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.rendering.media import Form, render

LINES = 5
MILLISECONDS = 1e3

_TABLE = Environment(autoescape=True).from_string(
    "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
_ROWS = [[f"row {row}, cell {cell}" for cell in range(6)] for row in range(LINES)]
_EMPTY_PAGE = b"#let number = sys.inputs.number\n#set document(title: number, date: none)\n#number"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def documents(effort: Effort) -> list[Reading]:
    """A reading for each form: a priced quote to bytes, beside a table of as many rows and a page with one number."""
    readings = []
    for form, floor in ((Form.HTML, _trivial_table), (Form.PDF, _empty_page())):
        laps = race({"engine": document_of(form), "floor": floor}, effort)
        engine, least = laps["engine"], laps["floor"]
        readings.append(
            Reading(
                f"document {form}",
                "ms",
                engine.best * MILLISECONDS,
                least.best * MILLISECONDS,
                more={"engine_usual_ms": engine.usual * MILLISECONDS, "floor_usual_ms": least.usual * MILLISECONDS},
            )
        )
    return readings


def document_of(form: Form) -> Callable[[], bytes]:
    """Making the document of a priced quote; each call is for another customer, so that nothing is remembered."""
    request, rulebook = a_request(LINES), catalogue_of(20)
    quote = assemble_quote(request, rulebook=rulebook, quote_id="quo_bench")
    locale, kept, numbers = locale_named("en-US"), Kept(1, date(2026, 7, 1)), count()

    def make() -> bytes:
        account = request.account._replace(name=f"Customer {next(numbers)}")
        asked = quote._replace(request=request._replace(account=account), id=f"quo_{next(numbers)}")
        document = assemble_document(asked, rulebook=rulebook, held=None, kept=kept, locale=locale)
        return render(document, form)

    return make


def _trivial_table() -> str:
    return _TABLE.render(rows=_ROWS)


def _empty_page() -> Callable[[], bytes]:
    numbers = count()

    def make() -> bytes:
        inputs = {"number": str(next(numbers))}
        return typst.compile(
            _EMPTY_PAGE, font_paths=_FONTS, ignore_system_fonts=True, format="pdf", sys_inputs=inputs,
            pdf_standards=["ua-1"], timestamp=0,
        )  # fmt: skip

    return make
