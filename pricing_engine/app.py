"""The composition root: settings → desk → app. `create_app` is what uvicorn is pointed at."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.requests import Request
from starlette.responses import Response
from structlog.typing import FilteringBoundLogger

from pricing_engine.api.access_log import open_log
from pricing_engine.api.application import build_app
from pricing_engine.api.log_lines import GatheredLines
from pricing_engine.api.problems import answer_domain_error
from pricing_engine.desk import Desk, open_desk
from pricing_engine.errors import DomainError
from pricing_engine.settings import Environment, Settings, load_settings
from pricing_engine.storage.database import is_current
from pricing_engine.usecases.keep_effects import EffectKeeper
from pricing_engine.usecases.seal_secrets import log_secrets
from pricing_engine.usecases.webhook_deliverer import Deliverer, destinations_of, open_deliverer

GC_THRESHOLDS: Final = (50_000, 20, 50)
"""A 100-line quote allocates thousands of objects that live for one request; the default collects 70 times."""


class DatabaseUnavailable(DomainError):
    """The database refuses or drops the connection, or is locked for too long."""

    code = "database-unavailable"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app of one process, with its own desk, which is closed when the app stops."""
    chosen = settings or load_settings()
    desk = open_desk(chosen)
    lines = GatheredLines(sys.stderr)
    log = open_log(chosen.log_level.value, lines=lines)
    app = build_app(
        desk,
        log=log,
        max_body_bytes=chosen.max_body_bytes,
        check_ready=readiness_of(desk),
        lifespan=lifespan_of(desk, log, lines, *_beside(desk, chosen, log)),
        destinations=destinations_of(chosen),
        shows_docs=chosen.environment is Environment.DEVELOPMENT,
    )
    answer_database_failures(app, log)
    return app


def answer_database_failures(app: FastAPI, log: FilteringBoundLogger) -> None:
    """Makes a database that does not answer a 503 and a line of the log, instead of a defect of ours."""

    async def answer(request: Request, error: Exception) -> Response:
        log.error("database unavailable", request_id=request.scope.get("request_id"), error=type(error).__name__)
        return await answer_domain_error(request, DatabaseUnavailable("the database does not answer", fix="try again"))

    app.add_exception_handler(OperationalError, answer)
    app.add_exception_handler(NoConnectionFree, answer)


def readiness_of(desk: Desk) -> Callable[[], Mapping[str, bool]]:
    """A check of what quoting needs: a database that answers, a current schema, a rulebook in force."""

    def check() -> Mapping[str, bool]:
        try:
            schema = is_current(desk.database.engine)
            rulebook = schema and _compiles_rulebook_in_force(desk)
        except SQLAlchemyError:
            return {"database": False, "schema": False, "rulebook": False}
        return {"database": True, "schema": schema, "rulebook": rulebook}

    return check


def _beside(desk: Desk, settings: Settings, log: FilteringBoundLogger) -> list[Deliverer | EffectKeeper]:
    """What a process does beside its requests."""
    keeper = EffectKeeper(desk, log)
    return [keeper, open_deliverer(desk, settings, log)] if settings.webhooks else [keeper]


def lifespan_of(
    desk: Desk, log: FilteringBoundLogger, *beside: GatheredLines | Deliverer | EffectKeeper
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What surrounds serving: rules compiled beforehand, a calm collector, and a desk closed at the end.

    What is to run `beside` the requests is stopped with them.
    """
    check_ready = readiness_of(desk)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        check_ready()
        _say_of_secrets(desk, log)
        thresholds = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        running = [asyncio.create_task(each.run()) for each in beside]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            gc.set_threshold(*thresholds)
            gc.unfreeze()
            desk.close()

    return lifespan


def _say_of_secrets(desk: Desk, log: FilteringBoundLogger) -> None:
    """Says in the log what is wrong with secrets; a database that is away or not migrated has its own word for it."""
    try:
        log_secrets(desk, log)
    except SQLAlchemyError:
        log.warning("secrets not looked at: the database does not answer, or is not migrated")


def _compiles_rulebook_in_force(desk: Desk) -> bool:
    try:
        with desk.reading() as session:
            desk.rulebook_in_force(session, desk.today())
    except DomainError:
        return False
    return True
