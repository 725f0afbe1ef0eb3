"""The reference page says what the language does: its examples compile and its codes are the code's own."""

from pathlib import Path

from pricing_engine.expressions import CODES
from pricing_engine.expressions.signatures import SIGNATURES
from tests.unit.expressions.example_scope import codes_of

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "expressions.md").read_text(encoding="utf-8")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def test_every_example_of_the_page_compiles() -> None:
    examples = PAGE.split("```expression\n")[1].split("```")[0].splitlines()
    assert len(examples) >= 9
    assert {example: codes_of(example) for example in examples} == dict.fromkeys(examples, ())


def test_the_page_lists_every_code_as_the_catalogue_has_it() -> None:
    rows = [
        f"| {code} | {_cell(page.title)} | {_cell(page.why)} | `{_cell(page.avoid)}` | `{_cell(page.prefer)}` |"
        for code, page in CODES.items()
    ]
    assert PAGE.split("| --- | --- | --- | --- | --- |\n")[1].splitlines() == rows


def test_the_page_explains_every_function() -> None:
    assert [name for name, signature in SIGNATURES.items() if f"`{signature.written}`" not in PAGE] == []
