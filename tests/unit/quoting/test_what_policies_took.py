"""What a contract remembers of discounts enjoyed, and what is given up beside percentages of lines."""

from datetime import date

from pricing_engine.catalog.charge_models import Band, Graduated, Percentage
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Charge, ProductType, Selector, Timing
from pricing_engine.policies.discounts import Clawback
from pricing_engine.policies.discretion import Discretion
from pricing_engine.quoting.request import Add, Remove
from tests.contracts import PRICES, a_contract, a_rulebook_of_three, giving_up, multi_product, some_terms
from tests.rulebooks import D, a_policy, a_product, a_rulebook, add, ref

FREE = some_terms(partial_cancellation=giving_up(None))


def due(change):
    return [(item.kind.value, item.line, str(item.amount)) for item in change.items]


def taken(book, line):
    (found,) = [each for each in book.contract.lines if each.id == line]
    return dict(found.stretches[-1].taken)


def test_no_more_is_taken_back_than_the_total_cap_let_through():
    capped = Discretion((), frozenset(), max_total_discount=D("0.20"), cap_rule=ref("cap"))
    welcome = a_policy("welcome", "0.20", group="promotions")
    full = multi_product(clawback=Clawback.FULL)
    book = a_contract(
        a_rulebook_of_three(discounts=[full, welcome], discretion=capped, terms=[FREE]),
        add("crm", "100"),
        add("analytics", "100"),
    )
    # 10% and then 20% are 28%, trimmed to 20%: 12,000 of CRM's 60,000, of which multi-product 6,000 / 16,800.
    found = taken(book, "crm.seats")
    assert round(found["multi-product"], 2) == D("4285.71")
    assert sum(found.values()) == D(12000)
    # For 181 days: 4,285.71… × 181/365 = 2,125.24.
    assert due(book.change(Remove("analytics")))[-1] == ("clawback", None, "2125.24")


def test_what_a_lost_bundle_leaves_room_for_is_remembered():
    duo = Bundle("duo", "Duo", (frozenset({"crm"}), frozenset({"analytics"})), ref("duo"), off_list=D("0.2"))
    products = [a_product(id_) for id_ in ("crm", "analytics", "core")]
    rulebook = a_rulebook(products, PRICES, bundles=[duo], discounts=[multi_product()], terms=[FREE])
    book = a_contract(rulebook, add("crm", "100"), add("analytics", "100"), add("core", "100"), bundles=("duo",))
    assert taken(book, "crm.seats") == {}
    lost = book.book(Remove("analytics"), on=date(2026, 4, 1))
    assert taken(lost, "crm.seats") == {"multi-product": D(6000)}  # two products are left: 10% of 60,000


def test_a_percentage_of_lines_gives_up_what_it_took_of_them_before_they_are_repriced():
    share = Charge("fee", Timing.RECURRING, months=12, of_lines=Selector(types=frozenset({ProductType.MODULE})))
    support = a_product("support", share, type_=ProductType.SERVICE)
    fifth = Price(Percentage(Graduated((Band(None, D("0.20")),))))
    on_modules = multi_product(applies_to=Selector(types=frozenset({ProductType.MODULE})))
    rulebook = a_rulebook(
        [a_product("crm"), a_product("analytics"), support],
        {"crm.seats": "50", "analytics.seats": "20", "support.fee": fifth},
        discounts=[on_modules],
        terms=[some_terms()],
    )
    book = a_contract(rulebook, add("crm", "100"), add("analytics", "100"), Add("support"))
    # Given up: 21,600 and a fifth of it, 25,920; 50% × 25,920 × 184/365 = 6,533.26. What support gains by the
    # repricing of CRM, 1,200, is no part of it.
    assert due(book.change(Remove("analytics")))[-1] == ("partial_cancellation_fee", None, "6533.26")
