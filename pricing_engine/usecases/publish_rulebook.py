"""Publish rule files as an immutable version, and say from when a version counts: publishing is not activating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed_version

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.storage import rulebooks
from pricing_engine.storage.session import Session
from pricing_engine.usecases.records import Activation, RulebookSummary, StoredRulebook

RULE_LANGUAGE = "1"


class ReasonMissing(DomainError):
    """A version is to be activated without saying why."""

    code = "activation-reason-missing"


@dataclass(frozen=True, slots=True)
class PublishedRulebook:
    """The version as stored, whether this publishing stored it, and its activation if one was asked for."""

    summary: RulebookSummary
    is_new: bool
    activation: Activation | None


def publish_rulebook(
    desk: Desk,
    files: Mapping[str, bytes],
    *,
    author: str,
    activate: bool = False,
    reason: str = "",
    from_instant: datetime | None = None,
    commit: str | None = None,
) -> PublishedRulebook:
    """The version these files make; one with the same content that is there already stays, with its first author.

    With `activate` it counts from `from_instant` (now, if None).
    Raises: RulebookRefused with every fault; ReasonMissing.
    """
    rulebook = load_rulebook(files, currency_digits=desk.currency_digits)
    digits = {code: currency.digits for code, currency in rulebook.currencies.items()}
    summary = RulebookSummary(
        hash=rulebook.hash,
        name=rulebook.name,
        engine_version=installed_version("pricing-engine"),
        language=RULE_LANGUAGE,
        author=author,
        commit=commit,
        created_at=desk.now(),
    )
    with desk.transaction() as session:
        is_new = rulebooks.save_version(session, StoredRulebook(summary, dict(files), digits))
        if not is_new:
            summary = rulebooks.load_version(session, summary.hash).summary
        activation = _activate(desk, session, summary.hash, from_instant, reason, author) if activate else None
    return PublishedRulebook(summary, is_new, activation)


def activate_rulebook(
    desk: Desk, *, hash: str, reason: str, by: str, from_instant: datetime | None = None
) -> Activation:
    """The activation that makes a published version count from `from_instant` (now, if None); also how to roll back.

    Raises: RulebookNotFound; ReasonMissing.
    """
    with desk.transaction() as session:
        rulebooks.load_version(session, hash)
        return _activate(desk, session, hash, from_instant, reason, by)


def _activate(
    desk: Desk, session: Session, hash: str, from_instant: datetime | None, reason: str, by: str
) -> Activation:
    if not reason.strip():
        raise ReasonMissing(
            "a rulebook is activated for a reason", fix="say why this version should count", pointer="/reason"
        )
    now = desk.now()
    activation = Activation(desk.new_id("act"), hash, from_instant or now, reason, by, now)
    rulebooks.activate(session, activation)
    return activation
