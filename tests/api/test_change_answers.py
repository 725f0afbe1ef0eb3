"""What a quote does to a contract, as JSON: every number of the worked partial churn, in the shape that is promised."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from pricing_engine.api.quote_json import quote_bytes
from pricing_engine.api.wire_quote_answers import QuoteOut, StepOut
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.contract_change import DueKind, Movement, QuoteType
from pricing_engine.quoting.quote import Quote
from tests.builders import a_quote
from tests.worked_change import CHANGED, a_change, a_changed_quote, an_invoice


def answered(quote: Quote) -> dict[str, Any]:
    """The answer as a caller reads it, which has the shape of the document."""
    answer: dict[str, Any] = json.loads(quote_bytes(quote, role="rep", waterfall=True))
    jsonschema.validate(answer, QuoteOut.model_json_schema())
    return answer


def test_a_change_says_what_it_is_about_and_what_it_comes_to() -> None:
    answer = answered(a_changed_quote())
    assert answer["terms"] == "standard"
    listed = ("items", "lines", "invoices_before", "exposures")
    assert {name: value for name, value in answer["change"].items() if name not in listed} == {
        "type": "amendment",
        "contract_id": "con_1",
        "contract_version": 3,
        "arr_before": "75600.00",
        "arr_after": "60000.00",
        "arr_difference": "-15600.00",
        "tcv_before": "75600.00",
        "tcv_after": "73180.27",
        "tcv_difference": "-2419.73",
        "due_on": "2026-07-01",
        "due_now": "-2419.73",
        "is_refund": False,
    }


def test_what_is_due_now_is_itemised_with_the_rule_behind_each_amount() -> None:
    change = answered(a_changed_quote())["change"]
    assert [(item["kind"], item["line"], item["how"], item["amount"]) for item in change["items"]] == [
        ("credit", "analytics.seats", "21,600.00 × 184/365", "-10888.77"),
        ("repricing", "crm.seats", "6,000.00 × 184/365", "3024.66"),
        ("partial_cancellation_fee", "analytics.seats", "50% × 21,600.00 × 184/365", "5444.38"),
    ]
    assert [item["rule"] and item["rule"]["id"] for item in change["items"]] == [
        None,
        "multi-product",
        "standard-terms",
    ]
    assert change["items"][2]["rule"]["line"] == 7


def test_each_line_stands_beside_what_it_was() -> None:
    repriced, removed = answered(a_changed_quote())["change"]["lines"]
    assert repriced == {
        "line": "crm.seats",
        "product": "crm",
        "name": "CRM",
        "movement": "repriced",
        "quantity_before": "100",
        "quantity_after": "100",
        "net_per_year_before": "54000.00",
        "net_per_year_after": "60000.00",
        "repricing": "6000.00",
        "due": "3024.66",
    }
    assert (removed["movement"], removed["quantity_after"], removed["due"]) == ("removed", "0", "-5444.39")


def test_the_invoices_there_were_to_be_look_like_those_that_will_be() -> None:
    before = an_invoice(CHANGED, ("crm.seats", "27000.00"))
    answer = answered(a_changed_quote(a_change(invoices_before=(before,))))
    (written,) = answer["change"]["invoices_before"]
    assert written == {
        "day": "2026-07-01",
        "start": "2026-07-01",
        "end": "2027-01-01",
        "last_day": "2026-12-31",
        "total": "27000.00",
        "lines": [{"line": "crm.seats", "amount": "27000.00"}],
    }
    assert set(written) == set(answer["invoices"][0])


def test_what_was_promised_is_shown_with_its_credit() -> None:
    assert answered(a_changed_quote())["change"]["exposures"] == [
        {"milestone": "go-live", "due": "2026-10-01", "credit": "1350.00"}
    ]


def test_a_new_sale_changes_no_contract() -> None:
    answer = answered(a_quote())
    assert (answer["change"], answer["terms"]) == (None, None)


def test_every_kind_of_step_item_movement_and_quote_is_in_the_document() -> None:
    known = QuoteOut.model_json_schema()["$defs"]
    for kinds in (DueKind, Movement, QuoteType, StepKind):
        assert known[kinds.__name__]["enum"] == [str(kind) for kind in kinds]
    assert {"trial", "uplift", "agreed", "repricing"} <= set(known["StepKind"]["enum"])
    assert StepOut.model_json_schema()["properties"]["kind"] == {"$ref": "#/$defs/StepKind"}
