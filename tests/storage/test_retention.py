"""Retention of a real book on SQLite and PostgreSQL, beside an oracle that reads contracts and never the ledger."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from sqlalchemy import text

from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, round_money
from pricing_engine.quoting.request import Add, Cancel, Renew, Set
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.rulebook.rulebook import RateMissing
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_retained import Within, read_accounts, read_movements
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.retained_segments import SegmentUnknown
from pricing_engine.usecases.verify_ledger import verify_ledger
from tests.rulebooks import D
from tests.storage.retained_book import (
    CLOSING,
    OPENING,
    START,
    TERMS,
    a_book,
    agree,
    crm,
    customer,
    figures,
    on_day,
    stored,
    with_rules,
)
from tests.unit.rulebook.small_rules import FILES


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    return a_book(ready)


def worth(desk: Desk, account: str, day: date) -> dict[str, Decimal]:
    """The oracle: what an account's contracts come to on a day, by product, from their states."""
    found: dict[str, Decimal] = {}
    for contract in stored(desk, account, day):
        for line in contract.lines:
            for stretch in line.stretches:
                if stretch.start <= day < min(stretch.end, contract.ends):
                    net = round_money(stretch.net, contract.currency)
                    found[line.product] = found.get(line.product, ZERO) + net
    return found


def test_the_rates_are_those_of_what_contracts_say_of_both_days(ready: Desk, book: dict[str, str]) -> None:
    found = figures(ready).whole.rates
    before = {id_: worth(ready, id_, OPENING) for id_ in book.values()}
    after = {id_: worth(ready, id_, CLOSING) for id_ in book.values()}
    cohort = [id_ for id_ in book.values() if before[id_]]
    opening = sum([sum(before[id_].values()) for id_ in cohort], ZERO)
    kept = sum([sum(after[id_].values(), ZERO) for id_ in cohort], ZERO)
    by_line = sum([min(before[id_][line], after[id_].get(line, ZERO)) for id_ in cohort for line in before[id_]], ZERO)
    six = D("0.000001")
    assert len(cohort) == 4
    assert (found.opening, found.kept, found.kept_by_line) == (opening, kept, by_line)
    assert found.nrr == (kept / opening).quantize(six, ROUND_HALF_UP)
    assert found.grr == (by_line / opening).quantize(six, ROUND_HALF_UP)
    # Who grew, less; list rose from 50.00 to 52.00, which is within the cap of 7%.
    assert after[book["grows"]] == {"crm": D("12480.00")}
    assert after[book["lapses"]] == {}


def test_the_bridge_tells_why(ready: Desk, book: dict[str, str]) -> None:
    found = figures(ready)
    whole = found.whole
    moved = {each.cause: each for each in whole.bridge.moved}
    assert whole.bridge.closing == whole.rates.closing
    assert found.months[0][1].opening == whole.bridge.opening
    assert found.months[-1][1].closing == whole.bridge.closing
    assert moved[Cause.CHURN].amount == D("-6000.00")  # 10 × 50.00 × 12, which ended by itself
    assert moved[Cause.VOLUME].amount == D("6000.00")
    assert moved[Cause.NEW_BUSINESS].amount == D("3000.00")
    assert moved[Cause.LIST_CHANGE].amount == D("720.00")  # 30 users at 2.00 more a month
    # CRM loses the 10% it had for two products: 20 × 5.00 × 12; Analytics was 20 × 20.00 × 12 less 10%.
    assert moved[Cause.REPRICING].amount > 0
    assert moved[Cause.PARTIAL_CHURN].kind is ArrKind.CONTRACTION
    assert whole.rates.nrr is not None
    assert sum(each for each in whole.points.values() if each is not None) == pytest.approx(whole.rates.nrr - 1)
    assert whole.points[Driver.PRICING] == ((D(720) + moved[Cause.REPRICING].amount) / whole.rates.opening).quantize(
        D("0.000001"), ROUND_HALF_UP
    )


