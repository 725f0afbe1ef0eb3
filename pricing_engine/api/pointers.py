"""JSON pointers (RFC 6901) to fields of a request, made so that they never carry text a caller made up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PLAIN_STEP: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def pointer_to(steps: Iterable[str | int]) -> str:
    """The pointer; it ends before the first step that is no plain name, since input is not echoed."""
    written = []
    for step in steps:
        text = str(step)
        if not _PLAIN_STEP.fullmatch(text):
            break
        written.append(text)
    return "".join(f"/{step}" for step in written)
