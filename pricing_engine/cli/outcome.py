"""How a command ends: its exit codes, and the one place where refusals and failures become words or JSON."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from os import environ
from typing import Any, Final

import typer

from pricing_engine.cli.screen import write_error, write_json
from pricing_engine.errors import DomainError

TRACEBACK_VARIABLE: Final = "PRICING_ENGINE_TRACEBACK"

_USAGE_CODES: Final = frozenset({"invalid-request", "malformed-json", "settings-refused", "cursor-unreadable"})
"""Refusals of what was typed rather than of what was asked for."""


class ExitCode(IntEnum):
    """What scripts branch on: refused is an answer, wrong usage is the caller's mistake, failed is neither."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    FAILED = 3


class CommandStopped(Exception):
    """A command cannot go on; what is wrong, how to mend it, and the exit code that says of which kind it is.

    `report` is what a person reads before that, `facts` the same for machines.
    """

    def __init__(
        self,
        what: str,
        *,
        exit_code: ExitCode,
        code: str,
        fix: str = "",
        where: str = "",
        report: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.exit_code = exit_code
        self.code = code
        self.where = where
        self.report = report
        self.facts = dict(facts or {})


def usage(what: str, *, fix: str = "", where: str = "") -> CommandStopped:
    """The exception for something that was typed wrongly; `where` is the option it stands in."""
    return CommandStopped(what, fix=fix, where=where, exit_code=ExitCode.USAGE, code="usage")


def failed(what: str, *, fix: str = "", code: str = "failed") -> CommandStopped:
    """The exception for something outside the program that is not as it must be."""
    return CommandStopped(what, fix=fix, exit_code=ExitCode.FAILED, code=code)


@contextmanager
def outcome_shown(*, as_json: bool, origins: Mapping[str, str] | None = None) -> Iterator[None]:
    """Ends the process with a message and the right exit code when the block raises; never with a traceback.

    Shape: `origins` says for JSON pointers into a request which option of the command line they came from.
    """
    try:
        yield
    except CommandStopped as stopped:
        problem = _problem(stopped.code, stopped.what, stopped.fix, stopped.where, **stopped.facts)
        _end(problem, stopped.exit_code, as_json=as_json, report=stopped.report)
    except DomainError as refused:
        exit_code = ExitCode.USAGE if refused.code in _USAGE_CODES else ExitCode.REFUSED
        _end(_problem_of(refused, origins or {}), exit_code, as_json=as_json, page=refused.code)
    except (typer.Exit, typer.Abort, KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 -- the last place before the user, who is owed a sentence
        _end(_problem_of_failure(error), ExitCode.FAILED, as_json=as_json)


def _problem(code: str, what: str, fix: str, where: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "detail": what, "fix": fix, "where": where, **more}


def _problem_of(refused: DomainError, origins: Mapping[str, str]) -> dict[str, Any]:
    """The refusal with its place, by option where the pointer is known to come from one."""
    faults = getattr(refused, "faults", ())
    errors = [
        {"where": where_of(fault.where, origins), "code": fault.code, "detail": fault.detail}
        for fault in faults
        if hasattr(fault, "detail")
    ]
    what = "the request cannot be read" if errors else refused.what
    more = {"errors": errors} if errors else {}
    return _problem(refused.code, what, refused.fix, where_of(refused.pointer, origins), **more)


def _problem_of_failure(error: Exception) -> dict[str, Any]:
    """What an error nobody foresaw says about itself: its first line, for later ones may quote statements and data."""
    if environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
    said = str(error).strip().split("\n")[0]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    fix = f"if this looks like a fault of ours, set {TRACEBACK_VARIABLE}=1 and report what is shown then"
    return _problem("failed", what, fix, "")


def where_of(pointer: str, origins: Mapping[str, str]) -> str:
    """The option a pointer came from, with the pointer when it says more; the pointer alone when none is known."""
    whole = pointer
    while pointer:
        if (origin := origins.get(pointer)) is not None:
            return origin
        pointer = pointer.rpartition("/")[0]
    return whole


_HEADINGS: Final = {ExitCode.REFUSED: "refused", ExitCode.USAGE: "wrong usage", ExitCode.FAILED: "failed"}


def _end(problem: Mapping[str, Any], exit_code: ExitCode, *, as_json: bool, report: str = "", page: str = "") -> None:
    """Says it and ends the process. `page` is the code that `explain` has more about."""
    sys.stdout.flush()
    if as_json:
        write_json({"error": problem})
    else:
        write_error(problem, heading=_HEADINGS[exit_code], report=report, page=page)
    raise typer.Exit(exit_code)
