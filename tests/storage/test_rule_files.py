"""Reading a directory of rules: what belongs to it comes back byte by byte, and nothing else is ever read."""

import os
from pathlib import Path

import pytest

from pricing_engine.storage.rule_files import FileLimits, RuleFilesRefused, read_rule_files


def write(directory: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory


def complaints(directory: Path, **limits: int) -> tuple[str, ...]:
    with pytest.raises(RuleFilesRefused) as refused:
        read_rule_files(directory, limits=FileLimits(**limits))
    return refused.value.complaints


def test_yaml_and_csv_files_come_back_byte_by_byte_in_any_folder(tmp_path: Path) -> None:
    write(tmp_path, {"rulebook.yaml": b"a: 1\r\n", "products/crm.yaml": b"\xef\xbb\xbfb", "a/b/bands.csv": b"\xff"})
    assert read_rule_files(tmp_path) == {
        "rulebook.yaml": b"a: 1\r\n",
        "products/crm.yaml": b"\xef\xbb\xbfb",
        "a/b/bands.csv": b"\xff",
    }


def test_a_rule_file_with_another_ending_comes_back_too_so_that_the_check_can_name_it(tmp_path: Path) -> None:
    write(tmp_path, {"rulebook.yaml": b"", "discounts/new-deal.yml": b"a", "OLD.YAML": b"b"})
    assert set(read_rule_files(tmp_path)) == {"rulebook.yaml", "discounts/new-deal.yml", "OLD.YAML"}


def test_other_files_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"rulebook.yaml": b"", "README.md": b"x", ".git/config.yaml": b"x", ".swap.yaml": b"x"})
    assert set(read_rule_files(tmp_path)) == {"rulebook.yaml"}


def test_a_link_that_leads_out_is_refused_and_not_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside", {"secret.yaml": b"password"}) / "secret.yaml"
    rules = write(tmp_path / "rules", {"rulebook.yaml": b""})
    (rules / "prices.yaml").symlink_to(secret)
    assert complaints(rules) == ("prices.yaml is a link that leads out of the rules",)


def test_a_link_that_stays_inside_is_read_as_a_mounted_configuration_has_them(tmp_path: Path) -> None:
    write(tmp_path, {".data/rulebook.yaml": b"a"})
    (tmp_path / "rulebook.yaml").symlink_to(Path(".data") / "rulebook.yaml")
    assert read_rule_files(tmp_path) == {"rulebook.yaml": b"a"}


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    rules = write(tmp_path / "rules", {"rulebook.yaml": b""})
    (rules / "loop").symlink_to(rules)
    assert complaints(rules) == ("loop is a link to a folder",)


def test_a_broken_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rulebook.yaml").symlink_to(tmp_path / "gone.yaml")
    assert complaints(tmp_path) == ("rulebook.yaml cannot be read: No such file or directory",)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rulebook.yaml")
    assert complaints(tmp_path) == ("rulebook.yaml is not a regular file",)


def test_two_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"CRM.yaml": b"1", "crm.yaml": b"2"})
    assert complaints(tmp_path) == ("crm.yaml and CRM.yaml are one name on machines that ignore case",)


def test_two_spellings_of_one_accent_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"caf\u00e9.yaml": b"1", "cafe\u0301.yaml": b"2"})
    assert len(complaints(tmp_path)) == 1


def test_a_file_of_exactly_the_limit_is_read_and_one_byte_more_refused(tmp_path: Path) -> None:
    write(tmp_path, {"rulebook.yaml": b"x" * 10})
    assert len(read_rule_files(tmp_path, limits=FileLimits(file_bytes=10))["rulebook.yaml"]) == 10
    assert complaints(tmp_path, file_bytes=9) == ("rulebook.yaml is larger than 9 bytes",)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": b"", "b.yaml": b"", "c.yaml": b""})
    assert len(read_rule_files(tmp_path, limits=FileLimits(files=3))) == 3
    assert "more than 2 files" in complaints(tmp_path, files=2)[0]


def test_too_many_bytes_in_all_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": b"12345", "b.yaml": b"12345"})
    assert len(read_rule_files(tmp_path, limits=FileLimits(total_bytes=10))) == 2
    assert "or 9 bytes" in complaints(tmp_path, total_bytes=9)[0]


def test_every_complaint_is_made_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": b"123", "b.yaml": b"123", "c.yaml": b"1"})
    assert len(complaints(tmp_path, file_bytes=2)) == 2


def test_a_name_that_cannot_be_shown_is_refused_in_plain_letters(tmp_path: Path) -> None:
    write(tmp_path, {"a\nb.yaml": b"1"})
    assert complaints(tmp_path) == (r"a\nb.yaml has a name that cannot be shown",)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_bytes(b""), lambda path: path.mkdir()])
def test_no_rules_at_all_are_refused(tmp_path: Path, make: object) -> None:
    place = tmp_path / "rules"
    assert callable(make)
    make(place)
    assert len(complaints(place)) == 1
