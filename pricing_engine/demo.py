"""A database to try everything on: migrated, with rules in force (at first the sample) and a small book of accounts."""

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
from pricing_engine.usecases.read_rulebook import find_activation_in_force, read_rulebook
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
    """What was prepared. `is_new` says whether this run put the rules in force; `kept_by`, who put others in force.

    Rules that someone else put in force stay: the demo never takes back what a pricing team has published.
    """

    rulebook: str
    rulebook_name: str
    is_new: bool
    kept_by: str | None
    accounts: tuple[DemoAccount, ...]
    today: date
    request: Mapping[str, Any] = field(default_factory=dict)


def prepare_demo(settings: Settings) -> Demo:
    """The demo in the database of the settings: the second run changes nothing, unless the rules have changed.

    Changed rules are put in force only over those that a demo put in force.

    Raises: RuleFilesRefused and RulebookRefused when the rules of `rules_dir` cannot be published.
    """
    upgrade_schema(settings.database_url)
    desk = open_desk(settings)
    try:
        in_force = _put_in_force(desk, settings.rules_dir)
        for account in ACCOUNTS:
            _add_account(desk, account)
        today = desk.today()
        return Demo(
            rulebook=in_force.hash,
            rulebook_name=in_force.name,
            is_new=in_force.is_new,
            kept_by=in_force.kept_by,
            accounts=ACCOUNTS,
            today=today,
            request=request_to_try(next_month(today)),
        )
    finally:
        desk.close()


@dataclass(frozen=True, slots=True)
class _InForce:
    """The version in force, whether that is news, and who keeps the directory's rules from it."""

    hash: str
    name: str
    is_new: bool = False
    kept_by: str | None = None


def _put_in_force(desk: Desk, directory: Path) -> _InForce:
    """The directory's rules, in force from now; or the version that someone else has put in force."""
    files = read_rule_directory(directory)
    rulebook = load_rulebook(files, currency_digits=known_currency_digits())
    activation = find_activation_in_force(desk, as_of=desk.today())
    if activation is not None and activation.rulebook == rulebook.hash:
        return _InForce(rulebook.hash, rulebook.name)
    if activation is not None and activation.by != AUTHOR:
        kept = read_rulebook(desk, hash=activation.rulebook).version.summary
        return _InForce(kept.hash, kept.name, kept_by=activation.by)
    publish_rulebook(desk, files, author=AUTHOR, activate=True, reason=f"demo of {directory}")
    return _InForce(rulebook.hash, rulebook.name, is_new=True)


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
