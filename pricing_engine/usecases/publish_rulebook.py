"""Publish rule files as an immutable version, and say from when a version counts: publishing is not activating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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


class ActivationBackdated(DomainError):
    """An activation from a past day would change what as-of days since then answer, and nobody said that it may."""

    code = "activation-backdated"


@dataclass(frozen=True, slots=True)
class PublishedRulebook:
    """The version as stored, whether this publishing stored it, and its activation if one was asked for.

    `in_force` is the activation that counts today, which may be another version's.
    """

    summary: RulebookSummary
    is_new: bool
    activation: Activation | None
    in_force: Activation | None


def publish_rulebook(
    desk: Desk,
    files: Mapping[str, bytes],
    *,
    author: str,
    activate: bool = False,
    reason: str = "",
    from_instant: datetime | None = None,
    backdate: bool = False,
    commit: str | None = None,
) -> PublishedRulebook:
    """The version these files make; one with the same content that is there already stays, with its first author.

    With `activate` it counts from `from_instant` (now, if None); `backdate` lets that change past answers.
    Raises: RulebookRefused with every fault; ReasonMissing; ActivationBackdated.
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
        activation = None
        if activate:
            asked = Activation(desk.new_id("act"), summary.hash, from_instant or desk.now(), reason, author, desk.now())
            activation = _activate(session, asked, backdate=backdate)
        in_force = rulebooks.activation_in_force(session, desk.today())
    return PublishedRulebook(summary, is_new, activation, in_force)


def activate_rulebook(
    desk: Desk, *, hash: str, reason: str, by: str, from_instant: datetime | None = None, backdate: bool = False
) -> Activation:
    """The activation that makes a published version count from `from_instant` (now, if None); also how to roll back.

    Raises: RulebookNotFound; ReasonMissing; ActivationBackdated.
    """
    now = desk.now()
    with desk.transaction() as session:
        rulebooks.load_version(session, hash)
        asked = Activation(desk.new_id("act"), hash, from_instant or now, reason, by, now)
        return _activate(session, asked, backdate=backdate)


def _activate(session: Session, asked: Activation, *, backdate: bool) -> Activation:
    if not asked.reason.strip():
        raise ReasonMissing(
            "a rulebook is activated for a reason", fix="say why this version should count", pointer="/reason"
        )
    first_day, today = (instant.astimezone(UTC).date() for instant in (asked.from_instant, asked.created_at))
    if not backdate and first_day < today and rulebooks.activation_in_force(session, first_day):
        raise ActivationBackdated(
            f"a rulebook was in force on {first_day}: what as-of days since then answer would change",
            fix="let it count from now, or say that the past may change: --backdate",
            first_day=first_day,
        )
    rulebooks.activate(session, asked)
    return asked
