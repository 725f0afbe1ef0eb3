"""The design's worked partial churn, and the edge cases of amendments that others got wrong (P14, P22, P24)."""

from datetime import date

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.products import ProductType
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.periods import ProrationMethod
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.changes.refusals import ChangesConflict
from pricing_engine.quoting.contract_change import DueKind, Movement
from pricing_engine.quoting.request import Add, Cancel, DiscountRequest, PercentOff, Remove, Set
from tests.contracts import (
    DAY,
    MIDYEAR,
    START,
    Book,
    a_contract,
    a_rulebook_of_three,
    crm_and_analytics,
    giving_up,
    multi_product,
    some_terms,
)
from tests.rulebooks import D, a_product, a_rulebook, add

NO_FEE = some_terms(partial_cancellation=giving_up(None))


def items(change):
    """What is due by kind and line."""
    return {(item.kind.value, item.line): str(item.amount) for item in change.items}


def test_the_worked_partial_churn_comes_out_to_the_cent():
    change = crm_and_analytics().change(Remove("analytics"))
    # 184 of 365 days are left: 21,600 × 184/365 = 10,888.767…; 6,000 × 184/365 = 3,024.657…; half of the first.
    assert items(change) == {
        ("credit", "analytics.seats"): "-10888.77",
        ("repricing", "crm.seats"): "3024.66",
        ("partial_cancellation_fee", None): "5444.38",
    }
    assert (change.due_now, change.arr_before, change.arr_after) == (D("-2419.73"), D("75600.00"), D("60000.00"))


def test_repricing_is_a_step_of_its_own_after_what_was_agreed():
    crm = crm_and_analytics().quote(Remove("analytics")).lines[0]
    steps = [(step.kind, step.rule.id, step.after) for step in crm.segments[0].steps]
    assert steps == [
        (StepKind.LIST, "price-crm.seats", D(60000)),
        (StepKind.POLICY, "multi-product", D("54000.00")),
        (StepKind.REPRICING, "multi-product", D(60000)),
    ]


def test_a_stub_is_measured_on_the_whole_period_it_falls_in():
    # Monthly in advance: July has 31 days; from the 20th 12 are left. CRM is 5,000.00 a month, 100 more users.
    book = a_contract(a_rulebook_of_three(), add("crm", "100"), billing="monthly_in_advance")
    change = book.change(Add("crm", {"users": D(100)}), on=date(2026, 7, 20))
    assert items(change) == {("charge", "crm.seats"): "1935.48"}  # 5,000 × 12/31 = 1,935.483…


@pytest.mark.parametrize("anchor", [date(2027, 1, 29), date(2027, 1, 30), date(2027, 1, 31), date(2028, 2, 29)])
def test_billing_periods_of_late_anchors_tile_and_whole_ones_are_equal_parts(anchor):
    book = a_contract(
        a_rulebook_of_three(), add("crm", "100"), billing="monthly_in_advance", effective_date=anchor, as_of=anchor
    )
    quote = book.quote(Add("core", {"users": D(100)}), on=anchor)
    starts, ends = [each.start for each in quote.invoices], [each.end for each in quote.invoices]
    assert starts[1:] == ends[:-1]
    assert (starts[0], ends[-1], len(starts)) == (anchor, book.contract.term.end, 12)
    # 10% off both: 54,000 and 10,800 a year; every whole month is a twelfth.
    assert {each.total for each in quote.invoices} == {D("5400.00")}


def test_a_change_on_the_first_day_only_changes_what_will_be_invoiced():
    change = crm_and_analytics(terms=[NO_FEE]).quote(Remove("analytics"), on=START)
    assert change.change is not None
    assert change.change.due_now == 0
    assert [(each.day, each.total) for each in change.invoices] == [(START, D("60000.00"))]


def test_two_changes_in_one_period_are_each_charged_from_their_own_day():
    first = date(2026, 4, 1)
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    grown = book.change(Add("crm", {"users": D(10)}), on=first)
    # 10 × 50.00 × 12 = 6,000 a year; 275 and 184 days are left.
    assert items(grown) == {("charge", "crm.seats"): "4520.55"}  # 6,000 × 275/365 = 4,520.547…
    again = book.book(Add("crm", {"users": D(10)}), on=first).change(Add("crm", {"users": D(10)}))
    assert items(again) == {("charge", "crm.seats"): "3024.66"}  # 6,000 × 184/365 = 3,024.657…


