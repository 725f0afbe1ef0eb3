"""Read one published rulebook version with its files and activations, and say which one is in force."""

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


def find_activation_in_force(desk: Desk, *, as_of: date) -> Activation | None:
    """The activation by which a version is in force at the end of a day, in UTC; None when none is."""
    with desk.reading() as session:
        return rulebooks.activation_in_force(session, as_of)


def find_hash_in_force(desk: Desk, *, as_of: date) -> str | None:
    """The hash of the version in force at the end of a day, in UTC; None when none is."""
    with desk.reading() as session:
        try:
            return rulebooks.hash_in_force(session, as_of)
        except rulebooks.NoRulebookInForce:
            return None
