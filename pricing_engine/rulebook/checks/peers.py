"""Peers are told apart by facts there are, numbers by ranges that rise, and their quantiles rise, too."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from pricing_engine.expressions import NUMERIC, WORDS_OF_KINDS, Kind
from pricing_engine.money import ONE
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.scoring import fact_called
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.guidance import DimensionShape, GuidanceDocument, PeersShape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.scoring.deal import FACTS_OF_EVERY_QUOTE, LIST_PER_YEAR, TERM_MONTHS

Guidance = Loaded[GuidanceDocument]

_EXAMPLES: Mapping[Kind, str] = {Kind.MONEY: '"5000", "25000"', Kind.MONTHS: "13, 25", Kind.RATIO: '"10%", "20%"'}
"""Bounds as they are written of each kind of number."""

_SIZE = "quote.list_arr"


def check_peers(subject: Subject) -> Iterator[Fault]:
    """E910 for quantiles, E911 for facts that nobody knows, E912 for bounds."""
    loaded = subject.repository.guidance
    peers = None if loaded is None else loaded.shape.peers
    if loaded is None or peers is None:
        return
    yield from _quantiles(loaded, peers)
    kinds = _kinds(subject)
    seen: dict[str, Path] = {}
    for i, each in enumerate(peers.by or ()):
        path: Path = ("peers", "by", i)
        fact = fact_called(each.fact, subject.vocabulary)
        if (earlier := seen.setdefault(fact, path)) != path:
            related = (loaded.related(earlier, "it is here"),)
            what = f"deals are told apart by {each.fact} already"
            yield loaded.fault("E911", path, what, "remove one of the two", related=related)
        elif fact in kinds:
            yield from _bounds(loaded, path, each, kinds[fact])
        elif subject.index.knows_all("vocabulary"):
            yield loaded.fault("E911", path, *_unknown(each.fact, fact, kinds, subject))


def _quantiles(loaded: Guidance, peers: PeersShape) -> Iterator[Fault]:
    words = ("stretch", "target", "floor")
    for lower, higher in pairwise(words):
        low, high = getattr(peers, lower), getattr(peers, higher)
        if low >= high:
            what = f"{higher}, {write_percent(high)} of the deals, is not beyond {lower}, {write_percent(low)}"
            field = higher if higher in peers.model_fields_set else lower
            yield loaded.fault(
                "E910", ("peers", field), what, "write shares of the deals that rise: stretch, target, floor"
            )
    if peers.floor > ONE:
        what = f"{write_percent(peers.floor)} is more than all deals"
        yield loaded.fault("E910", ("peers", "floor"), what, 'write at most "100%"')


def _kinds(subject: Subject) -> dict[str, Kind]:
    """What deals can be told apart by: what is known before there is a price, except days."""
    names = subject.scopes.target.names
    sizes = {id_ for id_, each in subject.vocabulary.items() if each.origin == _SIZE}
    found: dict[str, Kind] = {
        id_: name.kind for id_, name in names.items() if name.kind is not Kind.DATE and id_ not in sizes
    }
    found |= dict.fromkeys(FACTS_OF_EVERY_QUOTE, Kind.ENUM)
    return found | {LIST_PER_YEAR: Kind.MONEY, TERM_MONTHS: Kind.MONTHS}


def _unknown(word: str, fact: str, kinds: dict[str, Kind], subject: Subject) -> tuple[str, str]:
    if fact in subject.vocabulary:
        if subject.vocabulary[fact].origin == _SIZE:
            return f"deals are not told apart by {word}, but by a size that lines have, too", f"write {LIST_PER_YEAR}"
        where = subject.scopes.target.elsewhere.get(fact)
        why = "it is a day" if where is None else f"it is known at {where}"
        return f"deals are not told apart by {word}: {why}", "use what is known before there is a price"
    return f"no deal has a fact {word}", did_you_mean(word, kinds)


def _bounds(loaded: Guidance, path: Path, shape: DimensionShape, kind: Kind) -> Iterator[Fault]:
    said = f"{shape.fact} is {WORDS_OF_KINDS[kind]}"
    if kind is Kind.TEXT:
        fix = "give it type: enum and its values in vocabulary.yaml"
        yield loaded.fault("E912", path, f"{said}, and hardly two deals have the same", fix)
        return
    if kind not in NUMERIC:
        if shape.bounds:
            yield loaded.fault("E912", (*path, "bounds"), f"{said}, which has no ranges", "remove bounds")
        return
    if not shape.bounds:
        fix = f"write {{fact: {shape.fact}, bounds: [{_EXAMPLES.get(kind, '10, 100')}]}}"
        yield loaded.fault("E912", path, f"{said}, and hardly two deals have the same", fix)
    is_ratio = kind is Kind.RATIO
    if any(bound.is_percent != is_ratio for bound in shape.bounds):
        fix = 'write percentages, such as "10%"' if is_ratio else "write numbers without %"
        yield loaded.fault("E912", (*path, "bounds"), said, fix)
    elif any(after.number <= before.number for before, after in pairwise(shape.bounds)):
        yield loaded.fault("E912", (*path, "bounds"), "the bounds must rise", "write them in rising order, each once")
