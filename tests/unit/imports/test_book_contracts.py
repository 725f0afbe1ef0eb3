"""What rows become: schedules, discounts, terms in force, stretches and instalments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Graduated, PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.contracts.contract import AgreedDiscount, DiscountKind, HeldProduct, TermsPin
from pricing_engine.contracts.contract_line import Grant, Stretch
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.imports.book.contracts import term_in_force
from pricing_engine.periods import Period
from pricing_engine.rulebook.load import load_rulebook
from tests.unit.imports.books import COLUMNS, MAPPING, a_contract, a_row, read_book, rulebook
from tests.unit.rulebook.small_rules import DIGITS, changed, small_rules

D = Decimal


def test_a_row_with_a_net_price_is_contracted_at_it_and_list_is_the_same() -> None:
    # 400.00 a month for ten users: 40.00 a user and month, 4,800.00 a year, invoiced once.
    contract = a_contract(a_row())
    (line,) = contract.lines
    assert (line.id, line.product, line.charge, line.months, line.metric) == ("crm.seats", "crm", "seats", 1, "users")
    assert line.price == Price(PerUnit(D(40)))
    assert line.stretches == (Stretch(date(2026, 1, 1), date(2027, 1, 1), D(10), D(4800), D(4800)),)
    assert (line.grants, line.instalments, line.trial_until) == ((), (D("4800.00"),), None)
    assert (line.entry.id, line.entry.file, line.entry.line) == ("contract-import", "book.csv", 2)
    assert line.rulebook == contract.tier_rulebook == rulebook().hash


def test_a_contract_is_version_one_from_the_start_of_its_term_and_holds_what_was_bought() -> None:
    contract = a_contract(a_row(), a_row(product="analytics", users="4", net="80", billing=""))
    assert (contract.id, contract.account_id, contract.version) == ("C-1", "acc_1", 1)
    assert (contract.effective, contract.term, contract.ends) == (
        date(2026, 1, 1),
        Period(date(2026, 1, 1), date(2027, 1, 1)),
        date(2027, 1, 1),
    )
    assert (contract.billing.id, contract.price_book, contract.tier, contract.terms) == (
        "yearly_in_advance",
        "usd",
        None,
        None,
    )
    start = (date(2026, 1, 1),)
    assert contract.products == (
        HeldProduct("crm", start, ({"users": D(10)},), ({},), {}),
        HeldProduct("analytics", start, ({"users": D(4)},), ({},), {}),
    )
    assert [line.key for line in contract.lines] == ["crm.seats", "analytics.seats"]


@pytest.mark.parametrize(
    ("measure", "given", "unit", "yearly"),
    [
        ("net_unit_price", "40", "40", "4800"),
        ("net_per_month", "400", "40", "4800"),
        ("net_per_year", "4800", "40", "4800"),
        # 1,000.00 a year for 10 users is 8.333… a user and month: 12 decimals of it, and a year that is exactly 1,000.
        ("net_per_year", "1000", "8.333333333333", "1000"),
    ],
)
def test_a_price_is_per_unit_and_period_however_the_row_gives_it_and_the_year_is_never_rounded(
    measure: str, given: str, unit: str, yearly: str
) -> None:
    contract = a_contract(a_row(net=given), text=MAPPING.replace("net_per_month: net", f"{measure}: net"))
    (line,) = contract.lines
    assert line.price == Price(PerUnit(D(unit)))
    assert line.stretches[0].net == D(yearly)


def test_monthly_instalments_sum_to_the_year() -> None:
    # 1,000.00 a year: eight months of 83.33 and four of 83.34 (largest remainder).
    text = MAPPING.replace("net_per_month: net", "net_per_year: net")
    contract = a_contract(a_row(net="1000", billing="monthly_in_advance"), text=text)
    assert sum(contract.lines[0].instalments) == tcv_of(contract) == D("1000.00")
    assert set(contract.lines[0].instalments) == {D("83.33"), D("83.34")}


def test_a_list_price_above_the_net_makes_the_difference_an_agreed_discount() -> None:
    contract = a_contract(a_row(list="50.00"))
    (line,) = contract.lines
    assert line.price == Price(PerUnit(D("50.00")))
    assert (line.stretches[0].list, line.stretches[0].net) == (D(6000), D(4800))
    assert contract.discounts == (
        AgreedDiscount(
            contract.discounts[0].rule, DiscountKind.UNIT_PRICE, D(40), frozenset({"crm.seats"}), frozenset({"crm"})
        ),
    )
    assert contract.discounts[0].rule.line == 2


def test_a_list_price_that_is_the_net_is_no_discount() -> None:
    assert a_contract(a_row(list="40")).discounts == ()


def test_named_policies_are_granted_on_the_rulebooks_list_price_with_the_size_the_net_shows() -> None:
    # multi-product gives 10% of two products and 15% of three: 500.00 less 15% is 425.00 a month.
    contract = a_contract(a_row(policies="multi-product", net="425.00"))
    (line,) = contract.lines
    assert line.price == Price(PerUnit(D("50.00")))
    assert line.entry.file == "price_books/usd.yaml"
    assert line.grants == (Grant("multi-product", D("0.15"), None, None),)
    assert line.stretches == (
        Stretch(date(2026, 1, 1), date(2027, 1, 1), D(10), D(6000), D(5100), (("multi-product", D(900)),)),
    )


def test_a_net_price_that_no_size_of_its_policies_comes_to_is_a_contradiction() -> None:
    contracts, problems = read_book(a_row(policies="multi-product", net="440.00"))
    assert contracts == []
    assert [(each.column, each.value, each.code) for each in problems] == [("net", "440.00", "net-mismatch")]
    assert problems[0].what == "list and multi-product come to 450.00 or 425.00 on 2026-07-01, the row says 440.00"


def test_a_promotion_ends_within_the_term_and_cuts_it() -> None:
    # spring-promotion: 12% for 12 months of a term of two years; 500.00 less 10%, less 12% of that is 396.00 a month.
    contract = a_contract(a_row(end="2028-01-01", policies="spring-promotion; multi-product", net="396.00"))
    (line,) = contract.lines
    assert line.grants == (
        Grant("multi-product", D("0.10"), None, None),
        Grant("spring-promotion", D("0.12"), None, date(2027, 1, 1)),
    )
    assert [(each.start, each.end, each.net) for each in line.stretches] == [
        (date(2026, 1, 1), date(2027, 1, 1), D(4752)),
        (date(2027, 1, 1), date(2028, 1, 1), D(5400)),
    ]
    assert line.instalments == (D("4752.00"), D("5400.00"))


def test_a_promotion_that_ended_before_the_term_in_force_is_granted_no_more() -> None:
    # Begun in 2025, for twelve months: over when the term of 2026 began.
    contract = a_contract(
        a_row(start="2025-01-01", end="", months="12", policies="spring-promotion", list="50", net="500")
    )
    assert contract.term == Period(date(2026, 1, 1), date(2027, 1, 1))
    assert (contract.lines[0].grants, contract.lines[0].stretches[0].net) == ((), D(6000))


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"policies": "multi-product", "product": "analytics", "start": "2025-01-01"}, "policies", "no-list-price"),
        ({"policies": "onboarding-credit"}, "policies", "policy-by-amount"),
        ({"policies": "for-services"}, "policies", "policy-not-for-line"),
    ],
)
def test_policies_that_cannot_be_granted_to_the_row_are_bad(cells: dict[str, str], column: str, code: str) -> None:
    policy = "kind: discount_policy\nid: {id}\ngroup: portfolio\napplies_to: {{type: [{type}]}}\n{size}\nwhy: test\n"
    files = changed("rulebook.yaml", "name: Small company", "name: Smaller company")
    for id_, type_, size in (
        ("onboarding-credit", "module", 'amount: "100"'),
        ("for-services", "service", 'percent: "5%"'),
    ):
        files[f"discounts/{id_}.yaml"] = policy.format(id=id_, type=type_, size=size).encode()
    rules = load_rulebook(files, currency_digits=DIGITS)
    _, problems = read_book(a_row(**cells), rules=rules)
    assert [(each.column, each.code) for each in problems] == [(column, code)]


def test_a_second_row_of_a_charge_is_a_layer_on_top_of_the_first() -> None:
    contract = a_contract(a_row(), a_row(users="5", net="150", start="2026-04-01"))
    first, second = contract.lines
    assert (first.id, second.id, second.key) == ("crm.seats", "crm.seats~2", "crm.seats")
    assert (second.phases[0].below, second.stretches[0].start) == (D(10), date(2026, 4, 1))
    assert contract.products == (HeldProduct("crm", (date(2026, 1, 1),), ({"users": D(15)},), ({},), {}),)
    assert [arr_on(contract, date(2026, month, 1)) for month in (3, 4)] == [D("4800.00"), D("6600.00")]


def test_a_layer_with_policies_is_rated_on_top_of_the_units_below_it() -> None:
    # Analytics: 100 users at 20.00, then 17.00. 50 on top of 80: 20 × 20.00 + 30 × 17.00 = 910.00, less 10% 819.00.
    contract = a_contract(
        a_row(product="analytics", users="80", net="1600"),
        a_row(product="analytics", users="50", net="819", policies="multi-product"),
    )
    assert isinstance(contract.lines[1].price, Price)
    assert isinstance(contract.lines[1].price.model, Graduated)
    assert contract.lines[1].stretches[0].net == D(9828)


def test_a_trial_is_shown_at_list_and_costs_nothing() -> None:
    contract = a_contract(a_row(trial="yes", net="0"))
    (line,) = contract.lines
    assert (line.stretches[0].list, line.stretches[0].net, line.trial_until) == (D(6000), D(0), date(2027, 1, 1))
    assert (contract.products, contract.trials, arr_on(contract, date(2026, 2, 1))) == ((), ("crm",), D("0.00"))


def test_a_tier_is_held_as_the_platform_with_the_tier_it_is_on() -> None:
    text = MAPPING.replace("product: product", "tier: product")
    contract = a_contract(a_row(product="growth", users="", net="900"), text=text)
    assert (contract.tier, contract.lines[0].id, contract.lines[0].tier) == ("growth", "growth.platform_fee", "growth")
    assert contract.products == (HeldProduct("platform", (date(2026, 1, 1),), ({},), ({},), {}),)
    _, problems = read_book(
        a_row(product="growth", users="", net="900"), a_row(product="enterprise", users="1", net="2400"), text=text
    )
    assert [(each.code, each.what) for each in problems] == [
        ("two-tiers", "the contract has 2 tiers: enterprise, growth")
    ]


def test_a_committed_use_is_a_commitment() -> None:
    text = MAPPING.replace("metric: users", "metric: api_calls")
    contract = a_contract(a_row(product="api", users="50000", net="60"), text=text)
    assert contract.lines[0].phases[0].commitment is not None
    assert contract.lines[0].price == Price(PerUnit(D("0.0012")))


def test_an_end_may_be_written_as_the_last_day() -> None:
    text = MAPPING.replace("first_day_after", "last_day")
    assert a_contract(a_row(end="2026-12-31"), text=text).ends == date(2027, 1, 1)
    assert a_contract(a_row(end="2026-01-01"), text=text).ends == date(2026, 1, 2)  # in force for a day


def test_a_contract_that_has_ended_comes_in_as_history() -> None:
    contract = a_contract(a_row(start="2024-01-01", end="2025-01-01"))
    assert arr_on(contract, date(2024, 12, 31)) == D("4800.00")
    assert arr_on(contract, date(2025, 1, 1)) == D("0.00")


@pytest.mark.parametrize(
    ("start", "months", "term"),
    [
        ("2026-03-01", "12", ("2026-03-01", "2027-03-01")),
        ("2024-03-01", "12", ("2026-03-01", "2027-03-01")),
        ("2024-07-01", "12", ("2026-07-01", "2027-07-01")),  # the day a term begins is in it
        ("2024-07-02", "12", ("2025-07-02", "2026-07-02")),
        ("2026-09-01", "12", ("2026-09-01", "2027-09-01")),  # sold, and not begun yet
        ("2023-08-31", "6", ("2026-02-28", "2026-08-31")),  # months count from the start, not from a clamped day
    ],
)
def test_an_open_contract_rolls_from_its_start_to_the_term_that_holds_the_books_day(
    start: str, months: str, term: tuple[str, str]
) -> None:
    contract = a_contract(a_row(start=start, end="", months=months))
    whole = Period(date.fromisoformat(term[0]), date.fromisoformat(term[1]))
    assert (contract.term, contract.effective, contract.ends) == (whole, whole.start, whole.end)
    assert contract.lines[0].stretches[0].start == whole.start


def test_a_known_end_is_the_end_of_the_term_however_long_it_is() -> None:
    assert term_in_force(date(2020, 1, 1), date(2030, 1, 1), 12, on=date(2026, 1, 1)) == Period(
        date(2020, 1, 1), date(2030, 1, 1)
    )


@pytest.mark.parametrize(
    ("order", "text"),
    [("month/day/year", "1/31/2026"), ("day/month/year", "31/1/2026"), ("day.month.year", "31.01.2026")],
)
def test_dates_are_read_in_the_order_that_the_mapping_says(order: str, text: str) -> None:
    mapping = MAPPING.replace("book_date: 2026-07-01", f"book_date: 2026-07-01\ndates: {order}")
    row = a_row(start=text, end="", months="12")
    assert a_contract(row, text=mapping, columns=COLUMNS).effective == date(2026, 1, 31)


def test_a_decimal_comma_is_read_when_the_mapping_says_so() -> None:
    text = MAPPING.replace("book_date: 2026-07-01", "book_date: 2026-07-01\ndecimal_comma: true")
    assert a_contract(a_row(net='"400,50"'), text=text).lines[0].stretches[0].net == D("4806.00")
    _, problems = read_book(a_row(net="1.000"), text=text)
    assert [each.code for each in problems] == ["not-a-number"]


@pytest.mark.parametrize(
    ("terms", "cell", "holds"),
    [("", "", False), ("standard", "", True), ("standard", "no", False), ("", "yes", True)],
)
def test_terms_are_pinned_and_hold_prices_unless_the_row_says_otherwise(terms: str, cell: str, holds: bool) -> None:
    files = small_rules({"terms/standard.yaml": "kind: terms\nid: standard\nprice_hold: true\nwhy: test\n"})
    rules = load_rulebook(files, currency_digits=DIGITS)
    columns = f"{COLUMNS},terms,hold"
    text = f"{MAPPING}  terms: terms\n  price_hold: hold\n"
    contract = a_contract(a_row(columns, terms=terms, hold=cell), text=text, columns=columns, rules=rules)
    assert contract.terms == (TermsPin("standard", rules.hash) if terms else None)
    assert contract.price_hold is holds
    _, problems = read_book(a_row(columns, terms="standart"), text=text, columns=columns, rules=rules)
    assert [(each.column, each.code, each.fix) for each in problems] == [
        ("terms", "unknown-terms", "did you mean standard?")
    ]
