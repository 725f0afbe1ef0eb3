"""The pages under docs/reference/problems, made from the tables: `python -m tests.api.problem_docs` writes them."""

from pathlib import Path

from pricing_engine.api.problem_pages import page_text
from pricing_engine.api.problem_table import PROBLEMS

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "problems"


def pages() -> dict[str, str]:
    """File name → text, with an index."""
    listed = [
        f"| [{code}]({code}.md) | {entry.status} | {entry.page.title} |" for code, entry in sorted(PROBLEMS.items())
    ]
    head = "# Problems\n\nWhat each error code of the API means.\n\n| code | status | title |\n| --- | --- | --- |\n"
    index = head + "\n".join(listed) + "\n"
    return {"README.md": index} | {f"{code}.md": page_text(entry) for code, entry in PROBLEMS.items()}


def write() -> None:
    """Writes every page and removes those of codes that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
