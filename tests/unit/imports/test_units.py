"""A unit of price says what is counted and over which period."""

import pytest

from pricing_engine.imports.units import Every, Once, OtherPeriod, PageUnit, Share, read_unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", Every(1, None, True)),
        ("/month", Every(1, None, True)),
        ("month", Every(1, None, True)),
        ("per month", Every(1, None, True)),
        ("USD/month", Every(1, None, True)),
        ("/year", Every(12, None, True)),
        ("user/month", Every(1, ("user",), True)),
        ("user per month", Every(1, ("user",), True)),
        ("User/Month (billed annually)", Every(1, ("user",), True)),
        ("user/year", Every(12, ("user",), True)),
        ("workspace/quarter", Every(3, ("workspace",), True)),
        ("GB/user/month", Every(1, ("gb", "per", "user"), True)),
        ("1000 emails/month", Every(1, ("blocks", "of", "1000", "emails"), True)),
        ("attendee", Every(1, ("attendee",), False)),
        ("host seat", Every(1, ("host", "seat"), False)),
        ("one time payment", Once()),
        ("One-time fee", Once()),
        ("% of sales", Share()),
    ],
)
def test_a_unit_is_what_is_counted_and_its_period(text: str, unit: PageUnit) -> None:
    assert read_unit(text) == unit


@pytest.mark.parametrize(
    ("months", "texts"),
    [
        (1, "user/month | user/mo | user monthly | user a month | user p.m. | user/m | month/user | user/1 month"),
        (1, "per month per user | user/month, billed annually | user monthly, billed per year | user (paid monthly)"),
        (1, "user/month (12 month contract) | user/calendar month"),
        (3, "user/quarter | user, quarterly | user/3 months | user every three months | user/qtr"),
        (6, "user/half year | user/half-year | user half a year | user/6 months | user/semi-annually | user/semester"),
        (12, "user/year | user/years | user/yr | user/annum | user per annum | user p.a. | user, annual | user/y"),
        (12, "user annually | user yearly | user, billed annually | user (billed annually) | billed annually, user"),
        (12, "user, billed upfront annually | user, billed per year | user/12 months | user/one year | annual user"),
        (12, "per user per year | year/user | User-per-year | USD/user/year | user/year (12 months)"),
    ],
)
def test_every_spelling_of_a_period_of_the_rules_is_that_period(months: int, texts: str) -> None:
    spellings = texts.split(" | ")
    assert {text: read_unit(text) for text in spellings} == {text: Every(months, ("user",), True) for text in spellings}


@pytest.mark.parametrize(
    "text",
    [
        *("user/week", "user weekly", "user/wk", "user/fortnight", "user every 2 weeks", "user/52 weeks", "week/user"),
        *("user/day", "user daily", "user/d", "user/30 days", "user/night", "user/hour", "user/hr", "user/minute"),
        *("user/2 months", "user/two months", "user/0 months", "user/18 months", "user/24 months", "user/half month"),
        *("user/2 years", "user/1.5 years", "user/biennial", "user/bi-monthly", "user every other year"),
        *("user/month/year", "user monthly/annually", "user/month or year", "user, monthly, annually"),
        *("user/week, billed annually", f"user/{'9' * 5000} months", "user, twice a year", "user/multi-year"),
    ],
)
def test_a_period_that_rules_have_no_word_for_is_no_month(text: str) -> None:
    assert read_unit(text) == OtherPeriod(("user",))


@pytest.mark.parametrize("text", ["/week", "day", "per hour", "weekly", "2 months", "month/year", "USD/day"])
def test_a_flat_price_may_have_such_a_period_too(text: str) -> None:
    assert read_unit(text) == OtherPeriod(None)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("hour/month", ("hour",)),
        ("training day/month", ("training", "day")),
        ("100 minutes/month", ("blocks", "of", "100", "minutes")),
        ("1,000 emails/month", ("blocks", "of", "1", "000", "emails")),
    ],
)
def test_time_that_is_sold_by_the_month_is_what_is_counted(text: str, counted: tuple[str, ...]) -> None:
    assert read_unit(text) == Every(1, counted, True)


@pytest.mark.parametrize("text", ["user", "paid seat", "second seat", "host seat", "attendee", "GB/user", "user/site"])
def test_a_unit_without_a_word_for_a_period_names_none(text: str) -> None:
    unit = read_unit(text)
    assert isinstance(unit, Every)
    assert (unit.months, unit.is_period_named) == (1, False)
