"""A change is printed as a redline that also reads without colours, and its sums can be checked by eye."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from pricing_engine.catalog.products import Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.cli.quote_view import QuoteView
from pricing_engine.cli.show_change import arr_drivers
from pricing_engine.cli.show_schedules import Sent, sent_by_day
from pricing_engine.cli.show_scored import scored_parts
from pricing_engine.document.amounts import Amounts
from pricing_engine.money import ZERO
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.contract_change import DueItem, DueKind, LineChange, Movement, QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import ContractRef, DiscountRequest, PercentOff, Waiver
from tests.printed import EN, printed
from tests.rulebooks import ACCOUNT, D, a_product, a_rulebook, add, ask, quote, seats
from tests.scored_rules import scored_rulebook
from tests.worked_change import ANALYTICS, CRM, a_change, a_changed_quote, a_line_change, an_invoice

RED_STRUCK, GREEN, YELLOW = "\x1b[9;31m", "\x1b[32m", "\x1b[33m"


def cells(text: str, start: str) -> list[str]:
    """The words of the row that starts so."""
    return next(row for row in text.splitlines() if row.startswith(start)).split()


def with_lines(*lines: LineChange, **more: Any) -> str:
    """The printed change of some lines."""
    return printed(a_changed_quote(a_change(lines=lines, **more)))


def test_the_worked_partial_churn_reads_as_in_the_design():
    text = printed(a_changed_quote())
    assert cells(text, "~   CRM")[1:] == (
        ["CRM", "·", "seats", "100", "users", "$54,000.00", "$60,000.00", "+$6,000.00", "+$3,024.66"]
    )
    assert cells(text, "-   Analytics")[1:] == (
        ["Analytics", "·", "seats", "100", "→", "0", "$21,600.00", "-$21,600.00", "-$5,444.39"]
    )
    for row in (
        ["credit,", "Analytics", "·", "seats", "21,600.00", "×", "184/365", "-$10,888.77"],
        ["repricing,", "CRM", "·", "seats", "6,000.00", "×", "184/365", "$3,024.66"],
        ["Credited", "now", "-$2,419.73"],
        ["ARR", "$75,600.00", "$60,000.00", "-$15,600.00", "-20.6%"],
        ["removed", "-$21,600.00", "-28.6%"],
        ["repricing", "+$6,000.00", "7.9%"],
    ):
        assert row in [each.split() for each in text.splitlines()]


def test_what_is_due_for_no_single_line_closes_the_column():
    # −10,888.77 + 3,024.66 of lines; 5,444.38 of the fee makes −2,419.73.
    credited = ANALYTICS._replace(due=D("-10888.77"))
    text = with_lines(CRM, credited)
    assert cells(text, "    Fees and other")[-1] == "+$5,444.38"
    assert "Fees and other" not in printed(a_changed_quote())


def test_the_parts_come_in_the_order_a_rep_asks_for_them():
    text = printed(a_changed_quote())
    headings = (
        "Was, a year",
        "Due now, on 2026-07-01",
        "\nARR\n",
        "Invoices, before and after",
        "Promised",
        "Findings",
    )
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "Totals" not in text


def test_what_goes_is_struck_out_and_red_and_what_comes_is_green():
    added = a_line_change("api.calls", movement=Movement.ADDED)
    priced = a_changed_quote(a_change(lines=(CRM, ANALYTICS, added)))
    coloured = printed(priced, in_colour=True)
    for code, shown in (
        (RED_STRUCK, "Analytics · seats"),
        (RED_STRUCK, "$21,600.00"),
        (YELLOW, "$60,000.00"),
        (GREEN, "CRM · calls"),
        (GREEN, "$54,000.00"),
    ):
        assert re.search(f"{re.escape(code)} *{re.escape(shown)}", coloured), shown
    assert "\x1b" not in printed(priced)


@pytest.mark.parametrize(
    ("movement", "mark"),
    [
        (Movement.KEPT, "    "),
        (Movement.ADDED, "+   "),
        (Movement.GROWN, "+   "),
        (Movement.REMOVED, "-   "),
        (Movement.REDUCED, "-   "),
        (Movement.REPRICED, "~   "),
    ],
)
def test_every_movement_has_a_mark_that_needs_no_colour(movement: Movement, mark: str):
    text = with_lines(a_line_change(movement=movement))
    assert any(row.startswith(f"{mark}CRM · seats") for row in text.splitlines())


def test_a_kept_line_says_its_price_and_no_difference():
    assert cells(with_lines(a_line_change()), "    CRM · seats") == (
        ["CRM", "·", "seats", "100", "users", "$54,000.00", "$54,000.00"]
    )


def test_growth_shows_both_quantities_and_what_a_unit_comes_to():
    grown = a_line_change(movement=Movement.GROWN, quantity_after=D("120"), net_after=D("68400.00"), due=D("7259.18"))
    text = with_lines(grown)
    assert cells(text, "+   CRM")[4:8] == ["100", "→", "120", "users"]
    # 54,000 ÷ 100 ÷ 12 = 45.00; 68,400 ÷ 120 ÷ 12 = 47.50.
    assert cells(text, "      a user a month") == ["a", "user", "a", "month", "$45.00", "$47.50"]


def test_a_flat_fee_has_no_quantity():
    one = {"quantity_before": D("1"), "quantity_after": D("1")}
    rulebook = a_rulebook([a_product("crm", seats("fee", metric=None))], {"crm.fee": "50.00"})
    changed = a_changed_quote(a_change(lines=(a_line_change("crm.fee", **one),)))
    text = printed(changed._replace(lines=quote(rulebook, add("crm")).lines))
    assert cells(text, "    CRM · fee") == ["CRM", "·", "fee", "$54,000.00", "$54,000.00"]
    gone = a_line_change("old.fee", movement=Movement.REMOVED, **one | {"quantity_after": D("0")})
    assert "1 → 0" not in with_lines(gone)


def test_repricing_of_a_line_that_also_grows_is_told_apart():
    grown = a_line_change(
        movement=Movement.GROWN, quantity_after=D("120"), net_after=D("72000.00"), repricing=D("6000.00")
    )
    text = with_lines(grown)
    assert cells(text, "      of it repricing") == ["of", "it", "repricing", "+$6,000.00"]
    change = a_change(lines=(grown,), arr_before=D("54000.00"), arr_after=D("72000.00"))
    assert arr_drivers(change) == {"grown": D("12000.00"), "repricing": D("6000.00")}


def test_a_layer_is_told_from_the_first_by_its_number():
    assert "CRM · seats, layer 2" in with_lines(a_line_change(), a_line_change("crm.seats~2"))


@pytest.mark.parametrize("arr_after", ["60000.00", "61000.00"])
def test_the_drivers_of_arr_add_up_to_its_difference(arr_after: str):
    change = a_change(arr_after=D(arr_after))
    drivers = arr_drivers(change)
    assert sum(drivers.values()) == change.arr_after - change.arr_before
    assert drivers.get("other", ZERO) == D(arr_after) - D("60000.00")


def test_a_renewal_at_another_price_says_that_the_price_changed():
    dearer = a_line_change(movement=Movement.REPRICED, net_after=D("56700.00"))
    assert arr_drivers(a_change(lines=(dearer,), arr_before=D("54000.00"), arr_after=D("56700.00"))) == {
        "price of what stays": D("2700.00")
    }


def test_usage_that_nobody_commits_to_is_as_used():
    rulebook = a_rulebook(
        [a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE))], {"api.calls": "0.01"}
    )
    nothing = {"quantity_before": D("0"), "quantity_after": D("0"), "net_before": D("0.00"), "net_after": D("0.00")}
    changed = a_changed_quote(a_change(lines=(a_line_change("api.calls", **nothing),)))
    text = printed(changed._replace(lines=quote(rulebook, add("api")).lines))
    assert cells(text, "    CRM · calls")[3:] == ["as", "used", "as", "used"]


@pytest.mark.parametrize(
    ("due", "is_refund", "words"),
    [("12.00", False, "Due now "), ("-12.00", False, "Credited now"), ("-12.00", True, "Refunded now")],
)
def test_the_sum_says_who_pays_and_how(due: str, is_refund: bool, words: str):
    item = DueItem(DueKind.CHARGE, None, None, "as billed", D(due))
    text = printed(a_changed_quote(a_change(items=(item,), due_now=D(due), is_refund=is_refund)))
    assert any(row.startswith(words) for row in text.splitlines())


def test_a_change_that_makes_nothing_due_says_so():
    text = printed(a_changed_quote(a_change(items=(), due_now=D("0.00"))))
    assert "Nothing is due now." in text


def test_an_item_names_its_rule_with_reason_and_place():
    assert "standard-terms: because of standard-terms  standard-terms.yaml:7" in printed(a_changed_quote(), width=160)


def test_a_discount_of_an_earlier_quote_is_not_looked_for_in_this_one():
    lost = DueItem(DueKind.REPRICING, "crm.seats", RuleRef("/discounts/4", "", 0, "launch"), "all", D("1.00"))
    assert "a discount agreed earlier: launch" in printed(a_changed_quote(a_change(items=(lost,))))


def test_invoices_stand_side_by_side_by_date():
    july, october = date(2026, 7, 1), date(2026, 10, 1)
    before = (an_invoice(october, ("crm.seats", "13500.00"), ("analytics.seats", "5400.00")),)
    after = (an_invoice(july, ("crm.seats", "-2419.73")), an_invoice(october, ("crm.seats", "15000.00")))
    assert sent_by_day(before, after) == (
        Sent(july, None, D("-2419.73")),
        Sent(october, D("18900.00"), D("15000.00")),
    )
    text = printed(a_changed_quote(a_change(invoices_before=before), invoices=after))
    assert cells(text, "2026-07-01") == ["2026-07-01", "–", "-$2,419.73", "-$2,419.73"]
    assert cells(text, "2026-10-01") == ["2026-10-01", "$18,900.00", "$15,000.00", "-$3,900.00"]
    assert cells(text, "All ") == ["All", "$18,900.00", "$12,580.27", "-$6,319.73"]


def test_many_equal_invoices_are_one_row():
    days = [date(2026, month, 1) for month in range(1, 13)]
    before = tuple(an_invoice(day, ("crm.seats", "100.00")) for day in days)
    after = tuple(an_invoice(day, ("crm.seats", "80.00")) for day in days)
    text = printed(a_changed_quote(a_change(invoices_before=before), invoices=after))
    assert cells(text, "2026-01-01") == ["2026-01-01", "…", "12", "×", "$100.00", "$80.00", "-$20.00"]
    assert cells(text, "All ") == ["All", "$1,200.00", "$960.00", "-$240.00"]


def test_the_head_names_the_contract_its_terms_and_what_is_waived():
    priced = a_changed_quote()
    request = priced.request._replace(waivers=(Waiver("notice", "30", "goodwill"), Waiver("clawback")))
    text = printed(priced._replace(request=request))
    for row in (
        "Contract  con_1, version 3",
        "Change    amendment, in force from 2026-07-01",
        "Term      to 2026-12-31 (last day)",
        "Terms     standard",
        "Waiver    notice: 30 (goodwill)",
        "Waiver    clawback waived",
    ):
        assert row in [each.rstrip() for each in text.splitlines()]


def test_a_change_without_a_price_yet_names_its_contract():
    text = printed(a_changed_quote()._replace(change=None))
    assert "Contract  con_1, version 3" in text


def test_a_renewal_has_a_term_of_its_own():
    text = printed(a_changed_quote(a_change(type=QuoteType.RENEWAL)))
    assert "12 months, 2026-01-01 to 2026-12-31 (last day)" in text


@pytest.mark.parametrize("width", [80, 96, 100, 160])
def test_a_change_fits_the_screen(width: int):
    invoices = tuple(an_invoice(date(2026, month, 1), ("crm.seats", "1.00")) for month in range(1, 9))
    text = printed(a_changed_quote(a_change(invoices_before=invoices)), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text.replace(" …", "")


def test_the_waterfall_of_what_stays_follows_on_demand():
    assert "Waterfall of each line" in printed(a_changed_quote(), waterfall=True)


def test_what_a_change_asks_for_stands_beside_what_it_offers_now() -> None:
    """Of a contract at 40% off Analytics are taken at list: the quote is what the change is about."""
    account = ACCOUNT._replace(attributes={"segment": "smb", "prepaid": False})
    rules = scored_rulebook()
    cheap = (DiscountRequest(PercentOff(D("0.40")), why="must win"),)
    before = ask(add("crm", "400"), account=account, role="deal_desk", discounts=cheap)
    held = Held(book_contract(before, rulebook=rules, contract_id="con_1"), {rules.hash: rules})
    taken = ask(add("analytics", "40"), account=account, contract=ContractRef("con_1", 1))
    changed = assemble_quote(taken, rulebook=rules, quote_id="q", held=held)
    view = QuoteView(changed, None, "manager", Amounts(changed.currency, EN), 120)
    console = Console(width=120, file=StringIO(), record=True)
    console.print(*scored_parts(view, []))
    rows = [row.split() for row in console.export_text().splitlines()]
    (line,) = [row for row in rows if row[:1] == ["Analytics"]]
    (whole,) = [row for row in rows if row[:2] == ["The", "quote"]]
    assert whole[5] == line[6] == "10.0%"
