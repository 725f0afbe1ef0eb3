"""Nothing is defined twice: ids per kind, settings files of which there is one, words of a list."""

from collections.abc import Iterable, Iterator

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.kinds import ONE_PER_RULEBOOK
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import FILE_START, Fault, Path, Related, Severity
from pricing_engine.rulebook.index import owners_of
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.sources import Loaded

Definition = tuple[str, Loaded[Shape], Path]
"""An id, and where it is defined."""


def check_duplicates(subject: Subject) -> Iterator[Fault]:
    """E201 for an id defined twice, E211 for a second file of a settings kind, E212 when there is no rulebook file."""
    repository = subject.repository
    yield from _single_files(repository)
    owners: list[Definition] = [(each.shape.id, each, ("id",)) for each in owners_of(repository)]
    owners += [(each.shape.id, each, ("id",)) for each in repository.bundles]
    if repository.tiers is not None:
        owners.append((repository.tiers.shape.id, repository.tiers, ("id",)))
    yield from _twice("product, tier or bundle", owners)
    replaced = (
        (old, each, ("replaces", i)) for each in repository.products for i, old in enumerate(each.shape.replaces)
    )
    yield from _twice("successor of", replaced)
    yield from _twice("price book", [(each.shape.id, each, ("id",)) for each in repository.price_books])
    yield from _twice("discount policy", [(each.shape.id, each, ("id",)) for each in repository.discounts])
    yield from _twice("set of terms", [(each.shape.id, each, ("id",)) for each in repository.terms])
    yield from _paths(repository)
    yield from _twice("row", [(each.shape.id, each, ("id",)) for each in repository.rows])
    yield from _inside(repository)
    yield from _in_terms(repository)
    yield from _in_scoring(repository)
    for priced in owners_of(repository):
        charges = ((charge.id, priced, ("charges", i, "id")) for i, charge in enumerate(priced.shape.charges))
        yield from _twice("charge", charges)


def _paths(repository: Repository) -> Iterator[Fault]:
    """An incentive is a policy of its path's id, so a path and a policy are not called alike."""
    yield from _twice("upsell path", [(each.shape.id, each, ("id",)) for each in repository.upsell_paths])
    policies: dict[str, Loaded[Shape]] = {each.shape.id: each for each in repository.discounts}
    for path in repository.upsell_paths:
        if (policy := policies.get(path.shape.id)) is not None:
            related = policy.related(("id",), "first defined here")
            what = f"there is a discount policy {path.shape.id} already"
            yield path.fault("E201", ("id",), what, "give one of the two another id", related=(related,))


def _in_terms(repository: Repository) -> Iterator[Fault]:
    for terms in repository.terms:
        promised, tried = enumerate(terms.shape.guarantees), enumerate(terms.shape.trials)
        milestones = ((each.milestone, terms, ("guarantees", i, "milestone")) for i, each in promised)
        yield from _twice("milestone", milestones)
        yield from _twice("trial of", ((each.product, terms, ("trials", i, "product")) for i, each in tried))


def _in_scoring(repository: Repository) -> Iterator[Fault]:
    if (card := repository.scorecard) is not None:
        factors, bands = enumerate(card.shape.factors), enumerate(card.shape.bands)
        yield from _twice("factor", ((each.id, card, ("factors", i, "id")) for i, each in factors))
        yield from _twice("band", ((each.name, card, ("bands", i, "name")) for i, each in bands))
    if (guidance := repository.guidance) is not None:
        rows = enumerate(guidance.shape.rows)
        yield from _twice("row of guidance", ((each.id, guidance, ("rows", i, "id")) for i, each in rows))


def _inside(repository: Repository) -> Iterator[Fault]:
    if (settings := repository.rulebook) is not None:
        shape = settings.shape
        groups = ((group.id, settings, ("discount_groups", i, "id")) for i, group in enumerate(shape.discount_groups))
        yield from _twice("discount group", groups)
        for field, words in (("currencies", shape.currencies), ("roles", shape.roles)):
            yield from _twice("word", ((word, settings, (field, i)) for i, word in enumerate(words)))
        plans = enumerate(shape.billing.plans)
        yield from _twice("word", ((word, settings, ("billing", "plans", i)) for i, word in plans))
    if (metrics := repository.metrics) is not None:
        numbered = enumerate(metrics.shape.metrics)
        yield from _twice("metric", ((each.id, metrics, ("metrics", i, "id")) for i, each in numbered))
    if (discretion := repository.discretion) is not None:
        limits = enumerate(discretion.shape.limits)
        yield from _twice("limit", ((each.id, discretion, ("limits", i, "id")) for i, each in limits))
    if (matrix := repository.approvals) is not None:
        levels = enumerate(matrix.shape.levels)
        yield from _twice("word", ((level, matrix, ("levels", i)) for i, level in levels))
    if (vocabulary := repository.vocabulary) is not None:
        for name, entry in vocabulary.shape.names.items():
            values = enumerate(entry.values)
            yield from _twice("word", ((value, vocabulary, ("names", name, "values", i)) for i, value in values))


def _twice(noun: str, definitions: Iterable[Definition]) -> Iterator[Fault]:
    first: dict[str, Definition] = {}
    for definition in definitions:
        id_, loaded, path = definition
        earlier = first.setdefault(id_, definition)
        if earlier is not definition:
            related = earlier[1].related(earlier[2], "first defined here")
            fix = (
                "remove one of the two"
                if noun in ("word", "trial of", "successor of")
                else "give one of the two another id"
            )
            yield loaded.fault("E201", path, f"the {noun} {id_} is there twice", fix, related=(related,))


def _single_files(repository: Repository) -> Iterator[Fault]:
    for kind in sorted(ONE_PER_RULEBOOK):
        first, *others = repository.documents.get(kind, (None,))
        for other in others:
            if first is None or other is None:
                continue
            related = Related(first.file, FILE_START, "the first is here")
            fix = "move its content into the first file" if kind != "tiers" else "one rulebook sells one platform"
            yield other.fault("E211", ("kind",), f"there is a second file of kind {kind}", fix, related=(related,))
    if repository.rulebook is None and "rulebook" not in repository.unread:
        fix = "add rulebook.yaml with kind: rulebook"
        what = "there is no file of kind rulebook"
        yield Fault("E212", Severity.ERROR, "rulebook.yaml", FILE_START, 1, "", what, fix)
