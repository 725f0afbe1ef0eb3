"""Do something once: the answer is kept in the transaction that does it, and given again to the same request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.storage import kept_answers
from pricing_engine.storage.kept_answers import AnsweredMeanwhile, KeptAnswer
from pricing_engine.storage.session import Session

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer as a caller is sent it; one that `has_secret` is kept sealed."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    has_secret: bool = False


@dataclass(frozen=True, slots=True)
class Once(Generic[Result]):
    """A request that may be repeated: its key, what tells it from others, and how its result is answered."""

    key: str
    fingerprint: str
    render: Callable[[Result], Rendered]


def keep_answer(desk: Desk, session: Session, once: Once[Result] | None, result: Result) -> None:
    """Keeps what is answered to a result, in the transaction that made it; nothing for a request without a key."""
    if once is None:
        return
    sent = once.render(result)
    kept_answers.keep(
        session,
        KeptAnswer(
            once.key, once.fingerprint, sent.status, sent.headers, sent.body, desk.now(), has_secret=sent.has_secret
        ),
    )


def answer_once(desk: Desk, once: Once[Result], act: Callable[..., Result], /, **asked: Any) -> Rendered:
    """The answer that is kept for the request, or else that to `act(desk, once=once, **asked)`.

    Of two that ask at once the second is given what the first was answered.
    Raises: KeyReused; SecretNotOpened; what `act` raises, which is not kept: what was refused may be asked again.
    """
    kept = kept_answer(desk, once)
    if kept is not None:
        return kept
    try:
        return once.render(act(desk, once=once, **asked))
    except (AnsweredMeanwhile, DomainError):
        kept = kept_answer(desk, once)
        if kept is None:
            raise
        return kept


def kept_answer(desk: Desk, once: Once[Any]) -> Rendered | None:
    """The answer that is kept for the request, if it was answered.

    Raises: KeyReused; SecretNotOpened.
    """
    with desk.autocommit() as session:
        found = kept_answers.find(session, once.key, fingerprint=once.fingerprint, now=desk.now())
    return None if found is None else Rendered(found.status, found.headers, found.body)
