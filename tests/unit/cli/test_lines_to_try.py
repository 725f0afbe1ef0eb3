"""The demo's lines: both ask for the same, both survive a shell, and neither shows a password."""

from __future__ import annotations

import json
import shlex
from datetime import date

import pytest

from pricing_engine.api.wire_faults import validate
from pricing_engine.api.wire_quote_request import QuoteIn
from pricing_engine.cli.lines_to_try import lines_to_try
from pricing_engine.cli.quote_flags import QuoteFlags, read_flags
from pricing_engine.demo import ACCOUNTS, next_month, request_to_try
from pricing_engine.settings import Settings

REQUEST = request_to_try(date(2026, 12, 1))
SQLITE = Settings(database_url="sqlite:////tmp/a file's name.sqlite")


def test_both_lines_ask_for_the_same():
    lines = lines_to_try(REQUEST, address="http://127.0.0.1:8000", settings=SQLITE)
    curl, cli = shlex.split(lines.curl), shlex.split(lines.cli)
    typed = cli[cli.index("--account") :]
    options = [(typed[index], typed[index + 1]) for index in range(0, len(typed), 2)]
    single = {name.removeprefix("--"): value for name, value in options if name not in {"--add", "--discount"}}
    flags = QuoteFlags(
        **single | {"term": int(single["term"])},
        add=[value for name, value in options if name == "--add"],
        discount=[value for name, value in options if name == "--discount"],
    )
    assert validate(QuoteIn, read_flags(flags).data) == validate(QuoteIn, json.loads(curl[-1]))


def test_the_line_names_a_database_that_is_not_the_usual_one():
    usual = lines_to_try(REQUEST, address="http://a", settings=Settings())
    other = lines_to_try(REQUEST, address="http://a", settings=SQLITE)
    assert "DATABASE_URL" not in usual.cli
    assert shlex.split(other.cli)[0] == f"PRICING_ENGINE_DATABASE_URL={SQLITE.database_url}"


def test_an_address_with_a_password_is_named_and_not_shown():
    settings = Settings(database_url="postgresql://user:hunter2@db/pricing")
    lines = lines_to_try(REQUEST, address="http://a", settings=settings)
    assert "hunter2" not in lines.cli + lines.curl
    assert '"$PRICING_ENGINE_DATABASE_URL"' in lines.cli


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 22), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 31), date(2027, 2, 1)),
        (date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_the_demo_quotes_from_the_first_of_the_next_month(day: date, first: date):
    assert next_month(day) == first


def test_the_demo_book_covers_every_segment_and_has_no_account_twice():
    assert {account.segment for account in ACCOUNTS} == {"smb", "mid_market", "enterprise"}
    assert len({account.id for account in ACCOUNTS}) == len({account.name for account in ACCOUNTS}) == len(ACCOUNTS)
    assert REQUEST["account_id"] in {account.id for account in ACCOUNTS}
