"""The routes of rulebooks: which is in force, which there were, and whether rule files would make one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role
from pricing_engine.api.doorway import answer, doorway_of, path_id, read_body_model
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.problems import MAX_FAULTS
from pricing_engine.api.wire_queries import NoQuery, PageQuery, read_query
from pricing_engine.api.wire_record_answers import CheckOut, RulebookRecordOut, RulebooksOut
from pricing_engine.api.wire_rule_files import RuleFilesIn
from pricing_engine.rulebook.fault_report import render_json
from pricing_engine.rulebook.faults import Fault, Severity, sort_faults
from pricing_engine.rulebook.load import RulebookRefused, check_rulebook
from pricing_engine.rulechecks.examples import check_examples
from pricing_engine.usecases.list_rulebooks import list_rulebooks
from pricing_engine.usecases.read_rulebook import RulebookRecord, find_hash_in_force, read_rulebook
from pricing_engine.usecases.records import Activation, RulebookSummary

router: Final = APIRouter(route_class=PlainRoute, tags=["rulebooks"])

_EXAMPLE: Final = {"files": {"rulebook.yaml": "kind: rulebook\nname: Example price policy\n"}}
_HASH_PATH: Final = {"hash": r"^[0-9a-f]{64}$"}


@router.get(
    "/v1/rulebooks",
    operation_id="list_rulebooks",
    summary="List published rulebook versions, newest first, and say which is in force",
    **described(RulebooksOut, query=PageQuery),
)
async def list_page(request: Request) -> Response:
    """A page of versions."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    query = read_query(request.scope, PageQuery)
    in_force = await desk.run(find_hash_in_force, desk, as_of=desk.today())
    page = await desk.run(list_rulebooks, desk, cursor=query.cursor, limit=query.limit)
    items = [_summary(found) for found in page.items]
    return answer({"in_force": in_force, "items": items, "next_cursor": page.next_cursor})


@router.get(
    "/v1/rulebooks/{hash}",
    operation_id="read_rulebook",
    summary="Read a published rulebook version",
    **described(RulebookRecordOut, path=_HASH_PATH, problems=(404,)),
)
async def read(request: Request) -> Response:
    """The version, the names of its files and its activations."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    read_query(request.scope, NoQuery)
    record = await desk.run(read_rulebook, desk, hash=path_id(request, "hash"))
    return answer(_record(record))


@router.post(
    "/v1/rulebooks/check",
    operation_id="check_rulebook",
    summary="Say whether rule files would make a rulebook, and whether the tests beside them can be read",
    **described(CheckOut, body=RuleFilesIn, example=_EXAMPLE),
)
async def check(request: Request) -> Response:
    """200 with the warnings that remain, or 422 with every fault and its position; nothing is kept."""
    desk = doorway_of(request).desk
    acting_role(request.scope)
    read_query(request.scope, NoQuery)
    wanted = await read_body_model(request, RuleFilesIn)
    files = {name: text.encode() for name, text in wanted.files.items()}
    # Loading takes up to half a second and waits for nothing, so it must not hold up the loop.
    hash_, faults = await asyncio.to_thread(_check, files, desk.currency_digits)
    return answer({"is_valid": True, "hash": hash_, "faults": render_json(faults[:MAX_FAULTS])})


def _check(files: Mapping[str, bytes], currency_digits: Mapping[str, int]) -> tuple[str, tuple[Fault, ...]]:
    """The hash of the rulebook and the warnings; the tests beside the rules are read, not run.

    Raises: RulebookRefused when the rules or the tests have errors.
    """
    result = check_rulebook(files, currency_digits=currency_digits)
    faults = sort_faults((*result.faults, *check_examples(files, result.rulebook)))
    if result.rulebook is None or any(fault.severity is Severity.ERROR for fault in faults):
        raise RulebookRefused(faults)
    return result.rulebook.hash, faults


def _record(record: RulebookRecord) -> dict[str, Any]:
    return {
        **_summary(record.version.summary),
        "files": [{"name": name, "bytes": len(content)} for name, content in sorted(record.version.files.items())],
        "activations": [_activation(found) for found in record.activations],
    }


def _summary(summary: RulebookSummary) -> dict[str, Any]:
    return {
        "hash": summary.hash,
        "name": summary.name,
        "engine_version": summary.engine_version,
        "language": summary.language,
        "author": summary.author,
        "commit": summary.commit,
        "created_at": summary.created_at,
    }


def _activation(activation: Activation) -> dict[str, Any]:
    return {
        "id": activation.id,
        "from_instant": activation.from_instant,
        "reason": activation.reason,
        "by": activation.by,
        "created_at": activation.created_at,
    }
