"""`offers`: what one account among many is offered, in process, beside one preview for the same account by its path."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading
from benchmarks.stopwatch import race
from pricing_engine.api.offer_json import offers_json
from pricing_engine.api.quote_json import quote_bytes
from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk, open_desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.offering.offer import OfferKind
from pricing_engine.quoting.request import Add
from pricing_engine.settings import Settings
from pricing_engine.storage import contracts, tables
from pricing_engine.storage.session import Session
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.database_schema import upgrade_schema
from pricing_engine.usecases.preview_quote import preview_quote
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_offers import read_offers
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.rule_directory import read_rule_directory

RULES: Final = Path(__file__).parents[1] / "rules"
TODAY: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
SOLD_BEFORE: Final = timedelta(days=150)
ROLE: Final = "rep"
MORE: Final = Add("storage", {"storage_gb": Decimal(500)})
"""The change that is previewed."""
_BATCH: Final = 5_000
_ATTRIBUTES: Final = '{"segment": "mid_market"}'
_BOUGHT: Final = (
    Add("core", {"users": Decimal(120)}),
    Add("crm", {"users": Decimal(120)}),
    Add("storage", {"storage_gb": Decimal(500)}),
)
_MEASURED: Final = {"storage_gb": Decimal(450), "transfer_gb": Decimal(4_000), "users": Decimal(100)}


def offers(effort: Effort) -> list[Reading]:
    """Readings of all that an account is offered, and of its trials alone, beside a preview of one change."""
    many = accounts(effort)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        desk = stack.enter_context(closing(desk_with_book(f"sqlite:///{folder / 'book.db'}", many, TODAY)))
        found = read_offers(desk, account_id="acc_0", role=ROLE)
        contenders = {
            "offers": _offering(desk, many, None),
            "trials": _offering(desk, many, OfferKind.TRIAL),
            "preview": _previewing(desk, many),
        }
        laps = race(contenders, effort)
    of_all, trials, of_one = (laps[name].best * MICROSECONDS for name in contenders)
    more = {
        "offers": float(len(found.offers)),
        "usual_us": laps["offers"].usual * MICROSECONDS,
        "us_per_offer": of_all / len(found.offers),
    }
    return [
        Reading(f"offers among {many:,}", "µs", of_all, of_one, more=more),
        Reading(f"offers among {many:,}, of trials", "µs", trials, of_one),
    ]


def accounts(effort: Effort) -> int:
    """How many accounts the book has."""
    return 2_000 if effort.is_short else 100_000


def desk_with_book(url: str, many: int, today: datetime) -> Desk:
    """A desk over the sample rules and so many accounts with one contract each, with use measured of three metrics."""
    upgrade_schema(url)
    sold = today - SOLD_BEFORE
    desk = replace(open_desk(Settings(database_url=url)), now=lambda: sold)
    publish_rulebook(desk, read_rule_directory(RULES), author="benchmarks", activate=True, reason="to be measured")
    buyer = create_account(
        desk, name="First", currency="USD", market="US", attributes={"segment": "mid_market"}
    ).account.id
    sale = QuoteAsk(buyer, ROLE, sold.date(), _BOUGHT)
    booked = book_quote(desk, quote_id=request_quote(desk, ask=sale, by=ROLE).quote.id, by=ROLE)
    _fill(desk, booked.contract, many, today)
    return replace(desk, now=lambda: today)


def _fill(desk: Desk, template: Contract, many: int, today: datetime) -> None:
    for start in range(0, many, _BATCH):
        numbers = range(start, min(start + _BATCH, many))
        made = [template._replace(id=f"con_{number}", account_id=f"acc_{number}") for number in numbers]
        with desk.database.writer.begin() as connection:
            connection.execute(insert(tables.account), [_account(desk, number) for number in numbers])
            session = Session(connection, desk.tenant)
            contracts.save_all(session, made, kind=QuoteType.NEW, at=desk.now(), by="benchmarks")
            rows = [_reading(desk.tenant, number, metric, today) for number in numbers for metric in _MEASURED]
            connection.execute(insert(tables.usage_reading), rows)


def _account(desk: Desk, number: int) -> dict[str, Any]:
    return {
        "tenant_id": desk.tenant,
        "id": f"acc_{number}",
        "external_id": None,
        "name": f"Customer {number}",
        "currency": "USD",
        "market": "US",
        "attributes": _ATTRIBUTES,
        "created_at": desk.now(),
    }


def _reading(tenant: str, number: int, metric: str, today: datetime) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "account_id": f"acc_{number}",
        "id": metric,
        "metric": metric,
        "day": today.date(),
        "measured_at": today,
        "recorded_at": today,
        "quantity": _MEASURED[metric],
        "received_at": today,
        "received_by": "integration",
    }


def _offering(desk: Desk, many: int, kind: OfferKind | None) -> Callable[[], object]:
    numbers = count()

    def read() -> object:
        # A prime step, so that the pages read are not those just read.
        account = f"acc_{next(numbers) * 7_919 % many}"
        return offers_json(read_offers(desk, account_id=account, role=ROLE, kind=kind), role=ROLE)

    return read


def _previewing(desk: Desk, many: int) -> Callable[[], object]:
    numbers = count()

    def preview() -> object:
        ask = QuoteAsk(f"acc_{next(numbers) * 7_919 % many}", ROLE, TODAY.date(), (MORE,))
        return quote_bytes(preview_quote(desk, ask=ask), role=ROLE, waterfall=False)

    return preview
