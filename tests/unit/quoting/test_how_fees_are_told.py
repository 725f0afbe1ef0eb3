"""What the words of a fee say: the fees it is of, whatever else its formula goes by, its limit, and a waiver."""

import pytest

from pricing_engine.quoting.request import Cancel, Reinstate, Remove, Waiver
from pricing_engine.terms.terms import Credit, GivingUp, Reinstatement
from tests.contracts import DAY, MIDYEAR, a_contract, a_rulebook_of_three, crm_and_analytics, fee, giving_up, some_terms
from tests.rulebooks import EUR, D, a_book, a_product, a_rulebook, add, ref


def told(formula, *waivers, cap=None, **more):
    """The fee for giving up Analytics, 21,600 × 184/365 = 10,888.767…, in July."""
    terms = some_terms(partial_cancellation=GivingUp(ref("partial-cancellation"), fee=fee(formula, cap), **more))
    items = crm_and_analytics(terms=[terms]).change(Remove("analytics"), waivers=waivers).items
    (found,) = [item for item in items if item.kind.value == "partial_cancellation_fee"]
    return found.how, str(found.amount)


@pytest.mark.parametrize(
    ("formula", "cap", "how", "amount"),
    [
        # 10,888.77 / 2 would be 5,444.39.
        ("remaining_fees * 0.50", None, "of 10,888.767 remaining fees", "5444.38"),
        ("remaining_fees", None, "of 10,888.77 remaining fees", "10888.77"),
        ("remaining_fees * 2", None, "of 10,888.77 remaining fees, at most 10,888.77", "10888.77"),
        ("remaining_fees", "remaining_fees / 4", "of 10,888.77 remaining fees, at most 2,722.19", "2722.19"),
        (
            "fees_per_year / 12 * months_left / 2",
            None,
            "of 10,888.77 remaining fees, fees_per_year 21,600.00, months_left 6",
            "5400.00",
        ),
        ("remaining_fees * either(rating, 0.50)", None, "of 10,888.767 remaining fees, rating not known", "5444.38"),
    ],
)
def test_a_fee_names_all_it_goes_by(formula, cap, how, amount):
    assert told(formula, cap=cap) == (f"{formula}, {how}", amount)


def test_what_was_agreed_instead_of_a_fee_is_said():
    lower = told("remaining_fees * 0.50", Waiver("partial_cancellation_fee", "1000.00"))
    assert lower == ("remaining_fees * 0.50, of 10,888.767 remaining fees, agreed at 1,000.00", "1000.00")


def test_what_is_forfeited_limits_a_fee():
    # Two of three quarters of what is left are not billed yet, in a plan by months nearly all.
    terms = some_terms(partial_cancellation=giving_up("remaining_fees", credit=Credit.NONE))
    book = a_contract(
        a_rulebook_of_three(terms=[terms], discounts=[]),
        *(add("crm", "100"), add("analytics", "100")),
        billing="monthly_in_advance",
    )
    items = {each.kind.value: each for each in book.change(Remove("analytics"), on=MIDYEAR + 9 * DAY).items}
    # July is billed, 22 of 31 days of 2,000 are left: 1,419.35; with August to December 11,419.35.
    assert items["forfeited_credit"].amount == D("1419.35")
    assert items["partial_cancellation_fee"].how == "remaining_fees, of 11,419.35 remaining fees, at most 10,000.00"


def test_a_formula_in_another_currency_says_its_rate():
    prices = [a_book({"crm.seats": "50", "analytics.seats": "20"}, currency=EUR)]
    rulebook = a_rulebook([a_product("crm"), a_product("analytics")], prices, terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "100"), add("analytics", "100"), currency="EUR")
    items = book.change(Remove("analytics"), currency="EUR").items
    # 24,000 × 184/365 = 12,098.630…
    assert [(each.how, str(each.amount)) for each in items[1:]] == [
        ("remaining_fees * 0.50, of 12,098.63 remaining fees, at 1.10 USD for 1 EUR", "6049.32")
    ]


def test_leaving_for_all_fees_costs_what_the_lines_were_still_to_be_billed():
    # 100.01 a year each, of which 184/365 are left: 50.416… of each line, which were billed 100.01 and are 49.59 now.
    rulebook = a_rulebook_of_three(
        {f"{id_}.seats": "8.334166666667" for id_ in ("crm", "analytics", "core")}, discounts=[]
    )
    change = a_contract(rulebook, add("crm", "1"), add("analytics", "1"), add("core", "1")).change(Cancel())
    amounts = [str(each.amount) for each in change.items]
    # 3 × 50.416… = 151.248…, which alone would be 151.25.
    assert amounts == ["-50.42", "-50.42", "-50.42", "151.26"]
    assert (change.due_now, change.items[3].how) == (0, "remaining_fees, of 151.26 remaining fees")


def test_the_fee_for_coming_back_says_its_shares_as_they_are():
    rule = Reinstatement(ref("reinstatement"), 180, D("0.125"), D("0.055"), covers_lapse=False)
    book = a_contract(a_rulebook_of_three(terms=[some_terms(reinstatement=rule)], discounts=[]), add("crm", "100"))
    (item,) = book.change(Reinstate(), on=book.contract.ends + 73 * DAY).items
    # 60,000 × 73/365 = 12,000, an eighth of which is 1,500; 5.5% of 60,000 are 3,300.
    assert (str(item.amount), item.how) == (
        "4800.00",
        "12.5% of the fees from 2027-01-01 to 2027-03-15, 60,000.00 × 1/5, and 5.5% of the last yearly fee, 60,000.00",
    )
