"""Secrets in the database: under which keys they are sealed, and all of them sealed anew under the newest."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_bytes
from typing import Any, Final

from structlog.typing import FilteringBoundLogger

from pricing_engine.desk import Desk
from pricing_engine.settings import SEALING_KEY_BYTES
from pricing_engine.storage import journal, kept_answers, webhook_endpoints
from pricing_engine.storage.sealing import KEYS_SETTING, KeptSecret, SealingKey, SealState, SecretNotOpened, key_of
from pricing_engine.storage.session import Session
from pricing_engine.storage.webhook_endpoints import Endpoint
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.webhooks import sealed_anew

_WITH_SECRET: Final = b'{"id":"whk_'
"""How answers begin that say the secret of a webhook; those of before there were keys stand open."""


class KeyState(StrEnum):
    """Whether a key seals, only opens, or is one that this process was not given; `none`: what stands open."""

    NEWEST = "newest"
    OLDER = "older"
    MISSING = "missing"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How much is sealed under a key, by its id."""

    key: str | None
    state: KeyState
    webhook_secrets: int
    kept_answers: int


@dataclass(frozen=True, slots=True)
class SecretsFound:
    """Every key that was given or seals something, newest first, what stands open last; and why what does not open."""

    keys: tuple[KeyUse, ...]
    unopened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecretsSealed:
    """How many were sealed anew, how many of these stood open until now, and what is found afterwards."""

    webhook_secrets: int
    kept_answers: int
    stood_open: int
    found: SecretsFound


def new_key() -> tuple[str, str]:
    """A key as settings take it, and its id."""
    key = token_bytes(SEALING_KEY_BYTES)
    return urlsafe_b64encode(key).decode("ascii"), SealingKey.of(key).id


def read_secrets(desk: Desk) -> SecretsFound:
    """How the secrets of this tenant are kept."""
    with desk.reading_still() as session:
        secrets, answers = _secrets(session), list(_answers(session).values())
    uses = _uses(desk.seals.keys, secrets, answers)
    return SecretsFound(tuple(uses), tuple(why.what for why in _unopened(secrets + answers)))


def seal_secrets(desk: Desk, *, actor: Actor) -> SecretsSealed:
    """Seals what stands open or is sealed under an older key; done again it changes nothing.

    Old secrets of webhooks that no longer sign are forgotten. What was sealed is entered in the audit log.
    Raises: SealingKeyMissing.
    """
    key = desk.seals.newest()
    with desk.reading() as session:
        # Looked for before: it takes long where many answers are kept, and nobody should wait to write meanwhile.
        answers = _answers(session)
    with desk.transaction() as session:
        endpoints = webhook_endpoints.every(session, held=True)
        before = [kept for endpoint in endpoints for _, kept in endpoint.kept_secrets()] + list(answers.values())
        secrets = sum(_seal_endpoint(session, endpoint, desk.now()) for endpoint in endpoints)
        sealed = sum(kept_answers.seal_anew(session, name, kept) for name, kept in answers.items())
        if secrets + sealed:
            data = {"webhook_secrets": secrets, "kept_answers": sealed}
            entry = journal.Happening(desk.new_id("evt"), "secrets.sealed", key.id, desk.now(), *actor, data)
            journal.enter(session, entry)
    stood_open = sum(kept.state is SealState.OPEN for kept in before)
    return SecretsSealed(secrets, sealed, stood_open, read_secrets(desk))


def log_secrets(desk: Desk, log: FilteringBoundLogger) -> None:
    """Says when a process starts what secrets of webhooks stand open or cannot be opened, and if none can be made."""
    if desk.seals.must_seal and not desk.seals.keys:
        log.warning("no key to seal secrets with", fix=f"set {KEYS_SETTING}: without it no secret is made")
    with desk.reading() as session:
        secrets = _secrets(session)
    for why in _unopened(secrets):
        log.error("secret not opened", why=why.what, fix=why.fix)
    if stand_open := sum(kept.state is SealState.OPEN for kept in secrets):
        given = "" if desk.seals.keys else f"set {KEYS_SETTING}, and "
        log.warning("secrets stand open", secrets=stand_open, fix=f"{given}run `pricing-engine secrets seal`")


def _seal_endpoint(session: Session, endpoint: Endpoint, now: datetime) -> int:
    """How many secrets of an endpoint were sealed anew."""
    columns: dict[str, Any] = dict(sealed_anew(endpoint))
    if endpoint.old_secret_until is not None and endpoint.old_secret_until <= now:
        columns |= {"old_secret": None, "old_secret_until": None}
    webhook_endpoints.change(session, endpoint.id, **columns)
    return sum(isinstance(each, KeptSecret) for each in columns.values())


def _secrets(session: Session) -> list[KeptSecret]:
    return [kept for endpoint in webhook_endpoints.every(session) for _, kept in endpoint.kept_secrets()]


def _answers(session: Session) -> Mapping[str, KeptSecret]:
    return kept_answers.with_secrets(session, beginning=_WITH_SECRET)


def _uses(given: Sequence[SealingKey], secrets: Iterable[KeptSecret], answers: Iterable[KeptSecret]) -> list[KeyUse]:
    """How much each key seals."""
    by_key = [Counter(key_of(kept.text) for kept in found) for found in (secrets, answers)]
    states: dict[str | None, KeyState] = {key.id: KeyState.OLDER for key in given}
    if given:
        states[given[0].id] = KeyState.NEWEST
    missing = sorted({key for counted in by_key for key in counted if key is not None} - states.keys())
    states |= dict.fromkeys(missing, KeyState.MISSING)
    if any(None in counted for counted in by_key):
        states[None] = KeyState.NONE
    return [KeyUse(key, state, by_key[0][key], by_key[1][key]) for key, state in states.items()]


def _unopened(secrets: Iterable[KeptSecret]) -> list[SecretNotOpened]:
    found = []
    for kept in secrets:
        try:
            kept.open()
        except SecretNotOpened as why:
            found.append(why)
    return found