def test_a_line_that_began_in_the_middle_is_credited_for_the_days_left_and_no_more_than_it_was_billed():
    book = a_contract(a_rulebook_of_three(discounts=[], terms=[NO_FEE]), add("crm", "100"))
    grown = book.book(Add("analytics", {"users": D(100)}), on=MIDYEAR)
    change = grown.change(Remove("analytics"), on=date(2026, 10, 1))
    # 24,000 a year: billed 184 days (12,098.63), 92 days are left: 24,000 × 92/365 = 6,049.315…
    # Worth of 92 days used: 6,049.315 → 6,049.32; 6,049.32 − 12,098.63 = −6,049.31.
    assert items(change) == {("credit", "analytics.seats"): "-6049.31"}


def test_credits_after_credits_never_exceed_what_was_billed():
    book = a_contract(a_rulebook_of_three(discounts=[], terms=[NO_FEE]), add("crm", "100"))
    day, total = MIDYEAR, D(0)
    for left in ("60", "30", "10"):
        change = book.change(Set("crm", {"users": D(left)}), on=day)
        book, total, day = book.book(Set("crm", {"users": D(left)}), on=day), total + change.due_now, day + 30 * DAY
    last = book.change(Cancel(), on=day)
    billed = sum((line.instalments[0] for line in book.book(Cancel(), on=day).contract.lines), D(0))
    credit = sum((item.amount for item in last.items if item.kind is DueKind.CREDIT), D(0))
    assert D("60000.00") + total + credit == billed
    # 181 days of 100, 30 of 60, 30 of 30 and 30 of 10 users at 600 a year.
    assert billed == D("34684.93")  # 600 × (18,100 + 1,800 + 900 + 300) / 365 = 34,684.931…


def test_a_line_at_100_percent_off_is_given_up_for_nothing():
    book = a_contract(
        a_rulebook_of_three(terms=[NO_FEE]),
        add("crm", "100"),
        add("analytics", "100"),
        discounts=(DiscountRequest(PercentOff(D(1)), "analytics"),),
    )
    change = book.change(Remove("analytics"))
    assert items(change) == {("repricing", "crm.seats"): "3024.66"}


def test_a_swap_like_for_like_is_no_removal():
    # 100 users of Analytics (24,000) for 200 of Core (24,000): no net decrease, so no fee.
    swap = crm_and_analytics(discounts=[]).change(Remove("analytics"), Add("core", {"users": D(200)}))
    assert items(swap) == {("credit", "analytics.seats"): "-12098.63", ("charge", "core.seats"): "12098.63"}


def test_the_direction_of_a_change_is_judged_on_all_lines():
    # 24,000 of Analytics for 12,000 of Core: half of the net decrease of 12,000 × 184/365 = 6,049.315…
    less = crm_and_analytics(discounts=[]).change(Remove("analytics"), Add("core", {"users": D(100)}))
    assert items(less)["partial_cancellation_fee", None] == "3024.66"


def test_three_products_to_two_fall_to_the_lower_band():
    book = a_contract(
        a_rulebook_of_three(terms=[NO_FEE]), add("crm", "100"), add("analytics", "100"), add("core", "100")
    )
    change = book.change(Remove("core"))
    # From 15% to 10%: CRM 51,000 → 54,000, Analytics 20,400 → 21,600.
    assert [(each.movement, each.repricing) for each in change.lines] == [
        (Movement.REPRICED, D("3000.00")),
        (Movement.REPRICED, D("1200.00")),
        (Movement.REMOVED, D(0)),
    ]


def test_a_further_product_improves_what_is_there_only_where_the_policy_says_so():
    more = Add("analytics", {"users": D(100)})
    improves = a_contract(a_rulebook_of_three(), add("crm", "100")).quote(more)
    assert [line.net_per_year for line in improves.lines] == [D("54000.00"), D("21600.00")]
    keeps = a_contract(a_rulebook_of_three(discounts=[multi_product(improves=False)]), add("crm", "100")).quote(more)
    assert [line.net_per_year for line in keeps.lines] == [D("60000.00"), D("21600.00")]


def test_amend_then_undo_is_neutral_but_for_the_fee():
    book = crm_and_analytics()
    there = book.change(Remove("analytics"))
    back = book.book(Remove("analytics")).change(add("analytics", "100"))
    assert there.due_now + back.due_now == D("5444.38")
    assert back.arr_after == D("75600.00")


def test_undoing_says_why_it_is_not_neutral_where_the_policy_keeps_what_was_lost():
    book = crm_and_analytics(discounts=[multi_product(improves=False)])
    back = book.book(Remove("analytics")).quote(add("analytics", "100"))
    assert [finding.what for finding in back.findings] == [
        "multi-product would be more for crm.seats; its rule leaves what stays as it was agreed"
    ]
    assert back.change is not None
    assert back.change.arr_after == D("81600.00")  # 60,000 + 21,600


