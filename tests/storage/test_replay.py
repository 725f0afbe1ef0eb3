"""A stored quote prices again to the same cent, from its stored version and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from pricing_engine.desk import CompiledRulebooks, Desk
from pricing_engine.quoting.request import Add, DiscountRequest, PercentOff
from pricing_engine.storage.quotes import QuoteNotFound
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.differences import Difference, find_differences
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.records import StoredQuote
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from tests.builders import a_quote
from tests.unit.rulebook.small_rules import changed, small_rules
from tests.worked_change import ITEMS, a_change


def a_kept_quote(desk: Desk) -> StoredQuote:
    """Three products, a discount asked for, and a tier forced up."""
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    account = create_account(desk, name="Fjord AS", currency="USD", attributes={"segment": "smb"})
    users = {"users": Decimal(120)}
    ask = QuoteAsk(
        account.account.id,
        "rep",
        date(2026, 2, 1),
        (Add("crm", users), Add("analytics", users), Add("premium-support")),
        discounts=(DiscountRequest(PercentOff(Decimal("0.05")), product="crm", why="competitor"),),
    )
    return request_quote(desk, ask=ask, by="ada")


def with_nothing_compiled(desk: Desk) -> Desk:
    """The desk of a process that has just started."""
    return replace(desk, compiled=CompiledRulebooks())


def test_a_replayed_quote_equals_itself(desk: Desk) -> None:
    stored = a_kept_quote(desk)
    replay = replay_quote(with_nothing_compiled(desk), quote_id=stored.quote.id)
    assert replay.is_equal
    assert replay.replayed == stored.quote == replay.stored.quote
    assert len(stored.quote.lines) > 2


def test_a_replay_ignores_newer_rules(desk: Desk) -> None:
    stored = a_kept_quote(desk)
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise")
    assert replay_quote(with_nothing_compiled(desk), quote_id=stored.quote.id).is_equal


def test_the_first_published_layout_of_equal_rules_is_what_quotes_point_into(desk: Desk) -> None:
    stored = a_kept_quote(desk)
    # The same content three lines further down has the same hash, but other line numbers.
    moved = small_rules() | {"price_books/usd.yaml": b"# moved\n#\n#\n" + small_rules()["price_books/usd.yaml"]}
    assert not publish_rulebook(desk, moved, author="bob", activate=True, reason="tidier").is_new
    assert replay_quote(with_nothing_compiled(desk), quote_id=stored.quote.id).is_equal


def test_a_replay_names_the_place_of_each_difference(desk: Desk) -> None:
    stored = a_kept_quote(desk)
    with desk.transaction() as session:
        # What a defect in storage or a changed engine would look like.
        session.connection.execute(
            text("UPDATE quote SET priced = replace(priced, :now, :then)"),
            {"now": '"one_time":"0', "then": '"one_time":"7'},
        )
    replay = replay_quote(desk, quote_id=stored.quote.id)
    assert not replay.is_equal
    assert [difference.pointer for difference in replay.differences] == ["/totals/one_time"]


def test_a_quote_that_is_not_there_cannot_be_replayed(desk: Desk) -> None:
    with pytest.raises(QuoteNotFound):
        replay_quote(desk, quote_id="quo_none")


def test_equal_records_do_not_differ() -> None:
    assert find_differences(a_quote(), a_quote()) == ()


def test_a_changed_amount_deep_inside_is_pointed_at() -> None:
    quote = a_quote()
    line = quote.lines[0]
    other = quote._replace(lines=(line._replace(net_term=line.net_term + 1),))
    # 100 × 20 × 12 less 15% is 20,400.
    assert find_differences(quote, other) == (Difference("/lines/0/net_term", "20400.00", "20401.00"),)


def test_what_only_one_side_has_is_absent_on_the_other() -> None:
    quote = a_quote()
    without = quote._replace(invoices=())
    (difference,) = find_differences(quote, without)
    assert (difference.pointer, difference.replayed) == ("/invoices/0", "(absent)")
    (difference,) = find_differences({"a/b~": 1}, {})
    assert difference == Difference("/a~1b~0", "1", "(absent)")
    assert find_differences({}, {"a": 1}) == (Difference("/a", "(absent)", "1"),)


def test_an_amount_is_compared_and_not_the_words_of_how_it_was_made() -> None:
    (credit, *others) = ITEMS
    reworded, other = credit._replace(how="in other words"), credit._replace(amount=Decimal("-10888.78"))
    assert find_differences(a_change(), a_change(items=(reworded, *others))) == ()
    (difference,) = find_differences(a_change(), a_change(items=(other, *others)))
    assert difference == Difference("/items/0/amount", "-10888.77", "-10888.78")
