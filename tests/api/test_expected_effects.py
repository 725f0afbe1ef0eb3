"""A quote's effect by line, and weighed by a probability, over the API: the shape, and what is no probability."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pricing_engine.api.wire_retention import KeptQuoteOut, QuoteEffectOut
from tests.api.conftest import Caller
from tests.api.test_retention import REVOPS, sell


@pytest.fixture
def quote_path(caller: Caller) -> str:
    """A quote for as many users again as the account has."""
    sell(caller)
    return f"/v1/quotes/{caller.post('/v1/quotes', caller.ask(effective_date='2026-09-01')).json()['id']}"


def test_what_to_expect_is_weighed_by_the_probability_that_is_given(caller: Caller, quote_path: str) -> None:
    answer = caller.get(f"{quote_path}/retention", params={"probability": "0.25"}, headers=REVOPS)
    QuoteEffectOut.model_validate_json(answer.content)
    found = answer.json()
    # NRR is 2 if it is accepted and 1 if not; nothing is lost either way.
    expected = {"nrr": "1.250000", "grr": "1.000000", "nrr_difference": "0.250000", "grr_difference": "0.000000"}
    assert (found["probability"], found["not_expected"]) == ("0.25", None)
    assert found["account"]["expected"] == found["book"]["expected"] == expected
    assert {str(each["expected"]) for each in found["segments"]} == {str(expected)}


def test_without_a_probability_nothing_is_expected_and_words_say_why(caller: Caller, quote_path: str) -> None:
    kept = caller.get(f"{quote_path}?expand=retention", headers=REVOPS)
    KeptQuoteOut.model_validate_json(kept.content)
    found = kept.json()["retention"]
    assert (found["probability"], found["book"]["expected"]) == (None, None)
    assert found["not_expected"].startswith("no probability")


def test_lines_sum_to_the_points_of_their_driver(caller: Caller, quote_path: str) -> None:
    account = caller.get(f"{quote_path}/retention", headers=REVOPS).json()["account"]
    assert {each["driver"] for each in account["lines"]} == {"expansion"}
    more = Decimal(account["accepted"]["closing"]) - Decimal(account["declined"]["closing"])
    assert sum(Decimal(each["amount"]) for each in account["lines"]) == more
    off = sum(Decimal(each["points"]) for each in account["lines"]) - Decimal(account["points"]["expansion"])
    assert abs(off) <= len(account["lines"]) * Decimal("0.000001")


@pytest.mark.parametrize(
    "text", ["1.01", "-0.1", "60", "60%", "0.1234567", ".5", "1e-1", "NaN", "", " 0.5", "0.5\n", "٠.٥"]
)
def test_what_is_no_probability_is_refused_by_name(text: str, caller: Caller, quote_path: str) -> None:
    answer = caller.get(f"{quote_path}/retention", params={"probability": text}, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [each["parameter"] for each in answer.json()["errors"]] == ["probability"]
