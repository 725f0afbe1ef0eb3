"""`contracts import` never writes its bad rows over what it reads, by whatever name that is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pricing_engine.cli.outcome import ExitCode
from pricing_engine.cli.program import program


@pytest.mark.parametrize("read", ["book.csv", "mapping.yaml", "accounts.csv"])
def test_bad_rows_are_not_written_over_a_file_that_is_read(read: str, tmp_path: Path) -> None:
    for name in ("book.csv", "mapping.yaml", "accounts.csv"):
        (tmp_path / name).write_text("what was there\n", encoding="utf-8")
    (tmp_path / "other-name").symlink_to(tmp_path / read)
    files = ["--mapping", str(tmp_path / "mapping.yaml"), "--accounts", str(tmp_path / "accounts.csv")]
    bad_rows = ["--bad-rows", str(tmp_path / "other-name")]
    result = CliRunner().invoke(program, ["contracts", "import", str(tmp_path / "book.csv"), *files, *bad_rows])
    assert result.exit_code == ExitCode.USAGE
    assert "is what is imported" in result.stderr
    assert (tmp_path / read).read_text(encoding="utf-8") == "what was there\n"
