"""Writing an imported repository: whole or not at all, also where a file is in the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pricing_engine.cli.outcome import CommandStopped
from pricing_engine.cli.rules_import import replace_directory
from pricing_engine.cli.rules_publish import commit_of, read_instant


def test_a_directory_holds_exactly_the_new_files(tmp_path: Path):
    target = tmp_path / "out"
    (target / "old").mkdir(parents=True)
    (target / "old" / "gone.yaml").write_text("old", "utf-8")
    replace_directory(target, {"a.yaml": "a\n", "deep/b.yaml": "b\n"})
    assert {path.relative_to(target).as_posix() for path in target.rglob("*.yaml")} == {"a.yaml", "deep/b.yaml"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_that_cannot_be_written_leaves_the_directory_as_it_was(tmp_path: Path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "kept.yaml").write_text("kept", "utf-8")
    with pytest.raises(OSError, match=r"a\.yaml"):
        replace_directory(target, {"a.yaml": "a", "a.yaml/b.yaml": "b"})
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "kept.yaml"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12-01T08:00:00Z", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-12-01T08:00:00+02:00", datetime(2026, 12, 1, 6, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc(text: str, instant: datetime):
    assert read_instant(text) == instant


@pytest.mark.parametrize("text", ["2026-12-01T08:00:00", "2026-02-30", "soon", ""])
def test_an_instant_without_a_zone_or_sense_is_wrong_usage(text: str):
    with pytest.raises(CommandStopped, match="is no instant"):
        read_instant(text)


def test_files_outside_a_repository_have_no_commit(tmp_path: Path):
    assert commit_of(tmp_path) is None
