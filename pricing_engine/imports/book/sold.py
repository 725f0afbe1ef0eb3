"""What a row sold: the product or tier of the rulebook in force, and which of its charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pricing_engine.catalog.products import ONE_TIME, Charge, Product
from pricing_engine.imports.book.problems import Wrong
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean


class Sold(NamedTuple):
    """A charge of a product, or of a tier of the platform; `key` is its price-book key."""

    key: str
    name: str
    product: Product
    tier: str | None
    charge: Charge


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rulebook's products or tiers by what rows name, each looked up once; `metric` is what quantities count."""

    rulebook: Rulebook
    sold_as: str
    metric: str | None
    known: dict[tuple[str, str], Sold | Wrong] = field(default_factory=dict)

    def find(self, id_: str, charge: str) -> Sold | Wrong:
        """What was sold, or why that cannot be said; `charge` "" is the only one that there can be."""
        key = id_, charge
        if key not in self.known:
            self.known[key] = self._find(id_, charge)
        return self.known[key]

    def _find(self, id_: str, charge: str) -> Sold | Wrong:
        if self.sold_as == "product":
            product = self.rulebook.products.get(id_)
            if product is None or product.id == self.rulebook.platform_id:
                fix = did_you_mean(id_, set(self.rulebook.products) - {self.rulebook.platform_id or ""})
                return Wrong("unknown-product", f"the rulebook in force has no product {id_}", fix)
            return self._with_charge(product.id, product.name, product, None, product.charges, charge)
        ladder = self.rulebook.ladder
        tier = next((each for each in ladder.tiers if each.id == id_), None) if ladder else None
        if ladder is None or tier is None:
            fix = did_you_mean(id_, ladder.ranks if ladder else (), if_none="map product: these rules have no tiers")
            return Wrong("unknown-tier", f"the rulebook in force has no tier {id_}", fix)
        return self._with_charge(tier.id, tier.name, ladder.platform, tier.id, tier.charges, charge)

    def _with_charge(
        self, owner: str, name: str, product: Product, tier: str | None, charges: Sequence[Charge], wanted: str
    ) -> Sold | Wrong:
        held = [each for each in charges if each.timing is not ONE_TIME and each.of_lines is None]
        named = {each.id for each in held}
        fitting = [each for each in held if (each.id == wanted if wanted else each.metric == self.metric)]
        if not wanted and not fitting and len(held) == 1:
            fitting = [each for each in held if each.metric is None]
        if len(fitting) == 1:
            return Sold(f"{owner}.{fitting[0].id}", name, product, tier, fitting[0])
        if wanted:
            what = f"{owner} has no charge {wanted} that a contract can hold"
            return Wrong("unknown-charge", what, did_you_mean(wanted, named, if_none="import another product"))
        of_what = f"counted in {self.metric}" if self.metric else "without a metric"
        what = f"{owner} has {len(fitting)} charges {of_what}" if fitting else f"{owner} has no charge {of_what}"
        return Wrong("which-charge", what, f"map charge to one of {', '.join(sorted(named)) or 'its charges'}")
