"""Values of options taken apart: NAME=VALUE pairs, files by name, and how many of which metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pricing_engine.cli.outcome import usage


def pair(text: str, option: str, form: str, *, whole: str = "", fix: str = "") -> tuple[str, str]:
    """The name and the value of NAME=VALUE; `whole` is what was typed where the text is a part of it.

    Raises: CommandStopped.
    """
    name, equals, value = text.partition("=")
    if not name or not equals or not value:
        raise usage(
            f"{text!r} has no NAME=VALUE", fix=fix or f"write {option} {form}", where=f"{option} {whole or text}"
        )
    return name, value


def named_files(typed: Sequence[str]) -> Mapping[str, Path]:
    """The files of NAME=FILE, by name.

    Raises: CommandStopped, also where a name is there twice.
    """
    pairs = [pair(text, "", "NAME=FILE") for text in typed]
    files = {name: Path(file) for name, file in pairs}
    if len(files) < len(pairs):
        raise usage("a table is named twice", fix="name each once", where="NAME=FILE")
    return files


def product_and_counts(text: str, option: str, *, form: str, to_do: str) -> tuple[str, dict[str, str]]:
    """The product and the quantities by metric of PRODUCT[:METRIC=N,…]; `to_do` is what the option does.

    Raises: CommandStopped.
    """
    product, _, rest = text.partition(":")
    pairs = [pair(part, option, "PRODUCT:METRIC=QUANTITY", whole=text) for part in rest.split(",") if part]
    if not product or len(dict(pairs)) != len(pairs):
        raise usage(f"{text!r} does not say what to {to_do}", fix=form, where=option)
    return product, dict(pairs)
