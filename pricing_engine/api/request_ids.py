"""The id of a request: the caller's when it is harmless, else one of our own; it is echoed, logged and shown."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Final

HEADER: Final = b"x-request-id"

_HARMLESS: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id to use; of several headers none is believed."""
    given = [value for name, value in headers if name == HEADER]
    if len(given) == 1 and _HARMLESS.fullmatch(given[0]):
        return given[0].decode("ascii")
    # An id is no secret, and asking the system for bytes lets every thread go first that wants to run.
    return random.randbytes(12).hex()  # noqa: S311
