"""Retention as the sheets of a workbook: figures as numbers, and a sheet that says what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pricing_engine.cli.outcome import failed
from pricing_engine.cli.screen import say
from pricing_engine.cli.show_targets import targets_sheet
from pricing_engine.cli.write_file import STDOUT, write_file
from pricing_engine.money import Currency
from pricing_engine.rendering.workbook import (
    AS_IT_IS,
    DAY,
    RATE,
    Cell,
    Column,
    Sheet,
    TooManyRows,
    money_format,
    render_workbook,
)
from pricing_engine.retention.definitions import COHORTS, DEFINITIONS, TARGET
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.read_growth import Cohorts
from pricing_engine.usecases.read_retained import Behind, RetainedAccount
from pricing_engine.usecases.read_retention import Figures, Retention
from pricing_engine.usecases.retained_targets import against_targets


def retention_sheets(found: Retention) -> list[Sheet]:
    """The figures of the book and its segments, what moved them, the months, and the targets."""
    money = money_format(found.currency)
    amounts = [Column(name, money) for name in ("Opening", "Kept", "New", "Closing")]
    rates = [Column(name, RATE) for name in ("NRR", "GRR", "GRR by account")]
    parts = [("The book", found.whole), *found.segments.items()]
    kinds = [Column(kind.value.title(), money) for kind in ArrKind]
    targets = against_targets(found)
    return [
        Sheet(
            "Figures",
            [Column("Of"), *rates, *amounts, Column("Customers"), Column("Lost")],
            [_figures(name, each) for name, each in parts],
        ),
        Sheet(
            "Movements",
            [*(Column(name) for name in ("Of", "Kind", "Driver", "Cause")), Column("Amount", money)],
            [row for name, each in parts for row in _moved(name, each)],
        ),
        Sheet(
            "Months",
            [Column("To", DAY), Column("Opening", money), *kinds, Column("Closing", money)],
            [
                (day, bridge.opening, *(bridge.of_kind(kind) for kind in ArrKind), bridge.closing)
                for day, bridge in found.months
            ],
        ),
        targets_sheet(targets),
        _meaning(found.window, found.currency, ("targets", targets.omitted or TARGET)),
    ]


def _figures(name: str, found: Figures) -> tuple[Cell, ...]:
    rates = found.rates
    return (
        *(name, rates.nrr, rates.grr, rates.grr_by_account, rates.opening, rates.kept, rates.new, rates.closing),
        *(rates.customers, rates.lost),
    )


def _moved(name: str, found: Figures) -> Iterator[tuple[Cell, ...]]:
    for each in found.bridge.moved:
        yield name, each.kind.value, None if each.driver is None else each.driver.value, each.cause.value, each.amount


def accounts_sheets(found: Behind[RetainedAccount]) -> list[Sheet]:
    """What every account had of every product, and has."""
    money = money_format(found.currency)
    columns = [Column("Account"), Column("Name"), Column("Product"), Column("Opening", money), Column("Closing", money)]
    rows = [
        (each.account.id, each.account.name, product, *line)
        for each in found.items
        for product, line in sorted(each.lines.items())
    ]
    return [Sheet("Accounts", columns, rows), _meaning(found.window, found.currency)]


def movements_sheets(found: Behind[Entry]) -> list[Sheet]:
    """The movements, one a row."""
    texts = [Column(name) for name in ("Account", "Contract", "Product", "Quote", "Kind", "Driver", "Cause")]
    return [
        Sheet(
            "Movements",
            [Column("Day", DAY), *texts, Column("Amount", money_format(found.currency))],
            [_entry(each) for each in found.items],
        ),
        _meaning(found.window, found.currency),
    ]


def cohorts_sheets(found: Cohorts) -> list[Sheet]:
    """The cohorts, one a row: ARR and NRR at the end of their own span and of every one since."""
    spans = range(max([len(each.arr) for each in found.cohorts], default=0))
    began = [Column("Began from", DAY), Column("Customers")]
    return [
        Sheet(
            "ARR",
            [*began, *[Column(f"{found.span.title()} {number}", money_format(found.currency)) for number in spans]],
            [(each.start, each.customers, *_filled(each.arr, spans)) for each in found.cohorts],
        ),
        Sheet(
            "NRR",
            [*began, *[Column(f"{found.span.title()} {number}", RATE) for number in spans]],
            [(each.start, each.customers, *_filled(each.rates, spans)) for each in found.cohorts],
        ),
        Sheet(
            "Meaning",
            [Column("What", AS_IT_IS), Column("Is", DAY)],
            [("until the end of", found.until), ("in", found.currency.code), *COHORTS.items()],
        ),
    ]


def _filled(values: Sequence[Cell], spans: range) -> list[Cell]:
    return [values[number] if number < len(values) else None for number in spans]


def _entry(each: Entry) -> tuple[Cell, ...]:
    driver = None if each.driver is None else each.driver.value
    return (
        *(each.day, each.account, each.contract, each.product_line, each.quote),
        *(each.kind.value, driver, each.cause.value, each.amount),
    )


def write_sheets(sheets: Iterable[Sheet], out: str) -> None:
    """Write the workbook, and say where it is.

    Raises: CommandStopped where it cannot be written.
    """
    try:
        content = render_workbook(sheets)
    except TooManyRows as error:
        raise failed(str(error), fix="ask for CSV, or for fewer by --limit or a shorter window") from None
    write_file(content, out)
    if out != STDOUT:
        say(f"the workbook is in {out}")


def _meaning(window: Window, currency: Currency, *more: tuple[Cell, ...]) -> Sheet:
    """What has to be known of every figure: its window, its currency and its definition."""
    facts: list[tuple[Cell, ...]] = [
        ("from the end of", window.opening),
        ("to the end of", window.closing),
        ("in", currency.code),
    ]
    return Sheet("Meaning", [Column("What", AS_IT_IS), Column("Is", DAY)], [*facts, *DEFINITIONS.items(), *more])
