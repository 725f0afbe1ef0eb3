"""The RavenStack data of shared/: rules that sell its three plans at their real prices, and what the tables say."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.shared import shared_path

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "import-a-book.md"
DIGITS = {"USD": 2}
LAST_DAY = date(2024, 12, 31)
PRICES = {"basic": "19.00", "pro": "49.00", "enterprise": "199.00"}
"""Per seat and month: mrr_amount is seats times this in all rows that are no trials, and 0 in those that are."""

_PRODUCT = """\
kind: product
id: {id}
name: {name}
type: module
family: plans
charges:
  - {{id: seats, metric: seats, timing: recurring, per: month}}
"""

_RULES = {
    "rulebook.yaml": """\
kind: rulebook
name: RavenStack
language: "1"
reporting_currency: USD
currencies: [USD]
billing: {default: monthly_in_advance, plans: [monthly_in_advance, yearly_in_advance]}
term: {minimum_months: 1, maximum_months: 60}
roles: [rep]
discount_groups: [{id: volume, pick: best}]
""",
    "metrics.yaml": "kind: metrics\nmetrics:\n  - {id: seats, kind: capacity, unit: seat, combine: sum}\n",
    "vocabulary.yaml": """\
kind: vocabulary
names:
  industry:
    type: enum
    values: [cybersecurity, devtools, edtech, fintech, healthtech]
    from: account.industry
    meaning: what the account does
  seats: {type: count, from: metric.seats, meaning: seats bought}
""",
    "discounts/discretion.yaml": """\
kind: discretion
limits:
  - {id: d1, role: rep, line_max: "10%", quote_max: "10%"}
floor: {net_ratio: "50%"}
why: for tests
""",
}


def rule_files() -> dict[str, bytes]:
    """Rules that sell Basic, Pro and Enterprise by the seat."""
    entry = '  {id}.seats:\n    - {{from: 2023-01-01, why: list, model: per_unit, unit_price: "{price}"}}\n'
    book = "kind: price_book\nid: usd\ncurrency: USD\nprices:\n"
    texts = {
        **_RULES,
        **{f"products/{id_}.yaml": _PRODUCT.format(id=id_, name=id_.title()) for id_ in PRICES},
        "price_books/usd.yaml": book + "".join(entry.format(id=id_, price=price) for id_, price in PRICES.items()),
    }
    return {name: text.encode() for name, text in texts.items()}


def mapping_text() -> str:
    """The mapping that the how-to shows."""
    found = re.search(r"```yaml\n(kind: book_mapping\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found, "the how-to shows no mapping"
    return found[1]


def path(name: str) -> Path:
    """One of the three tables; skips the test where they are absent."""
    return shared_path("data", "ravenstack", f"ravenstack_{name}.csv")


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    """A day as the subscriptions write it."""
    month, day_of_month, year = map(int, text.split("/"))
    return date(year, month, day_of_month)


def in_force(row: Mapping[str, Any], on: date) -> bool:
    """Whether a subscription was in force on a day; its end is its last day."""
    return day(row["start_date"]) <= on and (not row["end_date"] or on <= day(row["end_date"]))


def contradictions() -> dict[str, int]:
    """How many rows say otherwise than the ledger, the start and end of each subscription; by what they say."""
    of_account: dict[str, list[dict[str, str]]] = {}
    for row in table("subscriptions"):
        of_account.setdefault(row["account_id"], []).append(row)
    for rows in of_account.values():
        rows.sort(key=lambda row: (day(row["start_date"]), row["subscription_id"]))
    found = Counter[str]()
    for rows in of_account.values():
        found += _of_subscriptions(rows)
    for account in table("accounts"):
        found += _of_account(account, of_account[account["account_id"]])
    for event in table("churn_events"):
        found += _of_event(event, of_account[event["account_id"]])
    return dict(found)


def _of_subscriptions(rows: Sequence[Mapping[str, str]]) -> Counter[str]:
    """Of an account's subscriptions in order: what a row is said to be, against the one before it."""
    found = Counter[str]()
    for before, row in zip((None, *rows), rows, strict=False):
        rise = None if before is None else int(row["mrr_amount"]) - int(before["mrr_amount"])
        for flag, fits in (("upgrade", rise is not None and rise > 0), ("downgrade", rise is not None and rise < 0)):
            if row[f"{flag}_flag"] == "TRUE" and not fits:
                found[f"{flag}-of-nothing" if rise is None else f"{flag}-without-one"] += 1
        found["upgrade-and-downgrade"] += row["upgrade_flag"] == row["downgrade_flag"] == "TRUE"
        found["trial-without-end"] += row["is_trial"] == "TRUE" and not row["end_date"]
    return found


def _of_account(account: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Counter[str]:
    held = [row for row in rows if in_force(row, LAST_DAY)]
    paid = [row for row in held if row["is_trial"] == "FALSE"]
    return Counter(
        {
            "churned-and-paying": int(account["churn_flag"] == "True" and bool(paid)),
            "trial-and-paying": int(account["is_trial"] == "True" and bool(paid)),
            "plan-not-held": int(account["plan_tier"] not in {row["plan_tier"] for row in held}),
        }
    )


def _of_event(event: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Counter[str]:
    on = date.fromisoformat(event["churn_date"])
    earlier = [row for row in rows if day(row["start_date"]) <= on]
    return Counter(
        {
            "churn-without-an-end": int(all(row["end_date"] == "" or day(row["end_date"]) != on for row in rows)),
            "churn-while-in-force": int(any(in_force(row, on + timedelta(days=1)) for row in earlier)),
            "churn-after-no-upgrade": int(_said_before("upgrade", event, earlier)),
            "churn-after-no-downgrade": int(_said_before("downgrade", event, earlier)),
            "reactivation-of-nothing": int(
                event["is_reactivation"] == "True" and all(not row["end_date"] for row in earlier)
            ),
        }
    )


def _said_before(flag: str, event: Mapping[str, str], earlier: Sequence[Mapping[str, str]]) -> bool:
    """Whether an event follows a change that no earlier subscription of the account was."""
    return event[f"preceding_{flag}_flag"] == "True" and all(row[f"{flag}_flag"] == "FALSE" for row in earlier)
