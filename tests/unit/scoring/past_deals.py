"""Past deals in a few words."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from pricing_engine.scoring.deal import Deal, DealLine, Outcome

DAY = date(2026, 1, 1)


def a_line(discount: str | Decimal, family: str | None = "insight", product: str = "analytics") -> DealLine:
    """A line of 1,000 at list."""
    return DealLine(product, family, Decimal(1_000), 1_000 * (1 - Decimal(discount)))


def a_deal(id: int, *discounts: str | Decimal, account: str | None = None, **more: Any) -> Deal:
    """A deal won a month after it was created, of a customer of its own, with one line for each discount."""
    facts = more.pop("facts", {"segment": "smb"})
    lines = more.pop("lines", tuple([a_line(each) for each in discounts]))
    made = Deal(
        f"d{id}", account or f"a{id}", DAY - timedelta(days=60), DAY - timedelta(days=30), Outcome.WON, facts, lines
    )
    return made._replace(**more)


def deals_of(seed: int, deals: int, *, accounts: int, told_apart: bool, by_account: float = 0.0) -> list[Deal]:
    """Deals of three segments with two lines each, of four families; whether those tell discounts apart is as asked."""
    draws = np.random.default_rng(seed)
    segments, habits = draws.integers(3, size=accounts), draws.normal(size=accounts) * by_account
    found = []
    for number in range(deals):
        account = int(draws.integers(accounts))
        lines = []
        for family in draws.integers(4, size=2).tolist():
            share = 0.2 + told_apart * (0.06 * family + 0.03 * segments[account]) + habits[account]
            discount = f"{min(max(share + 0.04 * draws.normal(), 0), 0.9):.4f}"
            lines.append(a_line(discount, f"f{family}", f"p{family}"))
        facts = {
            "segment": f"s{segments[account]}",
            "list_per_year": Decimal(int(draws.integers(1_000, 200_000))),
            "term_months": Decimal(int(draws.choice([12, 24, 36]))),
            "market": f"m{draws.integers(5)}",
        }
        found.append(a_deal(number, account=f"a{account}", facts=facts, lines=tuple(lines)))
    return found
