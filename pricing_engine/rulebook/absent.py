"""Kinds of file that the rules use and do not have: told once, and then nothing of them is called unknown."""

from collections.abc import Iterator
from typing import NamedTuple

from pricing_engine.policies.discounts import QUANTITY
from pricing_engine.rulebook.conditions import fee_formulas
from pricing_engine.rulebook.documents.discount_policy import DiscountPolicyDocument
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.documents.terms import TermsDocument
from pricing_engine.rulebook.documents.upsell_path import UpsellPathDocument
from pricing_engine.rulebook.faults import FILE_START, Fault, Path, Severity
from pricing_engine.rulebook.index import owners_of
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.sources import Loaded

_USUAL_FILE = {"vocabulary": "vocabulary.yaml", "metrics": "metrics.yaml", "tiers": "tiers/platform.yaml"}


class _Use(NamedTuple):
    """A place that needs a file of a kind."""

    kind: str
    place: Loaded[Shape]
    path: Path


def absent_kinds(repository: Repository) -> dict[str, Fault]:
    """E225 by kind, for each that is used and of which there is no file."""
    first = dict[str, _Use]()
    for use in _uses(repository):
        first.setdefault(use.kind, use)
    missing = [kind for kind in sorted(first) if not repository.documents.get(kind) and kind not in repository.unread]
    return {kind: _fault(first[kind]) for kind in missing}


def _fault(use: _Use) -> Fault:
    file = _USUAL_FILE[use.kind]
    what = f"there is no file of kind {use.kind}, and the rules use it"
    fix = f"add {file} with kind: {use.kind}"
    related = (use.place.related(use.path, "used here"),)
    return Fault("E225", Severity.ERROR, file, FILE_START, 1, "", what, fix, related)


def _uses(repository: Repository) -> Iterator[_Use]:
    yield from _of_what_is_sold(repository)
    for policy in repository.discounts:
        yield from _of_policy(policy)
    if (discretion := repository.discretion) is not None:
        for i, limit in enumerate(discretion.shape.limits):
            if limit.when is not None:
                yield _Use("vocabulary", discretion, ("limits", i, "when"))
    if (matrix := repository.approvals) is not None:
        yield _Use("vocabulary", matrix, ("columns",))
    for terms in repository.terms:
        yield from _of_terms(terms)
    for path in repository.upsell_paths:
        yield from _of_path(path)
    yield from _of_scoring(repository)


def _of_what_is_sold(repository: Repository) -> Iterator[_Use]:
    for owner in owners_of(repository):
        for i, charge in enumerate(owner.shape.charges):
            if charge.metric is not None:
                yield _Use("metrics", owner, ("charges", i, "metric"))
    for product in repository.products:
        for field in ("requires_tier", "offered_in"):
            if getattr(product.shape, field):
                yield _Use("tiers", product, (field,))


def _of_scoring(repository: Repository) -> Iterator[_Use]:
    if repository.scorecard is not None:
        yield _Use("vocabulary", repository.scorecard, ("factors",))
    if (guidance := repository.guidance) is not None:
        for i, row in enumerate(guidance.shape.rows):
            if row.when is not None:
                yield _Use("vocabulary", guidance, ("rows", i, "when"))


def _of_terms(terms: Loaded[TermsDocument]) -> Iterator[_Use]:
    if terms.shape.when is not None:
        yield _Use("vocabulary", terms, ("when",))
    for path, _ in fee_formulas(terms):
        yield _Use("vocabulary", terms, path)
    for i, trial in enumerate(terms.shape.trials):
        if trial.limits:
            yield _Use("metrics", terms, ("trials", i, "limits"))


def _of_path(path: Loaded[UpsellPathDocument]) -> Iterator[_Use]:
    shape = path.shape
    if shape.when is not None:
        yield _Use("vocabulary", path, ("when",))
    for field, part in (("from", shape.start), ("offer", shape.offer)):
        if part is not None and part.tier is not None:
            yield _Use("tiers", path, (field, "tier"))
    if shape.offer is not None and (shape.offer.capacity is not None or shape.offer.quantities):
        yield _Use("metrics", path, ("offer",))
    if shape.trial is not None and shape.trial.limits:
        yield _Use("metrics", path, ("trial", "limits"))


def _of_policy(policy: Loaded[DiscountPolicyDocument]) -> Iterator[_Use]:
    shape = policy.shape
    for field, text in (("when", shape.when), ("while", shape.hold)):
        if text is not None:
            yield _Use("vocabulary", policy, (field,))
    if shape.schedule is not None and shape.schedule.by != QUANTITY:
        yield _Use("vocabulary", policy, ("schedule", "by"))