def test_a_percentage_at_another_rate_moves_no_more_than_the_lines_it_is_of(desk: Desk) -> None:
    """Twice as many users at half the price are 24.00 more of CRM, of which support is 25% instead of 20%."""
    now = 'rate: "20%"}\n    - {from: 2027-01-01, why: list 2027, model: percentage, rate: "25%"}'
    usd = FILES["price_books/usd.yaml"].replace('unit_price: "52.00"', 'unit_price: "25.10"')
    usd = usd.replace('rate: "20%", minimum: "100.00"}', now)
    with_rules(desk, TERMS.replace(', floor: "0%"', ""), **{"price_books/usd.yaml": usd})
    account = customer(desk, "repacked")
    agree(desk, account, START, crm(10), Add("premium-support"), tier="growth")
    agree(desk, account, date(2027, 1, 15), Renew(), Set("crm", {"users": D(20)}))
    asked = Asked(CLOSING, by="product")
    moved = read_movements(on_day(desk, CLOSING), asked, Within("premium-support"), after=0, limit=9).items
    # 1,200.00 become 1,506.00: 20% of 6,000.00 more by volume, 20% of 5,976.00 less and 5% of 6,024.00 more by price.
    assert {each.cause: each.amount for each in moved} == {Cause.VOLUME: D("1200.00"), Cause.LIST_CHANGE: D("-894.00")}


def test_nothing_has_no_rate(ready: Desk) -> None:
    whole = figures(ready).whole
    assert (whole.rates.nrr, whole.rates.grr, whole.bridge.closing) == (None, None, ZERO)
    assert figures(ready, by="segment").segments == {}


def test_other_currencies_are_at_the_rates_of_the_opening_and_their_effect_is_apart(desk: Desk) -> None:
    rates = 'kind: fx_rates\nrates:\n  - {from: 2026-01-01, EUR: "1.10"}\n  - {from: 2026-12-01, EUR: "1.20"}\n'
    with_rules(desk, **{"fx_rates.yaml": rates})
    account = customer(desk, "Fjord", currency="EUR", market="DE")
    agree(desk, account, START, crm(10), term_months=24)
    found = figures(desk)
    # 10 × 46.00 × 12 = 5,520.00 EUR: 6,072.00 at 1.10 and 552.00 more at 1.20.
    assert (found.whole.rates.opening, found.whole.rates.closing) == (D("6072.00"), D("6072.00"))
    assert (found.whole.rates.nrr, found.currency_effect) == (D(1), D("552.00"))


def test_a_window_that_opens_before_a_rate_says_which_day_it_is_of_and_what_else_to_ask(desk: Desk) -> None:
    """Figures without the customers of a currency would be other figures (N3)."""
    with_rules(desk, **{"fx_rates.yaml": 'kind: fx_rates\nrates:\n  - {from: 2026-01-01, EUR: "1.10"}\n'})
    account = customer(desk, "Fjord", currency="EUR", market="DE")
    agree(desk, account, START, crm(10))
    with pytest.raises(RateMissing) as refused:
        read_retention(desk, Asked(date(2026, 6, 1)))
    assert refused.value.what.startswith("there is no exchange rate from EUR to USD on 2025-06-01, the day the window")
    assert refused.value.fix.endswith("or ask for a window that opens on 2026-01-01 or later")
    assert refused.value.facts == {"currency": "EUR", "on": date(2025, 6, 1), "first": date(2026, 1, 1)}
    assert read_retention(desk, Asked(date(2026, 6, 1), months=5)).whole.rates.new == D("6072.00")
    # Before it has anything no rate of its currency is asked for.
    assert read_retention(desk, Asked(START - timedelta(days=1))).whole.rates.opening == 0


