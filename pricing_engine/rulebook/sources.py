"""Where a piece of the rules stands: turns a path into a fault or a rule reference, for YAML and CSV alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path, Position, Related, Severity, path_text
from pricing_engine.rulebook.yaml_document import Document

S_co = TypeVar("S_co", bound=Shape, covariant=True)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with the number of characters to underline and the path as people write it."""

    position: Position
    length: int
    path: str


class Source(Protocol):
    """A file that can say where its values stand."""

    @property
    def file(self) -> str:
        """The file's name."""

    def mark(self, path: Path, *, on_key: bool) -> Mark:
        """Where the value (or its key) at the deepest existing part of `path` stands."""

    def line(self, path: Path) -> int:
        """The line that the value at the existing `path` starts on; the fast way, for a rule reference per price."""

    def inside(self, path: Path, offset: int) -> Position:
        """Where character `offset` of the text at `path` stands."""


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A YAML rule file as a Source."""

    document: Document

    @property
    def file(self) -> str:
        """The file's name."""
        return self.document.file

    def mark(self, path: Path, *, on_key: bool) -> Mark:
        """Where the value (or its key) at the deepest existing part of `path` stands."""
        found, spot = self.document.nearest(path)
        if on_key and spot.key is not None and isinstance(found[-1], str):
            return Mark(spot.key, len(found[-1]), path_text(found))
        return Mark(spot.value, spot.length, path_text(found))

    def line(self, path: Path) -> int:
        """The line that the value at `path` starts on."""
        positions = self.document.positions
        _, start, _ = positions.bounds(positions.number(path))
        return positions.source.position(start).line

    def inside(self, path: Path, offset: int) -> Position:
        """Where character `offset` of the text at `path` stands."""
        return self.document.position_in(path, offset)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S_co]):
    """A document, or a part of one at `path`, with the file it came from."""

    source: Source
    shape: S_co
    path: Path = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.source.file

    def fault(
        self, code: str, steps: Path, what: str, fix: str, *, on_key: bool = False, related: Sequence[Related] = ()
    ) -> Fault:
        """A fault at `steps` below this part; a code that starts with W is a warning."""
        return fault_at(self.source, code, (*self.path, *steps), what, fix, on_key=on_key, related=related)

    def rule(self, steps: Path, rule_id: str, why: str) -> RuleRef:
        """The reference that a waterfall shows for the rule at `steps`."""
        return RuleRef(rule_id, self.source.file, self.source.line((*self.path, *steps)), why)

    def related(self, steps: Path, what: str) -> Related:
        """The place at `steps`, to explain a fault elsewhere."""
        return Related(self.source.file, self.source.mark((*self.path, *steps), on_key=False).position, what)


def fault_at(
    source: Source,
    code: str,
    path: Path,
    what: str,
    fix: str,
    *,
    on_key: bool = False,
    related: Sequence[Related] = (),
) -> Fault:
    """A fault at `path` of a file; a code that starts with W is a warning."""
    mark = source.mark(path, on_key=on_key)
    severity = Severity.WARNING if code.startswith("W") else Severity.ERROR
    return Fault(code, severity, source.file, mark.position, mark.length, mark.path, what, fix, tuple(related))
