"""The log: one JSON line per request and per failure, every value escaped, so that no caller can write a line."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, FilteringBoundLogger

from pricing_engine.api.log_lines import GatheredLines

LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def open_log(level: str, *, stream: TextIO | None = None, lines: GatheredLines | None = None) -> FilteringBoundLogger:
    """A logger that writes JSON lines: by way of `lines`, or to a stream (stderr when none is given)."""
    logger = structlog.wrap_logger(
        lines or structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _one_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        cache_logger_on_first_use=True,
    )
    # Bound once, for the lazy one that wrap_logger gives is resolved anew at every call.
    log: FilteringBoundLogger = logger.bind()
    return log


def _one_line(_logger: Any, _method: str, event: EventDict) -> str:
    # As structlog's TimeStamper writes it, which takes three calls more to do so.
    event["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return orjson.dumps(event, default=str).decode()
