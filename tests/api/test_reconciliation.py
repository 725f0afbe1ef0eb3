"""The reconciliation of imported histories over the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.wire_reconciliation import ReconciliationOut
from pricing_engine.usecases.import_history import HistoryFiles, import_history
from tests.api.conftest import Caller
from tests.unit.imports.test_revenue_rows import mapping

PATH = "/v1/retention/reconciliation"
REVOPS = {"X-Acting-Role": "revops"}
TEXT = """\
kind: revenue_mapping
missing_months: zero
accounts: {id: who, name: who, currency: {constant: USD}}
revenue: {account: who}
"""


def test_histories_are_read_with_their_totals_and_contradictions_a_page_at_a_time(
    caller: Caller, tmp_path: Path
) -> None:
    table = tmp_path / "mrr.csv"
    table.write_text("who,2025-01,2025-02\nA,100,\nB,50,50\n", encoding="utf-8")
    files = HistoryFiles(table, mapping(TEXT.replace("zero", "carry")))
    assert import_history(caller.desk, files, by="ada").is_whole
    table.write_text("who,2025-02,2025-03\nB,50,70\n", encoding="utf-8")
    assert import_history(caller.desk, files, by="ada").is_whole
    answer = caller.get(PATH, params={"limit": "1"}, headers=REVOPS)
    assert answer.status_code == 200, answer.text
    ReconciliationOut.model_validate_json(answer.content)
    found = answer.json()
    assert (found["agrees"], found["count"], found["next_after"], found["currency"]) == (False, 1, None, "USD")
    assert found["items"][0] | {"account_id": ""} == {
        "source": "histories",
        "check": "left-out-since",
        "account_id": "",
        "contract_id": None,
        "file": "mrr.csv",
        "line": None,  # February was carried
        "at_stake": "1200.00",
        "what": "the last month imported is 2025-02, tables go on to 2025-03; its 1200.00 USD a year are still counted",
    }
    assert found["months"][1] == {
        "month": "2025-02-01",
        "currency": "USD",
        "customers": 2,
        "imported": "1800.00",
        "in_ledger": "1800.00",
        "difference": "0.00",
    }
    later = caller.get(PATH, params={"after": "1"}, headers=REVOPS).json()
    assert (later["items"], later["count"]) == ([], 1)
    retained = caller.get("/v1/retention", params={"on": "2025-03-31", "months": "2"}, headers=REVOPS).json()
    # 1,800.00 on 31 January, 2,040.00 on 31 March; 240.00 more, of which nothing says what it is.
    assert retained["whole"]["points"]["unexplained"] == "0.133333"
    assert retained["whole"]["nrr"] == "1.133333"
    verified = caller.get("/v1/retention/verify", headers=REVOPS).json()
    assert (verified["is_whole"], verified["months"]) == (True, 5)


@pytest.mark.parametrize("role", ROLES)
def test_it_is_for_whoever_reads_figures(role: str, caller: Caller) -> None:
    assert caller.get(PATH, headers={"X-Acting-Role": role}).status_code == (200 if role in FIGURE_ROLES else 403)


@pytest.mark.parametrize("params", [{"on": "2026-02-30"}, {"limit": "0"}, {"after": "-1"}, {"by": "product"}])
def test_what_cannot_be_read_is_refused(params: dict[str, str], caller: Caller) -> None:
    answer = caller.get(PATH, params=params, headers=REVOPS)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
