"""How commands end: the exit code says of which kind it is, and nobody sees a traceback."""

from __future__ import annotations

import json

import pytest
import typer

from pricing_engine.cli.outcome import TRACEBACK_VARIABLE, ExitCode, failed, outcome_shown, usage
from pricing_engine.errors import DomainError
from pricing_engine.quoting.refusals import UnknownTier


def ended(error: Exception, *, as_json: bool = False) -> int:
    """The exit code of a command that raises."""
    with pytest.raises(typer.Exit) as end, outcome_shown(as_json=as_json, origins={"/tier": "--tier gold"}):
        raise error
    return end.value.exit_code


REFUSAL = UnknownTier("there is no tier gold", fix="did you mean growth?", pointer="/tier")


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (REFUSAL, ExitCode.REFUSED),
        (usage("no"), ExitCode.USAGE),
        (failed("no"), ExitCode.FAILED),
        (ZeroDivisionError("division by zero"), ExitCode.FAILED),
    ],
)
def test_the_exit_code_tells_refused_from_wrong_usage_and_from_failed(error: Exception, exit_code: ExitCode):
    assert ended(error) == exit_code


def test_a_refusal_says_what_where_and_how_to_mend_it(capsys: pytest.CaptureFixture[str]):
    ended(REFUSAL)
    assert capsys.readouterr().err.splitlines() == [
        "refused: there is no tier gold",
        "  where --tier gold",
        "  fix   did you mean growth?",
        "  see   pricing-engine explain unknown-tier",
    ]


def test_a_refusal_as_json_goes_to_stdout(capsys: pytest.CaptureFixture[str]):
    ended(REFUSAL, as_json=True)
    written = capsys.readouterr()
    assert json.loads(written.out) == {
        "error": {
            "code": "unknown-tier",
            "detail": "there is no tier gold",
            "fix": "did you mean growth?",
            "where": "--tier gold",
        }
    }
    assert written.err == ""


def test_a_fault_of_ours_shows_its_first_line_and_where_only_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    error = RuntimeError("broken\nSELECT secret FROM accounts")
    ended(error)
    said = capsys.readouterr().err
    assert "failed: RuntimeError: broken" in said
    assert "secret" not in said
    assert "Traceback" not in said
    monkeypatch.setenv(TRACEBACK_VARIABLE, "1")
    ended(error)
    assert "Traceback" in capsys.readouterr().err


def test_square_brackets_of_a_message_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]):
    class Bracketed(DomainError):
        code = "bracketed"

    ended(Bracketed("[bold]no[/bold] such thing as [1]"))
    assert "refused: [bold]no[/bold] such thing as [1]" in capsys.readouterr().err
