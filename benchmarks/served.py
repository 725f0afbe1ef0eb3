"""One server process: `python -m benchmarks.served ours|bare URL FOLDER` prints its port and serves on loopback."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn

from benchmarks.bare_app import POOL_SIZE, create_bare_app
from pricing_engine.app import create_app
from pricing_engine.settings import Environment, Settings


def main(which: str, url: str, folder: str) -> None:
    """Serves until it is terminated; both apps under the settings `pricing-engine serve` gives to uvicorn."""
    if which == "ours":
        settings = Settings(database_url=url, database_pool_size=POOL_SIZE, environment=Environment.PRODUCTION)
        app = create_app(settings)
    else:
        app = create_bare_app(url, Path(folder))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, proxy_headers=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
