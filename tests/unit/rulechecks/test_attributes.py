"""Attributes of an account are read in the type the vocabulary gives them."""

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.expressions import Kind, Name
from pricing_engine.rulechecks.attributes import UnfitValue, read_attribute

SEGMENT = Name("segment", Kind.ENUM, values=("smb", "mid_market"))


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("smb", SEGMENT, "smb"),
        ("anything", Name("city", Kind.TEXT), "anything"),
        (True, Name("partner", Kind.YES_NO), True),
        ("15%", Name("growth", Kind.RATIO), Decimal("0.15")),
        (Decimal(250), Name("staff", Kind.COUNT), Decimal(250)),
        ("1200.50", Name("budget", Kind.MONEY), Decimal("1200.50")),
        ("2026-02-28", Name("since", Kind.DATE), date(2026, 2, 28)),
    ],
)
def test_a_value_is_read_as_its_name_says(value: object, name: Name, expected: object) -> None:
    assert read_attribute(value, name) == expected


@pytest.mark.parametrize(
    ("value", "name", "fix"),
    [
        ("sbm", SEGMENT, "did you mean smb?"),
        (Decimal(1), SEGMENT, "write one of mid_market, smb"),
        (Decimal(1), Name("city", Kind.TEXT), "write a text"),
        ("true", Name("partner", Kind.YES_NO), "write true or false"),
        (Decimal(15), Name("growth", Kind.RATIO), 'write a percentage such as "15%"'),
        ("many", Name("staff", Kind.COUNT), "write a plain number of at least 0"),
        ("2026-02-30", Name("since", Kind.DATE), "write a date such as 2026-01-31"),
    ],
)
def test_a_value_that_does_not_fit_says_what_to_write(value: object, name: Name, fix: str) -> None:
    with pytest.raises(UnfitValue) as refused:
        read_attribute(value, name)
    assert refused.value.fix == fix
