"""`pricing-engine secrets`: make a key, seal the secrets in the database under the newest, and see how they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import typer

from pricing_engine.cli.acting import By, actor_of
from pricing_engine.cli.outcome import ExitCode, outcome_shown
from pricing_engine.cli.screen import JsonFlag, say, write_json, write_text

if TYPE_CHECKING:
    from pricing_engine.usecases.seal_secrets import KeyUse, SecretsFound, SecretsSealed

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Keep secrets in the database sealed.")

_KEYS: Final = {
    "newest": "the newest: it seals",
    "older": "older: it only opens",
    "missing": "not given: what it seals cannot be opened",
    "none": "stands open",
}


@group.command("make-key")
def make_key(as_json: JsonFlag = False) -> None:
    """Print a new key. Keep it in a file that PRICING_ENGINE_SECRETS_KEYS_FILE names, and apart from backups."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.usecases.seal_secrets import new_key

        key, id_ = new_key()
        if as_json:
            write_json({"key": key, "id": id_})
        else:
            write_text(key)
            say(f"This is the key {id_}. It is kept nowhere: without it, what it seals is lost.")


@group.command("seal")
def seal(by: By = None, as_json: JsonFlag = False) -> None:
    """Seal what stands open, or is sealed under an older key, under the newest. Done again it changes nothing.

    Ends with 1 where something cannot be opened, and names it.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.seal_secrets import seal_secrets

        actor = actor_of(by, "admin")
        with open_ready_desk() as desk:
            done = seal_secrets(desk, actor=actor)
        if as_json:
            write_json(_sealed_json(done) | _found_json(done.found))
        else:
            sealed = f"{_counted(done.webhook_secrets, done.kept_answers)} sealed anew"
            write_text("\n".join([sealed, *_lines(done.found)]))
        if done.stood_open:
            say(
                f"{done.stood_open} stood open until now, and do in older backups: webhooks rotate-secret replaces one."
            )
    _end(done.found)


@group.command("status")
def status(as_json: JsonFlag = False) -> None:
    """Say under which keys secrets are sealed, which stand open, and which keys are needed no longer.

    Ends with 1 where something cannot be opened, and names it.
    """
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.seal_secrets import read_secrets

        with open_ready_desk() as desk:
            found = read_secrets(desk)
        if as_json:
            write_json(_found_json(found))
        else:
            write_text("\n".join(_lines(found)))
    _end(found)


def _end(found: SecretsFound) -> None:
    if found.unopened:
        raise typer.Exit(ExitCode.REFUSED)


def _lines(found: SecretsFound) -> Iterator[str]:
    """What was found, for a person."""
    if not found.keys:
        yield "there is no key, and no secret"
    for use in found.keys:
        yield f"{use.key or 'no key':<12}  {_counted(use.webhook_secrets, use.kept_answers)}; {_words(use)}"
    yield from found.unopened


def _words(use: KeyUse) -> str:
    is_idle = use.state == "older" and not use.webhook_secrets + use.kept_answers
    return "older: it is needed no longer" if is_idle else _KEYS[use.state]


def _counted(secrets: int, answers: int) -> str:
    return (
        f"{secrets} secret{'' if secrets == 1 else 's'} of webhooks, {answers} kept answer{'' if answers == 1 else 's'}"
    )


def _sealed_json(done: SecretsSealed) -> dict[str, Any]:
    sealed = {"webhook_secrets": done.webhook_secrets, "kept_answers": done.kept_answers}
    return {"sealed_anew": sealed, "stood_open": done.stood_open}


def _found_json(found: SecretsFound) -> dict[str, Any]:
    keys = [
        {"key": use.key, "state": use.state, "webhook_secrets": use.webhook_secrets, "kept_answers": use.kept_answers}
        for use in found.keys
    ]
    return {"keys": keys, "cannot_be_opened": list(found.unopened)}
