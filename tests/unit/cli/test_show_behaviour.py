"""What a change of price did, as a person reads it: each verdict with its figures."""

from __future__ import annotations

import io

import pytest
from babel import Locale
from rich.console import Console

from pricing_engine.cli.show_behaviour import behaviour_parts
from pricing_engine.money import Currency
from pricing_engine.retention.behaviour import behaviour_of
from pricing_engine.retention.behaviour_cases import Book
from pricing_engine.retention.behaviour_history import terms_of
from pricing_engine.retention.price_events import PriceEvent
from pricing_engine.usecases.read_behaviour import AskedBehaviour, ReadBehaviour
from tests.simulated.behaviour_measured import WORLDS, compared
from tests.simulated.price_changes import World


def shown(world: World | None, seed: int) -> str:
    found = compared(world or WORLDS["effect"], seed)
    if world is None:
        found = behaviour_of(Book({}, terms_of([]), str, {}), found.design)
    asked = AskedBehaviour(PriceEvent.UPLIFT, found.design.direction, found.design.window.closing)
    console = Console(file=io.StringIO(), width=100)
    for part in behaviour_parts(ReadBehaviour(asked, Currency("USD", 2), found), Locale("en", "US")):
        console.print(part)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize(
    ("name", "verdict", "before"),
    [
        ("effect", "Of those that were hit churn is higher by ", "Before: alike, as far as can be seen; "),
        ("no effect", "Cannot tell: it may have done nothing; churn differs by -", "Before: alike, "),
        (
            "differed before",
            "Cannot tell: already in the months before contraction is higher by ",
            "Before: not alike; ",
        ),
        (
            "effect, 30 accounts",
            "Cannot tell: accounts hit count as 9.3 and like ones as ",
            "Before: too few to see whether alike",
        ),
    ],
)
def test_the_verdict_comes_first_and_then_both_groups(name: str, verdict: str, before: str) -> None:
    lines = shown(WORLDS[name], 2).splitlines()
    assert lines[0].startswith("What uplift (rise) did from Dec 31, 2022 to Dec 31, 2026, 6 months before and after")
    assert lines[1].startswith(verdict)
    assert any(line.startswith(before) for line in lines)
    assert [line.split()[0] for line in lines if line[:5] in {"Hit  ", "Like ", "Churn", "Contr", "Expan"}] == [
        *("Hit", "Like", "Churn", "Contraction", "Expansion")
    ]


def test_of_nobody_there_are_no_tables() -> None:
    text = shown(None, 1)
    assert "Cannot tell: nobody was hit in the window" in text
    assert "Difference  " not in text
