"""Which chosen products a bundle asked for is made of (P18a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pricing_engine.catalog.products import Bundle
from pricing_engine.quoting.chosen import Chosen
from pricing_engine.quoting.refusals import BundleIncomplete, BundlesOverlap, UnknownBundle
from pricing_engine.rulebook.suggest import did_you_mean


def bundle_of_products(
    asked: Sequence[str], chosen: Sequence[Chosen], bundles: Mapping[str, Bundle]
) -> Mapping[str, Bundle]:
    """The bundle of each chosen product that is sold in one, by product id.

    Raises: UnknownBundle; BundleIncomplete, naming what is missing; BundlesOverlap.
    """
    members: dict[str, Bundle] = {}
    for index, bundle_id in enumerate(asked):
        pointer = f"/bundles/{index}"
        bundle = bundles.get(bundle_id)
        if bundle is None:
            raise UnknownBundle(
                f"there is no bundle {bundle_id}",
                fix=did_you_mean(bundle_id, bundles, if_none="leave it out"),
                pointer=pointer,
            )
        for item in bundle.items:
            product = next((each.product.id for each in chosen if each.product.id in item), None)
            if product is None:
                raise BundleIncomplete(
                    f"bundle {bundle_id} needs {' or '.join(sorted(item))}",
                    fix="add the product, or leave the bundle out",
                    pointer=pointer,
                    missing=sorted(item),
                )
            if product in members:
                raise BundlesOverlap(
                    f"{product} cannot be priced by {members[product].id} and {bundle_id}",
                    fix="ask for one of them",
                    pointer=pointer,
                )
            members[product] = bundle
    return members
