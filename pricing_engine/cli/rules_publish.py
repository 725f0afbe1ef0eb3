"""`rules publish`: store the rules as an immutable version, and with --activate make it count."""

from __future__ import annotations

import getpass
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.rules_check import RULES, Directory
from pricing_engine.cli.screen import JsonFlag, say, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.cli.rule_folder import RuleFolder
    from pricing_engine.rulechecks.examples import ExamplesReport
    from pricing_engine.usecases.publish_rulebook import PublishedRulebook
    from pricing_engine.usecases.records import Activation

Despite = Annotated[
    str | None,
    typer.Option(
        "--despite-failed-examples", metavar="WHY", help="Activate although examples fail; kept with the reason."
    ),
]

Backdate = Annotated[
    bool, typer.Option("--backdate", help="Let --from be a past day, though as-of answers since then change.")
]


def publish(
    directory: Directory = RULES,
    activate: Annotated[bool, typer.Option("--activate", help="Make this version count.")] = False,
    reason: Annotated[str, typer.Option(help="Why it should count; needed with --activate.")] = "",
    from_: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="From when, as 2026-12-01 or 2026-12-01T08:00:00Z.")
    ] = None,
    backdate: Backdate = False,
    despite: Despite = None,
    author: Annotated[str | None, typer.Option(help="Who publishes; the user of this machine if absent.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Store the rules as a version that never changes. Publishing alone changes no price: activating does.

    Rules whose worked examples fail can be published, but not activated without saying why.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook
        from pricing_engine.rulechecks.examples import run_examples
        from pricing_engine.usecases.publish_rulebook import publish_rulebook

        _check_activation(activate, reason, from_, despite)
        folder = check_rule_folder(directory)
        examples = run_examples(folder.files, compiled_rulebook(folder))
        if activate and not examples.passed:
            reason = _reason_despite(folder, examples, reason, despite)
        with open_ready_desk() as desk:
            published = publish_rulebook(
                desk,
                folder.files,
                author=author or getpass.getuser(),
                activate=activate,
                reason=reason,
                from_instant=None if from_ is None else read_instant(from_),
                backdate=backdate,
                commit=commit_of(directory),
            )
        _show(published, folder, examples, as_json=as_json)


def _show(published: PublishedRulebook, folder: RuleFolder, examples: ExamplesReport, *, as_json: bool) -> None:
    from pricing_engine.cli.rules_examples import examples_do_not_hold

    if as_json:
        write_json(_json(published) | {"examples_passed": examples.passed})
        return
    write_text(_text(published))
    if not examples.passed:
        say(examples_do_not_hold(folder, examples))


def _reason_despite(folder: RuleFolder, examples: ExamplesReport, reason: str, despite: str | None) -> str:
    """The reason that is kept for good, so that whoever asks later finds that it was known.

    Raises: CommandStopped when nobody says why.
    """
    from pricing_engine.cli.rules_examples import examples_refused

    if despite is None:
        raise examples_refused(folder, examples)
    return f"{reason} (despite failed examples: {despite})"


def _check_activation(activate: bool, reason: str, from_: str | None, despite: str | None) -> None:
    if despite is not None and not (activate and despite.strip()):
        fix = '--activate --despite-failed-examples "the examples follow tomorrow"'
        raise usage("--despite-failed-examples says why a version may count all the same", fix=fix)
    if activate and not reason.strip():
        raise usage("a rulebook is activated for a reason", fix='add --reason "list review 2027"', where="--activate")
    if not activate and (reason or from_):
        raise usage("--reason and --from say why and when a version counts", fix="add --activate, or leave them out")


def read_instant(text: str) -> datetime:
    """The instant in UTC; a day alone is its first moment.

    Raises: CommandStopped.
    """
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC) if len(text) == 10 else _with_zone(text)
    except ValueError:
        raise usage(f"{text} is no instant", fix="write 2026-12-01, or 2026-12-01T08:00:00Z", where="--from") from None


def _with_zone(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone is another one on every machine")
    return instant.astimezone(UTC)


def commit_of(directory: Path) -> str | None:
    """The commit these files are exactly those of; None when they have been changed since, or are in no repository."""
    changes = _git(directory, "status", "--porcelain", "--", ".")
    return (_git(directory, "rev-parse", "HEAD") or None) if changes == "" else None


def _git(directory: Path, *arguments: str) -> str | None:
    """What git answers; None when it is not there or refuses."""
    command = ["git", "-C", str(directory), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _json(published: PublishedRulebook) -> dict[str, Any]:
    summary, activation = published.summary, published.activation
    return {
        "hash": summary.hash,
        "name": summary.name,
        "author": summary.author,
        "commit": summary.commit,
        "created_at": summary.created_at.isoformat(),
        "is_new": published.is_new,
        "activation": _activation_json(activation),
        "in_force": _activation_json(published.in_force),
    }


def _activation_json(activation: Activation | None) -> dict[str, Any] | None:
    if activation is None:
        return None
    return {
        "id": activation.id,
        "rulebook": activation.rulebook,
        "from_instant": activation.from_instant.isoformat(),
        "reason": activation.reason,
        "by": activation.by,
    }


def _text(published: PublishedRulebook) -> str:
    summary, activation = published.summary, published.activation
    version = f"{summary.name}, rulebook {summary.hash[:12]}"
    first = f"published {version}" if published.is_new else f"{version} is there already, published by {summary.author}"
    if activation is None:
        return f"{first}\npublishing alone changes no price: --activate --reason … makes it count"
    counts = f"{first}\nactive from {_moment(activation)}: {activation.reason}"
    in_force = published.in_force
    if in_force is None:
        return f"{counts}\nin force today: no rulebook yet"
    if in_force.id == activation.id:
        return counts
    today = f"rulebook {in_force.rulebook[:12]}, active from {_moment(in_force)}: {in_force.reason}"
    return f"{counts}\nin force today, though: {today}"


def _moment(activation: Activation) -> str:
    return f"{activation.from_instant:%Y-%m-%d %H:%M:%S} UTC"
