"""A database in which every table has rows and every column a value in some row, made by what the engine can do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import MetaData, Table, inspect, select

from pricing_engine.desk import Desk
from pricing_engine.imports.revenue.read_mapping import read_revenue_mapping
from pricing_engine.integrations.webhooks.sending import Outcome as Sent
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.request import Trial
from pricing_engine.scoring.deal import Deal, DealLine, Outcome
from pricing_engine.scoring.model import Part
from pricing_engine.storage import deals, scoring_models
from pricing_engine.storage.database import open_engine
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import revise_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.deliver_webhooks import begin_delivery, finish_delivery
from pricing_engine.usecases.import_history import HistoryFiles, import_history
from pricing_engine.usecases.keep_effects import keep_effects
from pricing_engine.usecases.once import Once, Rendered, answer_once
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.record_usage import Measured, record_usage
from pricing_engine.usecases.webhooks import change_webhook, make_webhook, rotate_secret
from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook
from tests.storage.quote_lives import MANAGER, REP, TWELVE_OFF, asked, step
from tests.storage.test_contract_use_cases import a_change, booked
from tests.storage.test_use_cases import an_ask
from tests.unit.rulebook.small_rules import small_rules

Rows = dict[str, list[dict[str, Any]]]

TRIALS = """\
kind: terms
id: standard
why: try it
trials:
  - {product: analytics, days: 30, limits: {users: 25}, then: convert}
"""
MARCH = date(2026, 3, 1)


def fill_every_table(desk: Desk) -> str:
    """The id of a quote that was approved and accepted, among all there is."""
    rules = small_rules({"terms/standard.yaml": TRIALS})
    version = publish_rulebook(desk, rules, author="ada", activate=True, reason="first", commit="c0ffee")
    account = create_account(
        desk, name="Fjord AS", currency="USD", market="US", attributes={"segment": "smb"}, external_id="crm-1"
    ).account.id
    quote_id = _approved_and_accepted(desk, account)
    booked(desk, QuoteAsk(account, "rep", MARCH, (Trial("analytics", {"users": Decimal(10)}),)))
    booked(desk, a_change(account))
    record_usage(desk, account_id=account, readings=[Measured("r1", "users", desk.now(), Decimal("12.5"))], by="meter")
    _history(desk)
    _webhooks(desk)
    keep_effects(desk)
    _scoring(desk)
    withdraw_rulebook(desk, hash=version.summary.hash, reason="a price was wrong", actor=MANAGER)
    return quote_id


def _approved_and_accepted(desk: Desk, account: str) -> str:
    """A quote that revises another, was approved, and whose acceptance is kept to be answered again."""
    first = asked(desk, an_ask(account, discounts=TWELVE_OFF, tier="growth", external_ref="opp-1"))
    quote_id = revise_quote(desk, quote_id=first, actor=REP, changed={"note": "again"}).quote.id
    step(desk, quote_id, Action.SUBMIT)
    step(desk, quote_id, Action.APPROVE, MANAGER, level="manager", comment="so be it")
    step(desk, quote_id, Action.PRESENT)
    once: Once[Any] = Once("key", "fingerprint", lambda done: Rendered(200, {}, done.life.quote.id.encode()))
    answer_once(desk, once, accept_quote, quote_id=quote_id, actor=REP)
    return quote_id


def _history(desk: Desk) -> None:
    """A customer of the time before there were contracts, who paid more in its second month."""
    text = "kind: revenue_mapping\nmissing_months: zero\naccounts: {id: who, name: who, currency: {constant: USD}}\n"
    mapping, faults = read_revenue_mapping(
        "mapping.yaml", f"{text}revenue: {{account: who, month: month, mrr: mrr, quantity: users}}\n".encode()
    )
    assert mapping is not None, faults
    with TemporaryDirectory() as folder:
        table = Path(folder, "mrr.csv")
        table.write_text("who,month,mrr,users\nBefore,2025-11,100.00,10\nBefore,2025-12,120.00,12\n", encoding="utf-8")
        assert import_history(desk, HistoryFiles(table, mapping), by="ada").movements == 2


def _scoring(desk: Desk) -> None:
    """A past deal, and a model that is live."""
    deal = Deal("d1", "Before", date(2025, 1, 1), date(2025, 2, 1), Outcome.WON, {"segment": "smb"}, (DealLine("crm"),))
    with desk.transaction() as session:
        deals.save(session, [deals.KeptDeal(deal, deals.DealSource.IMPORT, "deals.csv", 2)], at=desk.now(), by="ada")
        scoring_models.save(session, scoring_models.StoredModel("m1", "{}", desk.now(), "ada"))
        scoring_models.activate(
            session, scoring_models.Promotion("act_1", "m1", (Part.PEERS,), "first", desk.now(), "ada")
        )


def _webhooks(desk: Desk) -> None:
    """One that was told of something in vain and is being told of it again, and one that is disabled."""
    tried, disabled = (
        make_webhook(desk, url="https://hooks.invalid/", events=(), description=each, actor=MANAGER) for each in "ab"
    )
    rotate_secret(desk, webhook_id=tried.id, keep_old=True, actor=MANAGER)
    change_webhook(desk, webhook_id=disabled.id, changed={"enabled": False}, actor=MANAGER)
    posting = begin_delivery(desk, webhook_id=tried.id)
    assert posting is not None
    finish_delivery(desk, posting=posting, outcome=Sent(500, "not accepted"), began=desk.now(), jitter=0.0)
    instant = desk.now() + timedelta(hours=1)
    assert begin_delivery(replace(desk, now=lambda: instant), webhook_id=tried.id) is not None


def table_names(url: str) -> set[str]:
    """The tables that are there."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return set(inspect(connection).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def every_row(url: str) -> Rows:
    """The rows of every table as the database itself has them, by column."""
    engine, found = open_engine(url), MetaData()
    try:
        with engine.connect() as connection:
            found.reflect(connection)
            tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
            return {table.name: _rows(connection, table) for table in tables}
    finally:
        engine.dispose()


def _rows(connection: Any, table: Table) -> list[dict[str, Any]]:
    rows = [dict(row._mapping) for row in connection.execute(select(table))]
    return sorted(rows, key=repr)


def as_far_as(known: Rows, rows: Rows) -> Rows:
    """The rows of the tables and columns that are known, in the order of all they say."""
    return {
        name: sorted(({column: row[column] for column in found[0]} for row in rows[name]), key=repr)
        for name, found in known.items()
        if found
    }


def columns_of(rows: Rows) -> set[str]:
    """Every column of tables with rows, as table.column."""
    return {f"{name}.{column}" for name, found in rows.items() if found for column in found[0]}


def columns_with_values(rows: Rows) -> set[str]:
    """Those of which some row has more than NULL, as table.column."""
    return {
        f"{name}.{column}" for name, found in rows.items() for row in found for column in row if row[column] is not None
    }
