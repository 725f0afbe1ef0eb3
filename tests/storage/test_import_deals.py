"""Deals imported into a real database: each whole or not at all, once, and those that were open when they end."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pricing_engine.cli.deals_outcome import deals_json, deals_text
from pricing_engine.desk import Desk
from pricing_engine.scoring.deal import Deal, Outcome
from pricing_engine.storage import deals
from pricing_engine.storage.deals import DealSource
from pricing_engine.storage.rulebooks import NoRulebookInForce
from pricing_engine.usecases import import_deals as use_case
from pricing_engine.usecases.deals_report import DealsReport
from pricing_engine.usecases.import_deals import DealFiles, import_deals
from pricing_engine.usecases.read_journal import read_journal
from tests.rulebooks import D
from tests.storage.retained_book import on_day, with_rules
from tests.unit.imports.deal_tables import mapping

TEXT = """\
kind: deal_mapping
deals:
  id: id
  account: {column: who, missing: each_its_own}
  created: {column: begun, missing: leave_out}
  closed: ended
  outcome: {column: stage, won: Won, lost: Lost, open: Open}
  product: product
  list: list
  net: net
facts:
  segment: {column: size, type: word}
  colour: {column: colour, type: word}
"""
HEADER = "id,who,begun,ended,stage,product,list,net,size,colour"
ROWS = (
    "d1,Acme,2025-01-10,2025-03-01,Won,crm,100,90,smb,red",
    "d1,Acme,2025-01-10,2025-03-01,Won,analytics,50,50,smb,red",
    "d2,Bolt,2025-02-01,2025-02-20,Lost,crm,200,0,,",
    "d3,,2025-04-01,,Open,crm,300,,smb,",
    "d4,Acme,,,Open,crm,300,,smb,",
)
NOW = date(2025, 6, 1)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return on_day(desk, NOW)


def load(desk: Desk, folder: Path, *rows: str, text: str = TEXT, **more: Any) -> DealsReport:
    path = folder / "deals.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return import_deals(desk, DealFiles(path, mapping(text)), by="ada", **more)


def kept(desk: Desk) -> dict[str, Deal]:
    with desk.reading_still() as session:
        return {each.id: each for each in deals.all_deals(session)}


def test_a_table_comes_in_with_a_report_of_what_its_deals_are_like(ready: Desk, tmp_path: Path) -> None:
    assert load(ready, tmp_path, *ROWS, is_dry_run=True).made == 3
    assert kept(ready) == {}
    report = load(ready, tmp_path, *ROWS)
    assert (report.is_whole, report.rows, report.made, report.left_out, report.by_code) == (True, 5, 3, 1, {})
    assert dict(report.outcomes) == {Outcome.WON: 1, Outcome.LOST: 1, Outcome.OPEN: 1}
    assert (report.known[Outcome.WON], report.known[Outcome.LOST], report.known[Outcome.OPEN]) == (1, 1, 0)
    assert (report.zero[Outcome.WON], report.zero[Outcome.LOST]) == (0, 1)
    assert (report.accounts, report.without_account) == ({"Acme", "Bolt"}, 1)
    assert (report.first, report.last, report.of_quotes) == (date(2025, 1, 10), date(2025, 4, 1), None)
    assert (report.missing("segment"), report.missing("colour")) == (D("0.3333"), D("0.6667"))
    found = kept(ready)
    assert {id_: (each.account, each.net) for id_, each in found.items()} == {
        "d1": ("Acme", 140),
        "d2": ("Bolt", 0),
        "d3": ("(deal d3)", None),
    }


def test_twice_is_once_and_what_was_open_takes_its_end(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    again = load(ready, tmp_path, *ROWS)
    assert (again.is_whole, again.made, again.there, again.ended) == (True, 0, 3, 0)
    ended = "d3,,2025-04-01,2025-05-01,Won,crm,300,270,smb,blue"
    report = load(ready, tmp_path, ROWS[2].replace("Lost", "Won"), ended, "d5,Bolt,2025-05-02,,Open,crm,1,,,")
    assert (report.made, report.there, report.ended, report.restated) == (1, 1, 1, 2)
    assert (report.is_whole, [each.what for each in report.problems]) == (
        False,
        ["deal d2 was imported with another outcome", "deal d3 was imported with another colour"],
    )
    found = kept(ready)
    assert (found["d3"].outcome, found["d3"].net, found["d3"].facts.get("colour")) == (Outcome.WON, 270, None)
    assert found["d2"].outcome is Outcome.LOST
    entries = [each for each in read_journal(ready, after=0, limit=9) if each.type == "scoring.deals_imported"]
    assert [dict(each.data) for each in entries] == [
        {"made": 3, "changed": 0, "file": "deals.csv"},
        {"made": 1, "changed": 1, "file": "deals.csv"},
    ]


def test_a_mapping_that_was_wrong_is_corrected_where_somebody_says_so(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS, text=TEXT.replace("net: net", "net: list") + "ignored: [net]\n")
    right = load(ready, tmp_path, *ROWS, is_correcting=True)
    # d3 has no net now, and the list of d2 is not its net.
    assert (right.is_whole, right.corrected, right.there, right.restated) == (True, 3, 0, 0)
    assert {id_: each.net for id_, each in kept(ready).items()} == {"d1": 140, "d2": 0, "d3": None}
    assert load(ready, tmp_path, *ROWS, is_correcting=True).there == 3


def test_a_fact_that_no_deal_has_is_reported_as_missing_from_all(ready: Desk, tmp_path: Path) -> None:
    report = load(ready, tmp_path, *[row.replace("red", "") for row in ROWS], is_dry_run=True)
    assert report.missing("colour") == 1
    assert "colour 100.0%" in deals_text(report, None)
    assert [each["missing"] for each in deals_json(report, None)["facts"] if each["name"] == "colour"] == ["1.0000"]


def test_a_bad_row_keeps_its_deal_out_and_no_other(
    ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_case, "ROWS_AT_ONCE", 2)
    told: list[str] = []
    rows = (ROWS[0], ROWS[1].replace("50,50", "50,x"), ROWS[2], "", ",Acme,2025-01-01,,Open,crm,1,,,", ROWS[3])
    report = load(ready, tmp_path, *rows, on_problem=lambda each: told.append(str(each)))
    assert (report.made, report.deals_refused, report.rows_without_account, report.is_whole) == (2, 1, 1, False)
    assert report.by_code == {"missing": 1, "not-a-number": 1}
    assert told[0].startswith("deals.csv:6: id: missing: id is empty")
    assert told[1].startswith('deals.csv:3: net: not-a-number: "x" is not a number')
    assert set(kept(ready)) == {"d2", "d3"}
    short = load(ready, tmp_path, ROWS[0], "d1,Acme")  # a line of d1 that cannot be read, so that d1 is not whole
    assert (short.made, short.deals_refused, short.by_code) == (0, 1, {"cells": 1})


def test_a_table_without_its_columns_or_that_is_none_is_refused_whole(ready: Desk, tmp_path: Path) -> None:
    lacking = load(ready, tmp_path, *ROWS, text=TEXT.replace("column: size", "column: sise"))
    assert (lacking.is_table_refused, [each.column for each in lacking.problems]) == (True, ["sise", "size"])
    broken = load(ready, tmp_path, *ROWS[:2], 'd9,"Acme')
    assert (broken.is_table_refused, broken.by_code) == (True, {"table": 1})
    assert kept(ready) == {}


def test_under_a_rulebook_it_is_said_which_facts_quotes_have(ready: Desk, tmp_path: Path) -> None:
    rules = on_day(with_rules(on_day(ready, date(2025, 1, 1))), NOW)
    report = load(rules, tmp_path, *ROWS)
    assert report.of_quotes is not None
    assert {name: name in report.of_quotes for name in report.facts} == {
        "segment": True,
        "colour": False,
        "list_per_year": True,
    }
    assert kept(rules)["d1"].lines[1].family == "insight"
    gone = load(rules, tmp_path, *[each.replace("analytics", "pager") for each in ROWS], is_dry_run=True)
    assert (report.products, gone.products) == ({}, {"pager": 1})
    strange = load(rules, tmp_path, *[each.replace("smb", "SMB") for each in ROWS], is_dry_run=True)
    assert (report.strange, strange.strange) == ({}, {("segment", "SMB"): 2})
    other = load(rules, tmp_path, *ROWS, text=TEXT.replace("size, type: word", "size, type: number"))
    assert [each.what for each in other.faults] == ["segment is a word in quotes, and a number here"]


def test_amounts_in_another_currency_need_a_rate(desk: Desk, tmp_path: Path) -> None:
    text = TEXT.replace("  net: net\n", "  net: net\n  currency: colour\n").replace(
        "  colour: {column: colour, type: word}\n", ""
    )
    rows = [ROWS[0].replace("red", "EUR"), ROWS[2][:-1] + ",EUR"]
    with pytest.raises(NoRulebookInForce):
        load(on_day(desk, NOW), tmp_path, *rows, text=text)
    rates = 'kind: fx_rates\nrates:\n  - {from: 2025-02-01, EUR: "1.10"}\n'
    ready = on_day(with_rules(on_day(desk, date(2025, 1, 1)), **{"fx_rates.yaml": rates}), NOW)
    report = load(ready, tmp_path, *rows, text=text)
    # The rate is there from February on: d1 is of January.
    assert (report.made, report.by_code) == (1, {"exchange-rate-missing": 1})
    assert kept(ready)["d2"].list == D("220.00")


def test_a_deal_that_somebody_else_has_imported_meanwhile_stays_as_it_is(ready: Desk, tmp_path: Path) -> None:
    load(ready, tmp_path, *ROWS)
    first = kept(ready)["d1"]
    late = deals.KeptDeal(first._replace(account="other"), DealSource.IMPORT)
    with ready.transaction() as session:  # as the second of two would that had both found nothing there
        assert deals.save(session, [late], at=ready.now(), by="bob") == 0
    assert kept(ready)["d1"] == first


def test_of_two_imports_at_once_each_tells_what_it_has_written(
    ready: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ready, tmp_path, *ROWS[:2])
    monkeypatch.setattr(
        deals, "known", lambda *_: {}
    )  # as the second of two finds it that both look before either writes
    second = load(ready, tmp_path, *ROWS)
    assert (second.made, second.there) == (2, 1)
    load(ready, tmp_path, *ROWS)
    entries = [each for each in read_journal(ready, after=0, limit=9) if each.type == "scoring.deals_imported"]
    assert [each.data["made"] for each in entries] == [1, 2]
