"""A database that does not answer is named as such by every command, also by those that would migrate it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from pricing_engine.cli.outcome import ExitCode
from pricing_engine.cli.program import program


@pytest.mark.parametrize("command", [("demo",), ("db", "upgrade"), ("db", "downgrade", "base", "--yes")])
def test_a_database_that_does_not_answer_is_no_fault_of_ours(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    # Nothing listens on port 1 of loopback, so the connection is refused at once.
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", "postgresql://who:secret@127.0.0.1:1/nothing")
    result = CliRunner().invoke(program, list(command))
    assert result.exit_code == ExitCode.FAILED
    assert "postgresql://who:***@127.0.0.1:1/nothing does not answer as a database" in result.stderr
    assert "fault of ours" not in result.stderr
