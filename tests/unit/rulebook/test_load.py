"""Loading: what compiles to what, what is told together, what is let pass because its definition cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Graduated, Package, Percentage, Stairstep
from pricing_engine.catalog.prices import OnRequest, Price
from pricing_engine.catalog.products import Limit, ProductType, Selector, Timing
from pricing_engine.errors import DomainError
from pricing_engine.policies.approvals import Range
from pricing_engine.rulebook.files import split_files
from pricing_engine.rulebook.load import RulebookRefused, check_rulebook, load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from tests.unit.rulebook.small_rules import DIGITS, FILES, changed, small_rules

D = Decimal


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(small_rules(), currency_digits=DIGITS)


def codes(files: dict[str, bytes]) -> list[str]:
    return [fault.code for fault in check_rulebook(files, currency_digits=DIGITS).faults]


def price(rulebook: Rulebook, key: str, book: str = "USD", market: str | None = None) -> Price:
    found = rulebook.price_book(book, market).in_force(key, date(2026, 5, 1)).price
    assert isinstance(found, Price)
    return found


def test_an_entry_ends_where_the_next_one_starts(rulebook: Rulebook) -> None:
    book = rulebook.price_book("USD", None)
    assert book.in_force("crm.seats", date(2026, 12, 31)).rule.why == "list 2026"
    assert book.in_force("crm.seats", date(2027, 1, 1)).rule.why == "list 2027"


def test_each_charge_model_is_compiled_to_its_own_type(rulebook: Rulebook) -> None:
    # Graduated [≤100: 20.00][open: 17.00]: 120 → 100 × 20 + 20 × 17 = 2,340.
    graduated = price(rulebook, "analytics.seats")
    assert isinstance(graduated.model, Graduated)
    assert graduated.model.amount(D(120)) == D("2340.00")
    package = price(rulebook, "api.calls")
    assert package.model == Package(D(1000), D("1.50"))
    assert package.included == D(10000)
    support = price(rulebook, "premium-support.fee")
    assert isinstance(support.model, Percentage)
    assert (support.model.amount(D(1000)), support.minimum) == (D("200.00"), D("100.00"))


def test_a_fixed_part_of_a_percentage_is_owed_once() -> None:
    new = 'rate: "20%", fixed: "50.00", minimum: "100.00"'
    rulebook = load_rulebook(
        changed("price_books/usd.yaml", 'rate: "20%", minimum: "100.00"', new), currency_digits=DIGITS
    )
    # 20% of 1,000 and the fixed 50.
    assert price(rulebook, "premium-support.fee").model.amount(D(1000)) == D("250.00")


def test_rates_by_bands_apply_each_to_its_own_part() -> None:
    bands = 'bands: [{up_to: 1000, rate: "20%"}, {rate: "10%", flat: "5.00"}], fixed: "1.00", minimum: "100.00"'
    files = changed("price_books/usd.yaml", 'rate: "20%", minimum: "100.00"', bands)
    model = price(load_rulebook(files, currency_digits=DIGITS), "premium-support.fee").model
    # 1,000 × 20% + 500 × 10% + 5 on entering the second band + 1 fixed.
    assert model.amount(D(1500)) == D("256.00")


def test_a_closed_stairstep_loads_and_a_closed_graduated_table_does_not() -> None:
    old = 'model: per_unit, unit_price: "46.00"'
    closed = 'bands: [{up_to: 10, amount: "460.00"}, {up_to: 50, amount: "900.00"}]'
    rulebook = load_rulebook(
        changed("price_books/eur.yaml", old, f"model: stairstep, {closed}"), currency_digits=DIGITS
    )
    assert isinstance(price(rulebook, "crm.seats", "EUR", "DE").model, Stairstep)
    graduated = closed.replace("amount", "flat")
    assert codes(changed("price_books/eur.yaml", old, f"model: graduated, {graduated}")) == ["E302"]


def test_a_price_on_request_is_a_state_and_not_a_number(rulebook: Rulebook) -> None:
    entry = rulebook.price_book("USD", None).in_force("onboarding.fee", date(2026, 5, 1))
    assert entry.price == OnRequest()


def test_every_rule_reference_points_at_the_line_of_its_rule(rulebook: Rulebook) -> None:
    refs = [each.rule for each in rulebook.products.values()]
    refs += [each.rule for each in rulebook.discounts]
    refs += [each.rule for each in rulebook.discretion.limits]
    refs += [tier.rule for tier in rulebook.ladder.tiers] if rulebook.ladder else []
    refs += [row.rule for row in rulebook.approvals.rows] if rulebook.approvals else []
    assert len(refs) == 6 + 2 + 2 + 3 + 3, "five products and the platform, policies, limits, tiers, rows"
    for ref in refs:
        assert f"id: {ref.id}" in FILES[ref.file].split("\n")[ref.line - 1]
    entry = rulebook.price_book("EUR", "FR").in_force("growth.platform_fee", date(2026, 5, 1)).rule
    assert (entry.id, entry.file) == ("growth.platform_fee", "price_books/eur.yaml")
    assert '"840.00"' in FILES[entry.file].split("\n")[entry.line - 1]


def test_the_ladder_makes_the_platform_product(rulebook: Rulebook) -> None:
    ladder = rulebook.ladder
    assert ladder is not None
    assert (ladder.platform.id, ladder.platform.type) == ("platform", ProductType.PLATFORM)
    assert [tier.id for tier in ladder.tiers] == ["essentials", "growth", "enterprise"]
    assert ladder.tiers[1].limits == (Limit("storage_gb", D(2000), overage=True), Limit("users", D(500)))
    assert ladder.tiers[2].limits[1] == Limit("users", None)
    assert ladder.tiers[2].offers is None


def test_selectors_take_one_word_or_a_list(rulebook: Rulebook) -> None:
    support = rulebook.products["premium-support"].charges[0].of_lines
    expected = Selector(
        types=frozenset({ProductType.MODULE, ProductType.ADD_ON}), timings=frozenset({Timing.RECURRING})
    )
    assert support == expected


def test_ranges_of_the_matrix_are_half_open_fractions_and_amounts(rulebook: Rulebook) -> None:
    assert rulebook.approvals is not None
    assert rulebook.approvals.columns == ("acv", "discretionary")
    assert rulebook.approvals.rows[1].cells == (Range(D(250000), None), Range(D("0"), D("0.2")))


def test_an_enum_of_the_rulebooks_own_words_needs_no_values(rulebook: Rulebook) -> None:
    assert rulebook.vocabulary["tier"].name.values == ("essentials", "growth", "enterprise")


def test_every_fault_of_every_file_is_told_at_once() -> None:
    files = changed("products/crm.yaml", "metric: users", "metric: user")
    files |= {"metrics-more.yaml": b"kind: metrics\nmetrics:\n", "fx_rates.yaml": b"kind: fx_rates\nrates: []\n"}
    files["discounts/multi-product.yaml"] = files["discounts/multi-product.yaml"].replace(b"schedule", b"shedule")
    result = check_rulebook(files, currency_digits=DIGITS)
    assert result.rulebook is None
    found = {(fault.file, fault.code) for fault in result.faults}
    # The unknown metric is not told: it may be defined in the file that cannot be read.
    assert found == {
        ("discounts/multi-product.yaml", "E102"),
        ("fx_rates.yaml", "E105"),
        ("metrics-more.yaml", "Y022"),
    }


@pytest.mark.parametrize("file", sorted(FILES))
def test_an_unreadable_file_brings_no_faults_to_the_others(file: str) -> None:
    broken = small_rules({file: FILES[file].rstrip() + "\nbroken: *alias\n"})
    assert {fault.file for fault in check_rulebook(broken, currency_digits=DIGITS).faults} == {file}


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_of_the_wrong_shape_brings_no_faults_to_the_others(file: str) -> None:
    broken = small_rules({file: FILES[file].rstrip() + "\nnot_a_field: 1\n"})
    faults = check_rulebook(broken, currency_digits=DIGITS).faults
    assert {(fault.file, fault.code) for fault in faults} == {(file, "E102")}


def test_a_refusal_is_a_domain_error_that_carries_every_fault() -> None:
    with pytest.raises(RulebookRefused) as refused:
        load_rulebook(changed("products/crm.yaml", "metric: users", "metric: user"), currency_digits=DIGITS)
    error = refused.value
    assert isinstance(error, DomainError)
    assert [fault.code for fault in error.faults] == ["E203"]
    assert "products/crm.yaml:7" in error.what
    assert error.fix == "did you mean users?"


def test_warnings_do_not_refuse() -> None:
    result = check_rulebook(
        changed("price_books/usd.yaml", "model: graduated", "model: volume"), currency_digits=DIGITS
    )
    assert result.rulebook is not None
    assert [fault.code for fault in result.faults] == ["W309"]


def test_tests_and_other_files_are_no_part_of_the_rulebook(rulebook: Rulebook) -> None:
    extra = {
        "discounts/x.test.yaml": "for: [",
        "README.md": "# Rules",
        ".schema/product.json": "{}",
        ".github/a.yaml": "a",
    }
    files = small_rules(extra)
    assert load_rulebook(files, currency_digits=DIGITS) == rulebook
    assert list(split_files(files).tests) == ["discounts/x.test.yaml"]


def test_the_sources_are_the_bytes_the_rulebook_can_be_compiled_from_again(rulebook: Rulebook) -> None:
    again = load_rulebook(rulebook.sources, currency_digits=DIGITS)
    assert again == rulebook


CSV = """\
id,discretionary,segment,level,why
a1,..20%,smb|mid_market,manager,small
a2,..20%,enterprise,director,
a3,20%..,,director,
"""
CSV_MATRIX = """\
kind: approval_matrix
id: discount
levels: [manager, director]
columns: {discretionary: range, segment: one_of}
rows_csv: discount.csv
"""


def test_the_rows_of_a_matrix_may_stand_in_a_table_beside_it() -> None:
    files = small_rules({"approvals/discount.yaml": CSV_MATRIX, "approvals/discount.csv": CSV})
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    assert rulebook.approvals is not None
    row = rulebook.approvals.rows[0]
    assert (row.rule.file, row.rule.line, row.rule.why) == ("approvals/discount.csv", 2, "small")
    facts = {"discretionary": D("0.1"), "segment": "mid_market"}
    assert rulebook.approvals.level_for(facts).level == "manager"
    assert "approvals/discount.csv" in rulebook.sources


def test_a_fault_in_a_table_names_the_cell() -> None:
    files = small_rules(
        {"approvals/discount.yaml": CSV_MATRIX, "approvals/discount.csv": CSV.replace("manager,", "boss,")}
    )
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.file) == ("E207", "approvals/discount.csv")
    assert (fault.position.line, fault.position.column, fault.length) == (2, len("a1,..20%,smb|mid_market,") + 1, 4)


def test_a_table_with_semicolons_is_one_fault() -> None:
    table = CSV.replace(",", ";")
    files = small_rules({"approvals/discount.yaml": CSV_MATRIX, "approvals/discount.csv": table})
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.what) == ("E121", "the cells are separated with semicolons")


def test_a_bundle_at_a_fixed_price_is_priced_in_every_price_book() -> None:
    fixed = FILES["bundles/insight-suite.yaml"].replace('{off_list: "18%"}', "{fixed: true, per: month}")
    files = small_rules({"bundles/insight-suite.yaml": fixed})
    assert codes(files) == ["E306", "E306"]
    entry = '  insight-suite.price:\n    - {from: 2026-01-01, why: list, model: flat, amount: "3000.00"}\n'
    for book in ("price_books/usd.yaml", "price_books/eur.yaml"):
        files[book] = (FILES[book] + entry).encode()
    bundle = load_rulebook(files, currency_digits=DIGITS).bundles["insight-suite"]
    assert (bundle.off_list, bundle.price_key, bundle.price_months) == (None, "insight-suite.price", 1)


def test_a_fault_inside_a_condition_points_at_its_column() -> None:
    files = changed("discounts/spring-promotion.yaml", "term_months >= 12", "term_monhts >= 12")
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    line = files["discounts/spring-promotion.yaml"].decode().split("\n")[fault.position.line - 1]
    assert (fault.code, line[fault.position.column - 1 :][: fault.length]) == ("E060", "term_monhts")


def test_a_discount_may_not_ask_for_what_pricing_results_in_but_a_limit_may() -> None:
    (fault,) = check_rulebook(
        changed("discounts/spring-promotion.yaml", "term_months >= 12", "acv > 1000"), currency_digits=DIGITS
    ).faults
    assert fault.code == "E061"
    assert "the step after pricing" in fault.what
    assert codes(changed("discounts/discretion.yaml", "arr_after < 250000", "acv < 250000")) == []


def test_rules_about_tiers_are_not_blamed_when_the_ladder_cannot_be_read() -> None:
    condition = FILES["discounts/spring-promotion.yaml"].replace("term_months >= 12", 'tier == "growth"')
    matrix = CSV_MATRIX.replace("segment", "tier").replace("rows_csv: discount.csv", "rows:\n")
    matrix += "  - {id: a1, tier: [essentials, growth], level: manager}\n"
    files = small_rules({"discounts/spring-promotion.yaml": condition, "approvals/discount.yaml": matrix})
    assert codes(files) == ["E404"], "enterprise is not decided"
    files["tiers/platform.yaml"] = b"kind: tiers\nladder: 5\n"
    faults = check_rulebook(files, currency_digits=DIGITS).faults
    assert {fault.file for fault in faults} == {"tiers/platform.yaml"}


def test_a_table_with_characters_that_cannot_be_seen_is_refused_where_they_stand() -> None:
    table = CSV.replace("mid_market", "mid\u200b_market")
    files = small_rules({"approvals/discount.yaml": CSV_MATRIX, "approvals/discount.csv": table})
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.position.line, fault.position.column) == ("Y031", 2, len("a1,..20%,smb|mid") + 1)


def test_a_table_saved_with_a_byte_order_mark_is_read() -> None:
    files = small_rules({"approvals/discount.yaml": CSV_MATRIX, "approvals/discount.csv": "\ufeff" + CSV})
    assert codes(files) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "fix"),
    [
        ("rulebook.yaml", 'language: "1"', "language: 1", "E103", 'write "1"'),
        ("rulebook.yaml", 'language: "1"', 'language: "2"', "E103", "write 1"),
        ("tiers/platform.yaml", "users: unlimited", "users: unlimted", "E113", "write a number, unlimited or"),
        ("tiers/platform.yaml", "[crm, onboarding]", "[Crm, onboarding]", "E110", "write crm"),
        ("price_books/usd.yaml", "model: graduated", "model: gradual", "E103", "did you mean graduated?"),
        ("price_books/usd.yaml", 'amount: "900.00"', 'amount: "900.00", maximun: "9"', "E102", "did you mean maximum?"),
        ("fx_rates.yaml", '"1.08"', '"0"', "E113", "write a plain number above 0"),
        ("products/crm.yaml", "id: seats, metric", "id: paidSeats, metric", "E111", "write paidseats"),
        ("price_books/usd.yaml", '"2400.00"', '"2 400.00"', "E112", 'write "2400.00", without separators'),
        ("discounts/discretion.yaml", '"45%"', "0.15", "E118", 'write "15%"'),
        ("discounts/discretion.yaml", '"45%"', '"12.5 %"', "E118", 'write "12.5%"'),
    ],
)
def test_a_fault_says_how_to_mend_it(file: str, old: str, new: str, code: str, fix: str) -> None:
    faults = check_rulebook(changed(file, old, new), currency_digits=DIGITS).faults
    assert [fault.fix for fault in faults if fault.code == code and fault.fix.startswith(fix)]
