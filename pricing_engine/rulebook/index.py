"""What the rules define, by id: built once, asked by every check and by the compiler; first definitions win."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pricing_engine.rulebook.documents.metrics import MetricShape
from pricing_engine.rulebook.documents.product import ChargeShape, ProductDocument
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.documents.tiers import TierShape
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.sources import Loaded

BUNDLE_CHARGE = "price"
"""A bundle's fixed price stands in the price books under `<bundle>.price`."""


@dataclass(frozen=True, slots=True)
class Priced:
    """One key that every price book must price; `charge` is None for a bundle's fixed price."""

    key: str
    place: Loaded[Shape]
    charge: ChargeShape | None


@dataclass(frozen=True, slots=True)
class Index:
    """Definitions by id.

    `unread` are the kinds that may hold more than is known, so nothing of them is unknown; `sold` the ids that stand
    for a product in selectors: products and the platform.
    """

    unread: frozenset[str]
    metrics: Mapping[str, MetricShape]
    products: Mapping[str, Loaded[ProductDocument]]
    platform: str | None
    tiers: Mapping[str, Loaded[TierShape]]
    tiers_in_order: tuple[str, ...]
    priced: Mapping[str, Priced]
    families: frozenset[str]
    currencies: tuple[str, ...]
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    levels: tuple[str, ...]
    charges: frozenset[str] = field(default_factory=frozenset)
    bundles: frozenset[str] = field(default_factory=frozenset)
    sold: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        platform = {self.platform} if self.platform else set[str]()
        object.__setattr__(self, "sold", frozenset(self.products) | platform)

    def knows_all(self, *kinds: str) -> bool:
        """Whether every file of these kinds was read."""
        return self.unread.isdisjoint(kinds)


def build_index(repository: Repository) -> Index:
    """The definitions of a repository."""
    rulebook, ladder = repository.rulebook, repository.tiers
    products = {each.shape.id: each for each in reversed(repository.products)}
    priced = {each.key: each for each in reversed(list(_priced(repository)))}
    families = {each.shape.family for each in repository.products}
    return Index(
        unread=repository.unread if rulebook else repository.unread | {"rulebook"},
        metrics={each.id: each for each in reversed(repository.metrics.shape.metrics)} if repository.metrics else {},
        products=products,
        platform=ladder.shape.id if ladder else None,
        tiers={each.shape.id: each for each in reversed(list(tiers_of(repository)))},
        tiers_in_order=tuple(dict.fromkeys(each.shape.id for each in tiers_of(repository))),
        priced=priced,
        families=frozenset(families | ({ladder.shape.family} if ladder else set())),
        currencies=rulebook.shape.currencies if rulebook else (),
        roles=rulebook.shape.roles if rulebook else (),
        groups=tuple(group.id for group in rulebook.shape.discount_groups) if rulebook else (),
        levels=repository.approvals.shape.levels if repository.approvals else (),
        charges=frozenset(each.charge.id for each in priced.values() if each.charge is not None),
        bundles=frozenset(each.shape.id for each in repository.bundles),
    )


def tiers_of(repository: Repository) -> Iterator[Loaded[TierShape]]:
    """Every tier of the ladder, lowest first."""
    if repository.tiers is not None:
        for index, tier in enumerate(repository.tiers.shape.ladder):
            yield Loaded(repository.tiers.source, tier, ("ladder", index))


def owners_of(repository: Repository) -> tuple[Loaded[ProductDocument] | Loaded[TierShape], ...]:
    """Everything that has charges: products, then tiers."""
    return (*repository.products, *tiers_of(repository))


def _priced(repository: Repository) -> Iterator[Priced]:
    for owner in owners_of(repository):
        for index, charge in enumerate(owner.shape.charges):
            place = Loaded(owner.source, charge, (*owner.path, "charges", index))
            yield Priced(f"{owner.shape.id}.{charge.id}", place, charge)
    for bundle in repository.bundles:
        if bundle.shape.price.fixed:
            fixed = Loaded(bundle.source, bundle.shape.price, ("price",))
            yield Priced(f"{bundle.shape.id}.{BUNDLE_CHARGE}", fixed, None)
