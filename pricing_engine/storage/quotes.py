"""Quotes in the database: one insert to keep one, and what is read of them; request_json and priced_json map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from pricing_engine.errors import DomainError
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.loop_connections import LoopSession
from pricing_engine.storage.priced_json import decode_priced, encode_priced
from pricing_engine.storage.request_json import decode_request, encode_request
from pricing_engine.storage.session import Session

_QUOTE = tables.quote.c
# Made once, since making a statement costs more than running it.
_INSERT = HotStatement(insert(tables.quote))
_MOVE = HotStatement(
    update(tables.quote)
    .where(
        _QUOTE.tenant_id == bindparam("tenant"), _QUOTE.id == bindparam("which"), _QUOTE.revision == bindparam("seen")
    )
    .values({name: bindparam(f"new_{name}") for name in ("state", "revision", "valid_until")})
)
COLUMNS = (
    _QUOTE.id,
    _QUOTE.state,
    _QUOTE.version,
    _QUOTE.revision,
    _QUOTE.revises,
    _QUOTE.valid_until,
    _QUOTE.request,
    _QUOTE.priced,
    _QUOTE.content_hash,
    _QUOTE.created_at,
    _QUOTE.created_by,
)
_WITH_ID = _QUOTE.tenant_id == bindparam("tenant"), _QUOTE.id == bindparam("id")
_BY_ID = HotStatement(select(*COLUMNS).where(*_WITH_ID))
_HASH = HotStatement(select(_QUOTE.content_hash).where(*_WITH_ID))

_NEVER_CHANGED: Final = frozenset({"tenant_id", "id", "account_id", "version", "revises", "created_by", "created_at"})


class QuoteNotFound(DomainError):
    """There is no quote with this id."""

    code = "quote-not-found"


class QuoteAltered(DomainError):
    """What is stored of the quote has been changed behind our back."""

    code = "quote-altered"


class QuoteChangedMeanwhile(DomainError):
    """Something else was done with the quote after it was read."""

    code = "quote-changed-meanwhile"


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """A quote with what storing it added. `content_hash` is of its request and what it was priced to.

    `version` counts the quotes of which each `revises` the one before, `revision` the changes of this one.
    `valid_until` is the last day on which it can be accepted (None: not presented yet, and no day was asked for).
    """

    quote: Quote
    version: int
    content_hash: str
    created_at: datetime
    created_by: str
    revision: int = 1
    revises: str | None = None
    valid_until: date | None = None

    @property
    def id(self) -> str:
        """The quote's id."""
        return self.quote.id


class QuoteRow(NamedTuple):
    """A stored quote before its content is read: what it asks for and what it was priced to are text."""

    id: str
    state: str
    version: int
    revision: int
    revises: str | None
    valid_until: date | None
    request: str
    priced: str
    content_hash: str
    created_at: datetime
    created_by: str

    def read(self) -> StoredQuote:
        """The quote itself."""
        quote = decode_priced(
            self.priced, id=self.id, state=QuoteState(self.state), request=decode_request(self.request)
        )
        said = self.version, self.content_hash, self.created_at, self.created_by
        return StoredQuote(quote, *said, self.revision, self.revises, self.valid_until)

    def check_unaltered(self) -> None:
        """Refuses a content that is not what was stored, whoever has changed it.

        Raises: QuoteAltered.
        """
        if hash_of(self.request.encode(), self.priced.encode()) != self.content_hash:
            raise altered(self.id)


def save(session: Session, quote: Quote, *, at: datetime, by: str, revises: StoredQuote | None = None) -> StoredQuote:
    """The quote as stored, in its first version, or in the one after that which it `revises`."""
    stored, row = _new(session.tenant, quote, at=at, by=by, revises=revises)
    _INSERT.run(session, row)
    return stored


async def save_in_loop(session: LoopSession, quote: Quote, *, at: datetime, by: str) -> StoredQuote:
    """The quote as stored, in its first version; waited for in an event loop."""
    stored, row = _new(session.tenant, quote, at=at, by=by)
    await _INSERT.run_in_loop(session, row)
    return stored


def _new(
    tenant: str, quote: Quote, *, at: datetime, by: str, revises: StoredQuote | None = None
) -> tuple[StoredQuote, dict[str, Any]]:
    request, priced = encode_request(quote.request), encode_priced(quote)
    stored = StoredQuote(
        quote,
        1 if revises is None else revises.version + 1,
        hash_of(request, priced),
        at,
        by,
        revises=None if revises is None else revises.quote.id,
        valid_until=quote.request.valid_until,
    )
    return stored, _row(tenant, stored, request.decode(), priced.decode())


