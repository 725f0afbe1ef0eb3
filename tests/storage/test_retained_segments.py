"""What the book is told apart by: segments that sum to it and lead to accounts, on SQLite and PostgreSQL (N9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Renew, Set
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.read_retained import Within, read_accounts
from pricing_engine.usecases.read_retention import Asked
from pricing_engine.usecases.retained_book import read_book
from pricing_engine.usecases.retained_segments import SegmentUnknown, segments_of
from tests.rulebooks import D
from tests.storage.retained_book import (
    CLOSING,
    OPENING,
    START,
    a_book,
    agree,
    crm,
    customer,
    figures,
    on_day,
    with_rules,
)
from tests.unit.rulebook.small_rules import FILES


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    return a_book(ready)


@pytest.mark.parametrize(
    "by",
    [
        "segment",
        "product",
        "currency",
        "market",
        "prepaid",
        "cohort",
        "size",
        "cohort,segment",
        "segment,product",
        "tier",
        "term",
        "discount",
    ],
)
def test_segments_sum_to_the_whole(by: str, ready: Desk, book: dict[str, str]) -> None:
    found = figures(ready, by=by)
    segments = found.segments.values()
    for name in ("opening", "closing"):
        assert sum(getattr(each.bridge, name) for each in segments) == getattr(found.whole.bridge, name)
    assert (
        set(found.segments)
        == {
            "segment": {"enterprise", "smb"},
            "product": {"crm", "analytics", "platform"},
            "currency": {"USD"},
            "market": {"(none)"},
            "prepaid": {"false"},
            "cohort": {"2026-Q1", "2026-Q4"},
            "size": {
                "1,000 and more",
                "10,000 and more",
                "(none)",
            },  # of 6,000, of both, and new
            "tier": {"essentials", "growth"},
            "term": {"12 months", "24 months"},
            "discount": {"none", "10% and more"},
            "cohort,segment": {"2026-Q1 · enterprise", "2026-Q1 · smb", "2026-Q4 · smb"},
            "segment,product": {"enterprise · crm", "enterprise · analytics", "enterprise · platform", "smb · crm"},
        }[by]
    )


def test_sizes_are_in_their_order_and_lead_to_their_accounts(ready: Desk, book: dict[str, str]) -> None:
    assert list(figures(ready, by="size").segments) == ["(none)", "1,000 and more", "10,000 and more"]
    asked = Asked(CLOSING, by="size,segment")
    found = read_accounts(on_day(ready, CLOSING), asked, Within("10,000 and more · enterprise"), after=0, limit=5)
    assert [each.account.id for each in found.items] == [book["gives up"]]


def test_what_was_sold_otherwise_at_the_opening_is_told_apart_by_how(ready: Desk, book: dict[str, str]) -> None:
    # Two products cost a tenth less: 20 × 12 × 50, 20 × 12 × 20 and 10,800 of the tier at nine tenths.
    found = figures(ready, by="product,discount").segments
    assert {name: (each.bridge.opening, each.bridge.closing) for name, each in found.items()} == {
        "analytics · 10% and more": (4320, 0),
        "crm · none": (18000, 21720),
        "crm · 10% and more": (10800, 12000),
        "platform · 10% and more": (9720, 10800),
    }


def test_a_price_that_stays_far_above_a_new_list_has_no_discount(desk: Desk) -> None:
    usd = FILES["price_books/usd.yaml"].replace('unit_price: "52.00"', 'unit_price: "0.0001"')
    with_rules(desk, **{"price_books/usd.yaml": usd})
    account = customer(desk, "stays")
    agree(desk, account, START, crm(10))
    agree(desk, account, date(2027, 1, 15), Renew(), Set("crm", {"users": D(20)}))
    # The floor of the terms keeps 50.00 a user a month, 500,000 times what the list says now.
    assert figures(desk, by="discount").segments["none"].rates.closing == 12000


def test_no_two_segments_have_one_name_whatever_is_in_a_value(ready: Desk, book: dict[str, str]) -> None:
    read = read_book(on_day(ready, CLOSING), Window(OPENING, CLOSING))
    values = {book["grows"]: ("a · b", "c"), book["renews"]: ("a", "b · c")}
    accounts = {
        id_: replace(each, attributes={"segment": values.get(id_, ("", ""))[0]}, market=values.get(id_, ("", ""))[1])
        for id_, each in read.accounts.items()
    }
    found = segments_of(replace(read, kept=read.kept._replace(accounts=accounts, values={})), "segment,market")
    lines = read.ledger.ledger.columns.take(read.ledger.ledger.by_line.starts)
    names = [read.ledger.ledger.named.accounts.names[number] for number in lines.account]
    by_name = {
        name: {names[at] for at in np.flatnonzero(found.of_line == place)} for place, name in enumerate(found.names)
    }
    assert {name: each for name, each in by_name.items() if "a" in name} == {
        "a · b ·· c": {book["renews"]},
        "a ·· b · c": {book["grows"]},
    }


def test_a_number_is_one_segment_however_it_was_written(ready: Desk) -> None:
    for rating in ("0.5", "0.50"):
        attributes = {"segment": "smb", "prepaid": False, "rating": D(rating)}
        account = create_account(ready, name=rating, currency="USD", attributes=attributes).account.id
        agree(ready, account, START, crm(10), term_months=24)
    assert {name: each.rates.customers for name, each in figures(ready, by="rating").segments.items()} == {"0.5": 2}


def test_what_accounts_do_not_have_is_no_segment(ready: Desk, book: dict[str, str]) -> None:
    with pytest.raises(SegmentUnknown) as refused:
        figures(ready, by="segmnt")
    assert refused.value.fix == "did you mean segment?"
    with pytest.raises(SegmentUnknown, match="names more than 4 things"):
        figures(ready, by="product,segment,size,cohort,market")
    with pytest.raises(SegmentUnknown, match="names one thing twice"):
        figures(ready, by="product,segment,product")
