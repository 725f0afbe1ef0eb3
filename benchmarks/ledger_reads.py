"""`retention-…`: figures of a ledger of a million movements, cut and drilled into, beside hand-written polars."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

from benchmarks.acceptances import ACTOR, LINES, offered
from benchmarks.databases import desk_with_rules, two_databases
from benchmarks.ledger_book import LAST_DAY, PER_ACCOUNT, SEGMENTS, fill
from benchmarks.readings import Effort, Reading, Target
from benchmarks.stopwatch import calm_collector, race
from pricing_engine.desk import Desk
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.read_retained import Within, read_accounts, read_movements
from pricing_engine.usecases.read_retention import Asked, read_retention

if TYPE_CHECKING:
    from benchmarks.ledger_floor import Frames

MILLISECONDS: Final = 1e3
FEW: Final = 1_000
BY_HAND: Final = Target(3)
FLAT: Final = Target(1.2)
_PAGE: Final = 50


def retention(kind: str, effort: Effort) -> list[Reading]:
    """Readings of one kind of database; none without polars, which `make bench` installs."""
    if find_spec("polars") is None:
        return []
    many = 20_000 if effort.is_short else 1_000_000
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        urls = stack.enter_context(two_databases(kind, folder))
        full, small = (stack.enter_context(desk_with_rules(urls[which], LINES)) for which in ("ours", "bare"))
        for desk, movements in ((full, many), (small, FEW)):
            fill(desk.database.engine.url.set(drivername=_plain(kind)).render_as_string(hide_password=False), movements)
        return [*_cuts(kind, full, many, effort), *_acceptances(kind, full, small, effort)]


def _plain(kind: str) -> str:
    return "sqlite" if kind == "sqlite" else "postgresql"


def _cuts(kind: str, desk: Desk, movements: int, effort: Effort) -> list[Reading]:
    from benchmarks.ledger_floor import Frames

    window, within = Window.ending(LAST_DAY, months=12), Within(SEGMENTS[0])
    begun = perf_counter()
    read_retention(desk, Asked(LAST_DAY))
    cold = perf_counter() - begun
    frames = Frames(movements // PER_ACCOUNT)
    check_same(desk, frames, window)
    asked = Asked(LAST_DAY, by="segment")
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        by: (_cut(desk, by), lambda by=by: frames.cut(window, by))  # type: ignore[misc]
        for by in ("segment", "product", "market")
    }
    pairs["accounts of a segment"] = (
        lambda: read_accounts(desk, asked, within, after=0, limit=_PAGE),
        lambda: frames.biggest(window, SEGMENTS[0], _PAGE),
    )
    alone: dict[str, Callable[[], object]] = {
        "size,market": _cut(desk, "size,market"),
        "cohort,discount,segment": _cut(desk, "cohort,discount,segment"),
        "movements of a segment": lambda: read_movements(desk, asked, within, after=0, limit=_PAGE),
    }
    contenders = {f"{which} {name}": pair[place] for name, pair in pairs.items() for place, which in enumerate("ef")}
    laps = race({**contenders, **{f"e {name}": call for name, call in alone.items()}}, effort)
    # By the clock: polars works on all cores at once.
    best = {name: min(each.wall) * MILLISECONDS for name, each in laps.items()}
    what = f"retention {kind}, {movements:,} movements, by"
    return [
        *[
            Reading(f"{what} {name}", "ms", best[f"e {name}"], best[f"f {name}"], target=BY_HAND, more={"cold_s": cold})
            for name in pairs
        ],
        *[Reading(f"{what} {name}", "ms", best[f"e {name}"]) for name in alone],
    ]


def _cut(desk: Desk, by: str) -> Callable[[], object]:
    return lambda: read_retention(desk, Asked(LAST_DAY, by=by))


def check_same(desk: Desk, frames: Frames, window: Window) -> None:
    """Both come to the same figures.

    Raises: AssertionError when they do not, for then the floor reads something else.
    """
    rates, _, months = frames.cut(window, "segment")
    found = read_retention(desk, Asked(window.closing, by="segment"))
    for row in rates.iter_rows(named=True):
        ours = found.segments[row["segment"]].rates
        theirs = [row[name] for name in ("opening", "kept", "kept_by_line", "new")]
        assert [int(each * 100) for each in (ours.opening, ours.kept, ours.kept_by_line, ours.new)] == theirs
        assert ours.customers == row["customers"]
    moved = sum([each.amount for _, month in found.months for each in month.moved])
    assert int(moved * 100) == months["amount"].sum()


def _acceptances(kind: str, full: Desk, small: Desk, effort: Effort) -> list[Reading]:
    """An acceptance among many movements beside one among few, and the figures read after it."""
    rounds, each = (2, 4) if effort.is_short else (15, 20)
    mine, few = iter(offered(full, rounds * (each + 1))), iter(offered(small, rounds * each))
    laps, after = [], []
    with calm_collector():
        for _ in range(rounds):
            laps.append((_accept(full, mine, each), _accept(small, few, each)))
            accept_quote(full, quote_id=next(mine), actor=ACTOR)
            begun = perf_counter()
            read_retention(full, Asked(LAST_DAY, by="segment"))
            after.append(perf_counter() - begun)
    ours, theirs = (median(lap[place] for lap in laps) * MILLISECONDS for place in (0, 1))
    ratio = median(lap[0] / lap[1] for lap in laps)
    return [
        Reading(f"accept {kind} among many movements", "ms", ours, theirs, target=FLAT, by_rounds=ratio),
        Reading(f"retention {kind} right after an acceptance", "ms", median(after) * MILLISECONDS),
    ]


def _accept(desk: Desk, quotes: Iterator[str], number: int) -> float:
    begun = perf_counter()
    for _ in range(number):
        accept_quote(desk, quote_id=next(quotes), actor=ACTOR)
    return (perf_counter() - begun) / number
