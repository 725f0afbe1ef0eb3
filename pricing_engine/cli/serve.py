"""`pricing-engine serve`: one process of the HTTP service, in the foreground, on loopback unless told otherwise."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from os import strerror
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pricing_engine.cli.opening import check_database
from pricing_engine.cli.outcome import failed, outcome_shown
from pricing_engine.cli.screen import say

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from pricing_engine.settings import Settings

STOP_SECONDS: Final = 10
"""How long requests that are running may take to end when the service is told to stop."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on; loopback if absent.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = None,
) -> None:
    """Serve the API in the foreground until interrupted. Settings come from PRICING_ENGINE_… variables."""
    with outcome_shown(as_json=False):
        settings = settings_for(host, port)
        check_database(settings)
        with listening(settings) as listener:
            run_server(settings, listener, when_ready=lambda: say(f"Serving on {address_of(listener)}; Ctrl-C stops"))


def settings_for(host: str | None, port: int | None) -> Settings:
    """The settings of the environment, with the options that were given.

    Raises: SettingsRefused.
    """
    from pricing_engine.settings import load_settings

    given = {"host": host, "port": port}
    return load_settings(**{name: value for name, value in given.items() if value is not None})


def listening(settings: Settings) -> socket.socket:
    """A socket that listens, so that a port that is taken is known before anything else is done.

    Raises: CommandStopped.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise failed(
            f"cannot listen on {settings.host} port {settings.port}: {strerror(error.errno or 0)}",
            fix="choose another port: --port 8001, or PRICING_ENGINE_PORT=8001 make run",
            code="port-taken",
        ) from None


def address_of(listener: socket.socket) -> str:
    """The URL a listener is reached at."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(settings: Settings, listener: socket.socket, *, when_ready: Callable[[], None]) -> None:
    """Serves until the process is told to stop. `when_ready` is called once requests are answered."""
    import uvicorn

    from pricing_engine.api.access_log import open_log
    from pricing_engine.app import create_app

    if settings.host not in LOOPBACK:
        say(f"Listening on {settings.host}: there is no login yet, so whoever reaches this address may quote.")
    log_as_json(open_log(settings.log_level.value))

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                when_ready()

    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = Server(config)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise failed("the service did not start; the log above says why")


class _JsonHandler(logging.Handler):
    """Hands what the server says of itself to our log, so that every line of it is JSON."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self.log_ = log

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one line."""
        self.log_.log(record.levelno, "server", said=record.getMessage(), exc_info=record.exc_info or None)


def log_as_json(log: FilteringBoundLogger) -> None:
    """Sends what the server says of itself to our log."""
    server = logging.getLogger("uvicorn")
    server.handlers = [_JsonHandler(log)]
    server.propagate = False
    server.setLevel(logging.WARNING)
