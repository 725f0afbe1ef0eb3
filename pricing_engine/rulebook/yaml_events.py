"""Builds data and positions from libyaml's events, with a fault for every construct that rule files refuse."""

import re
from collections.abc import Callable, Collection
from itertools import islice
from typing import Any, NoReturn

from yaml import CSafeLoader
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from pricing_engine.rulebook.faults import Fault, Path, Related, Severity, path_text
from pricing_engine.rulebook.yaml_characters import find_escaped
from pricing_engine.rulebook.yaml_document import Marks, SourceText
from pricing_engine.rulebook.yaml_frames import Frame, YamlEvent
from pricing_engine.rulebook.yaml_scalars import Refusal, read_plain, shown

MAX_DEPTH = 24
MAX_EVENTS = 1_000_000
MAX_TEXT = 64_000
MAX_KEY = 200
MAX_FAULTS = 100

CONDITION_KEYS = frozenset({"when", "while", "value", "fee", "claim"})

_UNREAD = object()


class HaltError(Exception):
    """Reading stops here: the fault that says why is already gathered."""


class Builder:
    """Fills `root` and `marks` from the events of one file; `faults` holds everything refused on the way.

    `comments` are the places just behind which a comment starts after a single blank, `far_comments` after more.
    """

    def __init__(self, source: SourceText, *, comments: Collection[int], far_comments: Collection[int]) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.root = Frame(-1, is_mapping=False)
        self.marks = Marks([], {})
        self._bounds = self.marks.bounds
        self._comments = comments
        self._far_comments = far_comments
        self._frame = self.root
        self._stack: list[Frame] = []
        self._plain: dict[str, Any] = {}
        self._good_keys: set[str] = set()
        self._documents = 0

    def build(self) -> None:
        """Reads every event.

        Raises: HaltError where reading on makes no sense; yaml.YAMLError where libyaml cannot read on.
        """
        handlers: dict[type[Event], Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._mapping_start,
            MappingEndEvent: self._container_end,
            SequenceStartEvent: self._list_start,
            SequenceEndEvent: self._container_end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document_start,
            DocumentEndEvent: _nothing,
            StreamStartEvent: _nothing,
            StreamEndEvent: _nothing,
        }
        event: Any = None
        for event in islice(iter(CSafeLoader(self.source.text).get_event, None), MAX_EVENTS):
            handlers[type(event)](event)
        if not isinstance(event, StreamEndEvent):
            index = event.end_mark.index if event else 0
            self._halt(index, "Y008", "the file has too many values", "split it into several files")

    def path(self) -> Path:
        """The path of the value being read."""
        frames = [*self._stack[1:], self._frame] if self._stack else []
        steps = (frame.key if frame.is_mapping else len(frame.data) for frame in frames)
        return tuple(step for step in steps if step is not None)

    # --- events, hottest first ---

    def _scalar(self, event: YamlEvent) -> None:
        frame = self._frame
        start = event.start_mark.index
        end = event.end_mark.index
        if event.anchor is not None or event.tag is not None:
            start = self._refuse_decoration(event)
        if frame.key is None:
            frame.key = event.value
            frame.key_start = start
            if event.style or event.value not in self._good_keys or event.value in frame.data:
                self._check_key(event, start, end)
            return
        if end - start > MAX_TEXT:
            self._add(start, end, "Y033", *_TOO_LONG)
        value = self._quoted(event.value, start, end) if event.style else self._unquoted(event.value, start, end)
        frame.put(value, len(self._bounds) // 3)
        self._bounds += (frame.key_start, start, end)

    def _check_key(self, event: YamlEvent, start: int, end: int) -> None:
        frame, key = self._frame, event.value
        refused = None if event.style else _refuse_key(key)
        if refused is not None:
            self._add(start, end, *refused)
        elif event.style:
            self._quoted(key, start, end)
        elif len(key) <= MAX_KEY:
            self._good_keys.add(key)
        if key in frame.data:
            self._duplicate(frame, key, start, end)
        elif not key.strip() or "\n" in key or len(key) > MAX_KEY:
            self._add(start, end, "Y021", "a key must be a short text on one line", "write a name before the colon")

    def _unquoted(self, text: str, start: int, end: int) -> Any:
        value = self._plain.get(text, _UNREAD)
        if value is _UNREAD:
            value = self._plain[text] = read_plain(text) if text else _EMPTY
        if type(value) is Refusal:
            self._add(start, end, *value)
        elif end in self._comments or end in self._far_comments:
            self._warn_of_comment(value, start, end)
        return value

    def _quoted(self, text: str, start: int, end: int) -> str:
        # Only an escape can bring in a character that the file as a whole was already searched for.
        if end - start - 2 != len(text) and (name := find_escaped(text)):
            self._add(start, end, "Y031", f"the text contains {name} written as an escape", "remove the escape")
        return text

    def _mapping_start(self, event: YamlEvent) -> None:
        self._open(event, is_mapping=True)

    def _list_start(self, event: YamlEvent) -> None:
        self._open(event, is_mapping=False)

    def _open(self, event: YamlEvent, *, is_mapping: bool) -> None:
        start = event.start_mark.index
        if event.anchor is not None or event.tag is not None:
            self._refuse_decoration(event)
        if self._frame.key is None:
            self._add(start, start + 1, "Y023", "a key cannot be a list or a mapping", "write a name before the colon")
            self._stand_in_key(start)
        if len(self._stack) >= MAX_DEPTH:
            self._halt(start, "Y004", f"more than {MAX_DEPTH} levels of nesting", "write it flatter")
        number = len(self._bounds) // 3
        self._bounds += (self._frame.key_start, start, start)
        self._stack.append(self._frame)
        self._frame = Frame(number, is_mapping=is_mapping)

    def _container_end(self, event: YamlEvent) -> None:
        done = self._frame
        self._frame = self._stack.pop()
        self._frame.put(done.data, done.number)
        self.marks.inside[done.number] = done.numbers
        self._bounds[3 * done.number + 2] = event.end_mark.index

    def _alias(self, event: YamlEvent) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        fix = 'write the value again, or put quotes around a text that starts with "*"'
        self._add(start, end, "Y013", f"aliases such as {shown(f'*{event.anchor}')} are not allowed", fix)
        if self._frame.key is None:
            self._stand_in_key(start)
        else:
            self._frame.put(None, len(self._bounds) // 3)
            self._bounds += (self._frame.key_start, start, end)

    def _document_start(self, event: YamlEvent) -> None:
        start: int = event.start_mark.index
        self._documents += 1
        if event.version is not None or event.tags is not None:
            self._add(start, start + 1, "Y009", "directives such as %YAML are not allowed", "remove the line")
        if self._documents > 1:
            self._halt(start, "Y005", "a second document starts here", "put it in a file of its own")

    # --- faults ---

    def _stand_in_key(self, start: int) -> None:
        self._frame.key = "?"
        self._frame.key_start = start

    def _duplicate(self, frame: Frame, key: str, start: int, end: int) -> None:
        first_keys = frame.first_keys = frame.first_keys or {}
        first = first_keys.setdefault(key, self._bounds[3 * frame.numbers[key]])
        related = Related(self.source.file, self.source.position(first), "first defined here")
        fix = "remove one of the two; only the author knows which one is meant"
        self._add(start, end, "Y020", f"the key {shown(key)} is there twice", fix, related=(related,))

    def _refuse_decoration(self, event: YamlEvent) -> int:
        """Where the value itself starts, behind its anchor and tag, which are refused."""
        index = event.start_mark.index
        for _ in range((event.anchor is not None) + (event.tag is not None)):
            piece = _DECORATION.match(self.source.text, index)
            if piece is None:  # pragma: no cover - the pattern matches nothing at all too
                break
            code, what, fix = _ANCHOR if piece[1].startswith("&") else _TAG
            self._add(piece.start(1), piece.end(1), code, f"{what} such as {shown(piece[1])} are not allowed", fix)
            index = piece.end(1)
        return min(index, event.end_mark.index)

    def _warn_of_comment(self, value: object, start: int, end: int) -> None:
        condition = self._frame.is_mapping and self._frame.key in CONDITION_KEYS
        if not isinstance(value, str) or not (condition or end in self._comments):
            return
        what = f"the value ends at {shown(value)!r}; what follows # is a comment"
        fix = "put the whole value in quotes, or move the comment to a line of its own"
        self._add(start, end, "Y040", what, fix, severity=Severity.WARNING)

    def _add(
        self,
        start: int,
        end: int,
        code: str,
        what: str,
        fix: str,
        *,
        severity: Severity = Severity.ERROR,
        related: tuple[Related, ...] = (),
    ) -> None:
        if severity is Severity.WARNING and len(self.faults) >= MAX_FAULTS:
            return
        place, length = self.source.position(start), self.source.length_on_line(start, end)
        path = path_text(self.path())
        self.faults.append(Fault(code, severity, self.source.file, place, length, path, what, fix, related))
        if severity is Severity.ERROR and len(self.faults) == MAX_FAULTS:
            self._halt(end, "Y041", f"{MAX_FAULTS} faults so far; the rest of the file is not read", "mend those first")

    def _halt(self, start: int, code: str, what: str, fix: str) -> NoReturn:
        self._add(start, start + 1, code, what, fix)
        raise HaltError


_DECORATION = re.compile(r"(?:[ \n]|#[^\n]*\n)*(!<[^>\s]*>|[^\s,\[\]{}]*)")
_ANCHOR = ("Y010", "anchors", 'write the value where it is needed, or put quotes around a text that starts with "&"')
_TAG = ("Y011", "tags", 'remove it and write the value plainly; put quotes around a text that starts with "!"')
_EMPTY = Refusal("Y022", "the value is missing", 'write it, or null, or "" for an empty text')
_TOO_LONG = (f"the text is longer than {MAX_TEXT} characters", "shorten it")


def _nothing(_event: Event) -> None:
    """Events that carry nothing for the data."""


def _refuse_key(key: str) -> Refusal | None:
    """Why a key without quotes is refused, if it is."""
    if key == "<<":
        return Refusal("Y012", "merge keys (<<) are not allowed", "write the fields out where they are needed")
    value = read_plain(key)
    if type(value) is str:
        return None
    return Refusal("Y021", f"the key {shown(key)} is not plainly text", f'write "{shown(key)}" in quotes')
