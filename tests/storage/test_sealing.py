"""Sealed secrets: they open at their place alone, with the key they were sealed under, and say nothing themselves."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pricing_engine.storage.sealing import (
    KeptSecret,
    Place,
    SealingKeyMissing,
    Seals,
    SealState,
    SecretNotOpened,
    key_of,
)
from tests.builders import a_sealing_key, seals_with

SECRET = "whsec_" + "c2VjcmV0" * 6
PLACE = Place("acme", "secret of webhook", ("whk_1",))

AS_OF_VERSION_1 = "sealed:1:85781223499a:AAECAwQFBgcICQoLzM7mQ0OhYj6WBq6DehmrzeD2IzF3jQXkx70YmXqsLmntYA=="


def sealed(*, by: Seals | None = None, at: Place = PLACE) -> KeptSecret:
    return (by or seals_with(1)).seal(SECRET, at)


def test_what_is_sealed_opens_at_its_place_and_is_another_text_each_time() -> None:
    one, other = sealed(), sealed()
    assert one.open() == other.open() == SECRET
    assert one.text != other.text
    assert SECRET not in one.text
    assert (one.state, key_of(one.text)) == (SealState.SEALED, seals_with(1).keys[0].id)


def test_it_is_aes_256_gcm_over_the_place_as_anybody_can_compute() -> None:
    form, version, key_id, text = sealed().text.split(":")
    key = a_sealing_key(1)
    assert (form, version) == ("sealed", "1")
    assert key_id == sha256(b"pricing-engine sealing key\0" + key).hexdigest()[:12]
    raw = urlsafe_b64decode(text)
    nonce, secret, tag = raw[:12], raw[12:-16], raw[-16:]
    opening = Cipher(algorithms.AES256(key), modes.GCM(nonce, tag)).decryptor()
    bound = ["sealed:1:", key_id, "acme", "secret of webhook", "whk_1"]
    opening.authenticate_additional_data(json.dumps(bound, separators=(",", ":")).encode())
    assert opening.update(secret) + opening.finalize() == SECRET.encode()


def test_what_the_first_version_sealed_opens_for_good() -> None:
    assert KeptSecret(AS_OF_VERSION_1, PLACE, seals_with(1)).open() == "whsec_dGhlIGZpcnN0"


@pytest.mark.parametrize(
    "place",
    [
        PLACE._replace(tenant="other"),
        PLACE._replace(what="old secret of webhook"),
        PLACE._replace(ids=("whk_2",)),
        PLACE._replace(ids=("whk_1", "")),
        PLACE._replace(what='secret of webhook","whk_1', ids=("",)),
    ],
)
def test_at_another_place_it_does_not_open(place: Place) -> None:
    moved = KeptSecret(sealed().text, place, seals_with(1))
    assert moved.state is SealState.CANNOT_BE_OPENED
    with pytest.raises(SecretNotOpened, match="was changed, or sealed for another place"):
        moved.open()


def test_ids_that_read_the_same_side_by_side_are_different_places() -> None:
    one, other = PLACE._replace(ids=("a", "bc")), PLACE._replace(ids=("ab", "c"))
    assert KeptSecret(sealed(at=one).text, other, seals_with(1)).state is SealState.CANNOT_BE_OPENED


def changed(by: Callable[[bytearray], None]) -> str:
    head, _, text = sealed().text.rpartition(":")
    raw = bytearray(urlsafe_b64decode(text))
    by(raw)
    return f"{head}:{urlsafe_b64encode(raw).decode()}"


@pytest.mark.parametrize("at", [0, 11, 12, 40, -17, -16, -1])
def test_a_text_with_one_bit_changed_does_not_open(at: int) -> None:
    def flip(raw: bytearray) -> None:
        raw[at] ^= 1

    assert KeptSecret(changed(flip), PLACE, seals_with(1)).state is SealState.CANNOT_BE_OPENED


@pytest.mark.parametrize(
    "text",
    [
        "sealed:",
        "sealed:1:",
        "sealed:1::",
        f"sealed:1:{seals_with(1).keys[0].id}",
        f"sealed:1:{seals_with(1).keys[0].id}:",
        f"sealed:1:{seals_with(1).keys[0].id}:a",
        f"sealed:1:{seals_with(1).keys[0].id}:AAAA",
        f"sealed:1:{seals_with(1).keys[0].id}:é",
        f"sealed:2:{seals_with(1).keys[0].id}:AAAA",
        sealed().text.replace(seals_with(1).keys[0].id, seals_with(2).keys[0].id),
    ],
)
def test_what_is_no_sealed_text_is_refused_and_never_taken_for_a_secret(text: str) -> None:
    kept = KeptSecret(text, PLACE, seals_with(1, 2))
    assert (kept.state, kept.anew()) == (SealState.CANNOT_BE_OPENED, None)
    with pytest.raises(SecretNotOpened) as refused:
        kept.open()
    assert refused.value.what.startswith("the secret of webhook whk_1 ")


def test_keys_are_rotated_newest_first() -> None:
    old = sealed(by=seals_with(1))
    both = KeptSecret(old.text, PLACE, seals_with(2, 1))
    assert (both.open(), both.state) == (SECRET, SealState.UNDER_OLDER_KEY)
    anew = both.anew()
    assert anew is not None
    assert (anew.open(), anew.state, anew.anew()) == (SECRET, SealState.SEALED, None)
    assert KeptSecret(anew.text, PLACE, seals_with(2)).open() == SECRET
    with pytest.raises(SecretNotOpened, match=f"under the key {seals_with(1).keys[0].id}, which this process"):
        KeptSecret(old.text, PLACE, seals_with(2)).open()


def test_without_a_key_secrets_stand_open_where_they_may() -> None:
    kept = Seals().seal(SECRET, PLACE)
    assert (kept.text, kept.open(), kept.state, kept.anew()) == (SECRET, SECRET, SealState.OPEN, None)
    anew = KeptSecret(kept.text, PLACE, seals_with(1)).anew()
    assert anew is not None
    assert (anew.open(), anew.state) == (SECRET, SealState.SEALED)
    with pytest.raises(SealingKeyMissing) as refused:
        Seals(must_seal=True).seal(SECRET, PLACE)
    assert "PRICING_ENGINE_SECRETS_KEYS_FILE" in refused.value.fix


def test_nothing_that_is_shown_shows_a_secret_or_a_key() -> None:
    seals = seals_with(1)
    shown = repr([seals, sealed(), Seals().seal(SECRET, PLACE), KeptSecret(SECRET, PLACE, seals)])
    key = a_sealing_key(1)
    assert not [each for each in (SECRET, key.hex(), repr(key)[2:-1], sealed().text[:30]) if each in shown]
