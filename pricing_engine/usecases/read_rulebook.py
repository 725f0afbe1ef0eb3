"""Read one published rulebook version with its files and activations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.storage import rulebooks
from pricing_engine.usecases.records import Activation, StoredRulebook


@dataclass(frozen=True, slots=True)
class RulebookRecord:
    """A version as it was published, and every activation of it."""

    version: StoredRulebook
    activations: tuple[Activation, ...]


def read_rulebook(desk: Desk, *, hash: str) -> RulebookRecord:
    """The version with this hash.

    Raises: RulebookNotFound.
    """
    with desk.reading() as session:
        return RulebookRecord(rulebooks.load_version(session, hash), rulebooks.activations(session, hash))


def read_rulebook_in_force(desk: Desk, *, as_of: date) -> RulebookRecord:
    """The version in force at the end of a day, in UTC.

    Raises: NoRulebookInForce.
    """
    with desk.reading() as session:
        hash_ = rulebooks.hash_in_force(session, as_of)
        return RulebookRecord(rulebooks.load_version(session, hash_), rulebooks.activations(session, hash_))
