"""The public CRM opportunities under shared/data as deals, read without the importer that the program has."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.scoring.deal import Deal, DealLine, Fact, Outcome
from tests.shared import shared_path

OUTCOMES = {"Won": Outcome.WON, "Lost": Outcome.LOST}


def crm_deals() -> list[Deal]:
    """The 8,300 opportunities that were engaged, by day; the 500 prospects have no day and are none yet."""
    accounts = {row["account"]: row for row in _rows("accounts.csv")}
    teams = {row["sales_agent"]: row for row in _rows("sales_teams.csv")}
    prices = {row["product"].replace(" ", ""): row for row in _rows("products.csv")}
    deals = [
        _deal(row, accounts.get(row["account"], {}), teams[row["sales_agent"]], prices[row["product"].replace(" ", "")])
        for row in _rows("sales_pipeline.csv")
        if row["engage_date"]
    ]
    return sorted(deals, key=lambda each: (each.created, each.id))


def _rows(name: str) -> list[dict[str, str]]:
    with shared_path("data", "crm-opportunities", name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _deal(row: dict[str, str], account: dict[str, str], team: dict[str, str], price: dict[str, str]) -> Deal:
    facts: dict[str, Fact | None] = {
        "agent": row["sales_agent"],
        "manager": team["manager"],
        "office": team["regional_office"],
        "close_value": _number(row["close_value"]),
        "list_per_year": Decimal(price["sales_price"]),
        "sector": account.get("sector") or None,
        "country": account.get("office_location") or None,
        "revenue": _number(account.get("revenue")),
        "employees": _number(account.get("employees")),
    }
    net = _number(row["close_value"])
    line = DealLine(price["product"], price["series"], Decimal(price["sales_price"]), net)
    closed = date.fromisoformat(row["close_date"]) if row["close_date"] else None
    outcome = OUTCOMES.get(row["deal_stage"], Outcome.OPEN)
    created = date.fromisoformat(row["engage_date"])
    return Deal(row["opportunity_id"], row["account"], created, closed, outcome, facts, (line,))


def _number(text: Any) -> Decimal | None:
    return Decimal(text) if text else None
