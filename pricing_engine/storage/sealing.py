"""Seals secrets before they are kept, so that whoever reads the database or a backup of it learns none of them.

What is sealed is a text of its own: `sealed:1:`, the id of the key, and in base64 a nonce and what AES-256-GCM makes of
the secret. A text that does not begin so stands open, as all did before there were keys.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import orjson

from pricing_engine.errors import DomainError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TAG: Final = "sealed:"
KEYS_SETTING: Final = "PRICING_ENGINE_SECRETS_KEYS_FILE"

_FORM: Final = f"{TAG}1:"
_NONCE_BYTES: Final = 12
_ID_DIGITS: Final = 12


class SealingKeyMissing(DomainError):
    """There is no key to seal a secret with, where secrets must not stand open."""

    code = "sealing-key-missing"


class SecretNotOpened(DomainError):
    """A sealed secret cannot be opened: its key is missing, or it is not as and where it was sealed."""

    code = "secret-not-opened"


class SealState(StrEnum):
    """How a secret is kept, from best to worst."""

    SEALED = "sealed"
    UNDER_OLDER_KEY = "under_older_key"
    OPEN = "open"
    CANNOT_BE_OPENED = "cannot_be_opened"


class Place(NamedTuple):
    """What a secret belongs to: sealed for one place it opens at no other. The first of `ids` is what people know.

    `what` stands in every sealed text, so it stays as it is once there are some.
    """

    tenant: str
    what: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A key, and the id by which what it sealed names it: a hash that tells nothing else of it."""

    id: str
    cipher: AESGCM = field(repr=False)

    @classmethod
    def of(cls, key: bytes) -> Self:
        """The key of 32 bytes."""
        # Imported here: it takes 20 ms, and most commands seal nothing.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return cls(sha256(b"pricing-engine sealing key\0" + key).hexdigest()[:_ID_DIGITS], AESGCM(key))


@dataclass(frozen=True, slots=True)
class Seals:
    """The keys of this process, newest first: the first one seals, all of them open.

    Without keys secrets stand open, or are refused where they `must_seal`.
    """

    keys: tuple[SealingKey, ...] = ()
    must_seal: bool = False

    def newest(self) -> SealingKey:
        """The key that seals.

        Raises: SealingKeyMissing.
        """
        if not self.keys:
            raise SealingKeyMissing(
                "there is no key to seal secrets with",
                fix=f"make one with `pricing-engine secrets make-key`, and name its file in {KEYS_SETTING}",
            )
        return self.keys[0]

    def seal(self, secret: str, place: Place) -> KeptSecret:
        """The secret as it is to be kept at a place.

        Raises: SealingKeyMissing.
        """
        if not self.keys and not self.must_seal:
            return KeptSecret(secret, place, self)
        key, nonce = self.newest(), os.urandom(_NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, secret.encode(), _bound(key, place))
        return KeptSecret(f"{_FORM}{key.id}:{urlsafe_b64encode(sealed).decode('ascii')}", place, self)

    def open(self, text: str, place: Place) -> str:
        """The secret that is kept at a place as this text.

        Raises: SecretNotOpened.
        """
        if not text.startswith(TAG):
            return text
        key_id = key_of(text)
        key = next((each for each in self.keys if each.id == key_id), None)
        if key is None:
            raise _not_opened(place, f"is sealed under the key {key_id}, which this process does not have")
        from cryptography.exceptions import InvalidTag

        try:
            sealed = urlsafe_b64decode(text.removeprefix(f"{_FORM}{key_id}:"))
            opened = key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(key, place))
            return opened.decode()
        except (InvalidTag, ValueError):
            raise _not_opened(place, "was changed, or sealed for another place") from None


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """A secret as it is kept at its place; only who opens it learns it."""

    text: str = field(repr=False)
    place: Place
    seals: Seals

    def open(self) -> str:
        """The secret.

        Raises: SecretNotOpened.
        """
        return self.seals.open(self.text, self.place)

    @property
    def state(self) -> SealState:
        """How it is kept."""
        if not self.text.startswith(TAG):
            return SealState.OPEN
        try:
            self.open()
        except SecretNotOpened:
            return SealState.CANNOT_BE_OPENED
        return SealState.SEALED if key_of(self.text) == self.seals.newest().id else SealState.UNDER_OLDER_KEY

    def anew(self) -> KeptSecret | None:
        """The same sealed under the newest key; None when it is, when it cannot be, and when there is no key."""
        may_be = self.state in {SealState.UNDER_OLDER_KEY, SealState.OPEN} and self.seals.keys
        return self.seals.seal(self.open(), self.place) if may_be else None


def key_of(text: str) -> str | None:
    """The id of the key a text is sealed under; None when it stands open."""
    if not text.startswith(TAG):
        return None
    return text.removeprefix(_FORM).partition(":")[0] if text.startswith(_FORM) else "of a later version"


def _bound(key: SealingKey, place: Place) -> bytes:
    """What is authenticated with a secret: a list in JSON, so that no two places make the same bytes."""
    return orjson.dumps([_FORM, key.id, place.tenant, place.what, *place.ids])


def _not_opened(place: Place, why: str) -> SecretNotOpened:
    what = f"the {place.what} {place.ids[0]} {why}"
    return SecretNotOpened(what, fix=f"see that {KEYS_SETTING} names every key in use, or replace the secret")
