"""Selectors mean something: each selects a charge that is sold, and no yearly share is taken of what is owed once."""

from collections.abc import Iterator
from typing import NamedTuple

from pricing_engine.catalog.products import Timing
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.catalog import compile_selector
from pricing_engine.rulebook.documents.product import ChargeShape
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index, owners_of
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
    for use in _uses(subject):
        if not _names_are_known(use.selector, subject.index):
            continue
        selector = compile_selector(use.selector)
        selected = [each for each in subject.sold if selector.matches(each.product, each.charge)]
        if not selected:
            fix = "take a word out: each field narrows what the others leave"
            what = f"nothing that is sold has {_told(use.selector)}"
            yield use.place.fault("W224", use.path, what, fix)
        once = next((each.key for each in selected if each.charge.timing is Timing.ONE_TIME), None)
        if once is not None and use.charge is not None and use.charge.timing is Timing.RECURRING:
            what = f"every {_period(use.charge)} this takes its share of {once}, which is owed once"
            yield use.place.fault("W222", use.path, what, "add timing: recurring", on_key=True)


def _uses(subject: Subject) -> Iterator[_Use]:
    repository = subject.repository
    for owner in owners_of(repository):
        for i, charge in enumerate(owner.shape.charges):
            if charge.percent_of is not None:
                yield _Use(owner, ("charges", i, "percent_of"), charge.percent_of, charge)
    for policy in repository.discounts:
        yield _Use(policy, ("applies_to",), policy.shape.applies_to)
    if (discretion := repository.discretion) is not None:
        for i, limit in enumerate(discretion.shape.limits):
            yield _Use(discretion, ("limits", i, "applies_to"), limit.applies_to)


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
