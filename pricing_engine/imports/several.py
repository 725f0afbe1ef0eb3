"""One or several price pages at once; with several, each gets a folder of its own named after vendor and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pricing_engine.imports.identifiers import Namespace, words_of
from pricing_engine.imports.pricing2yaml import import_pricing2yaml
from pricing_engine.imports.report import Outcome, ReportLine


@dataclass(frozen=True, slots=True)
class ImportedPages:
    """What to write below the output folder, by file name, and what was found in every page.

    Shape: a refused page has no file; the others are complete.
    """

    files: Mapping[str, str]
    report: tuple[ReportLine, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a page could not be imported."""
        return any(line.outcome is Outcome.ERROR for line in self.report)


def import_pages(pages: Mapping[str, bytes]) -> ImportedPages:
    """The rule repositories for Pricing2Yaml pages by path.

    One page is the repository itself; of several, `…/box/2025.yml` goes to the folder `box-2025`.
    """
    folders = Namespace(separator="-")
    files: dict[str, str] = {}
    report: list[ReportLine] = []
    for path, content in pages.items():
        result = import_pricing2yaml(path, content)
        folder = "" if len(pages) == 1 else f"{folders.claim(_folder(path), fallback='page')}/"
        files |= {f"{folder}{name}": text for name, text in result.files.items()}
        report += result.report
    return ImportedPages(files, tuple(report))


def _folder(path: str) -> str:
    """The file's name without ending; a name without a letter, such as a year, takes the folder's before it."""
    parts = path.replace("\\", "/").split("/")
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    has_letter = any(word.isalpha() for word in words_of(stem))
    return stem if has_letter or len(parts) < 2 else f"{parts[-2]} {stem}"
