"""A Pricing2Yaml price page in, a rule repository and a report out; start here to follow an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pricing_engine.imports.make_offer import LADDER, make_offer
from pricing_engine.imports.offer import Offer
from pricing_engine.imports.page import Page
from pricing_engine.imports.page_doubts import find_unbuyable, report_doubts
from pricing_engine.imports.page_references import check_references
from pricing_engine.imports.page_text import one_line
from pricing_engine.imports.read_page import read_page
from pricing_engine.imports.report import Outcome, Report, ReportLine
from pricing_engine.imports.write_catalogue import metrics_file, price_book_file, product_file, tiers_file
from pricing_engine.imports.write_policy import (
    billing_file,
    discretion_file,
    reductions,
    rulebook_file,
    vocabulary_file,
)
from pricing_engine.imports.write_record import record_file


@dataclass(frozen=True, slots=True)
class ImportedPricing:
    """The rule repository as text by file name, and what was found on the way.

    Shape: `files` is empty when the page is refused; then the report has errors.
    """

    files: Mapping[str, str]
    report: tuple[ReportLine, ...]

    @property
    def is_refused(self) -> bool:
        """Whether the page could not be imported."""
        return any(line.outcome is Outcome.ERROR for line in self.report)


def import_pricing2yaml(name: str, content: bytes) -> ImportedPricing:
    """The rule repository for one price page.

    `name` is the file's, for the report and the files' first lines. The same page always gives the same text.
    """
    report = Report(name)
    page = read_page(content, report=report)
    if page is None:
        return ImportedPricing({}, report.lines())
    check_references(page, report=report)
    if report.has_errors:
        return ImportedPricing({}, report.lines())
    unbuyable = find_unbuyable(page, report=report)
    report_doubts(page, report=report)
    offer = make_offer(page, unbuyable=unbuyable, report=report)
    files = _rule_files(offer, _header(page, name))
    files["IMPORT.md"] = record_file(page, one_line(name), report.lines())
    return ImportedPricing(files, report.lines())


def _header(page: Page, name: str) -> tuple[str, ...]:
    version = f", version {page.version}" if page.version else ""
    first = (
        f"{page.name}{version}. Imported from {one_line(name)}; see IMPORT.md for its licence and what was left out."
    )
    return (first, f"Source: {one_line(page.url)}") if page.url else (first,)


def _rule_files(offer: Offer, header: tuple[str, ...]) -> dict[str, str]:
    files = {"rulebook.yaml": rulebook_file(offer, header), "vocabulary.yaml": vocabulary_file(offer, header)}
    if offer.metrics:
        files["metrics.yaml"] = metrics_file(offer, header)
    if offer.tiers:
        files[f"tiers/{LADDER}.yaml"] = tiers_file(offer, header, ladder=LADDER)
    for product in offer.products:
        files[f"products/{product.id}.yaml"] = product_file(product, header)
    files[f"price_books/{offer.currency.lower()}.yaml"] = price_book_file(offer, header)
    files["discounts/discretion.yaml"] = discretion_file(header)
    for option in reductions(offer):
        files[f"discounts/{option.policy}.yaml"] = billing_file(option, header)
    return files
