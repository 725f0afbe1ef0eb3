"""Checks of prices and packaging: exact where more costs less, bands and dates without holes, what can be bought."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_engine.catalog.prices import rate
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from tests.unit.rulebook.small_rules import DIGITS, FILES, changed, small_rules

D = Decimal
EUR = "price_books/eur.yaml"
SEATS = 'model: per_unit, unit_price: "46.00"'


def faults(files: dict[str, bytes]) -> tuple[Fault, ...]:
    return check_rulebook(files, currency_digits=DIGITS).faults


def told(files: dict[str, bytes]) -> list[str]:
    return [f"{fault.code} {fault.what}" for fault in faults(files)]


def test_eleven_units_cost_less_than_ten_under_volume_bands() -> None:
    # 10 × 20.00 = 200.00, 11 × 15.00 = 165.00.
    bands = 'model: volume, bands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]'
    assert told(changed(EUR, SEATS, bands)) == ["W309 11 cost 165.00, less than 10, which cost 200.00"]


def test_free_units_move_the_edge_at_which_more_costs_less() -> None:
    bands = 'included: 5, model: volume, bands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]'
    assert told(changed(EUR, SEATS, bands)) == ["W309 16 cost 165.00, less than 15, which cost 200.00"]


def test_a_minimum_that_hides_the_fall_silences_the_warning() -> None:
    bands = 'minimum: "200.00", model: volume, bands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]'
    assert told(changed(EUR, SEATS, bands)) == []


def test_the_step_a_product_is_sold_in_decides_what_comes_after_an_edge() -> None:
    # In steps of 5, the quantity after 10 is 15: 15 × 15.00 = 225.00, more than 200.00.
    bands = 'model: volume, bands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]'
    files = changed(EUR, SEATS, bands)
    files["products/crm.yaml"] = FILES["products/crm.yaml"].replace("{minimum: 5}", "{minimum: 5, step: 5}").encode()
    assert told(files) == []


@pytest.mark.parametrize("seed", range(30))
def test_more_costs_less_is_told_exactly_where_trying_every_quantity_finds_it(seed: int) -> None:
    """Two or three bands with prices from the digits of a number; brute force rates 1 to 60 units."""
    digits = [seed * 6007 // 7**k % 7 for k in range(8)]
    bounds = (3 + digits[0], 12 + 2 * digits[1])
    bands = [
        f'{{up_to: {bounds[0]}, unit_price: "{4 + digits[2]}", flat: "{digits[3] * 4}"}}',
        f'{{up_to: {bounds[1]}, unit_price: "{2 + digits[4]}", flat: "{digits[5] * 6}"}}',
        f'{{unit_price: "{1 + digits[6]}", flat: "{digits[7] * 8}"}}',
    ]
    files = changed(EUR, SEATS, f"included: {digits[1]}, model: volume, bands: [{', '.join(bands)}]")
    entry = load_rulebook(files, currency_digits=DIGITS).price_book("EUR", "DE").prices["crm.seats"].entries[0]
    amounts = [rate(entry.price, D(quantity)) for quantity in range(61)]  # type: ignore[arg-type]
    falls = [f"{q + 1} cost {amounts[q + 1]:f}" for q in range(60) if amounts[q + 1] < amounts[q]]
    assert [fault.what.partition(",")[0] for fault in faults(files)] == falls


def test_entries_written_out_of_order_are_put_in_order() -> None:
    text = FILES["price_books/usd.yaml"]
    lines = text.split("\n")
    first, second = lines.index("  crm.seats:") + 1, lines.index("  crm.seats:") + 2
    lines[first], lines[second] = lines[second], lines[first]
    rulebook = load_rulebook(small_rules({"price_books/usd.yaml": "\n".join(lines)}), currency_digits=DIGITS)
    entries = rulebook.price_book("USD", None).prices["crm.seats"].entries
    assert [str(entry.start) for entry in entries] == ["2026-01-01", "2027-01-01"]
    assert entries[0].end == entries[1].start


def test_the_last_entry_may_end_for_good() -> None:
    files = changed("price_books/usd.yaml", "{from: 2027-01-01, why", "{from: 2027-01-01, until: 2028-01-01, why")
    entries = load_rulebook(files, currency_digits=DIGITS).price_book("USD", None).prices["crm.seats"].entries
    assert [str(entry.end) for entry in entries] == ["2027-01-01", "2028-01-01"]


def test_a_circle_of_requirements_is_told_once_and_in_order() -> None:
    crm = FILES["products/crm.yaml"].replace("quantities:", "requires: [api]\nrequires_tier: growth\nquantities:")
    api = FILES["products/api.yaml"] + "requires: [analytics]\n"
    assert told(small_rules({"products/crm.yaml": crm, "products/api.yaml": api})) == [
        "E213 analytics requires crm, crm requires api, api requires analytics: nobody can add the first of them"
    ]


def test_the_shortest_circle_is_told_also_where_requirements_run_in_many() -> None:
    """From x two ways lead back to x before one leads to a: following them in turn would never end."""
    needs = {"a": "x", "x": "v, z", "v": "x", "z": "p, q", "p": "x", "q": "a"}
    text = "kind: product\nid: {}\ntype: service\nfamily: services\nrequires: [{}]\n"
    found = told(small_rules({f"products/{id_}.yaml": text.format(id_, needed) for id_, needed in needs.items()}))
    assert found == ["E213 a requires x, x requires z, z requires q, q requires a: nobody can add the first of them"]


def test_an_exclusion_of_something_required_further_down_is_told() -> None:
    # analytics needs crm, crm excludes support; support-plus needs analytics and premium-support.
    plus = "kind: product\nid: support-plus\ntype: service\nfamily: services\nrequires: [analytics, premium-support]\n"
    crm = FILES["products/crm.yaml"].replace("quantities:", "excludes: [premium-support]\nquantities:")
    assert told(small_rules({"products/crm.yaml": crm, "products/plus.yaml": plus})) == [
        "E214 support-plus needs both crm and premium-support, but crm excludes premium-support"
    ]


def test_a_product_must_be_sold_in_a_tier_together_with_what_it_requires() -> None:
    tiers = FILES["tiers/platform.yaml"].replace("[crm, analytics, api, onboarding,", "[analytics, api, onboarding,")
    tiers = tiers.replace("offers: all", "offers: [crm, api]")
    (fault,) = faults(small_rules({"tiers/platform.yaml": tiers}))
    assert (fault.code, fault.file) == ("E215", "products/analytics.yaml")
    assert fault.fix == "add analytics to the offers of a tier at or above growth"


def test_without_a_ladder_products_need_no_tier() -> None:
    texts = {name: text.replace("requires_tier: growth\n", "") for name, text in FILES.items()}
    for book in ("price_books/usd.yaml", EUR):
        texts[book] = "\n".join(
            line
            for before, line in zip(["", *texts[book].split("\n")], texts[book].split("\n"), strict=False)
            if "platform_fee" not in line and "platform_fee" not in before
        )
    texts["vocabulary.yaml"] = "\n".join(
        line for line in texts["vocabulary.yaml"].split("\n") if "quote.tier" not in line
    )
    del texts["tiers/platform.yaml"]
    files = {name: text.encode() for name, text in texts.items()}
    assert told(files) == []
    assert load_rulebook(files, currency_digits=DIGITS).ladder is None


def test_a_charge_of_a_money_metric_may_be_a_percentage() -> None:
    texts = {
        "metrics.yaml": FILES["metrics.yaml"]
        + "  - {id: payments, kind: money, unit: USD, combine: sum, step: 0.01}\n",
        "products/api.yaml": FILES["products/api.yaml"].replace("api_calls", "payments"),
    }
    for book in ("price_books/usd.yaml", EUR):
        lines = FILES[book].split("\n")
        at = lines.index("  api.calls:") + 1
        lines[at] = '    - {from: 2026-01-01, why: list 2026, model: percentage, rate: "1.5%", fixed: "0.30"}'
        texts[book] = "\n".join(lines)
    assert told(small_rules(texts)) == []


@pytest.mark.parametrize(
    ("price", "jumps"),
    [("250.00", False), ("250.01", True), ("10.00", False), ("9.99", True), ("0", False)],
)
def test_a_price_jumps_beyond_five_times_either_way_but_may_become_free(price: str, jumps: bool) -> None:
    # From 50.00: 5 × 50.00 = 250.00, and 50.00 ÷ 5 = 10.00. Above its unit cost of 8.00 throughout, except when free.
    codes = {fault.code for fault in faults(changed("price_books/usd.yaml", '"52.00"', f'"{price}"'))}
    assert ("W320" in codes) is jumps


def test_prices_of_different_models_are_not_compared() -> None:
    model = 'model: package, size: 100, price: "4000.00"'
    assert told(changed("price_books/usd.yaml", 'model: per_unit, unit_price: "52.00"', model)) == []


def test_unit_costs_are_compared_in_the_reporting_currency() -> None:
    # 8.00 USD ÷ 1.08 = 7.407… EUR
    assert told(changed(EUR, '"46.00"', '"7.41"')) == []
    assert told(changed(EUR, '"46.00"', '"7.40"')) == [
        "W318 crm.seats sells at 7.40 EUR, below its unit cost of 8.00 USD"
    ]


def test_tiers_are_not_compared_where_a_fee_is_on_request() -> None:
    fee = '{from: 2026-01-01, why: list 2026, model: flat, amount: "2250.00"}'
    assert told(changed(EUR, fee, "{from: 2026-01-01, why: per deal, on_request: true}")) == []


def test_a_price_that_starts_with_the_book_and_one_that_starts_later_are_told_apart() -> None:
    later = FILES[EUR].replace("2026-01-01", "2026-02-01")
    assert told(small_rules({EUR: later})) == []
    assert [text[:4] for text in told(small_rules({EUR: later.replace("2026-02-01", "2026-01-01", 1)}))] == ["W316"] * 6


def test_nothing_is_said_of_steps_that_are_not_known() -> None:
    bands = 'model: volume, bands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]'
    unknown = {**changed(EUR, SEATS, bands), "products/crm.yaml": b"kind: product\nid: crm\n"}
    assert {fault.file for fault in faults(unknown)} == {"products/crm.yaml"}
    unread = {**changed(EUR, SEATS, bands), "metrics.yaml": b"kind: metrics\nmetrics: [\n"}
    assert {fault.file for fault in faults(unread)} == {"metrics.yaml"}
    del unread["metrics.yaml"]
    assert [fault.code for fault in faults(unread)] == ["E225"]
