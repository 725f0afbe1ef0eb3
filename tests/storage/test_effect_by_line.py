"""A quote's effect by product line and driver, and weighed by a probability, by figures worked by hand (N10, N11)."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Remove, Renew
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.expected import expected_of
from pricing_engine.retention.movements import Driver
from pricing_engine.usecases.create_account import create_account
from tests.rulebooks import D
from tests.storage.retained_book import START, agree, analytics, ask, crm, customer, sold, with_rules
from tests.storage.test_quote_effect import ENDS, MIDDLE, effect, six
from tests.unit.rulebook.small_rules import FILES

PRICING, RETENTION, EXPANSION = Driver.PRICING, Driver.RETENTION, Driver.EXPANSION


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    return sold(ready)


def lines(found: Effect, opening: str) -> list[tuple[str, Driver, str]]:
    """What is told of each line, once its points are seen to be its share of the opening."""
    assert [each.points for each in found.lines] == [six(each.amount, opening) for each in found.lines]
    return [(each.product_line, each.driver, str(each.amount)) for each in found.lines]


def test_partial_churn_shows_what_left_and_what_became_dearer_line_by_line(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["gives up"], MIDDLE, Remove("analytics")))
    # For 20 users: CRM 20 × 50.00 × 12 = 12,000, Analytics 20 × 20.00 × 12 = 4,800, Growth 900.00 × 12 = 10,800; less
    # 10% for two products 24,840. Analytics goes with its 4,320; the others' 10% come back.
    expected = [
        ("analytics", RETENTION, "-4320.00"),
        ("crm", PRICING, "1200.00"),
        ("platform", PRICING, "1080.00"),
    ]
    assert lines(found.account, "24840.00") == expected
    assert [str(each.points) for each in found.account.lines] == ["-0.173913", "0.048309", "0.043478"]
    assert found.account.points[PRICING] == D("0.091787")  # 2,280 / 24,840
    # The book has three more customers with 6,000 each.
    assert lines(found.book, "42840.00") == expected


def test_the_end_of_a_promotion_is_pricing_where_it_falls_into_the_window(ready: Desk) -> None:
    account, day = customer(ready, "small", "smb"), date(2026, 4, 1)
    agree(ready, account, START, crm(10), term_months=36)
    quote = ask(ready, account, day, analytics(10))
    # Analytics is 10 × 20.00 × 12 less 10%, 2,160, and less 12% for a year, 1,900.80; Growth is 9,720 and 8,553.60.
    # CRM, of 6,000, has the 10% for two products from now on.
    sale = [
        ("analytics", EXPANSION, "1900.80"),
        ("crm", PRICING, "-600.00"),
        ("platform", EXPANSION, "8553.60"),
    ]
    assert lines(effect(ready, quote, day).account, "6000.00") == sale
    later = effect(ready, quote, day, horizon=date(2027, 4, 1)).account
    assert lines(later, "6000.00") == [
        ("analytics", PRICING, "259.20"),
        *sale[:2],
        ("platform", PRICING, "1166.40"),
        sale[2],
    ]


def test_a_renewal_is_retention_of_what_would_end_and_pricing_of_the_rise(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["renews"], ENDS, Renew()), ENDS)
    # 6,000 would be lost; it becomes 10 × 52.00 × 12.
    assert lines(found.account, "6000.00") == [("crm", RETENTION, "6000.00"), ("crm", PRICING, "240.00")]


def test_new_business_moves_no_rate_on_any_line(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, customer(ready, "new"), MIDDLE, crm(10)))
    assert found.account.lines == found.book.lines == ()


def test_what_to_expect_of_partial_churn_lies_between_both(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, book["gives up"], MIDDLE, Remove("analytics")), probability=D("0.6"))
    assert found.probability == D("0.6")
    # NRR is 22,800 / 24,840 if accepted and 1 if not, GRR 20,520 / 24,840: 0.6 of −2,040 and of −4,320.
    expected = expected_of(found.account, D("0.6"))
    assert expected == (
        six("23616.0", "24840"),
        six("22248.0", "24840"),
        six("-1224.0", "24840"),
        six("-2592.0", "24840"),
    )
    for probability, arm in (("0", found.account.declined), ("1", found.account.accepted)):
        certain = expected_of(found.account, D(probability))
        assert (certain.nrr, certain.grr) == (arm.nrr, arm.grr)
    assert effect(ready, ask(ready, book["grows"], MIDDLE, crm(1))).probability is None


def test_nothing_is_expected_of_who_had_nothing(ready: Desk, book: dict[str, str]) -> None:
    found = effect(ready, ask(ready, customer(ready, "new"), MIDDLE, crm(10)), probability=D("0.5"))
    assert set(expected_of(found.account, D("0.5"))) == {None}
    assert expected_of(found.book, D("0.5")).nrr_difference == 0


def test_an_attribute_that_is_called_as_what_every_book_has_is_no_other_segment(desk: Desk) -> None:
    size = "  size: {type: enum, values: [small, large], from: account.size, optional: true, meaning: how large}\n"
    with_rules(desk, **{"vocabulary.yaml": FILES["vocabulary.yaml"] + size})
    for name in ("other", "grows"):
        attributes = {"segment": "smb", "prepaid": False, "size": "small"}
        account = create_account(desk, name=name, currency="USD", attributes=attributes).account.id
        agree(desk, account, START, crm(10))
    found = effect(desk, ask(desk, account, MIDDLE, crm(10)))
    # Both are in every segment that this one is in.
    assert {each.accepted.opening for each in found.segments.values()} == {found.book.accepted.opening} == {12000}
