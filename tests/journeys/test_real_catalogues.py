"""84 real price pages of 13 vendors (isa-group/SaaS-analysis, CC BY 4.0): import, check, count, quote as published."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pytest

from pricing_engine.catalog.charge_models import Flat, PerUnit
from pricing_engine.catalog.prices import OnRequest, Price
from pricing_engine.catalog.products import Charge, Product, Tier
from pricing_engine.imports import ImportedPricing, Outcome, import_pricing2yaml
from pricing_engine.imports.read_page import read_page
from pricing_engine.imports.report import Report
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Account, Add, QuoteRequest
from pricing_engine.rulebook.faults import Severity
from pricing_engine.rulebook.load import CheckResult, check_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.configurations import count_configurations
from tests.shared import SHARED

PAGES = SHARED / "data" / "pricing2yaml"
DIGITS = {"USD": 2, "EUR": 2}
DAY = date(2025, 12, 1)
"""A day on which the prices of every page are in force."""

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason=f"{PAGES} is absent: clone beside the shared folder")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a published table; none where the data is absent, and then every test here is skipped."""
    path = PAGES / name
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def quotes() -> list[dict[str, Any]]:
    """The published quotes."""
    path = PAGES / "expected-quotes.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def page_name(row: dict[str, Any]) -> str:
    """The file a published row is about, such as box/2025.yml."""
    return f"{row['saas']}/{row['year']}.yml"


@cache
def imported(name: str) -> ImportedPricing:
    """What importing a page gives."""
    return import_pricing2yaml(name, (PAGES / name).read_bytes())


@cache
def checked(name: str) -> CheckResult:
    """What checking the rule repository of a page gives."""
    files = {file: text.encode() for file, text in imported(name).files.items()}
    return check_rulebook(files, currency_digits=DIGITS)


def rulebook(name: str) -> Rulebook:
    """The rulebook of a page."""
    book = checked(name).rulebook
    assert book is not None, checked(name).faults
    return book


def add_ons(book: Rulebook) -> dict[str, Product]:
    """The products besides the platform, by their name on the page."""
    platform = book.ladder.platform.id if book.ladder else None
    return {product.name: product for product in book.products.values() if product.id != platform}


def tiers(book: Rulebook) -> dict[str, Tier]:
    """The tiers by their name on the page."""
    assert book.ladder is not None
    return {tier.name: tier for tier in book.ladder.tiers}


def list_amount(book: Rulebook, owner: str, charges: tuple[Charge, ...]) -> Decimal | None:
    """The one amount of a tier or add-on, whatever it counts; None when it is on request."""
    (charge,) = charges
    price = book.price_books[0].in_force(f"{owner}.{charge.id}", DAY).price
    match price:
        case OnRequest():
            return None
        case Price(model=Flat(price=amount) | PerUnit(unit_price=amount)):
            return amount
        case _:
            raise AssertionError(f"a page has no {price}")


PRICINGS = [pytest.param(row, id=page_name(row)) for row in rows("expected-pricings.csv")]
PLANS = rows("expected-plans.csv")
QUOTES = [
    pytest.param(row, id=f"{page_name(row)} {row['plan']} {row['seats']} {row['period']} {' '.join(row['addons'])}")
    for row in quotes()
]


def test_all_the_published_pages_are_here() -> None:
    pages = {str(path.relative_to(PAGES)) for path in PAGES.glob("*/*.yml")}
    assert len(pages) == 84
    assert pages == {page_name(row) for row in rows("expected-pricings.csv")}
    assert len(quotes()) == 44


@pytest.mark.parametrize("row", PRICINGS)
def test_a_page_becomes_a_rule_repository_without_an_error(row: dict[str, str]) -> None:
    assert [fault for fault in checked(page_name(row)).faults if fault.severity is Severity.ERROR] == []


@pytest.mark.parametrize("row", PRICINGS)
def test_plans_add_ons_features_and_limits_are_those_of_the_page(row: dict[str, str]) -> None:
    name = page_name(row)
    book = rulebook(name)
    page = read_page((PAGES / name).read_bytes(), report=Report(name))
    assert page is not None
    read = (len(tiers(book)), len(add_ons(book)), len(page.features), len(page.limits))
    assert read == tuple(int(row[column]) for column in ("plans", "addons", "features", "limits"))
    assert book.reporting_currency.code == row["currency"]


@pytest.mark.parametrize("row", PRICINGS)
def test_a_page_has_as_many_valid_configurations_as_published(row: dict[str, str]) -> None:
    assert count_configurations(rulebook(page_name(row))).total == int(row["configurations"])


@pytest.mark.parametrize("row", PRICINGS)
def test_prices_are_read_as_published_and_words_stay_on_request(row: dict[str, str]) -> None:
    book = rulebook(page_name(row))
    plans = {tier.id: list_amount(book, tier.id, tier.charges) for tier in tiers(book).values()}
    extras = {product.id: list_amount(book, product.id, product.charges) for product in add_ons(book).values()}
    assert sum(price is None for price in plans.values()) == int(row["nonnumeric_plans"])
    assert sum(price is None for price in extras.values()) == int(row["nonnumeric_addons"])
    numeric = {tier: price for tier, price in plans.items() if price is not None}
    if not numeric:
        assert (row["cheapest_numeric"], row["dearest_numeric"]) == ("", "")
        return
    assert min(numeric.values()) == Decimal(row["cheapest_numeric"])
    # The dearest plan and each of its add-ons once, units and periods ignored: a check of the reading, not a quote.
    dearest = next(tier for tier in tiers(book).values() if numeric.get(tier.id) == max(numeric.values()))
    offered = (product for product in add_ons(book).values() if dearest.offers_product(product))
    total = numeric[dearest.id] + sum(extras[product.id] or Decimal(0) for product in offered)
    assert total == Decimal(row["dearest_numeric"])


