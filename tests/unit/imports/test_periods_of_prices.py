"""A price keeps the period its unit names; one for a period that rules lack is on request, never priced monthly."""

from pricing_engine.imports import Outcome
from pricing_engine.rulebook.load import check_rulebook
from tests.unit.imports.pages import imported, said

PERIODS = """\
    plans:
      MONTHLY: {price: 10, unit: user/month}
      QUARTERLY: {price: 29, unit: user/quarter}
      HALF_YEARLY: {price: 55, unit: user/half year}
      YEARLY: {price: 99, unit: "user, billed annually"}
      WEEKLY: {price: 3.50, unit: user/week}
      UNSAID: {price: 11, unit: user}
    addOns:
      parking: {price: 2, unit: /day}
      help: {price: 4, unit: hour/month}
    """


def test_each_plan_is_charged_over_the_period_of_its_unit() -> None:
    tiers = imported(PERIODS).files["tiers/plans.yaml"]
    pers = [line.rpartition("per: ")[2].rstrip("}]") for line in tiers.splitlines() if "charges:" in line]
    assert pers == ["month", "quarter", "half_year", "year", "month", "month"]
    assert tiers.count("metric: users") == 6


def test_a_price_by_the_week_or_day_is_on_request_with_the_words_of_the_page() -> None:
    prices = imported(PERIODS).files["price_books/usd.yaml"].splitlines()
    at = prices.index("  weekly.seats:") + 1
    assert 'on_request: true, why: "the page says: 3.50 user/week"' in prices[at]
    at = prices.index("  parking.fee:") + 1
    assert 'on_request: true, why: "the page says: 2 /day"' in prices[at]
    assert sum("on_request" in line for line in prices) == 2


def test_what_is_on_request_for_its_period_is_reported_by_name_and_place() -> None:
    result = imported(PERIODS)
    what = "a period that rules have no `per` for; it is on request"
    assert said(result, Outcome.NOT_REPRESENTED) == [
        f"11:19: plan WEEKLY: is priced in 'user/week', {what}",
        f"14:20: add-on parking: is priced in '/day', {what}",
    ]
    assert [line for line in said(result, Outcome.NOTE) if "period" in line] == [
        "12:19: plan UNSAID: its unit 'user' names no period; taken per month"
    ]


def test_a_page_of_many_periods_becomes_rules_without_a_fault() -> None:
    files = {name: text.encode() for name, text in imported(PERIODS).files.items()}
    checked = check_rulebook(files, currency_digits={"USD": 2})
    assert checked.rulebook is not None, checked.faults
