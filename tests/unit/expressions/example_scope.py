"""The vocabulary of the expression tests; it declares every name of the hostile list: none is merely unknown."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.expressions import ExpressionRefused, Kind, LookupTable, Name, Scope, compile_expression

NAMES = (
    Name("users", Kind.COUNT, minimum=Decimal(0)),
    Name("quantity", Kind.COUNT, minimum=Decimal(0)),
    Name("region", Kind.ENUM, values=("EMEA", "APAC", "AMER", "LATAM", "México")),
    Name("segment", Kind.ENUM, values=("smb", "mid_market", "enterprise")),
    Name("old_segment", Kind.ENUM, values=("smb", "mid_market", "enterprise")),
    Name("quote_type", Kind.ENUM, values=("new", "renewal", "amendment")),
    Name("discount", Kind.RATIO, minimum=Decimal(0), maximum=Decimal(1)),
    Name("uplift", Kind.RATIO),
    Name("list_price", Kind.MONEY, minimum=Decimal(0)),
    Name("arr_after", Kind.MONEY),
    Name("remaining_fees", Kind.MONEY),
    Name("unit_cost", Kind.MONEY, optional=True),
    Name("age_months", Kind.MONTHS, optional=True),
    Name("prepaid", Kind.YES_NO),
    Name("auto_renew", Kind.YES_NO),
    Name("term_months", Kind.MONTHS, minimum=Decimal(1), maximum=Decimal(120)),
    Name("po_number", Kind.TEXT),
    Name("starts_on", Kind.DATE),
    Name("ends_on", Kind.DATE),
    Name("cfg", Kind.TEXT),
    Name("approvers", Kind.TEXT),
)
REGION_FACTOR = LookupTable(
    id="region_factor",
    key=Kind.ENUM,
    value=Kind.RATIO,
    rows={
        "EMEA": Decimal("0.95"),
        "APAC": Decimal("0.80"),
        "AMER": Decimal("1"),
        "LATAM": Decimal("0.70"),
        "México": Decimal("0.70"),
    },
)
SEGMENT_FEE = LookupTable(
    id="segment_fee", key=Kind.ENUM, value=Kind.MONEY, rows={"smb": Decimal("100.00")}, default=Decimal("250.00")
)
PO_FEE = LookupTable(id="po_fee", key=Kind.TEXT, value=Kind.MONEY, rows={"P-1": Decimal(5)})
SCOPE = Scope(
    names={name.id: name for name in NAMES},
    metrics=frozenset({"storage_gb", "transfer_gb"}),
    tables={table.id: table for table in (REGION_FACTOR, SEGMENT_FEE, PO_FEE)},
    elsewhere={"net_ratio": "the step `floor`"},
)
FACTS: Mapping[str, Any] = {
    "users": Decimal(120),
    "quantity": Decimal(0),
    "region": "EMEA",
    "segment": "smb",
    "old_segment": "mid_market",
    "quote_type": "new",
    "discount": Decimal("0.15"),
    "uplift": Decimal("0.07"),
    "list_price": Decimal("1000.00"),
    "arr_after": Decimal("240000.00"),
    "remaining_fees": Decimal("900.10"),
    "unit_cost": None,
    "age_months": Decimal(7),
    "prepaid": True,
    "auto_renew": False,
    "term_months": Decimal(24),
    "po_number": "P-1",
    "starts_on": date(2026, 1, 31),
    "ends_on": date(2027, 1, 31),
    "usage_share": {"storage_gb": Decimal("0.85"), "transfer_gb": Decimal("1.20")},
}


def codes_of(text: str, *, expect: Kind = Kind.YES_NO) -> tuple[str, ...]:
    """The fault codes of `text` in the order of their columns; empty when it is accepted."""
    try:
        compile_expression(text, SCOPE, expect=expect)
    except ExpressionRefused as refused:
        return tuple(fault.code for fault in refused.faults)
    return ()


def value_of(text: str, *, expect: Kind = Kind.YES_NO, **facts: Any) -> Any:
    """What `text` evaluates to over FACTS, changed by `facts`."""
    return compile_expression(text, SCOPE, expect=expect).evaluate({**FACTS, **facts})
