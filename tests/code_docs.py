"""The reference of faults and findings, made from their pages: `python -m tests.code_docs` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pricing_engine.errors import CodePage
from pricing_engine.policies.finding_codes import FINDING_CODES
from pricing_engine.rulebook.fault_pages import ALL_CODES
from pricing_engine.rulechecks.example_codes import EXAMPLE_CODES

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def documents() -> dict[str, str]:
    """File name → text."""
    faults = "What `rules check` and `rules test` say, by code: Y is reading, E an error, W a warning."
    findings = "What a quote says. *Info* needs nobody, *approval* needs somebody, a *refusal* cannot be approved."
    return {
        "faults.md": _document("Faults of rule files", faults, {**ALL_CODES, **EXAMPLE_CODES}),
        "findings.md": _document("Findings on quotes", findings, FINDING_CODES),
    }


def _document(title: str, intro: str, pages: Mapping[str, CodePage]) -> str:
    parts = [f"# {title}", intro]
    for code, page in sorted(pages.items()):
        parts += [f"## {code}: {page.title}", page.why]
        parts += ["Avoid", _code(page.avoid), "Prefer", _code(page.prefer)]
    return "\n\n".join(parts) + "\n"


def _code(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def write() -> None:
    """Writes both documents."""
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
