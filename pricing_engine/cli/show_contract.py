"""A contract as a person reads it: its days and terms, the lines in force, and what their prices rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pricing_engine.cli.quote_view import ONE_DAY, WIDE, add_amount_column, columns, section, source_of, words
from pricing_engine.cli.show_history import later_words
from pricing_engine.contracts.contract import AgreedDiscount, Contract, DiscountKind
from pricing_engine.contracts.contract_line import ContractLine, Grant, Stretch
from pricing_engine.contracts.value import arr_on, tcv_of, unit_price_of
from pricing_engine.document.amounts import Amounts
from pricing_engine.usecases.records import Booking, StoredContract


@dataclass(frozen=True, slots=True)
class _View:
    """A contract to be shown as it is on a day."""

    stored: StoredContract
    on: date
    amounts: Amounts
    width: int
    later: Sequence[Booking]

    @property
    def contract(self) -> Contract:
        return self.stored.contract

    @property
    def lines(self) -> list[tuple[ContractLine, Stretch]]:
        """The lines in force on the day, with what holds on it."""
        found = [(line, line.stretch_on(self.on)) for line in self.contract.lines]
        return [(line, stretch) for line, stretch in found if stretch is not None]


def contract_parts(
    stored: StoredContract, *, on: date, locale: Locale, width: int, later: Sequence[Booking] = ()
) -> Iterator[RenderableType]:
    """The parts from top to bottom. `later` is what is booked on it and takes force after the day."""
    view = _View(stored, on, Amounts(stored.contract.currency, locale), width, later)
    yield _title(view)
    yield _header(view)
    if view.lines:
        yield section(f"Lines on {on}")
        yield _lines(view)
    if any(line.grants for line, _ in view.lines) or view.contract.discounts:
        yield section("Discounts")
        yield _discounts(view)
    if view.contract.charges:
        yield section("Owed once")
        yield _charges(view)
    if view.contract.milestones:
        yield section("Milestones")
        yield _milestones(view)


def _title(view: _View) -> Text:
    contract = view.contract
    name = (f"Contract {contract.id}, version {contract.version}", "bold")
    state = f"; ended on {contract.ends - ONE_DAY} (last day)" if contract.ends <= view.on else ""
    return Text.assemble(name, state)


def _header(view: _View) -> RenderableType:
    table = columns(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(view):
        table.add_row(name, value)
    return table


def _facts(view: _View) -> Iterator[tuple[str, str]]:
    contract, stored, money = view.contract, view.stored, view.amounts.money
    yield "Account", contract.account_id
    yield "Term", f"{contract.term.start} to {contract.term.end - ONE_DAY} (last day)"
    if contract.ends != contract.term.end:
        yield "Ends", f"{contract.ends - ONE_DAY} (last day), before its term"
    source = source_of(stored.kind, stored.quote_id and f"quote {stored.quote_id}")
    yield "Booked", f"{stored.booked_at:%Y-%m-%d %H:%M} UTC by {stored.booked_by}: {stored.kind}, {source}"
    yield "In force from", contract.effective.isoformat()
    if contract.tier is not None:
        yield "Tier", contract.tier
    yield "Billing", words(contract.billing.id)
    if contract.terms is not None:
        yield "Terms", f"{contract.terms.id}, as of rulebook {contract.terms.rulebook[:12]}"
    for what, to in contract.changed_terms.items():
        yield "Agreed", f"{words(what)}: {to}"
    yield "Price hold", "yes: more units at the contracted schedule" if contract.price_hold else "no"
    yield "ARR", f"{money(arr_on(contract, view.on))} on {view.on}"
    yield "TCV", money(tcv_of(contract))
    for booking in view.later:
        yield "Later", later_words(booking, view.amounts.locale)


def _lines(view: _View) -> Table:
    """A row per line; later prices of a line stand below it."""
    table = columns()
    table.add_column("Line", overflow="fold")
    for name in ("Quantity", "List a year", "Net a year", "Net a unit"):
        add_amount_column(table, name)
    for line, now in view.lines:
        trial = f" (trial to {line.trial_until - ONE_DAY})" if line.trial_until else ""
        table.add_row(Text.assemble(_name(line), (trial, "dim")), *_amounts(view, line, now))
        for later in line.stretches:
            if later.start > view.on:
                table.add_row(Text(f"  from {later.start}", style="dim"), *_amounts(view, line, later))
    table.add_section()
    arr = view.amounts.money(arr_on(view.contract, view.on))
    table.add_row(Text("Total (ARR)", style="bold"), "", "", Text(arr, style="bold"), "")
    return table


def _name(line: ContractLine) -> str:
    layer = line.id.removeprefix(line.key)
    return f"{line.name} · {words(line.charge)}{f' {layer}' if layer else ''}"


def _amounts(view: _View, line: ContractLine, stretch: Stretch) -> tuple[str, str, str, str]:
    money, unit = view.amounts.money, unit_price_of(line, stretch)
    metric = f" {words(line.metric)}" if line.metric and view.width >= WIDE else ""
    quantity = f"{view.amounts.number(stretch.quantity)}{metric}" if stretch.quantity else ""
    return quantity, money(stretch.list), money(stretch.net), view.amounts.exact(unit) if unit is not None else ""


def _discounts(view: _View) -> Table:
    """A row per policy of a line, and one per discount that was agreed beside them."""
    table = columns()
    table.add_column("Discount", overflow="fold")
    table.add_column("On", overflow="fold")
    add_amount_column(table, "Off a year")
    table.add_column("Holds", overflow="fold")
    for line, now in view.lines:
        taken = dict(now.taken)
        for grant in line.grants:
            off = view.amounts.money(-taken[grant.policy]) if grant.policy in taken else ""
            table.add_row(_policy(view, grant), _name(line), off, _holds(grant))
    for discount in view.contract.discounts:
        on = ", ".join(sorted(discount.lines))
        table.add_row(_agreed(view, discount), on, "", "while its products are kept")
    return table


def _agreed(view: _View, discount: AgreedDiscount) -> str:
    match discount.kind:
        case DiscountKind.PERCENT:
            return f"agreed: {view.amounts.percent(discount.size)} off"
        case DiscountKind.AMOUNT:
            return f"agreed: {view.amounts.money(discount.size)} a year off"
        case DiscountKind.UNIT_PRICE:
            return f"agreed: at {view.amounts.exact(discount.size)}"


def _policy(view: _View, grant: Grant) -> str:
    return grant.policy if grant.fraction is None else f"{grant.policy}, {view.amounts.percent(grant.fraction)}"


def _holds(grant: Grant) -> str:
    if not grant.holds:
        return "lost"
    return "as its policy says" if grant.ends is None else f"to {grant.ends - ONE_DAY} (last day)"


def _charges(view: _View) -> Table:
    table = columns()
    for name in ("Invoiced", "For"):
        table.add_column(name, no_wrap=True)
    table.add_column("About", overflow="fold")
    add_amount_column(table, "Amount")
    for charge in view.contract.charges:
        table.add_row(f"{charge.day}", words(charge.kind), charge.what, view.amounts.money(charge.amount))
    return table


def _milestones(view: _View) -> Table:
    table = columns()
    table.add_column("Milestone", overflow="fold")
    table.add_column("Last day", no_wrap=True)
    add_amount_column(table, "Credit if missed")
    table.add_column("Outcome", no_wrap=True)
    for each in view.contract.milestones:
        table.add_row(words(each.id), f"{each.due}", view.amounts.money(each.credit), each.outcome)
    return table
