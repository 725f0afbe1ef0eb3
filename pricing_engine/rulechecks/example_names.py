"""Every name in an example's request and situation is one of the rules, unless the example expects to be refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pricing_engine.rulebook.documents.examples import GivenShape, RequestShape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulechecks.example_files import ExampleFile, path_of_given


class _Named(NamedTuple):
    """A name at `path` that must be among `known`, which are `noun`s."""

    noun: str
    name: str | None
    path: Path
    known: Collection[str]


def check_example_names(file: ExampleFile, index: int, given: GivenShape, rulebook: Rulebook) -> Iterator[Fault]:
    """E510 for every name nothing defines; an example of a refusal may well ask for what is not sold."""
    case = file.shape.cases[index]
    if case.expect.refused is not None:
        return
    request = _in_request(case.request, ("cases", index, "request"), rulebook)
    situation = (
        _Named("role", given.role, path_of_given(file, index, "role"), rulebook.roles),
        _Named("currency", given.currency, path_of_given(file, index, "currency"), rulebook.currencies),
        _Named("billing plan", given.billing, path_of_given(file, index, "billing"), rulebook.billing_plans),
    )
    for named in (*situation, *request):
        if named.name is not None and named.name not in named.known:
            what = f"there is no {named.noun} {named.name}"
            yield file.fault("E510", named.path, what, did_you_mean(named.name, named.known))


def _in_request(request: RequestShape, place: Path, rulebook: Rulebook) -> Iterator[_Named]:
    for position, add in enumerate(request.add):
        yield _Named("product", add.product, (*place, "add", position, "product"), rulebook.products)
    for position, ask in enumerate(request.discounts):
        yield _Named("product", ask.product, (*place, "discounts", position, "product"), rulebook.products)
    for position, bundle in enumerate(request.bundles):
        yield _Named("bundle", bundle, (*place, "bundles", position), rulebook.bundles)
    tiers = rulebook.ladder.ranks if rulebook.ladder is not None else ()
    yield _Named("tier", request.tier, (*place, "tier"), tiers)
