"""Tables of deals, read: rows with what tables beside them say, lines into deals, and what is said otherwise later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pricing_engine.imports.book.problems import Problem
from pricing_engine.imports.deals.deals import renewed
from pricing_engine.imports.deals.joined import MOST_COMPARED, Joined
from pricing_engine.scoring.deal import Deal, DealLine, Draw, Outcome
from tests.rulebooks import D
from tests.unit.imports.deal_tables import (
    TEXT,
    cells,
    customers,
    deal,
    made,
    read,
    reader,
    refused,
)


def test_a_row_is_a_deal_with_what_the_table_beside_it_says() -> None:
    assert made() == Deal(
        *("d1", "Acme", date(2025, 1, 10), date(2025, 3, 1), Outcome.WON),
        {"sector": "technology", "growth": D("-0.025"), "is_new": True, "list_per_year": D("100.00")},
        (DealLine("crm", None, D("100.00"), D("90.00")),),
    )


def test_what_is_spelled_otherwise_is_read_as_the_mapping_says_and_counted() -> None:
    each = reader()
    row, _ = each.read(2, cells(who="Acmee"))
    assert row is not None
    assert (row.account, row.facts["sector"]) == ("Acme", "technology")
    assert each.key(cells(who="Acmee")) == "d1"
    assert each.spelled == {
        ("who", "Acmee", "Acme"): 1,
        ("customers.sector", "technolgy", "technology"): 1,
    }


def test_a_key_is_found_however_its_accents_are_written() -> None:
    joined = customers([("Cafe\u0301", "food", "")])
    assert joined.find("Caf\u00e9 ")[1] == "food"
    assert joined.unknown("Caf\u00e9") is None


def test_a_key_that_is_nearly_there_is_named_and_never_taken_for_it() -> None:
    _, problems = reader().read(7, cells(who="Bolts"))
    assert problems == [
        Problem(
            *("t.csv", 7, "who", "Bolts", "unknown-key"),
            *('customers.csv has no name "Bolts"', "did you mean Bolt? Say so under spelled"),
        )
    ]


def test_of_very_many_unknown_keys_not_all_are_compared_with_all_that_are_known() -> None:
    joined = customers([(f"Customer {number}", "food", "") for number in range(MOST_COMPARED // 2)])
    fixes = [found.fix for each in ("Custmer 7", "Custmer 8", "Custmer 9") if (found := joined.unknown(each))]
    assert [fix.startswith("did you mean") for fix in fixes] == [True, True, False]
    assert fixes[2] == "add it to customers.csv, or say under spelled which name it is"


def test_a_deal_of_nobody_is_refused_or_its_own_account_as_the_mapping_says() -> None:
    assert refused(who="") == [("who", "missing")]
    own = reader(TEXT.replace("account: who", "account: {column: who, missing: each_its_own}"))
    row, _ = own.read(2, cells(who=""))
    assert row is not None
    assert (row.account, "sector" in row.facts) == ("", False)
    found = deal(row).deal
    assert found is not None
    assert found.account == "(deal d1)"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"stage": "Win"}, [("stage", "unknown-outcome")]),
        ({"stage": ""}, [("stage", "missing")]),
        ({"ended": ""}, [("ended", "missing")]),
        ({"begun": ""}, [("begun", "missing")]),
        ({"begun": "10/01/2025"}, [("begun", "not-a-date")]),
        ({"id": "x" * 201}, [("id", "too-long")]),
        ({"product": ""}, [("product", "missing")]),
        ({"list": "1,000"}, [("list", "not-a-number")]),
        ({"net": "-5"}, [("net", "not-a-number")]),
        ({"growth": "much"}, [("growth", "not-a-number")]),
        ({"growth": "--5"}, [("growth", "not-a-number")]),
        ({"is_new": "perhaps"}, [("is_new", "not-yes-or-no")]),
        ({"by_lot": "yes"}, [("drawn", "missing"), ("chance", "missing")]),
        ({"drawn": "12%"}, [("chance", "missing")]),
        ({"drawn": "12", "chance": "0.5"}, [("drawn", "not-a-share")]),
        ({"drawn": "12%", "chance": "0"}, [("chance", "not-a-share")]),
        ({"drawn": "12%", "chance": "1.5"}, [("chance", "not-a-share")]),
        ({"stage": "Win", "list": "x"}, [("stage", "unknown-outcome"), ("list", "not-a-number")]),
    ],
)
def test_a_cell_that_is_wrong_is_named(more: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    assert refused(**more) == expected


def test_a_row_of_another_table_or_that_is_no_text_is_refused_whole() -> None:
    each = reader()
    for wrong, code in ((cells()[:-1], "cells"), (cells(why="\0"), "encoding"), (cells(why="\udcff"), "encoding")):
        row, problems = each.read(2, wrong)
        assert (row, [problem.code for problem in problems]) == (None, [code])
        assert each.key(wrong) == "d1"  # whose deal is refused with it
    for nobody in ([], cells(id=""), cells(id="\udcff"), cells(id="\0")):
        assert each.key(nobody) == ""


def test_an_open_deal_has_no_end_and_one_without_a_day_is_left_out() -> None:
    open_deal = read(stage="Open", net="")
    assert (open_deal.closed, open_deal.outcome) == (None, Outcome.OPEN)  # the day it is expected to close is not read
    assert read(stage="Open", begun="", ended="").created is None
    strict = reader(TEXT.replace("{column: begun, missing: leave_out}", "begun"))
    assert [each.code for each in strict.read(2, cells(stage="Open", begun=""))[1]] == ["missing"]


def test_a_price_drawn_by_lot_comes_with_how_likely_it_was() -> None:
    assert made(drawn="12%", chance="0.2", mean="0.1").draw == Draw(D("0.12"), D("0.2"), D("0.1"))
    assert made(by_lot="yes", drawn="-0.05", chance="1").draw == Draw(D("-0.05"), D("1"), None)
    assert made(by_lot="no", drawn="12%", chance="0.2").draw is None
    assert made().draw is None


def test_amounts_are_converted_at_the_rate_of_the_day_it_was_created() -> None:
    (line,) = made(currency="EUR").lines
    assert (line.list, line.net) == (D("110.00"), D("99.00"))
    with pytest.raises(KeyError):
        made(currency="JPY")


def test_a_currency_that_a_row_leaves_blank_is_not_guessed_where_it_has_amounts() -> None:
    assert refused(currency="") == [("currency", "missing")]
    assert read(currency="", list="", net="").currency == ""
    text = TEXT.replace("  currency: currency", "  currency: {column: currency, default: EUR}")
    row, _ = reader(text).read(2, cells(currency=""))
    assert row is not None
    assert row.currency == "EUR"


def test_rows_of_one_id_are_the_lines_of_a_deal() -> None:
    found = deal(read(), read(product="analytics", list="50.00", net="40.00")).deal
    assert found is not None
    assert ([each.product for each in found.lines], found.list, found.net) == (["crm", "analytics"], 150, 130)
    assert [each.family for each in found.lines] == [None, "insight"]  # as the rules have it
    assert found.facts["list_per_year"] == 150
    unknown = deal(read(), read(product="analytics", list="")).deal
    assert unknown is not None
    assert (unknown.list, "list_per_year" in unknown.facts) == (None, False)


def test_rows_that_contradict_each_other_or_the_calendar_are_refused() -> None:
    for rows, code in (
        ((read(), read(who="Bolt")), "deal-differs"),
        ((read(), read(growth="3")), "deal-differs"),
        ((read(begun="2025-03-02"),), "closed-first"),
        ((read(ended="2025-06-02"),), "day-ahead"),
        ((read(stage="Open", begun="2025-06-02"),), "day-ahead"),
    ):
        found = deal(*rows)
        assert (found.deal, [each.code for each in found.problems], found.problems[0].refuses) == (None, [code], True)
    assert "another account and facts in line 2" in deal(read(), read(who="Bolt")).problems[0].what
    assert deal(read(begun="2025-03-01"), read(begun="2025-03-01", product="x")).deal is not None  # ended on its day


def test_without_products_an_id_is_of_one_row() -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith(("  product", "  list", "  net", "  currency"))]
    text = "\n".join(lines).replace("ignored: [", "ignored: [product, list, net, currency, ")
    row, problems = reader(text).read(2, cells())
    assert row is not None, problems
    assert [each.code for each in deal(row, row).problems] == ["deal-twice"]
    found = deal(row).deal
    assert found is not None
    assert found.lines == ()


def test_what_makes_no_sense_of_a_discount_is_reported_and_taken() -> None:
    for more, code in (({"list": "0"}, "no-list"), ({"net": "1000.01"}, "net-far-above-list")):
        found = deal(read(**more))
        assert [(each.code, each.refuses) for each in found.problems] == [(code, False)]
        assert found.deal is not None
    assert deal(read(net="1000.00")).problems == []


def test_an_open_deal_that_has_ended_takes_how_and_the_nets_that_were_not_known() -> None:
    kept = made(stage="Open", net="", growth="1")
    now = made(why="fit", growth="2")
    after, differ = renewed(kept, now)
    assert after == kept._replace(outcome=Outcome.WON, closed=date(2025, 3, 1), reason="fit", lines=now.lines)
    assert differ == ["growth"]  # facts stay those of then
    known = made(stage="Open", net="80.00")
    assert renewed(known, made()) == (
        known._replace(outcome=Outcome.WON, closed=date(2025, 3, 1)),
        ["lines"],
    )
    other = made(stage="Open", product="analytics")
    assert renewed(other, made())[0].lines == other.lines


def test_a_net_is_taken_only_beside_the_list_that_it_is_a_share_of() -> None:
    kept = made(stage="Open", net="")
    larger, differ = renewed(kept, made(list="200.00", net="180.00"))
    assert (larger.outcome, larger.lines, differ) == (Outcome.WON, kept.lines, ["lines", "list_per_year"])
    two = deal(read(stage="Open", net=""), read(stage="Open", list="1.00", net="")).deal
    turned = deal(read(list="1.00", net="1.00"), read()).deal
    assert two is not None
    assert turned is not None
    assert renewed(two, turned)[0].lines == two.lines


def test_a_deal_that_would_end_before_it_was_created_stays_open() -> None:
    kept = made(stage="Open", begun="2025-04-01")
    assert renewed(kept, made()) == (kept, ["created", "closed", "outcome"])
    assert renewed(kept, made(begun="2025-04-01", ended="2025-04-01"))[0].is_decided


def test_a_family_that_the_rules_call_otherwise_by_now_is_nothing_that_the_table_says() -> None:
    kept = made()
    renamed = kept._replace(lines=tuple([each._replace(family="sales") for each in kept.lines]))
    assert renewed(kept, renamed) == (kept, [])


def test_a_decided_deal_stays_whatever_the_table_says() -> None:
    kept = made()
    for more, differ in (
        ({"stage": "Lost"}, ["outcome"]),
        ({"stage": "Open"}, ["closed", "outcome"]),
        ({"ended": "2025-04-01"}, ["closed"]),
        ({"net": "80.00"}, ["lines"]),
        ({"growth": ""}, ["growth"]),
        ({}, []),
    ):
        assert renewed(kept, made(**more)) == (kept, differ)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("Acme", "a", ""), ("Acme", "b", "")], "key-twice"),
        ([("", "a", "")], "missing"),
        ([("Acme", "a")], "cells"),
    ],
)
def test_a_table_that_cannot_be_looked_up_in_says_why(rows: list[Any], code: str) -> None:
    assert [each.code for each in customers(rows).problems] == [code]
    assert [each.code for each in Joined("customers", "nam", file="c.csv", header=("name",)).problems] == ["header"]
