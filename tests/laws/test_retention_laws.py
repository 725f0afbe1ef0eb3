"""Laws of retention: figures from the ledger are those of contracts, which an oracle reads day by day without it."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.contracts.contract import Contract
from pricing_engine.money import ZERO, round_money
from pricing_engine.quoting.movements import movements_of
from pricing_engine.retention.bridge import months_of
from pricing_engine.retention.effect import Arms, effect_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, ArrMovement
from pricing_engine.retention.rates import Window, share
from tests.cuts import cut, in_columns, told
from tests.laws.any_contract_change import AnyChanges, a_quarter, any_changes
from tests.oracle.listed_ledger import opening_of, positions_of


def entries_of(movements: Sequence[ArrMovement], account: str, contract: str) -> list[Entry]:
    return [
        Entry(account, contract, each.product, None, each.day, each.kind, each.driver, each.cause, "USD", each.amount)
        for each in movements
    ]


class Played:
    """A contract with all that became of it, its ledger, and the oracle."""

    def __init__(self, any_: AnyChanges, account: str) -> None:
        self.account = account
        self.versions: list[Contract] = [any_.book.contract]
        ledger = list(movements_of(None, None, any_.book.contract))
        for moved in any_.play():
            ledger += movements_of(moved.quote.change, moved.before.contract, moved.after.contract)
            self.versions.append(moved.after.contract)
        self.entries = entries_of(ledger, account, account)

    @property
    def ends(self) -> date:
        return self.versions[-1].ends

    def worth(self, day: date) -> dict[str, Decimal]:
        """What the version in force on a day comes to, by product, from its stretches alone."""
        in_force = [version for version in self.versions if version.effective <= day]
        found: dict[str, Decimal] = {}
        for line in in_force[-1].lines if in_force and day < self.ends else ():
            for each in line.stretches:
                if each.start <= day < each.end:
                    net = round_money(each.net, in_force[-1].currency)
                    found[line.product] = found.get(line.product, ZERO) + net
        return found


def a_window(draw: st.DrawFn, played: Sequence[Played]) -> Window:
    """Two days about the terms of some contracts, often such on which something changes."""
    cuts = {version.effective for each in played for version in each.versions} | {each.ends for each in played}
    near = [day + timedelta(days=step) for day in cuts for step in (-1, 0, 1)]
    days = st.one_of(st.sampled_from(sorted(near)), st.dates(min(near), max(near)))
    opening, closing = sorted((draw(days), draw(days)))
    return Window(opening, closing + timedelta(days=opening == closing))


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Played], Window]:
    """Some customers of one contract each, and a window."""
    played = [Played(draw(any_changes()), f"customer-{number}") for number in range(draw(st.integers(1, 3)))]
    return played, a_window(draw, played)


@a_quarter
@given(books())
def test_rates_are_those_of_what_contracts_come_to_at_both_ends(book: tuple[list[Played], Window]) -> None:
    played, window = book
    ledger = [entry for each in played for entry in each.entries]
    (found,) = cut(ledger, window, ends={each.account: each.ends for each in played}).rates()
    opening = kept = by_line = by_account = new = ZERO
    for each in played:
        before, after = each.worth(window.opening), each.worth(window.closing)
        was, now = sum(before.values(), ZERO), sum(after.values(), ZERO)
        if not was:
            new += now
            continue
        opening, kept = opening + was, kept + now
        by_line += sum([min(net, after.get(line, ZERO)) for line, net in before.items()], ZERO)
        by_account += min(was, now)
    assert found[:5] == (opening, kept, by_line, by_account, new)
    assert found.kept_by_line <= found.kept_by_account <= found.kept
    assert found.grr is None or found.grr <= 1


@a_quarter
@given(books())
def test_bridges_close_over_any_window_and_every_month_of_it(book: tuple[list[Played], Window]) -> None:
    played, window = book
    ledger = [entry for each in played for entry in each.entries]
    known = cut(ledger, window, ends={each.account: each.ends for each in played})
    ((bridge,),), (rates,) = known.bridges([window]), known.rates()
    assert (bridge.opening, bridge.closing) == (rates.opening, rates.closing)
    (months,) = known.bridges(months_of(Window.ending(window.closing, months=12), months=12))
    assert all(before.closing == after.opening for before, after in pairwise(months))
    assert months[-1].closing == rates.closing
    if rates.nrr is not None:
        (points,) = known.points()
        off = rates.nrr - 1 - sum([each for each in points.values() if each is not None], ZERO)
        assert abs(off) <= Decimal("0.000002")  # each of four is rounded


@a_quarter
@given(books())
def test_who_was_told_to_be_new_or_lost_was(book: tuple[list[Played], Window]) -> None:
    played, _ = book
    ledger = [entry for each in played for entry in each.entries]
    known = told(ledger, {each.account: each.ends for each in played})
    for each in played:
        own = [entry for entry in known if entry.account == each.account]
        for day in {entry.day for entry in own}:
            kinds = {entry.kind for entry in own if entry.day == day}
            before, after = (sum(each.worth(at).values(), ZERO) for at in (day - timedelta(days=1), day))
            assert (ArrKind.CHURN in kinds) == bool(before and not after)
            assert ArrKind.NEW not in kinds or not before
            assert bool(kinds & {ArrKind.NEW, ArrKind.REACTIVATION}) == bool(after and not before)


@a_quarter
@given(books(), st.integers(1, 8))
def test_lines_of_an_effect_are_what_each_product_line_has_more_if_accepted(
    book: tuple[list[Played], Window], count: int
) -> None:
    """Movements by line and driver against what is there at the closing; the last movements are what is asked for."""
    (played, *_), window = book
    asked = [each for each in played.entries[-count:] if each.day > window.opening]
    ledgers = played.entries, [each for each in played.entries if each not in asked]
    accepted, declined = (in_columns(each, until=window.closing) for each in ledgers)
    found = effect_of(Arms(accepted, declined, None), window)
    more: dict[str, Decimal] = {}
    for sign, entries in zip((1, -1), ledgers, strict=True):
        for lines in positions_of(entries, window).values():
            for line, each in lines.items() if opening_of(lines) else ():
                more[line] = more.get(line, ZERO) + sign * each.closing
    by_line: dict[str, Decimal] = {}
    for told_ in found.lines:
        by_line[told_.product_line] = by_line.get(told_.product_line, ZERO) + told_.amount
    assert {line: amount for line, amount in by_line.items() if amount} == {
        line: amount for line, amount in more.items() if amount
    }
    for driver, points in found.points.items():
        amount = sum([each.amount for each in found.lines if each.driver is driver], ZERO)
        assert points == share(amount, found.accepted.opening)
