"""Every fault code has a folder of files that trigger it and the text people then read; running this file renews them.

A folder lies over the small rules: its files replace or add, the names in absent.txt are left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_engine.rulebook.fault_pages import ALL_CODES
from pricing_engine.rulebook.fault_report import render_text
from pricing_engine.rulebook.faults import Severity
from pricing_engine.rulebook.load import CheckResult, check_rulebook
from tests.unit.rulebook.small_rules import DIGITS, small_rules

FOLDER = Path(__file__).parent / "faults"
TRIGGERS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())

NOT_BY_A_SMALL_FILE = {
    "Y001": "needs 8 MB",
    "Y008": "needs a million values",
    "Y033": "needs a text of 64,000 characters",
    "E014": "such characters are refused by the YAML reader already (Y031)",
    "E069": "no kind of file has lookup tables yet",
    "E410": "needs a thousand rows; tests/unit/rulebook/test_approval_space.py triggers it",
}


def files_of(code: str) -> dict[str, bytes]:
    """The small rules with the folder of a code laid over them."""
    folder = FOLDER / code
    files = small_rules()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("expected.txt", "absent.txt"):
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    absent = folder / "absent.txt"
    for name in absent.read_text(encoding="utf-8").split() if absent.exists() else ():
        del files[name]
    return files


def check(code: str) -> tuple[CheckResult, str]:
    """What checking the folder of a code gives, and its text."""
    files = files_of(code)
    result = check_rulebook(files, currency_digits=DIGITS)
    return result, render_text(result.faults, files) + "\n"


@pytest.mark.parametrize("code", TRIGGERS)
def test_the_files_of_a_code_give_exactly_the_text_beside_them(code: str) -> None:
    result, text = check(code)
    assert code in {fault.code for fault in result.faults}
    assert text == (FOLDER / code / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", TRIGGERS)
def test_an_error_refuses_the_rules_and_a_warning_does_not(code: str) -> None:
    result, _ = check(code)
    refused = any(fault.severity is Severity.ERROR for fault in result.faults)
    assert (result.rulebook is None) == refused
    assert code[0] != "W" or not refused, "the files of a warning trigger nothing worse"


def test_every_code_has_a_folder_and_every_folder_a_code() -> None:
    assert set(TRIGGERS) | set(NOT_BY_A_SMALL_FILE) == set(ALL_CODES)
    assert not set(TRIGGERS) & set(NOT_BY_A_SMALL_FILE), "what has a folder needs no excuse"


def test_every_page_has_all_its_parts_and_a_title_of_its_own() -> None:
    assert all(page.title and page.why and page.avoid and page.prefer for page in ALL_CODES.values())
    assert len({page.title for page in ALL_CODES.values()}) == len(ALL_CODES)


if __name__ == "__main__":
    for trigger in TRIGGERS:
        (FOLDER / trigger / "expected.txt").write_text(check(trigger)[1], encoding="utf-8")