@pytest.mark.parametrize("row", PRICINGS)
def test_each_plan_has_its_list_price_and_as_many_configurations_as_published(row: dict[str, str]) -> None:
    book = rulebook(page_name(row))
    counted = count_configurations(book).by_tier
    read = {
        name: (
            list_amount(book, tier.id, tier.charges),
            "user/month" if tier.charges[0].metric == "users" else "",
            counted[tier.id],
        )
        for name, tier in tiers(book).items()
    }
    assert read == {
        plan["plan"]: (
            Decimal(plan["list_price"]) if plan["list_price"].replace(".", "").isdigit() else None,
            "user/month" if plan["unit"] == "user/month" else "",
            int(plan["configurations_with_plan"]),
        )
        for plan in PLANS
        if page_name(plan) == page_name(row)
    }


@pytest.mark.parametrize("row", QUOTES)
def test_a_published_quote_is_priced_to_the_last_decimal_and_rounded_half_up(row: dict[str, Any]) -> None:
    quote = priced(row)
    assert quote.tier is not None
    assert not quote.tier.is_upgrade
    expected = Decimal(row["with_billing_coefficient"])
    lines = [(line.segments[0].quantity, line.segments[0].list / 12) for line in quote.lines]
    assert lines == [(Decimal(quantity), Decimal(amount)) for _, _, _, quantity, amount in row["lines"]]
    assert sum(segment.net for line in quote.lines for segment in line.segments) == expected * 12
    assert sum(segment.list for line in quote.lines for segment in line.segments) == Decimal(row["monthly_total"]) * 12
    assert quote.totals is not None
    assert quote.totals.mrr == expected.quantize(Decimal("0.01"), ROUND_HALF_UP)


def priced(row: dict[str, Any]) -> Quote:
    """The quote of a published row: its plan and add-ons, all for its number of seats where they are sold by seat."""
    book = rulebook(page_name(row))
    tier = tiers(book)[row["plan"]]
    assert book.ladder is not None
    wanted = [(book.ladder.platform.id, tier.charges)]
    wanted += [(product.id, product.charges) for name in row["addons"] for product in (add_ons(book)[name],)]
    request = QuoteRequest(
        account=Account("acc_1", "A customer", row["currency"]),
        as_of=DAY,
        effective_date=DAY,
        term_months=12,
        currency=row["currency"],
        role="rep",
        changes=tuple(Add(product, quantities=_seats(charges, row["seats"])) for product, charges in wanted),
        billing="monthly_in_advance" if row["period"] == "monthly" else "yearly_in_advance",
        tier=tier.id,
    )
    return assemble_quote(request, rulebook=book, quote_id="quo_1")


def _seats(charges: tuple[Charge, ...], seats: int) -> dict[str, Decimal]:
    return {charge.metric: Decimal(seats) for charge in charges if charge.metric is not None}


@pytest.mark.parametrize("row", PRICINGS)
def test_nothing_of_a_page_is_dropped_in_silence(row: dict[str, str]) -> None:
    """Every feature and usage limit is in the rules or in the report, by its name."""
    name = page_name(row)
    result = imported(name)
    page = read_page((PAGES / name).read_bytes(), report=Report(name))
    assert page is not None
    named = {(line.part, line.name) for line in result.report if line.outcome is not Outcome.ERROR}
    assert {("feature", feature.name) for feature in page.features} <= named
    assert {("usage limit", limit.name) for limit in page.limits} <= named
    assert {setting.name for add_on in page.add_ons for setting in (*add_on.limits, *add_on.extensions)} <= {
        found for part, found in named if part == "usage limit"
    }


def test_the_pages_hold_no_error_and_only_these_doubts() -> None:
    """What the researchers' own pages leave open; a new line here is a new finding about a page."""
    assert sorted(_grave_lines()) == [
        "canva/2024.yml:609: plan PRO: costs more than plan TEAMS (15 against 10) and gives nothing more",
        "canva/2025.yml:704: plan PRO: costs more than plan TEAMS (15 against 10) and gives nothing more",
        "postman/2024.yml:952: add-on partnerManagerRoleEnterpriseTierAddOn: gives nothing that plan ENTERPRISE, "
        "for which it is available, has not already",
        "trustmary/2020.yml:205: plan PLUS: has feature embedSurbeysToWebsite, but its limit embedsLimit is 0, "
        "so it cannot be used",
        "trustmary/2020.yml:247: plan ENTERPRISE: has feature embedSurbeysToWebsite, but its limit embedsLimit is 0, "
        "so it cannot be used",
    ]


def _grave_lines() -> Iterator[str]:
    for row in rows("expected-pricings.csv"):
        for line in imported(page_name(row)).report:
            if line.outcome in (Outcome.ERROR, Outcome.WARNING):
                yield f"{line.file}:{line.position.line}: {line.part} {line.name}: {line.what}"


def test_the_report_and_the_files_show_the_name_that_was_given() -> None:
    content = (PAGES / "box" / "2025.yml").read_bytes()
    result = import_pricing2yaml("prices/box.yml", content)
    assert all(line.file == "prices/box.yml" for line in result.report)
    assert "Imported from prices/box.yml" in result.files["rulebook.yaml"]
