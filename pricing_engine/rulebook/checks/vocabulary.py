"""Every name of the vocabulary comes from somewhere that exists, and its type, values and range fit."""

from collections.abc import Iterator

from pricing_engine.catalog.products import MetricKind
from pricing_engine.expressions import NUMERIC, WORDS_OF_KINDS
from pricing_engine.retention.segments import BUILT_IN
from pricing_engine.rulebook.checks.references import METRIC
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.settings import KIND_OF
from pricing_engine.rulebook.documents.vocabulary import NameShape, NameType, VocabularyDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.names import GIVEN_WORDS, NOT_ALWAYS_KNOWN, ORIGINS, words_by_origin
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean


def check_vocabulary(subject: Subject) -> Iterator[Fault]:
    """E122 to E125, E203 for a metric that is not there, E914 for what has to be optional, W130 for what hides it."""
    vocabulary = subject.repository.vocabulary
    if vocabulary is None:
        return
    words = words_by_origin(subject.repository)
    for id_, shape in vocabulary.shape.names.items():
        path = ("names", id_)
        yield from _origin(vocabulary, path, shape, subject)
        yield from _values(vocabulary, path, shape, words.get(shape.origin))
        yield from _range(vocabulary, path, shape)


def _origin(loaded: Loaded[VocabularyDocument], path: Path, shape: NameShape, subject: Subject) -> Iterator[Fault]:
    place, _, rest = shape.origin.partition(".")
    if place == "account" and rest.isidentifier() and rest.isascii():
        if rest in BUILT_IN:
            what = f"figures of retention cannot be told apart by {shape.origin}: {rest} is something of its own there"
            yield loaded.fault("W130", (*path, "from"), what, f"call the attribute something else: account.own_{rest}")
        return
    if place == "metric":
        yield from _metric(loaded, path, shape, rest, subject)
        return
    fitting = ORIGINS.get(shape.origin)
    if fitting is None:
        known = [*ORIGINS, "account.segment", *(f"metric.{metric}" for metric in subject.index.metrics)]
        fix = did_you_mean(shape.origin, known)
        yield loaded.fault("E122", (*path, "from"), f"no value is known by the name {shape.origin}", fix)
    elif shape.type not in fitting:
        what = f"{shape.origin} is {' or '.join(map(_said, fitting))}, not {_said(shape.type)}"
        yield loaded.fault("E123", (*path, "type"), what, f"write type: {fitting[0]}")
    elif (why := NOT_ALWAYS_KNOWN.get(shape.origin)) is not None and not shape.optional:
        what = f"{shape.origin} is not always known: {why}"
        yield loaded.fault("E914", path, what, "write optional: true", on_key=True)


def _metric(
    loaded: Loaded[VocabularyDocument], path: Path, shape: NameShape, id_: str, subject: Subject
) -> Iterator[Fault]:
    metric = subject.index.metrics.get(id_)
    if metric is None:
        if subject.index.knows_all(*METRIC.kinds):
            fix = did_you_mean(id_, subject.index.metrics)
            yield loaded.fault(METRIC.code, (*path, "from"), f"there is no metric {id_}", fix)
        return
    needed: NameType = "money" if metric.kind is MetricKind.MONEY else "count"
    if shape.type != needed:
        what = f"the metric {id_} is {_said(needed)}, not {_said(shape.type)}"
        yield loaded.fault("E123", (*path, "type"), what, f"write type: {needed}")


def _values(
    loaded: Loaded[VocabularyDocument], path: Path, shape: NameShape, known: tuple[str, ...] | None
) -> Iterator[Fault]:
    if shape.type != "enum":
        if shape.values:
            fix = "write type: enum, or remove values"
            yield loaded.fault("E124", (*path, "values"), f"only an enum has values, this is {_said(shape.type)}", fix)
        return
    is_unread = known is None and shape.origin in GIVEN_WORDS
    if not shape.values and not known and not is_unread:
        what = "an enum needs its values"
        yield loaded.fault("E124", path, what, "add values: [a, b]", on_key=True)
    for i, value in enumerate(shape.values if known is not None else ()):
        if value not in (known or ()):
            fix = did_you_mean(value, known or ())
            yield loaded.fault("E124", (*path, "values", i), f"{shape.origin} is never {value}", fix)


def _range(loaded: Loaded[VocabularyDocument], path: Path, shape: NameShape) -> Iterator[Fault]:
    if shape.range is None:
        return
    if KIND_OF[shape.type] not in NUMERIC:
        what = f"{_said(shape.type)} has no range"
        yield loaded.fault("E125", (*path, "range"), what, "remove range")
    elif any(bound.is_percent != (shape.type == "ratio") for bound in shape.range.bounds):
        example = '"0%..100%"' if shape.type == "ratio" else '"0..100"'
        how = "in percent" if shape.type == "ratio" else "without percent"
        what = f"the range of {_said(shape.type)} is written {how}"
        yield loaded.fault("E125", (*path, "range"), what, f"write it such as {example}")


def _said(type_: NameType) -> str:
    return WORDS_OF_KINDS[KIND_OF[type_]]