def rewrite(session: Session, stored: StoredQuote, quote: Quote) -> StoredQuote:
    """The quote with another content, as long as nothing else was done with it meanwhile.

    Raises: QuoteChangedMeanwhile.
    """
    request, priced = encode_request(quote.request), encode_priced(quote)
    after = replace(
        stored,
        quote=quote,
        content_hash=hash_of(request, priced),
        revision=stored.revision + 1,
        valid_until=quote.request.valid_until,
    )
    row = _row(session.tenant, after, request.decode(), priced.decode())
    guarded = update(tables.quote).where(
        _QUOTE.tenant_id == session.tenant, _QUOTE.id == stored.quote.id, _QUOTE.revision == stored.revision
    )
    values = {name: value for name, value in row.items() if name not in _NEVER_CHANGED}
    if session.connection.execute(guarded.values(values)).rowcount != 1:
        raise changed_meanwhile(stored.quote.id)
    return after


def move(session: Session, stored: StoredQuote, to: QuoteState, *, valid_until: date | None = None) -> StoredQuote:
    """The quote in another state, as long as nothing else was done with it meanwhile.

    Raises: QuoteChangedMeanwhile.
    """
    after = replace(
        stored,
        quote=stored.quote._replace(state=to),
        revision=stored.revision + 1,
        valid_until=valid_until or stored.valid_until,
    )
    move_row(session, stored.quote.id, seen=stored.revision, to=to, valid_until=after.valid_until)
    return after


def move_row(session: Session, id: str, *, seen: int, to: QuoteState, valid_until: date | None) -> None:
    """Has the quote be in another state and in the next revision, as long as it is in the one that was seen.

    Raises: QuoteChangedMeanwhile.
    """
    which = {"tenant": session.tenant, "which": id, "seen": seen}
    new = {"new_state": to.value, "new_revision": seen + 1, "new_valid_until": valid_until}
    if _MOVE.changed(session, which | new) != 1:
        raise changed_meanwhile(id)


def altered(quote_id: str) -> QuoteAltered:
    """The refusal of what is not as it was stored."""
    return QuoteAltered(
        f"quote {quote_id} is not as it was stored",
        fix="find out who has changed the database; ask for another quote",
        quote_id=quote_id,
    )


def changed_meanwhile(quote_id: str) -> QuoteChangedMeanwhile:
    """The refusal of a step that was decided on from an older revision."""
    return QuoteChangedMeanwhile(
        f"quote {quote_id} has changed meanwhile", fix="read it again, and decide anew", quote_id=quote_id
    )


def hash_of(request: bytes, priced: bytes) -> str:
    """What stands for the content of a quote, of what is stored of it."""
    return sha256(request + b"\n" + priced).hexdigest()


def _row(tenant: str, stored: StoredQuote, request: str, priced: str) -> dict[str, Any]:
    quote, totals = stored.quote, stored.quote.totals
    return {
        "tenant_id": tenant,
        "id": quote.id,
        "account_id": quote.request.account.id,
        "type": quote.request.type.value,
        "state": quote.state.value,
        "version": stored.version,
        "revision": stored.revision,
        "revises": stored.revises,
        "valid_until": stored.valid_until,
        "as_of": quote.request.as_of,
        "effective_date": quote.request.effective_date,
        "currency": quote.currency.code,
        "rulebook_hash": quote.rulebook,
        "external_ref": quote.request.external_ref,
        "role": quote.request.role,
        "complete": quote.is_complete,
        "arr": totals and totals.arr,
        "tcv": totals and totals.tcv,
        "request": request,
        "priced": priced,
        "content_hash": stored.content_hash,
        "created_by": stored.created_by,
        "created_at": stored.created_at,
    }


def load(session: Session, id: str) -> StoredQuote:
    """The quote with this id, equal to the one that was saved.

    Raises: QuoteNotFound, also for a quote of another tenant.
    """
    return load_row(session, id).read()


def load_row(session: Session, id: str) -> QuoteRow:
    """The same, before its content is read.

    Raises: QuoteNotFound.
    """
    row = _BY_ID.row(session, {"tenant": session.tenant, "id": id})
    if row is None:
        raise not_found(id)
    return QuoteRow(*row)


def not_found(id: str) -> QuoteNotFound:
    """The refusal of an id."""
    return QuoteNotFound(f"there is no quote {id}", fix="list quotes to see those there are", quote_id=id)


def content_hash(session: Session, id: str) -> str:
    """What stands for the content of a quote.

    Raises: QuoteNotFound.
    """
    row = _HASH.row(session, {"tenant": session.tenant, "id": id})
    if row is None:
        raise not_found(id)
    return str(row[0])
