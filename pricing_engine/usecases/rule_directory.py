"""Rule files of a directory and the currencies they may price in, for doors that check rules without a database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.rule_files import read_rule_files


def read_rule_directory(directory: Path) -> dict[str, bytes]:
    """The bytes of every rule file by its name, with forward slashes, from the directory.

    Raises: RuleFilesRefused.
    """
    return read_rule_files(directory)


def known_currency_digits() -> Mapping[str, int]:
    """How many decimals each currency has, by ISO 4217 code."""
    return currency_digits()
