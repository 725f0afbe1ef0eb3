"""The floor over HTTP: a bare FastAPI app that does the I/O of a quote and nothing else.

The same driver, dispatch, collector, read, insert and size of answer as ours, run by Core as Core runs them: on a
connection of the pool, on PostgreSQL in a thread, and what is written in a transaction. But it reads no JSON, validates
and prices nothing, and writes no log line: account, row and answer are fixed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Connection, insert, select
from starlette.requests import Request
from starlette.responses import Response

from benchmarks.stopwatch import calm_collector
from pricing_engine.desk import new_id
from pricing_engine.storage import tables
from pricing_engine.storage.database import open_database
from pricing_engine.storage.dispatch import open_dispatch
from pricing_engine.storage.quote_basis import ANY, BASIS

POOL_SIZE = 8
PREVIEW_ANSWER, STORED_ANSWER = "preview.json", "stored.json"

_INSERT = insert(tables.quote)


def create_bare_app(url: str, folder: Path) -> FastAPI:
    """The app over a database that holds one account and one quote, which it stores again and again."""
    database = open_database(url, pool_size=POOL_SIZE)
    dispatch = open_dispatch(database)
    preview_answer, stored_answer = (folder / PREVIEW_ANSWER).read_bytes(), (folder / STORED_ANSWER).read_bytes()
    with database.reader.connect() as connection:
        row: dict[str, Any] = dict(connection.execute(select(tables.quote)).mappings().one())

    def read(connection: Connection) -> None:
        day_end = datetime.max.replace(tzinfo=UTC)
        asked = {"tenant": row["tenant_id"], "id": row["account_id"], "contract": ANY, "day_end": day_end}
        assert connection.execute(BASIS, asked).one_or_none() is not None

    def preview() -> bytes:
        with database.autocommit.connect() as connection:
            read(connection)
        return preview_answer

    def store() -> bytes:
        with database.writer.begin() as connection:
            read(connection)
            connection.execute(_INSERT, {**row, "id": new_id("quo"), "created_at": datetime.now(UTC)})
        return stored_answer

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with calm_collector():
            yield
        dispatch.close()
        database.engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/quotes/preview")
    async def preview_route(request: Request) -> Response:
        await request.body()
        return Response(await dispatch.run(preview), media_type="application/json")

    @app.post("/v1/quotes")
    async def store_route(request: Request) -> Response:
        await request.body()
        return Response(await dispatch.run(store), status_code=201, media_type="application/json")

    return app
