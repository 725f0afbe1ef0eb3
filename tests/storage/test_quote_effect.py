"""What a quote does to retention, by figures worked by hand, on SQLite and PostgreSQL (N10)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Cancel, Remove, Renew
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.movements import KNOWN_DRIVERS, ArrKind, Cause, Driver
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_quote_effect import HorizonTooEarly, QuoteEffect, read_quote_effect
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.verify_ledger import verify_ledger
from tests.rulebooks import D
from tests.storage.retained_book import TERMS, agree, ask, crm, customer, on_day, sold, with_rules

MIDDLE, ENDS = date(2026, 7, 1), date(2027, 1, 15)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    return sold(ready)


def effect(desk: Desk, quote_id: str, day: date = MIDDLE, **more: Any) -> QuoteEffect:
    return read_quote_effect(on_day(desk, day), quote_id=quote_id, **more)


def six(part: Decimal | str, whole: Decimal | str) -> Decimal:
    return (D(part) / D(whole)).quantize(D("0.000001"), ROUND_HALF_UP)


def only(points: dict[Driver, Decimal | None], **more: Decimal) -> bool:
    return points == {driver: more.get(driver.value, Decimal(0)) for driver in KNOWN_DRIVERS}


def test_growth_is_seen_by_the_account_its_segment_and_the_book(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["grows"], MIDDLE, crm(10)))
    assert found.window == Window(date(2026, 6, 30), date(2027, 6, 30))
    assert found.declined == "the contract runs on as it is"
    # 6,000 grows to 12,000. In all there are 6,000 three times, and CRM and Analytics for 20 users, with their tier.
    assert (found.account.declined.nrr, found.account.accepted.nrr, found.account.nrr_difference) == (1, 2, 1)
    assert only(dict(found.account.points), expansion=D(1))
    whole = found.book.accepted.opening
    # Each customer counts once, the quote's own as well: three have 6,000, and one 24,840.
    assert (whole, found.book.accepted.customers) == (found.book.declined.opening, 4) == (42_840, 4)
    assert found.segments["segment", "enterprise"].declined.closing == whole - 6_000
    assert found.book.nrr_difference == found.book.growth_difference == six("6000", whole)
    assert found.segments["segment", "enterprise"].nrr_difference == six("6000", whole - 6000)
    assert set(found.segments) == {("segment", "enterprise"), ("prepaid", "false"), ("rating", "(none)")}
    assert found.account.grr_difference == 0


def test_partial_churn_shows_what_is_lost_and_what_repricing_brings_apart(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["gives up"], MIDDLE, Remove("analytics")))
    by_cause = {each.cause: each.amount for each in found.moved if each.product == "crm"}
    lost = sum(each.amount for each in found.moved if each.cause is Cause.PARTIAL_CHURN)
    gained = sum(each.amount for each in found.moved if each.cause is Cause.REPRICING)
    # Analytics is 20 × 20.00 × 12 less 10%; CRM loses its 10% of 20 × 50.00 × 12.
    assert (lost, by_cause[Cause.REPRICING]) == (D("-4320.00"), D("1200.00"))
    opening = found.account.accepted.opening
    assert only(dict(found.account.points), retention=six(lost, opening), pricing=six(gained, opening))
    assert found.account.nrr_difference == six(lost + gained, opening)
    assert found.account.grr_difference == six(lost, opening)


def test_a_renewal_is_measured_against_its_end_and_against_a_flat_one(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["renews"], ENDS, Renew()), ENDS)
    # 10 × 50.00 × 12 becomes 10 × 52.00 × 12; without it the contract ends.
    assert found.declined == "the contract ends on 2027-01-15"
    assert (found.account.accepted.nrr, found.account.declined.nrr) == (D("1.04"), 0)
    assert (found.account.nrr_difference, found.account.against_flat) == (D("1.04"), D("0.04"))
    # What would have been lost, and is not, is retention; the rest is the price.
    assert only(dict(found.account.points), retention=D(1), pricing=D("0.04"))


def test_terms_that_renew_by_themselves_are_no_loss_without_the_quote(desk: Desk) -> None:
    with_rules(desk, TERMS.replace("basis: list}", "basis: list, auto: true}"))
    account = sold(desk)["renews"]
    found = effect(desk, ask(desk, account, ENDS, Renew()), ENDS)
    assert found.declined == "the contract renews as it is"
    assert (found.account.declined.nrr, found.account.nrr_difference) == (1, D("0.04"))


def test_a_new_customer_has_no_rate_and_moves_nobody_elses(ready: Desk, book: dict[str, str]) -> None:
    account = customer(ready, "new")
    found = effect(ready, ask(ready, account, MIDDLE, crm(10)))
    assert found.declined == "nothing is sold"
    assert (found.account.accepted.nrr, found.account.nrr_difference) == (None, None)
    assert set(found.account.points.values()) == {None}
    assert (found.book.nrr_difference, found.book.accepted.new, found.book.declined.new) == (0, D("6000.00"), 0)
    # New business moves no rate, and the Rule of 40 by its share of the opening.
    assert (found.account.growth_difference, found.book.growth_difference) == (
        None,
        six("6000", found.book.accepted.opening),
    )


def test_a_cancellation_is_the_loss_of_all(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["grows"], MIDDLE, Cancel()))
    assert (found.account.accepted.nrr, found.account.nrr_difference, found.account.grr_difference) == (0, -1, -1)
    assert only(dict(found.account.points), retention=D(-1))


@pytest.mark.parametrize(("auto", "declined", "churn"), [("", 0, -18_000), (", auto: true", 1, -6_000)])
def test_a_cancellation_when_the_term_ends_leaves_nothing(desk: Desk, auto: str, declined: int, churn: int) -> None:
    with_rules(desk, TERMS.replace("basis: list", f"basis: list{auto}"))
    account = sold(desk)["renews"]
    quote_id = ask(desk, account, ENDS, Cancel())
    found = effect(desk, quote_id, ENDS)
    assert (found.account.accepted.nrr, found.account.declined.nrr, found.account.flat) == (0, declined, None)
    book_quote(on_day(desk, ENDS), quote_id=quote_id, by="ada")
    assert verify_ledger(desk).broken is None
    lost = read_retention(on_day(desk, ENDS), Asked(ENDS)).whole.bridge.of_kind(ArrKind.CHURN)
    assert lost == churn  # the two others' terms ended on that day by themselves, where they do not renew themselves


@pytest.mark.parametrize("auto", ["false", "true"])
def test_a_renewal_takes_back_that_the_contract_was_given_up(desk: Desk, auto: str) -> None:
    with_rules(desk, TERMS.replace("renewal: {", f"renewal: {{auto: {auto}, "))
    account = customer(desk, "changes its mind")
    agree(desk, account, date(2026, 1, 15), crm(10))
    for change in (Cancel(), Renew()):
        asked = QuoteAsk(account, "rep", ENDS, (change,))
        quote_id = request_quote(on_day(desk, MIDDLE), ask=asked, by="ada").quote.id
        found = effect(desk, quote_id)
        book_quote(on_day(desk, MIDDLE), quote_id=quote_id, by="ada")
        assert verify_ledger(desk).broken is None
    # 10 × 50.00 × 12 becomes 10 × 52.00 × 12; without the renewal the contract ends.
    assert found.declined == "the contract ends on 2027-01-15"
    assert (found.account.accepted.nrr, found.account.declined.nrr) == (D("1.04"), 0)
    assert found.account.against_flat == D("0.04")
    whole = read_retention(on_day(desk, ENDS), Asked(ENDS)).whole
    assert (whole.rates.nrr, whole.rates.grr, whole.bridge.closing) == (D("1.04"), 1, 6240)


def test_the_effect_stays_what_it_was_once_the_quote_is_accepted(ready: Desk, book: dict[str, str]) -> None:
    first = ask(ready, customer(ready, "new"), MIDDLE, crm(10))
    growth = ask(ready, book["grows"], MIDDLE, crm(10))
    for quote_id in (first, growth):
        before = effect(ready, quote_id)
        book_quote(on_day(ready, MIDDLE), quote_id=quote_id, by="ada")
        after = effect(ready, quote_id)
        assert rates(after.account) == rates(before.account)
        assert after.account.points == before.account.points


def test_a_quote_whose_contract_has_changed_since_says_so(ready: Desk, book: dict[str, str]) -> None:
    overtaken = ask(ready, book["grows"], MIDDLE, crm(10))
    agree(ready, book["grows"], MIDDLE, crm(5))
    found = effect(ready, overtaken)
    assert found.declined.endswith(", as it was in version 1; it has changed since and is in version 2")


def test_an_accepted_quote_says_that_its_contract_was_changed_after_it(ready: Desk, book: dict[str, str]) -> None:
    growth = ask(ready, book["grows"], MIDDLE, crm(10))
    book_quote(on_day(ready, MIDDLE), quote_id=growth, by="ada")
    before = effect(ready, growth)
    assert before.declined == "the contract runs on as it is"
    agree(ready, book["grows"], MIDDLE, crm(5))
    after = effect(ready, growth)
    assert after.declined == (
        "the contract runs on as it is; the quote made version 2 of it, and what was booked since, up to 3, is left out"
    )
    assert rates(after.account) == rates(before.account)


def rates(found: Effect) -> tuple[object, ...]:
    return found.accepted, found.declined, found.nrr_difference


def test_the_horizon_may_be_chosen_and_has_to_come_after(ready: Desk, book: dict[str, str]) -> None:
    quote_id = ask(ready, book["grows"], MIDDLE, crm(10))
    assert effect(ready, quote_id, horizon=date(2026, 12, 31)).window.closing == date(2026, 12, 31)
    with pytest.raises(HorizonTooEarly):
        effect(ready, quote_id, horizon=date(2026, 6, 30))
