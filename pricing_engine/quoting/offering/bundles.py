"""Bundles within reach: what is missing of one, in every choice it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice, product
from typing import Final

from pricing_engine.catalog.products import Bundle
from pricing_engine.quoting.offering.has import Has
from pricing_engine.quoting.offering.quantities import quantities_for
from pricing_engine.quoting.request import Add

WITHIN_REACH: Final = 2
"""How many items of a bundle may be missing for it to be offered without a path."""

MOST_CHOICES: Final = 4
"""How many ways to fill one bundle are offered."""


def bundle_choices(
    bundle: Bundle, quantities: Mapping[str, Decimal], has: Has, *, within: int | None = None
) -> Iterator[tuple[Add, ...] | str]:
    """What completes a bundle, choice by choice in the order of ids, or why it is not offered."""
    held, missing = _filled(bundle, has)
    taken = sorted({has.bundles[id_] for id_ in held if id_ in has.bundles})
    if bundle.id in taken:
        yield f"the account has the bundle {bundle.id} already"
    elif taken:
        yield f"{' and '.join(id_ for id_ in held if id_ in has.bundles)} is part of {taken[0]}"
    elif not missing:
        yield f"the account has every product of {bundle.id} already"
    elif within is not None and len(missing) > within:
        yield f"{len(missing)} products of {bundle.id} are missing"
    else:
        choices = (choice for choice in product(*missing) if len(set(choice)) == len(choice))
        for choice in islice(choices, MOST_CHOICES):
            products = [has.rulebook.products[id_] for id_ in choice]
            yield tuple([Add(each.id, quantities_for(each, quantities, has)) for each in products])


def _filled(bundle: Bundle, has: Has) -> tuple[list[str], list[list[str]]]:
    """The products held that fill an item, and the choices of each item that is missing."""
    held: list[str] = []
    missing: list[list[str]] = []
    for item in bundle.items:
        filling = sorted(id_ for id_ in item if id_ in has.products and id_ not in held)
        if filling:
            held.append(filling[0])
        else:
            missing.append(sorted(item))
    return held, missing
