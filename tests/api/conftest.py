"""An app over a real database with rules in force, called inside the process; one per database kind, or a fresh one."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from pricing_engine.api.access_log import open_log
from pricing_engine.api.application import build_app
from pricing_engine.app import readiness_of
from pricing_engine.desk import Desk, open_desk
from pricing_engine.integrations.webhooks.destinations import Destinations
from pricing_engine.settings import Settings
from pricing_engine.storage import tables
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests import databases
from tests.api.rule_files import FILES

NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
"""The instant of every test's clock; rules are in force since the first of January."""

MAX_BODY = 2_000_000


@dataclass
class Caller:
    """Calls the app without a network and knows what is in its database."""

    app: FastAPI
    desk: Desk
    log: StringIO
    accounts: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to one request."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, path, **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """The answer to a POST of JSON."""
        return self.call("POST", path, json=json, **more)

    def account(self, currency: str = "USD") -> str:
        """The id of an account in a currency, made when it is first asked for."""
        if currency not in self.accounts:
            made = self.post("/v1/accounts", {"name": f"{currency} account", "currency": currency})
            assert made.status_code == 201, made.text
            self.accounts[currency] = made.json()["id"]
        return self.accounts[currency]

    def ask(self, **more: Any) -> dict[str, Any]:
        """A request that can be priced: 100 CRM seats for the USD account."""
        return {
            "account_id": self.account(),
            "effective_date": "2026-07-01",
            "changes": [{"op": "add", "product": "crm", "quantities": {"users": "100"}}],
        } | more

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.desk.database.engine.connect() as connection:
            return {
                name: connection.scalar(select(func.count()).select_from(table)) or 0
                for name, table in tables.metadata.tables.items()
            }


def open_caller(url: str, *, publish: bool = True) -> Caller:
    """A caller of a new app over a migrated database."""
    desk = replace(open_desk(Settings(database_url=url)), now=lambda: NOON)
    if publish:
        publish_rulebook(
            desk, FILES, author="test", activate=True, reason="tests", from_instant=datetime(2026, 1, 1, tzinfo=UTC)
        )
    log = StringIO()
    app = build_app(
        desk,
        log=open_log("info", stream=log),
        max_body_bytes=MAX_BODY,
        check_ready=readiness_of(desk),
        destinations=Destinations(anywhere=True),
    )
    return Caller(app, desk, log)


@pytest.fixture
def caller(database_url: str) -> Iterator[Caller]:
    """A caller of an app over a fresh database of each kind."""
    opened = open_caller(database_url)
    yield opened
    opened.desk.close()


@pytest.fixture(scope="session")
def sqlite_caller(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """A caller that many tests share, over SQLite; they must not count on what others leave."""
    path = tmp_path_factory.mktemp("api") / "shared.sqlite"
    databases.copy_sqlite(migrated_sqlite, path)
    opened = open_caller(databases.sqlite_url(path))
    yield opened
    opened.desk.close()


@pytest.fixture(scope="session")
def postgres_caller(postgres_server: URL, migrated_postgres: str) -> Iterator[Caller]:
    """The same over PostgreSQL."""
    with databases.fresh_database(postgres_server, template=migrated_postgres) as url:
        opened = open_caller(databases.text(url))
        yield opened
        opened.desk.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_caller(request: pytest.FixtureRequest) -> Caller:
    """A caller that many tests share, once on SQLite and once on PostgreSQL."""
    found: Caller = request.getfixturevalue("sqlite_caller" if request.param == "sqlite" else "postgres_caller")
    return found
