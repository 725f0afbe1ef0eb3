"""Simulated deals whose truth is known: what moves the outcome, what is noise, and what was filled in afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from pricing_engine.scoring.deal import Deal, DealLine, Fact, Outcome

START = date(2024, 1, 1)
DAYS = 730
END = START + timedelta(days=DAYS)

SEGMENTS = ("smb", "mid_market", "enterprise")
SECTORS = ("retail", "health", "finance", "energy", "public", "media", "food", "travel")


def deals_with(
    count: int, *, signal: float = 1.0, seed: int = 1, deals_per_account: int = 4, noise: int = 0
) -> list[Deal]:
    """Deals of two years, by day, whose log-odds are `true_odds` times the signal; those not closed by END are open.

    `noise` is how many facts more there are that say nothing, every other one a word.
    """
    generator = np.random.default_rng(seed)
    accounts = generator.integers(0, max(count // deals_per_account, 1), count)
    of_account = accounts % 3, (accounts * 7) % len(SECTORS)
    employees = np.ceil(np.exp(generator.normal(4, 1.2, count)))
    days = np.sort(generator.integers(0, DAYS, count))
    took = 1 + generator.exponential(45, count).astype(int)
    inbound, knows_sector = generator.random(count) < 0.4, generator.random(count) < 0.9
    odds = signal * true_odds(of_account[0], employees, inbound)
    won = generator.random(count) < 1 / (1 + np.exp(-odds))
    listed = np.round(employees * 50 + 1000)
    off = np.round(np.clip(generator.normal(0.12, 0.06, count), 0, 0.4), 3)
    more = generator.normal(size=(noise, count)).round(3)
    deals = []
    for row in range(count):
        closed = START + timedelta(days=int(days[row] + took[row]))
        facts: dict[str, Fact | None] = {
            "segment": SEGMENTS[of_account[0][row]],
            "sector": SECTORS[of_account[1][row]] if knows_sector[row] else None,
            "employees": Decimal(int(employees[row])),
            "inbound": bool(inbound[row]),
            "term_months": Decimal(int(12 + 12 * (row % 3))),
            **_noise(more[:, row]),
        }
        at_list = Decimal(int(listed[row]))
        line = DealLine("crm", "platform", at_list, at_list * (1 - Decimal(str(off[row]))))
        outcome = Outcome.WON if won[row] else Outcome.LOST
        is_open = closed > END
        deals.append(
            Deal(
                *(f"d{row:06d}", f"a{accounts[row]:06d}", START + timedelta(days=int(days[row]))),
                *(None if is_open else closed, Outcome.OPEN if is_open else outcome, facts, (line,)),
            )
        )
    return deals


def true_odds(
    segment: NDArray[np.int64], employees: NDArray[np.float64], inbound: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Log-odds: less in larger segments, more for large accounts of one, and more where the buyer came by itself."""
    found: NDArray[np.float64] = -0.6 - 0.8 * (segment - 1) + 0.5 * (np.log(employees) - 4) + 1.2 * inbound
    return found


def _noise(values: Sequence[float] | NDArray[np.float64]) -> dict[str, Fact | None]:
    return {
        f"noise_{at:02d}": f"word {int(abs(value) * 5) % 8}" if at % 2 else Decimal(str(value))
        for at, value in enumerate(values)
    }


def with_fact(deals: Sequence[Deal], fact: str, values: Sequence[Fact | None]) -> list[Deal]:
    """The same deals with one more fact."""
    return [deal._replace(facts={**deal.facts, fact: value}) for deal, value in zip(deals, values, strict=True)]
