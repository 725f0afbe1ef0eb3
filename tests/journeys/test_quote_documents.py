"""`pricing-engine quotes document`: a file that the customer gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import QUOTE, Run


def kept(run: Run) -> str:
    """The id of a quote that was kept."""
    done = run(*QUOTE, "--save", "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["id"])


def test_a_document_is_written_as_its_file_is_named(demo_database: Path, run: Run, tmp_path: Path) -> None:
    quote = kept(run)
    for name, starts in (("offer.pdf", b"%PDF-"), ("offer.html", b"<!DOCTYPE html>")):
        done = run("quotes", "document", quote, "-o", str(tmp_path / name))
        assert done.exit_code == 0, done.output
        assert (tmp_path / name).read_bytes().startswith(starts)
        assert f"the document of {quote} is in" in done.stderr
    german = run("quotes", "document", quote, "-o", "-", "--format", "html", "--locale", "de-DE")
    assert "01.12.2026" in german.stdout


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("-o", "offer.docx"), "--out"),
        (("-o", "-"), "--out"),
        (("-o", "offer.pdf", "--format", "docx"), "--format"),
        (("-o", "offer.pdf", "--locale", "xx_YY"), "--locale"),
    ],
)
def test_what_cannot_be_written_is_wrong_usage_of_its_option(
    demo_database: Path, run: Run, arguments: tuple[str, ...], where: str
) -> None:
    done = run("quotes", "document", "quo_1", *arguments, "--json")
    assert done.exit_code == 2, done.output
    assert json.loads(done.stdout)["error"]["where"] == where


def test_a_quote_there_is_not_is_refused_and_nothing_is_written(demo_database: Path, run: Run, tmp_path: Path) -> None:
    done = run("quotes", "document", "quo_none", "-o", str(tmp_path / "offer.html"))
    assert done.exit_code == 1
    assert not (tmp_path / "offer.html").exists()