def test_nothing_in_another_currency_is_nothing(desk: Desk) -> None:
    """8 × 552.00 and 18 × 552.00 EUR come to 0.01 USD less, rounded one by one, than 26 × 552.00 do."""
    with_rules(desk, **{"fx_rates.yaml": 'kind: fx_rates\nrates:\n  - {from: 2025-01-01, EUR: "1.0849"}\n'})
    account = customer(desk, "Fjord", currency="EUR", market="DE")
    agree(desk, account, START, crm(8))
    agree(desk, account, date(2026, 3, 1), crm(18))
    agree(desk, account, date(2026, 6, 1), Cancel())
    agree(desk, account, date(2027, 1, 10), crm(8), contract_id="new")
    left, back = (read_retention(desk, Asked(day)) for day in (date(2026, 12, 31), date(2027, 6, 1)))
    assert (left.whole.rates.closing, left.whole.bridge.closing) == (0, 0)
    # The opening of 1 June 2026 is the day it left: it is no customer of that day, and what it buys later is new.
    assert (back.whole.rates.customers, back.whole.rates.nrr, back.whole.rates.new) == (0, None, D("4790.92"))
    lost = read_retention(desk, Asked(date(2026, 8, 1), months=3)).whole.rates
    assert (lost.customers, lost.lost, lost.nrr) == (1, 1, 0)


def test_what_is_signed_counts_as_of_the_day_that_is_looked_at(ready: Desk) -> None:
    account, later = customer(ready, "signs ahead"), customer(ready, "signs later")
    begins = date(2026, 9, 1)
    asked = QuoteAsk(account, "rep", begins, (crm(10),))
    quote_id = request_quote(on_day(ready, START), ask=asked, by="ada").quote.id
    book_quote(on_day(ready, START), quote_id=quote_id, by="ada")
    agree(ready, later, date(2026, 8, 1), crm(10))
    for day, contracted in ((START - timedelta(days=1), 0), (START, 6000), (date(2026, 8, 1), 12000)):
        assert read_retention(on_day(ready, CLOSING), Asked(day)).contracted == contracted


def test_who_was_gone_for_long_is_lost_and_new_in_every_figure(ready: Desk) -> None:
    back, stays = customer(ready, "back"), customer(ready, "stays")
    agree(ready, back, START, crm(10))
    agree(ready, stays, START, crm(10), term_months=24)
    agree(ready, back, date(2026, 4, 1), Cancel())
    agree(ready, back, date(2026, 11, 1), crm(20), contract_id="new")
    for by in ("segment", "product"):
        found = figures(ready, gap_days=30, by=by)
        for each in (found.whole, *found.segments.values()):
            # Of 12,000 one half stays; 12,000 come back, and are new.
            assert (each.rates.nrr, each.rates.new) == (D("0.5"), D("12000.00"))
            assert each.points[Driver.RETENTION] == D("-0.5")
            assert (each.bridge.of_kind(ArrKind.NEW), each.bridge.of_kind(ArrKind.REACTIVATION)) == (12000, 0)
        assert sum(month.of_kind(ArrKind.NEW) for _, month in found.months) == 12000
    behind = read_movements(on_day(ready, CLOSING), Asked(CLOSING, gap_days=30), Within(), after=0, limit=9)
    assert [each.kind for each in behind.items] == [ArrKind.CHURN, ArrKind.NEW]
    assert figures(ready, gap_days=300).whole.rates.nrr == D("1.5")


def test_a_ledger_that_is_whole_is_verified(ready: Desk, book: dict[str, str]) -> None:
    heard: list[tuple[str, int, int]] = []
    found = verify_ledger(ready, on_progress=lambda *told: heard.append(told))
    assert (found.broken, found.versions) == (None, 9)
    assert heard == [("comparing", done, 0) for done in range(1, 10)]


