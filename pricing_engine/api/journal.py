"""The routes of the journal: events for other systems, the audit log, and whether it is whole."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_audit
from pricing_engine.api.doorway import answer, doorway_of
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.wire_life_answers import EntriesOut, EventsOut, VerifiedOut
from pricing_engine.api.wire_queries import JournalQuery, NoQuery, read_query
from pricing_engine.integrations.cloud_events import cloud_event
from pricing_engine.usecases.read_journal import read_journal, verify_journal
from pricing_engine.usecases.records import Entry, Verified

router: Final = APIRouter(route_class=PlainRoute, tags=["events"])


@router.get(
    "/v1/events",
    operation_id="read_events",
    summary="Read what happened after an event, oldest first",
    **described(EventsOut, query=JournalQuery, problems=(500,)),
)
async def events(request: Request) -> Response:
    """CloudEvents; the same ones in the same order for everybody who asks."""
    acting_role(request.scope)
    entries, after = await _entries(request)
    return answer({"items": [cloud_event(entry) for entry in entries], "next_after": after})


@router.get(
    "/v1/audit",
    operation_id="read_audit",
    summary="Read the audit log, oldest first",
    **described(EntriesOut, query=JournalQuery, problems=(403, 500)),
)
async def audit(request: Request) -> Response:
    """Entries with the hashes that chain them."""
    check_may_audit(acting_role(request.scope))
    entries, after = await _entries(request)
    return answer({"items": [_entry(entry) for entry in entries], "next_after": after})


@router.get(
    "/v1/audit/verify",
    operation_id="verify_audit",
    summary="Say whether the audit log is whole and quotes are as it says, or where not",
    **described(VerifiedOut, problems=(403,)),
)
async def verify(request: Request) -> Response:
    """How many entries are as they were written, and how many quotes and steps as those say."""
    check_may_audit(acting_role(request.scope))
    read_query(request.scope, NoQuery)
    desk = doorway_of(request).desk
    return answer(verified_json(await desk.run_apart(verify_journal, desk)))


async def _entries(request: Request) -> tuple[tuple[Entry, ...], int]:
    desk = doorway_of(request).desk
    query = read_query(request.scope, JournalQuery)
    entries = await desk.run(read_journal, desk, after=query.after, limit=query.limit)
    return entries, entries[-1].number if entries else query.after


def verified_json(found: Verified) -> dict[str, Any]:
    """Whether the log is whole and quotes are as it says, as JSON-ready data."""
    broken = found.broken
    return {
        "entries": found.entries,
        "hash": found.hash,
        "is_whole": broken is None,
        "broken_at": None if broken is None else broken.number,
        "quote_id": None if broken is None else broken.quote_id,
        "step": None if broken is None else broken.step,
        "what": None if broken is None else broken.what,
        "fix": None if broken is None else broken.fix,
        "quotes": found.quotes,
        "steps": found.steps,
        "bookings": found.bookings,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "id": entry.id,
        "type": entry.type,
        "subject": entry.subject,
        "at": entry.at,
        "by": entry.by,
        "role": entry.role,
        "data": entry.data,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }
