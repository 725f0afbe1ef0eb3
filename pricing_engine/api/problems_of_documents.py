"""Problems of the customer's document: a quote that has none, a place that is not known, a form that cannot be made."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "document-not-possible",
        409,
        "The quote has no document for the customer",
        why="A refused quote, or one with a line that has no price yet, is no offer that anybody could accept; and a "
        "PDF with a letter that its fonts lack would show an empty box in its place.",
        avoid="Asking for the document before the quote is complete; names in other scripts than Latin, Greek and "
        "Cyrillic as PDF.",
        prefer="Mend what the detail names and ask for another quote. For letters the PDF lacks take `format=html`.",
    ),
    problem(
        "document-unavailable",
        501,
        "PDFs cannot be made here",
        why="They are made by typst, which is an optional part of the installation.",
        avoid="`format=pdf` where the service runs without its extra `document`.",
        prefer="Ask for `format=html`, or have `pricing-engine[document]` installed.",
    ),
    problem(
        "unknown-locale",
        422,
        "There is no such locale",
        why="How numbers and days are written is looked up, and a guess could turn 1,234 into 1.234.",
        avoid="Names of countries or languages alone that are no locale, such as `de-XX`.",
        prefer="Write a language and a territory, such as `en-US`, `de-DE` or `ja-JP`.",
    ),
)
