"""Every fault and finding has a page, and the reference shows it."""

from __future__ import annotations

import ast
from pathlib import Path

from pricing_engine.policies.finding_codes import FINDING_CODES
from tests.code_docs import FOLDER, documents

CORE = Path(__file__).parents[2] / "pricing_engine"


def test_the_reference_shows_every_page_as_it_is() -> None:
    """Run `python -m tests.code_docs` after changing a page."""
    for name, text in documents().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text


def _codes_of_findings() -> set[str]:
    """The first argument, or `code=`, of every call that makes a finding."""
    codes = set()
    for path in [*(CORE / "quoting").rglob("*.py"), *(CORE / "pricing").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Finding", "_refusal"}:
                given = [word.value for word in node.keywords if word.arg == "code"] or node.args[:1]
                codes |= {each.value for each in given if isinstance(each, ast.Constant)}
    return codes


def test_every_finding_has_a_page_and_every_page_a_finding() -> None:
    assert _codes_of_findings() == set(FINDING_CODES)
