"""Every name that points elsewhere points at something; a name that may stand in an unreadable file is let pass."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pricing_engine.retention.segments import NO_VALUE
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index, owners_of, tiers_of
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean


class Noun(NamedTuple):
    """A kind of thing that can be pointed at: its code when unknown, its word, and the kinds of file that define it."""

    code: str
    word: str
    kinds: tuple[str, ...]


PRODUCT = Noun("E202", "product", ("product", "tiers"))
METRIC = Noun("E203", "metric", ("metrics",))
TIER = Noun("E204", "tier", ("tiers",))
GROUP = Noun("E205", "discount group", ("rulebook",))
ROLE = Noun("E206", "role", ("rulebook",))
LEVEL = Noun("E207", "approval level", ("approval_matrix",))
CHARGE = Noun("E208", "charge", ("product", "tiers"))
CURRENCY = Noun("E209", "rulebook currency", ("rulebook",))
FAMILY = Noun("E210", "product family", ("product", "tiers"))
BUNDLE = Noun("E226", "bundle", ("bundle",))


@dataclass(frozen=True, slots=True)
class Pointing:
    """Names at `path` that must be known."""

    noun: Noun
    known: Collection[str]
    place: Loaded[Shape]
    names: Iterable[tuple[str, Path]]
    on_key: bool = False


def check_references(subject: Subject) -> Iterator[Fault]:
    """E202 to E210 and E226 for every name that nothing defines."""
    for pointing in _all(subject):
        noun = pointing.noun
        if not subject.index.knows_all(*noun.kinds):
            continue
        for name, path in pointing.names:
            if name not in pointing.known:
                fix = did_you_mean(name, pointing.known)
                what = f"there is no {noun.word} {name}"
                yield pointing.place.fault(noun.code, path, what, fix, on_key=pointing.on_key)


def _all(subject: Subject) -> Iterator[Pointing]:
    yield from _products(subject)
    yield from _tiers(subject)
    yield from _policies(subject)
    yield from _people(subject)
    yield from _money(subject)
    yield from _terms(subject)
    yield from _paths(subject)
    yield from _targets(subject)
    for bundle in subject.repository.bundles:
        for i, item in enumerate(bundle.shape.items):
            names: list[tuple[str, Path]] = (
                [(item.product, ("items", i, "product"))] if item.product is not None else []
            )
            names += [(choice, ("items", i, "any_of", j)) for j, choice in enumerate(item.any_of or ())]
            yield Pointing(PRODUCT, subject.index.sold, bundle, names)


def _listed(field: str, names: Iterable[str] | None) -> list[tuple[str, Path]]:
    return [(name, (field, i)) for i, name in enumerate(names or ())]


def _terms(subject: Subject) -> Iterator[Pointing]:
    index = subject.index
    for terms in subject.repository.terms:
        for i, trial in enumerate(terms.shape.trials):
            yield Pointing(PRODUCT, index.products, terms, [(trial.product, ("trials", i, "product"))])
            limits: list[tuple[str, Path]] = [(metric, ("trials", i, "limits", metric)) for metric in trial.limits]
            yield Pointing(METRIC, index.metrics, terms, limits, on_key=True)
        levels: list[tuple[str, Path]] = [(level, ("waivers", what)) for what, level in terms.shape.waivers.items()]
        yield Pointing(LEVEL, index.levels, terms, levels)


def _paths(subject: Subject) -> Iterator[Pointing]:
    index = subject.index
    for path in subject.repository.upsell_paths:
        shape = path.shape
        capacity = shape.offer.capacity if shape.offer is not None else None
        parts: tuple[tuple[Path, Shape | None], ...] = (
            (("from",), shape.start),
            (("offer",), shape.offer),
            (("offer", "capacity"), capacity),
            (("trial",), shape.trial),
        )
        for place, part in parts:
            if part is not None:
                yield from _parts_of_path(path, place, part, index)


def _targets(subject: Subject) -> Iterator[Pointing]:
    loaded = subject.repository.retention_targets
    if loaded is None:
        return
    index = subject.index
    nouns: dict[str, tuple[Noun, Collection[str]]] = {
        "product": (PRODUCT, index.sold),
        "currency": (CURRENCY, index.currencies),
        "tier": (TIER, index.tiers),
    }
    for place, _, _, shape in loaded.shape.targets():
        for by, name in (shape.segment or {}).items():
            if by in nouns and name != NO_VALUE:
                yield Pointing(*nouns[by], loaded, [(name, (*place, "segment", by))])


def _parts_of_path(path: Loaded[Shape], place: Path, part: Shape, index: Index) -> Iterator[Pointing]:
    """What a part names in the fields that are called like what they name."""
    nouns = ((TIER, index.tiers), (PRODUCT, index.products), (BUNDLE, index.bundles), (METRIC, index.metrics))
    for noun, known in nouns:
        name = getattr(part, noun.word, None)
        if name is not None:
            yield Pointing(noun, known, path, [(name, (*place, noun.word))])
    for field in ("quantities", "limits"):
        metrics: list[tuple[str, Path]] = [(each, (*place, field, each)) for each in getattr(part, field, ())]
        yield Pointing(METRIC, index.metrics, path, metrics, on_key=True)


def _keys(field: str, names: Iterable[str]) -> list[tuple[str, Path]]:
    return [(name, (field, name)) for name in names]


def _products(subject: Subject) -> Iterator[Pointing]:
    index = subject.index
    for product in subject.repository.products:
        shape = product.shape
        yield Pointing(PRODUCT, index.sold, product, _listed("requires", shape.requires))
        yield Pointing(PRODUCT, index.sold, product, _listed("excludes", shape.excludes))
        yield Pointing(TIER, index.tiers, product, _listed("offered_in", shape.offered_in))
        if shape.requires_tier is not None:
            yield Pointing(TIER, index.tiers, product, [(shape.requires_tier, ("requires_tier",))])
        yield Pointing(METRIC, index.metrics, product, _keys("quantities", shape.quantities), on_key=True)
    for owner in owners_of(subject.repository):
        own = {charge.id for charge in owner.shape.charges}
        yield Pointing(CHARGE, own, owner, _keys("unit_cost", owner.shape.unit_cost), on_key=True)
        for i, charge in enumerate(owner.shape.charges):
            if charge.metric is not None:
                yield Pointing(METRIC, index.metrics, owner, [(charge.metric, ("charges", i, "metric"))])
            if charge.percent_of is not None:
                yield from _selector(index, owner, charge.percent_of, ("charges", i, "percent_of"))


def _tiers(subject: Subject) -> Iterator[Pointing]:
    for tier in tiers_of(subject.repository):
        yield Pointing(METRIC, subject.index.metrics, tier, _keys("limits", tier.shape.limits), on_key=True)
        if tier.shape.offers != "all":
            yield Pointing(PRODUCT, subject.index.products, tier, _listed("offers", tier.shape.offers))


def _selector(index: Index, place: Loaded[Shape], selector: SelectorShape, path: Path) -> Iterator[Pointing]:
    for noun, known, field, names in (
        (PRODUCT, index.sold, "product", selector.product),
        (FAMILY, index.families, "family", selector.family),
        (CHARGE, index.charges, "charge", selector.charge),
    ):
        yield Pointing(noun, known, place, [(name, (*path, field, i)) for i, name in enumerate(names)])


def _policies(subject: Subject) -> Iterator[Pointing]:
    for policy in subject.repository.discounts:
        yield Pointing(GROUP, subject.index.groups, policy, [(policy.shape.group, ("group",))])
        yield from _selector(subject.index, policy, policy.shape.applies_to, ("applies_to",))


def _people(subject: Subject) -> Iterator[Pointing]:
    repository, index = subject.repository, subject.index
    if (discretion := repository.discretion) is not None:
        yield Pointing(ROLE, index.roles, discretion, _listed("may_price", discretion.shape.may_price))
        for i, limit in enumerate(discretion.shape.limits):
            yield Pointing(ROLE, index.roles, discretion, [(limit.role, ("limits", i, "role"))])
            yield from _selector(index, discretion, limit.applies_to, ("limits", i, "applies_to"))
    if (guidance := repository.guidance) is not None:
        for i, guided in enumerate(guidance.shape.rows):
            yield from _selector(index, guidance, guided.applies_to, ("rows", i, "applies_to"))
    for row in repository.rows:
        yield Pointing(LEVEL, index.levels, row, [(row.shape.level, ("level",))])


def _money(subject: Subject) -> Iterator[Pointing]:
    repository, index = subject.repository, subject.index
    for book in repository.price_books:
        yield Pointing(CURRENCY, index.currencies, book, [(book.shape.currency, ("currency",))])
    if (fx := repository.fx_rates) is not None and repository.rulebook is not None:
        known = set(index.currencies) - {repository.rulebook.shape.reporting_currency}
        for i, dated in enumerate(fx.shape.rates):
            names = [(code, ("rates", i, code)) for code in dated.by_currency]
            yield Pointing(CURRENCY, known, fx, names, on_key=True)
