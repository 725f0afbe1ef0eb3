"""Every name in an example's request and situation is one of the rules, unless the example expects to be refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pricing_engine.quoting.contract_change import DueKind
from pricing_engine.quoting.offering.trials import source_of_rule, trial_source
from pricing_engine.rulebook.documents.example_asks import ContractShape, RequestShape, SaleShape
from pricing_engine.rulebook.documents.examples import ExpectationShape, GivenShape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulechecks.example_changes import products_in
from pricing_engine.rulechecks.example_files import ExampleFile, path_of_given

_DUE = tuple(map(str, DueKind))


class _Named(NamedTuple):
    """A name at `path` that must be among `known`, which are `noun`s."""

    noun: str
    name: str | None
    path: Path
    known: Collection[str]
    on_key: bool = False


def check_example_names(file: ExampleFile, index: int, given: GivenShape, rulebook: Rulebook) -> Iterator[Fault]:
    """E510 for every name nothing defines; an example of a refusal may well ask for what is not sold."""
    case = file.shape.cases[index]
    if case.expect.refused is not None:
        return
    place = ("cases", index)
    asked = list(_in_sale(case.request, (*place, "request"), rulebook)) if case.request is not None else []
    if case.contract is not None:
        asked += _in_sale(case.contract, (*place, "contract"), rulebook)
    due = [_Named("kind of amount due", word, (*place, "expect", "due", word), _DUE, True) for word in case.expect.due]
    situation = (
        _Named("role", given.role, path_of_given(file, index, "role"), rulebook.roles),
        _Named("currency", given.currency, path_of_given(file, index, "currency"), rulebook.currencies),
        _Named("billing plan", given.billing, path_of_given(file, index, "billing"), rulebook.billing_plans),
    )
    expected = (*due, *_sources(case.expect, (*place, "expect"), rulebook))
    for named in (*situation, *asked, *expected, *_of_score(case.expect, (*place, "expect"), rulebook)):
        if named.name is not None and named.name not in named.known:
            what = f"there is no {named.noun} {named.name}"
            yield file.fault("E510", named.path, what, did_you_mean(named.name, named.known), on_key=named.on_key)


def _sources(expect: ExpectationShape, place: Path, rulebook: Rulebook) -> Iterator[_Named]:
    """What offers come from."""
    known = {*rulebook.bundles, *(source_of_rule(product) for product in rulebook.products)}
    known |= {path.id for path in rulebook.upsell_paths}
    known |= {trial_source(path) for path in rulebook.upsell_paths if path.trial is not None}
    for source in expect.offers:
        yield _Named("upsell path, bundle or trial", source, (*place, "offers", source), known, True)
    for position, source in enumerate(expect.not_offered):
        yield _Named("upsell path, bundle or trial", source, (*place, "not_offered", position), known)


def _of_score(expect: ExpectationShape, place: Path, rulebook: Rulebook) -> Iterator[_Named]:
    """What a score is made of, and called; rules without a scorecard have no names to be mistaken in."""
    if (card := rulebook.scorecard) is None:
        return
    yield _Named("band of scores", expect.band, (*place, "band"), {band.name for band in card.bands})
    for id_ in expect.factors:
        yield _Named("factor", id_, (*place, "factors", id_), {factor.id for factor in card.factors}, True)


def _in_sale(sale: SaleShape, place: Path, rulebook: Rulebook) -> Iterator[_Named]:
    for product, at in products_in(sale, place):
        yield _Named("product", product.product, (*at, "product"), rulebook.products)
    for position, ask in enumerate(sale.discounts):
        yield _Named("product", ask.product, (*place, "discounts", position, "product"), rulebook.products)
    for position, bundle in enumerate(sale.bundles):
        yield _Named("bundle", bundle, (*place, "bundles", position), rulebook.bundles)
    tiers = rulebook.ladder.ranks if rulebook.ladder is not None else ()
    yield _Named("tier", sale.tier, (*place, "tier"), tiers)
    if isinstance(sale, RequestShape):
        yield _Named("tier", sale.change_tier, (*place, "change_tier"), tiers)
    if isinstance(sale, ContractShape):
        yield _Named("billing plan", sale.billing, (*place, "billing"), rulebook.billing_plans)
