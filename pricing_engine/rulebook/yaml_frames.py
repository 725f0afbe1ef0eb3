"""What libyaml tells of a value, and the mapping or list that its values are being put into."""

from typing import Any, Protocol


class Mark(Protocol):
    index: int


class YamlEvent(Protocol):
    """What libyaml tells of a value; which fields an event has depends on its type."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str
    version: tuple[int, int] | None
    tags: dict[str, str] | None


class Frame:
    """A mapping or list being filled; `key` is the key waiting for its value, None when the next scalar is a key."""

    __slots__ = ("data", "first_keys", "is_mapping", "key", "key_start", "number", "numbers")

    def __init__(self, number: int, *, is_mapping: bool) -> None:
        self.number = number
        self.is_mapping = is_mapping
        self.key: str | None = None if is_mapping else ""
        self.key_start = -1
        self.data: Any = {} if is_mapping else []
        self.numbers: Any = {} if is_mapping else []
        self.first_keys: dict[str, int] | None = None

    def put(self, value: object, number: int) -> None:
        if self.is_mapping:
            self.data[self.key] = value
            self.numbers[self.key] = number
            self.key = None
        else:
            self.data.append(value)
            self.numbers.append(number)
