"""The composition root: settings → desk → app. `create_app` is what uvicorn is pointed at."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from pricing_engine.api.access_log import open_log
from pricing_engine.api.application import build_app
from pricing_engine.desk import Desk, open_desk
from pricing_engine.errors import DomainError
from pricing_engine.settings import Environment, Settings, load_settings
from pricing_engine.storage.database import is_current

GC_THRESHOLDS: Final = (50_000, 20, 50)
"""A 100-line quote allocates thousands of objects that live for one request; the default collects 70 times."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app of one process, with its own desk, which is closed when the app stops."""
    chosen = settings or load_settings()
    desk = open_desk(chosen)
    return build_app(
        desk,
        log=open_log(chosen.log_level.value),
        max_body_bytes=chosen.max_body_bytes,
        check_ready=readiness_of(desk),
        lifespan=lifespan_of(desk),
        shows_docs=chosen.environment is Environment.DEVELOPMENT,
    )


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


def lifespan_of(desk: Desk) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What surrounds serving: rules compiled beforehand, a calm collector, and a desk closed at the end."""
    check_ready = readiness_of(desk)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        check_ready()
        thresholds = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        try:
            yield
        finally:
            gc.set_threshold(*thresholds)
            gc.unfreeze()
            desk.close()

    return lifespan


def _compiles_rulebook_in_force(desk: Desk) -> bool:
    try:
        with desk.reading() as session:
            desk.rulebook_in_force(session, desk.today())
    except DomainError:
        return False
    return True
