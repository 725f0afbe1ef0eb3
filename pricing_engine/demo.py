"""A database one can try everything on: migrated, with the sample rules in force and a small book of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pricing_engine.desk import Desk, open_desk
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.settings import Settings
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.database_schema import upgrade_schema
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.read_account import read_account
from pricing_engine.usecases.read_rulebook import find_hash_in_force
from pricing_engine.usecases.rule_directory import known_currency_digits, read_rule_directory

AUTHOR: Final = "demo"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A customer of the sample company; its id is fixed, so that commands in documents can name it."""

    id: str
    name: str
    currency: str
    market: str
    segment: str
    sector: str | None = None

    @property
    def attributes(self) -> Mapping[str, str | Decimal | bool | date]:
        """What the sample rules ask about."""
        return {"segment": self.segment} | ({"sector": self.sector} if self.sector else {})


ACCOUNTS: Final = (
    DemoAccount("acc_alder_books", "Alder Street Books", "USD", "US", "smb"),
    DemoAccount("acc_bluefin", "Bluefin Freight Inc.", "USD", "US", "mid_market"),
    DemoAccount("acc_cascade_health", "Cascade Health Partners", "USD", "US", "enterprise"),
    DemoAccount("acc_dunmore_school", "Dunmore School District", "USD", "US", "mid_market", "education"),
    DemoAccount("acc_eastgate", "Eastgate Legal LLP", "USD", "CA", "smb"),
    DemoAccount("acc_fjord_energy", "Fjord Energy Software", "USD", "CA", "enterprise"),
    DemoAccount("acc_gruber", "Gruber Maschinenbau GmbH", "EUR", "DE", "mid_market"),
    DemoAccount("acc_hexa_banque", "Hexa Banque", "EUR", "FR", "enterprise"),
    DemoAccount("acc_iberia_foods", "Iberia Foods S.A.", "EUR", "ES", "mid_market"),
    DemoAccount("acc_jansen_relief", "Jansen Relief Fund", "EUR", "NL", "smb", "nonprofit"),
    DemoAccount("acc_kitano", "Kitano Seiki K.K.", "JPY", "JP", "mid_market"),
    DemoAccount("acc_lumen_hoken", "Lumen Hoken K.K.", "JPY", "JP", "enterprise"),
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What was prepared. `is_new` says whether this run put the rules in force."""

    rulebook: str
    rulebook_name: str
    is_new: bool
    accounts: tuple[DemoAccount, ...]
    today: date
    request: Mapping[str, Any] = field(default_factory=dict)


def prepare_demo(settings: Settings) -> Demo:
    """The demo in the database of the settings: the second run changes nothing, unless the rules have changed.

    Raises: RuleFilesRefused and RulebookRefused when the rules of `rules_dir` cannot be published.
    """
    upgrade_schema(settings.database_url)
    desk = open_desk(settings)
    try:
        name, hash_, is_new = _put_in_force(desk, settings.rules_dir)
        for account in ACCOUNTS:
            _add_account(desk, account)
        today = desk.today()
        return Demo(hash_, name, is_new, ACCOUNTS, today, request_to_try(next_month(today)))
    finally:
        desk.close()


def _put_in_force(desk: Desk, directory: Path) -> tuple[str, str, bool]:
    """The name and hash of the directory's rules, in force from now, and whether that is news."""
    files = read_rule_directory(directory)
    rulebook = load_rulebook(files, currency_digits=known_currency_digits())
    if find_hash_in_force(desk, as_of=desk.today()) == rulebook.hash:
        return rulebook.name, rulebook.hash, False
    publish_rulebook(desk, files, author=AUTHOR, activate=True, reason=f"demo of {directory}")
    return rulebook.name, rulebook.hash, True


def _add_account(desk: Desk, account: DemoAccount) -> None:
    try:
        read_account(desk, account_id=account.id)
    except AccountNotFound:
        create_account(
            replace(desk, new_id=lambda _prefix: account.id),
            name=account.name,
            currency=account.currency,
            market=account.market,
            attributes=account.attributes,
            external_id=f"demo-{account.id.removeprefix('acc_')}",
        )


def next_month(day: date) -> date:
    """The first day of the month after the day's."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def request_to_try(effective: date) -> Mapping[str, Any]:
    """A request that shows much at once: a tier that is lifted, bands, usage, a term and a discount to approve."""
    return {
        "account_id": "acc_bluefin",
        "effective_date": effective.isoformat(),
        "term_months": 24,
        "tier": "essentials",
        "changes": [
            {"op": "add", "product": "crm", "quantities": {"users": "120"}},
            {"op": "add", "product": "analytics", "quantities": {"users": "40"}},
            {"op": "add", "product": "api", "quantities": {"api_calls": "250000"}},
        ],
        "discounts": [{"target": "quote", "percent": "0.10", "why": "competitive"}],
    }
