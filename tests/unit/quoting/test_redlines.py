"""What the redline says of each line, and how each amount is explained; in July 184 of 365 days are left."""

from datetime import date

from pricing_engine.quoting.contract_change import Movement
from pricing_engine.quoting.request import RampStep, Remove, Renew, Set
from tests.contracts import MIDYEAR, a_contract, a_rulebook_of_three, crm_and_analytics
from tests.rulebooks import D, a_policy, add


def movements(change):
    return [(line.line, line.movement) for line in change.lines]


def test_a_line_that_changes_only_later_is_not_shown_as_kept():
    ramp = (RampStep(3, {"users": D(150)}),)
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100"))
    change = book.change(Set("crm", {"users": D(100)}, ramp=ramp), on=date(2026, 4, 1))
    assert movements(change) == [("crm.seats", Movement.GROWN)]
    ramped = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100", ramp=(RampStep(9, {"users": D(150)}),)))
    assert movements(ramped.change(Set("crm", {"users": D(100)}))) == [("crm.seats", Movement.REDUCED)]
    assert movements(ramped.change(add("core", "1"))) == [("crm.seats", Movement.KEPT), ("core.seats", Movement.ADDED)]


def test_what_is_credited_over_two_prices_is_explained_by_both():
    promotion = a_policy("promo", "0.20", group="promotions", ends_on=date(2026, 10, 1))
    book = a_contract(a_rulebook_of_three(discounts=[promotion]), add("crm", "100"), add("core", "100"))
    credit = book.change(Remove("core")).items[0]
    # 9,600 × 92/365 + 12,000 × 92/365 = 5,444.38.
    assert (credit.how, credit.amount) == ("9,600.00 × 92/365 + 12,000.00 × 92/365", D("-5444.38"))
    unused = book.change(Renew()).items[1]
    assert (unused.how, unused.amount) == (credit.how, credit.amount)


def test_repricing_and_credit_are_explained_each():
    items = {item.kind.value: item for item in crm_and_analytics().change(Remove("analytics"), on=MIDYEAR).items}
    assert items["repricing"].how == "(60,000.00 − 54,000.00) × 184/365"
    assert items["credit"].how == "21,600.00 × 184/365"
