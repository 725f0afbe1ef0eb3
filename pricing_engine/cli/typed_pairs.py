"""Values of options taken apart: NAME=VALUE pairs, and how many of which metrics."""

from __future__ import annotations

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


def product_and_counts(text: str, option: str, *, form: str, to_do: str) -> tuple[str, dict[str, str]]:
    """The product and the quantities by metric of PRODUCT[:METRIC=N,…]; `to_do` is what the option does.

    Raises: CommandStopped.
    """
    product, _, rest = text.partition(":")
    pairs = [pair(part, option, "PRODUCT:METRIC=QUANTITY", whole=text) for part in rest.split(",") if part]
    if not product or len(dict(pairs)) != len(pairs):
        raise usage(f"{text!r} does not say what to {to_do}", fix=form, where=option)
    return product, dict(pairs)
