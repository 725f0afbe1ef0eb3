"""A unit of price says what is counted and over which period."""

import pytest

from pricing_engine.imports.units import Every, Once, PageUnit, Share, read_unit


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
