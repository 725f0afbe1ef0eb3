"""Guidance stays within what policy allows, every row of it can speak, and what is tried out is bounded."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.expressions.contradictions import find_contradiction
from pricing_engine.expressions.tree import AllOf, Node, Not
from pricing_engine.money import ONE, ZERO
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.catalog import compile_selector
from pricing_engine.rulebook.documents.discretion import DiscretionDocument
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.guidance import GuidanceDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.scoring.guidance_rules import MOST_TRIED

Guidance = Loaded[GuidanceDocument]


class _Limit(NamedTuple):
    """The most that policy lets anybody take off, where it says so."""

    most: Decimal
    what: str
    place: Loaded[DiscretionDocument]
    path: Path


def check_guidance(subject: Subject) -> Iterator[Fault]:
    """E907 to E909 for rows, E913 for what is tried out."""
    loaded = subject.repository.guidance
    if loaded is None:
        return
    yield from _sizes(loaded, subject.repository.discretion)
    if subject.index.knows_all("product", "tiers"):
        yield from _masked(loaded, subject)
    yield from _tried(loaded)


def _sizes(loaded: Guidance, discretion: Loaded[DiscretionDocument] | None) -> Iterator[Fault]:
    limit = min(() if discretion is None else _limits(discretion), default=None, key=lambda each: each.most)
    for i, row in enumerate(loaded.shape.rows):
        if row.stretch > row.target:
            what = f"the stretch, {write_percent(row.stretch)}, is a larger discount than the target"
            fix = f'write at most "{write_percent(row.target)}": stretch is what to try first'
            yield loaded.fault("E907", ("rows", i, "stretch"), what, fix)
        if limit is not None and row.target > limit.most:
            what = f"the target, {write_percent(row.target)}, is beyond {limit.what}, {write_percent(limit.most)}"
            related = (limit.place.related(limit.path, "it is here"),)
            fix = f'write at most "{write_percent(limit.most)}"'
            yield loaded.fault("E908", ("rows", i, "target"), what, fix, related=related)
        elif limit is None and row.target > ONE:
            what = f"the target, {write_percent(row.target)}, is more than all of it"
            yield loaded.fault("E908", ("rows", i, "target"), what, 'write at most "100%"')


def _limits(discretion: Loaded[DiscretionDocument]) -> Iterator[_Limit]:
    most, floor = discretion.shape.max_total_discount, discretion.shape.floor
    if most is not None:
        yield _Limit(most, "the most that is taken off in all", discretion, ("max_total_discount",))
    if floor is not None and floor.net_ratio is not None:
        yield _Limit(ONE - floor.net_ratio, "what the floor leaves", discretion, ("floor", "net_ratio"))


def _masked(loaded: Guidance, subject: Subject) -> Iterator[Fault]:
    """Rows before which others speak for all charges they apply to, wherever their own condition holds."""
    spoken: list[tuple[int, frozenset[str], Node | None]] = []
    for i, row in enumerate(loaded.shape.rows):
        selector = compile_selector(row.applies_to)
        selected = frozenset(each.key for each in subject.sold if selector.matches(each.product, each.charge))
        condition = subject.compiled.get((loaded.file, ("rows", i, "when")))
        if row.when is not None and condition is None:
            continue
        when = None if condition is None else condition.tree
        before = [(j, keys) for j, keys, other in spoken if keys & selected and _follows(other, when)]
        if selected and selected <= frozenset[str]().union(*[keys for _, keys in before]):
            what = f"row {row.id} never speaks: the rows before it do wherever it would"
            related = [loaded.related(("rows", j, "id"), f"row {loaded.shape.rows[j].id}") for j, _ in before]
            yield loaded.fault("E909", ("rows", i, "id"), what, "remove it, or move it up", related=related)
        else:
            spoken.append((i, selected, when))


def _follows(condition: Node | None, when: Node | None) -> bool:
    """Whether the condition is sure to hold where `when` does; not every such pair is found."""
    if condition is None or condition == when:
        return True
    if when is None or find_contradiction(when):
        return False
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return all(find_contradiction(AllOf((when, Not(part)))) for part in parts)


def _tried(loaded: Guidance) -> Iterator[Fault]:
    explore = loaded.shape.explore
    if explore is None:
        return
    for field, share, most in (("share", explore.share, ONE), ("within", explore.within, MOST_TRIED)):
        if not ZERO < share <= most:
            what = f"{write_percent(share)} is {'too much to try' if share else 'nothing to try'}"
            fix = f'write more than 0% and at most "{write_percent(most)}", or leave explore out'
            yield loaded.fault("E913", ("explore", field), what, fix)
