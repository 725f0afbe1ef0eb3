"""The worked partial churn of shared/design/pricing.md as a quote made by hand: Analytics leaves, CRM is repriced."""

from __future__ import annotations

from datetime import date
from typing import Any

from pricing_engine.pricing.billing import Invoice, InvoiceLine
from pricing_engine.quoting.contract_change import (
    ContractChange,
    DueItem,
    DueKind,
    Exposure,
    LineChange,
    Movement,
    QuoteType,
)
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import ContractRef, Remove
from tests.rulebooks import D, a_product, a_rulebook, add, quote, ref

CHANGED = date(2026, 7, 1)
ENDS = date(2027, 1, 1)


def a_line_change(line: str = "crm.seats", **more: Any) -> LineChange:
    """100 CRM seats at 54,000.00 a year that stay as they were."""
    kept: dict[str, Any] = {
        "line": line,
        "product": line.partition(".")[0],
        "name": "CRM",
        "movement": Movement.KEPT,
        "quantity_before": D("100"),
        "quantity_after": D("100"),
        "net_before": D("54000.00"),
        "net_after": D("54000.00"),
        "repricing": D("0.00"),
        "due": D("0.00"),
    }
    return LineChange(**(kept | more))


CRM = a_line_change(
    movement=Movement.REPRICED, net_after=D("60000.00"), repricing=D("6000.00"), due=D("3024.66")
)  # fmt: skip
ANALYTICS = a_line_change(
    "analytics.seats",
    name="Analytics",
    movement=Movement.REMOVED,
    quantity_after=D("0"),
    net_before=D("21600.00"),
    net_after=D("0.00"),
    due=D("-5444.39"),
)
ITEMS = (
    DueItem(DueKind.CREDIT, "analytics.seats", None, "21,600.00 × 184/365", D("-10888.77")),
    DueItem(DueKind.REPRICING, "crm.seats", ref("multi-product"), "6,000.00 × 184/365", D("3024.66")),
    DueItem(
        DueKind.PARTIAL_CANCELLATION_FEE,
        "analytics.seats",
        ref("standard-terms", 7),
        "50% × 21,600.00 × 184/365",
        D("5444.38"),
    ),
)


def a_change(**more: Any) -> ContractChange:
    """What dropping Analytics does; other fields as given."""
    worked: dict[str, Any] = {
        "type": QuoteType.AMENDMENT,
        "contract": "con_1",
        "version": 3,
        "arr_before": D("75600.00"),
        "arr_after": D("60000.00"),
        "tcv_before": D("75600.00"),
        "tcv_after": D("73180.27"),
        "due_on": CHANGED,
        "due_now": D("-2419.73"),
        "is_refund": False,
        "items": ITEMS,
        "lines": (CRM, ANALYTICS),
        "invoices_before": (),
        "exposures": (Exposure("go-live", date(2026, 10, 1), D("1350.00")),),
    }
    return ContractChange(**(worked | more))


def an_invoice(day: date, *lines: tuple[str, str], until: date = ENDS) -> Invoice:
    """An invoice of a day for the time until another, of lines and their amounts."""
    parts = tuple(InvoiceLine(line, D(amount)) for line, amount in lines)
    return Invoice(day, day, until, parts, sum((part.amount for part in parts), D("0.00")))


def a_changed_quote(change: ContractChange | None = None, **more: Any) -> Quote:
    """The quote of the change: what is left is 100 CRM seats at 50.00 a month."""
    sold = quote(
        a_rulebook([a_product("crm")], {"crm.seats": "50.00"}),
        add("crm", "100"),
        as_of=CHANGED,
        effective_date=date(2026, 1, 1),
    )
    request = sold.request._replace(
        changes=(Remove("analytics"),), effective_date=CHANGED, contract=ContractRef("con_1", 3)
    )
    due = an_invoice(CHANGED, ("analytics.seats", "-5444.39"), ("crm.seats", "3024.66"))
    changed: dict[str, Any] = {"request": request, "invoices": (due,), "terms": "standard"}
    return sold._replace(**(changed | {"change": change or a_change()} | more))