def test_several_amendments_in_a_row_equal_the_one_that_does_it_all():
    def rows(book: Book):
        return {line.id: (line.instalments, line.stretch_on(MIDYEAR)) for line in book.contract.lines}

    book = crm_and_analytics(terms=[NO_FEE])
    changes = (Set("crm", {"users": D(120)}), Remove("analytics"), add("core", "50"))
    one_by_one = book
    for change in changes:
        one_by_one = one_by_one.book(change)
    assert rows(one_by_one) == rows(book.book(*changes))


def test_a_change_priced_again_after_it_was_booked_is_due_nothing():
    book = crm_and_analytics().book(Set("crm", {"users": D(70)}))
    change = book.change(Set("crm", {"users": D(70)}))
    assert (change.items, change.due_now) == ((), 0)


@pytest.mark.parametrize("method", list(ProrationMethod))
def test_what_is_due_and_what_follows_sum_to_the_value_of_the_term(method):
    book = crm_and_analytics(proration=method)
    quote = book.quote(Remove("analytics"), Set("crm", {"users": D(130)}), on=date(2026, 5, 17))
    assert quote.change is not None
    after = book.book(Remove("analytics"), Set("crm", {"users": D(130)}), on=date(2026, 5, 17))
    billed = sum((sum(line.instalments) for line in book.contract.lines), D(0))
    assert billed + sum(each.total for each in quote.invoices) == quote.change.tcv_after == tcv_of(after.contract)


def test_the_history_of_a_removed_product_stays_in_its_term():
    book = crm_and_analytics().book(Remove("analytics"))
    assert [arr_on(book.contract, day) for day in (MIDYEAR - DAY, MIDYEAR)] == [D("75600.00"), D("60000.00")]


def test_a_discount_asked_for_holds_while_the_products_it_was_given_for_are_kept():
    book = a_contract(
        a_rulebook_of_three(discounts=[], terms=[NO_FEE]),
        add("crm", "100"),
        add("analytics", "100"),
        discounts=(DiscountRequest(PercentOff(D("0.05"))),),
    )
    kept = book.quote(Add("core", {"users": D(10)}))
    assert [(line.id, line.net_per_year) for line in kept.lines] == [
        ("crm.seats", D("57000.00")),
        ("analytics.seats", D("22800.00")),
        ("core.seats", D("1200.00")),
    ]
    assert kept.approval_levels == ()
    lost = book.quote(Remove("analytics"))
    assert [step.kind for step in lost.lines[0].segments[0].steps] == [
        StepKind.LIST,
        StepKind.AGREED,
        StepKind.REPRICING,
    ]
    assert lost.lines[0].net_per_year == D("60000.00")


def test_nothing_due_is_of_another_kind_when_only_a_fee_is():
    change = crm_and_analytics(discounts=[]).change(Remove("analytics"))
    assert {item.kind for item in change.items} == {DueKind.CREDIT, DueKind.PARTIAL_CANCELLATION_FEE}


def test_a_platform_without_a_ladder_is_a_product_like_any_other():
    suite = a_product("suite", type_=ProductType.PLATFORM)
    book = a_contract(a_rulebook([suite], {"suite.seats": "50"}, terms=[NO_FEE]), add("suite", "44"))
    assert [line.quantity for line in book.quote(Set("suite", {"users": D(50)})).lines] == [D(50)]


def test_a_change_that_adds_a_price_on_request_is_incomplete():
    prices = {"crm.seats": "50", "analytics.seats": "20", "region.seats": None}
    book = a_contract(a_rulebook_of_three(prices), add("crm", "100"), add("analytics", "100"))
    quote = book.quote(Remove("analytics"), add("region", "1"))
    assert (quote.is_complete, quote.change) == (False, None)
    assert [finding.code for finding in quote.findings][:1] == ["price-on-request"]


def test_giving_up_every_product_is_a_cancellation():
    with pytest.raises(ChangesConflict, match="cancellation"):
        crm_and_analytics().quote(Remove("crm"), Remove("analytics"))


def test_more_users_of_what_costs_the_same_for_any_number_are_more_users_all_the_same():
    book = a_contract(a_rulebook_of_three({"crm.seats": Flat(D(500))}), add("crm", "10"))
    change = book.change(Set("crm", {"users": D(20)}))
    assert [(each.movement, each.quantity_after, each.due) for each in change.lines] == [(Movement.GROWN, D(20), D(0))]
    grown = book.book(Set("crm", {"users": D(20)})).contract.lines[0]
    assert [each.quantity for each in grown.stretches] == [D(10), D(20)]
