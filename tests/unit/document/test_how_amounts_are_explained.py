"""How the amounts of a change are explained to the customer: by numbers that come to them."""

from __future__ import annotations

import pytest

from pricing_engine.quoting.request import Remove, Set, Waiver
from pricing_engine.terms.terms import Waivable
from tests.contracts import DAY, START, a_contract, a_rulebook_of_three, crm_and_analytics, giving_up, some_terms
from tests.documents import a_document_of_change, part, rows
from tests.rulebooks import D, add

TO_1000 = (Waiver("partial_cancellation_fee", "1000.00"),)


@pytest.mark.parametrize(
    ("formula", "waivers", "how", "amount"),
    [
        # Analytics has 10,888.767… left.
        ("remaining_fees", (), "all remaining fees, $10,888.77", "$10,888.77"),
        (
            "remaining_fees * 2",
            (),
            "remaining fees × 2; the remaining fees are $10,888.77; at most $10,888.77",
            "$10,888.77",
        ),
        (
            "remaining_fees * 0.50",
            TO_1000,
            "remaining fees × 50%; the remaining fees are $10,888.767; $1,000.00 was agreed",
            "$1,000.00",
        ),
    ],
)
def test_a_fee_is_explained_with_what_limits_it(
    formula: str, waivers: tuple[Waiver, ...], how: str, amount: str
) -> None:
    may_be_waived = {Waivable.PARTIAL_CANCELLATION_FEE: "manager"}
    terms = some_terms(partial_cancellation=giving_up(formula), waivers=may_be_waived)
    document = a_document_of_change(crm_and_analytics(terms=[terms]), Remove("analytics"), waivers=waivers)
    assert ["Fee for giving up a part", how, amount] in rows(part(document, "What is due now"))


def test_what_whole_cents_billed_before_are_off_by_is_said() -> None:
    rulebook = a_rulebook_of_three({"crm.seats": "10", "analytics.seats": "20"}, discounts=[])
    book = a_contract(rulebook, add("crm", "1"), add("analytics", "1"))
    grown = book.book(Set("crm", {"users": D(4)}), on=START + 40 * DAY)
    document = a_document_of_change(grown, Remove("crm"), on=START + 80 * DAY)
    # 480 × 57/73 = 374.794…, and 120 × 40/365 + 480 × 325/365 = 440.547… was billed, 65.753… of it is used.
    assert ["Credit for what is given up (Crm · seats)", "$480.00 × 57/73 + $0.01 of rounding", "−$374.80"] in rows(
        part(document, "What is due now")
    )
