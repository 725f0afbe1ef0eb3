"""Selectors mean something: each selects a charge that is sold, and no yearly share is taken of what is owed once."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from pricing_engine.catalog.products import Timing
from pricing_engine.rulebook.checks.subject import SoldCharge, Subject
from pricing_engine.rulebook.compile.catalog import compile_selector
from pricing_engine.rulebook.documents.product import ChargeShape
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index, owners_of
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.sources import Loaded


class _Use(NamedTuple):
    """A selector where it is written; `charge` is the percentage it belongs to, if it does."""

    place: Loaded[Shape]
    path: Path
    selector: SelectorShape
    charge: ChargeShape | None = None


def check_selectors(subject: Subject) -> Iterator[Fault]:
    """W222 for a share of what is owed once, W224 for a selector that selects nothing."""
    if not subject.sold or not subject.index.knows_all("product", "tiers"):
        return
    by_product: dict[str, list[SoldCharge]] = {}
    for each in subject.sold:
        by_product.setdefault(each.product.id, []).append(each)
    for use in _uses(subject):
        if _names_are_known(use.selector, subject.index):
            yield from _unfit(use, _selected(use.selector, subject.sold, by_product))


def _selected(
    shape: SelectorShape, sold: Sequence[SoldCharge], by_product: Mapping[str, Sequence[SoldCharge]]
) -> Iterator[SoldCharge]:
    """The charges selected; rules about a product are many in a large catalogue, so only its charges are looked at."""
    selector = compile_selector(shape)
    among = (each for id_ in shape.product for each in by_product.get(id_, ())) if shape.product else iter(sold)
    return (each for each in among if selector.matches(each.product, each.charge))


def _unfit(use: _Use, selected: Iterator[SoldCharge]) -> Iterator[Fault]:
    first = next(selected, None)
    if first is None:
        fix = "take a word out: each field narrows what the others leave"
        yield use.place.fault("W224", use.path, f"nothing that is sold has {_told(use.selector)}", fix)
    elif use.charge is not None and use.charge.timing is Timing.RECURRING:
        once = next((each.key for each in chain([first], selected) if each.charge.timing is Timing.ONE_TIME), None)
        if once is not None:
            what = f"every {_period(use.charge)} this takes its share of {once}, which is owed once"
            yield use.place.fault("W222", use.path, what, "write timing: recurring in it", on_key=True)


def _uses(subject: Subject) -> Iterator[_Use]:
    repository = subject.repository
    for owner in owners_of(repository):
        for i, charge in enumerate(owner.shape.charges):
            if charge.percent_of is not None:
                yield _Use(owner, ("charges", i, "percent_of"), charge.percent_of, charge)
    for policy in repository.discounts:
        yield _Use(policy, ("applies_to",), policy.shape.applies_to)
    yield from _of_people(repository)


def _of_people(repository: Repository) -> Iterator[_Use]:
    """What limits and guidance are about."""
    if (discretion := repository.discretion) is not None:
        for i, limit in enumerate(discretion.shape.limits):
            yield _Use(discretion, ("limits", i, "applies_to"), limit.applies_to)
    if (guidance := repository.guidance) is not None:
        for i, row in enumerate(guidance.shape.rows):
            yield _Use(guidance, ("rows", i, "applies_to"), row.applies_to)


def _names_are_known(selector: SelectorShape, index: Index) -> bool:
    return (
        index.sold.issuperset(selector.product)
        and index.families.issuperset(selector.family)
        and index.charges.issuperset(selector.charge)
    )


def _told(selector: SelectorShape) -> str:
    fields = (
        ("product", selector.product),
        ("family", selector.family),
        ("type", selector.type),
        ("charge", selector.charge),
        ("timing", selector.timing),
    )
    return " and ".join(f"{field} {' or '.join(words)}" for field, words in fields if words)


def _period(charge: ChargeShape) -> str:
    return (charge.per or "").replace("_", " ")
