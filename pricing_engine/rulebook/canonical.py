"""The canonical form of a rule repository and its SHA-256: the same rules, laid out differently, have the same hash."""

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256

from pricing_engine.rulebook.yaml_document import Data


def canonical_form(data: Mapping[str, Data]) -> bytes:
    """The content by file name as JSON: keys sorted, numbers as their text, no comments, no layout.

    Shape: a number and the same number in quotes are one; 12.10 and 12.1 are two, since their authors wrote two.
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=_text, ensure_ascii=True).encode("ascii")


def content_hash(data: Mapping[str, Data]) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return sha256(canonical_form(data)).hexdigest()


def _text(value: object) -> str:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is no content of a rule file")
    return f"{value:f}"