def unguarded(desk: Desk, *statements: str) -> None:
    """What somebody with the keys of the database does."""
    with desk.database.engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER tr_arr_movement_{verb}"))
        else:
            connection.execute(text("ALTER TABLE arr_movement DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))


def test_the_first_break_of_a_ledger_is_named(ready: Desk, book: dict[str, str]) -> None:
    (contract,) = stored(ready, book["grows"], date(2026, 8, 1))
    which = f"contract_id = '{contract.id}' AND contract_version = 2 AND product = 'crm'"
    unguarded(ready, f"UPDATE arr_movement SET amount = '6000.01' WHERE {which}")
    broken = verify_ledger(ready).broken
    assert broken is not None
    assert (broken.contract_id, broken.version, broken.product, broken.day) == (contract.id, 2, "crm", date(2026, 7, 1))
    assert broken.what.endswith("the movements of crm sum to 12000.01, and the contract comes to 12000.00")


@pytest.mark.parametrize(
    "changed",
    [
        "account_id = (SELECT MAX(account_id) FROM arr_movement) WHERE cause = 'volume'",
        "currency = 'EUR'",
        "day = '2025-01-01' WHERE contract_version = 1",
        "day = '2026-02-01' WHERE cause = 'volume'",
    ],
)
def test_whose_a_movement_is_and_since_when_is_verified(changed: str, ready: Desk, book: dict[str, str]) -> None:
    unguarded(ready, f"UPDATE arr_movement SET {changed}")
    assert verify_ledger(ready).broken is not None


def test_what_moves_after_a_contract_has_ended_is_a_break(ready: Desk) -> None:
    account = customer(ready, "left")
    agree(ready, account, START, crm(10))
    agree(ready, account, date(2026, 6, 1), Cancel())
    assert verify_ledger(ready).broken is None
    copied = (
        "tenant_id, contract_id, contract_version, 99, account_id, quote_id, '2026-09-01', booked_at, line, product"
    )
    more = "kind, driver, cause, currency, amount, tier, term_months, discount"
    unguarded(ready, f"INSERT INTO arr_movement SELECT {copied}, {more} FROM arr_movement WHERE contract_version = 1")
    broken = verify_ledger(ready).broken
    assert broken is not None
    assert broken.day == date(2026, 9, 1)


def test_a_movement_that_was_taken_away_is_missed(ready: Desk, book: dict[str, str]) -> None:
    unguarded(ready, "DELETE FROM arr_movement WHERE cause = 'partial_churn'")
    assert verify_ledger(ready).broken is not None


def test_behind_a_figure_are_the_accounts_and_movements_it_sums_up(ready: Desk, book: dict[str, str]) -> None:
    there, asked = on_day(ready, CLOSING), Asked(CLOSING, by="segment")
    whole = read_retention(there, asked).segments["smb"]
    accounts = read_accounts(there, asked, Within("smb"), after=0, limit=10)
    assert sum(each.opening for each in accounts.items) == whole.bridge.opening
    assert sum(each.closing for each in accounts.items) == whole.bridge.closing
    assert [each.account.id for each in accounts.items] == [book["lapses"], book["new"]]
    moved = read_movements(there, asked, Within("smb"), after=0, limit=10)
    assert [(each.account, each.quote is None, each.cause) for each in moved.items] == [
        (book["new"], False, Cause.NEW_BUSINESS),
        (book["lapses"], True, Cause.CHURN),
    ]
    assert sum(each.amount for each in moved.items) == whole.bridge.closing - whole.bridge.opening
    one = read_movements(there, Asked(CLOSING), Within(account_id=book["gives up"]), after=0, limit=10)
    assert {each.account for each in one.items} == {book["gives up"]}
    assert one.count == len(one.items)


def test_what_is_behind_a_figure_is_read_in_parts(ready: Desk, book: dict[str, str]) -> None:
    there, asked = on_day(ready, CLOSING), Asked(CLOSING)
    for read in (read_accounts, read_movements):
        every = read(there, asked, Within(), after=0, limit=100)
        parts = [read(there, asked, Within(), after=start, limit=2) for start in range(0, every.count, 2)]
        assert [item for part in parts for item in part.items] == list(every.items)
        assert {part.count for part in parts} == {every.count}
    assert read_accounts(there, Asked(CLOSING, by="segment"), Within("nobody"), after=0, limit=5).count == 0
    with pytest.raises(SegmentUnknown, match="not said what the book is told apart by"):
        read_accounts(there, asked, Within("smb"), after=0, limit=5)
