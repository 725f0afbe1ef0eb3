"""What every part of a printed quote needs: the quote, who reads it, how numbers are written, and how much room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.document.amounts import Amounts
from pricing_engine.pricing.waterfall import PricedLine, StepKind
from pricing_engine.quoting.contract_change import BookingKind, Recording
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, TargetPrice, Waiver
from pricing_engine.usecases.records import StoredQuote

ONE_DAY: Final = timedelta(days=1)
WIDE: Final = 96
"""From this many columns on there is room for the columns that one can do without."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote to be shown. `stored` is its record when it is kept."""

    quote: Quote
    stored: StoredQuote | None
    role: str
    amounts: Amounts
    width: int

    @property
    def is_wide(self) -> bool:
        """Whether there is room for every column."""
        return self.width >= WIDE

    def line_name(self, line: PricedLine) -> str:
        """The product or tier and its charge, as people say them."""
        return f"{line.name} · {words(line.charge)}"

    def quantity(self, line: PricedLine, quantity: Decimal) -> str:
        """How many of what; empty where a charge counts nothing."""
        return "" if line.metric is None else f"{self.amounts.number(quantity)} {words(line.metric)}"

    def rule_name(self, rule: RuleRef, kind: StepKind | None = None) -> str:
        """The rule's id; for what was asked for, what was asked. `kind` is that of the step the rule made.

        Only discretionary steps point into this request: a discount that was agreed, and is kept or lost, into an
        earlier one, which is not here.
        """
        prefix, _, index = rule.id.rpartition("/")
        if prefix == "/discounts":
            is_ours = kind is StepKind.DISCRETIONARY
            return self._asked(self.quote.request.discounts[int(index)]) if is_ours else "a discount agreed earlier"
        if prefix == "/waivers":
            return waiver_words(self.quote.request.waivers[int(index)])
        return rule.id

    def _asked(self, ask: DiscountRequest) -> str:
        target = ".".join(filter(None, (ask.product or "quote", ask.charge)))
        match ask.size:
            case PercentOff(fraction):
                return f"asked: {self.amounts.percent(fraction)} off {target}"
            case AmountOff(amount):
                return f"asked: {self.amounts.money(amount)} a year off {target}"
            case TargetPrice(unit_price):
                return f"asked: {target} at {self.amounts.exact(unit_price)}"


def section(name: str) -> Text:
    """A heading with an empty line above it."""
    return Text(f"\n{name}", style="bold")


def waiver_words(waiver: Waiver) -> str:
    """What a waiver asks for."""
    what = words(waiver.what)
    return f"{what} waived" if waiver.to is None else f"{what}: {waiver.to}"


def words(name: str) -> str:
    """An id as words: `platform_fee` is `platform fee`."""
    return name.replace("_", " ")


def source_of(kind: BookingKind, quote: str | None) -> str:
    """What a booking was made from: a quote as it is to be named, what was recorded, or a book."""
    return quote or ("recorded" if isinstance(kind, Recording) else "taken over")


def period_name(line: PricedLine) -> str:
    """The charge period in words: month, quarter, year, or so many months."""
    return {1: "month", 3: "quarter", 12: "year"}.get(line.months or 0, f"{line.months} months")


def reason(rule: RuleRef) -> Text:
    """Why, and the place in the rules where it says so; a request has no place."""
    place = f"  {rule.file}:{rule.line}" if rule.file else ""
    return Text.assemble((rule.why, "dim"), (place, "dim cyan"))


def below(name: Text, why: Text) -> Text:
    """A name with its reason under it, where there is one."""
    return Text.assemble(name, "\n", why) if why else name


def columns(*, header: bool = True) -> Table:
    """An empty table without frames, as wide as its content."""
    return Table(
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )


def add_amount_column(table: Table, name: str = "") -> None:
    """A column of numbers, which are never cut or wrapped."""
    table.add_column(name, justify="right", no_wrap=True)
