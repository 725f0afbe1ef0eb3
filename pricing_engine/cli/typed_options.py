"""What was typed after `pricing-engine quote`, and the request it becomes with the option each place came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class QuoteFlags:
    """The options as typed; None, empty or False is not given."""

    account: str | None = None
    contract: str | None = None
    add: Sequence[str] = ()
    set: Sequence[str] = ()
    remove: Sequence[str] = ()
    renew: bool = False
    extend: int | None = None
    cancel: bool = False
    reinstate: bool = False
    true_up: Sequence[str] = ()
    trial: Sequence[str] = ()
    waive: Sequence[str] = ()
    commit: Sequence[str] = ()
    price: Sequence[str] = ()
    usage: Sequence[str] = ()
    discount: Sequence[str] = ()
    why: str = ""
    bundle: Sequence[str] = ()
    tier: str | None = None
    term: int | None = None
    effective: str | None = None
    as_of: str | None = None
    billing: str | None = None
    currency: str | None = None
    valid_until: str | None = None
    ref: str | None = None
    note: str = ""

    def given(self) -> tuple[str, ...]:
        """The options that say something about the request, as they are typed."""
        return tuple(f"--{name.replace('_', '-')}" for name in self.__slots__ if _is_given(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """The request as JSON data, and which option each of its places came from."""

    data: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)


def _is_given(value: object) -> bool:
    """Whether an option says something; 0 does."""
    return value is not None and value is not False and value not in ("", (), [])
