"""Targets of retention: what a file of them compiles to, from when until when each counts, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.retention.targets import Measure
from pricing_engine.rulebook.canonical import content_hash
from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.yaml_reader import read_yaml
from tests.rulebooks import D
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules
from tests.unit.rulebook.test_schema import complaints

HEAD = "kind: retention_targets\nwhy: plan\n"
PRICING = 'drivers:\n  - {driver: pricing, owner: ben, points_per_year: "+4", from: 2026-01-01'


def rules_with(text: str) -> Rulebook:
    return load_rulebook(small_rules({"retention_targets.yaml": HEAD + text}), currency_digits=DIGITS)


def told(text: str) -> list[str]:
    found = check_rulebook(small_rules({"retention_targets.yaml": HEAD + text}), currency_digits=DIGITS).faults
    return [f"{fault.code} {fault.path}: {fault.what}" for fault in found]


def test_targets_are_compiled_field_by_field_as_fractions() -> None:
    rate, driver = rules_with(
        'rates:\n  - {rate: grr, owner: " ada ", target: "92.5%", from: 2026-01-01, until: 2027-01-01}\n'
        "drivers:\n  - driver: retention\n    owner: ben\n    points_per_year: -7.25\n    from: 2026-04-01\n"
        "    segment: {product: crm, prepaid: true, rating: 0.50, term: 12 months}\n    why: theirs\n"
    ).retention_targets
    assert (rate.measure, rate.owner, rate.target, rate.segment) == (Measure.GRR, "ada", D("0.925"), ())
    assert (rate.start, rate.until) == (date(2026, 1, 1), date(2027, 1, 1))
    assert rate.rule == ("grr", "retention_targets.yaml", 4, "plan")
    assert (driver.measure, driver.target, driver.until) == (Measure.RETENTION, D("-0.0725"), None)
    assert driver.segment == (("prepaid", "true"), ("product", "crm"), ("rating", "0.5"), ("term", "12 months"))
    assert driver.rule == ("retention", "retention_targets.yaml", 6, "theirs")


def test_nothing_to_move_has_no_sign() -> None:
    (found,) = rules_with(f"{PRICING}}}\n".replace("+4", "-0")).retention_targets
    assert str(found.target) == "0.000000"


def test_a_target_counts_until_the_next_of_its_kind_and_segment() -> None:
    text = "".join(
        f'  - {{driver: {driver}, owner: ben, points_per_year: "{points}", from: {start}{more}}}\n'
        for driver, points, start, more in (
            ("pricing", "+5", "2027-01-01", ""),
            ("pricing", "+4", "2026-01-01", ""),
            ("pricing", "+3", "2025-01-01", ", until: 2025-07-01"),
            ("pricing", "+9", "2026-06-01", ", segment: {product: crm}"),
            ("expansion", "+12", "2026-06-01", ""),
        )
    )
    found = rules_with(f"drivers:\n{text}").retention_targets
    assert [each.until for each in found] == [None, date(2027, 1, 1), date(2025, 7, 1), None, None]
    days = date(2025, 6, 30), date(2025, 7, 1), date(2026, 12, 31), date(2027, 1, 1)
    of_the_book = [each for each in found if each.measure is Measure.PRICING and not each.by]
    assert [[str(each.target) for each in of_the_book if each.is_in_force(day)] for day in days] == [
        ["0.030000"],
        [],
        ["0.040000"],
        ["0.050000"],
    ]


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (
            'rates:\n  - {rate: grr, owner: a, target: "20%", from: 2026-01-01}\n',
            'write "80%" if that much may be lost',
        ),
        (
            'rates:\n  - {rate: nrr, owner: a, target: "20%", from: 2026-01-01}\n',
            'write "120%" if it is to grow by that',
        ),
        (
            'rates:\n  - {rate: nrr, owner: a, target: "50%", from: 2026-01-01}\ndrivers:\n'
            + "".join(
                f"  - {{driver: {each}, owner: a, points_per_year: {points}, from: 2026-01-01}}\n"
                for each, points in (("retention", '"-150"'), ("pricing", 0), ("expansion", 0))
            ),
            "change what a driver is to bring",
        ),
    ],
)
def test_what_is_proposed_can_be_written(text: str, fix: str) -> None:
    (fault,) = check_rulebook(small_rules({"retention_targets.yaml": HEAD + text}), currency_digits=DIGITS).faults
    assert fault.fix == fix


def test_rules_without_targets_are_what_they_were() -> None:
    files = small_rules()
    before = load_rulebook(files, currency_digits=DIGITS)
    assert before.retention_targets == ()
    # The hash is of what the files say, and so of nothing that a kind nobody uses could add.
    documents = {name: read_yaml(name, content)[0] for name, content in files.items()}
    assert before.hash == content_hash({name: each.data for name, each in documents.items() if each is not None})
    assert rules_with(f"{PRICING}}}\n").hash != before.hash


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("}", ", segment: {product: cmr}}", "E202 drivers[0].segment.product: there is no product cmr"),
        ("}", ", segment: {currency: CHF}}", "E209 drivers[0].segment.currency: there is no rulebook currency CHF"),
        ("}", ", segment: {tier: groth}}", "E204 drivers[0].segment.tier: there is no tier groth"),
        ("}", ", segment: {product: []}}", "E104 drivers[0].segment.product: a list is not what a segment is called"),
        ("}", ", segment: {}}", "E105 drivers[0].segment: this is empty"),
        ("}", ", until: 2026-01-01}", "E115 drivers[0]: this ends on 2026-01-01, before it has begun"),
        ("owner: ben, ", "", "E101 drivers[0]: the field owner is missing"),
        ("ben", '" "', "E105 drivers[0].owner: this is empty"),
        ("pricing", "price", 'E103 drivers[0].driver: "price" is not known here'),
        ("+4", "1000", 'E128 drivers[0].points_per_year: "1000" is not a number of points'),
        ("drivers:", "rates: []\nothers:", "E102 others: there is no field others here"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(old: str, new: str, fault: str) -> None:
    assert told(f"{PRICING}}}\n".replace(old, new)) == [fault]


@pytest.mark.parametrize(
    ("rates", "fault"),
    [
        ("[]", "E106 : there is no target here"),
        (
            "[{rate: nrr, owner: ada, target: 1.08, from: 2026-01-01}]",
            "E118 rates[0].target: 1.08 is not a percentage",
        ),
        (
            '[{rate: nrr, owner: ada, target: "1000%", from: 2026-01-01}]',
            'E118 rates[0].target: "1000%" is no rate of a book',
        ),
    ],
)
def test_rates_are_percentages(rates: str, fault: str) -> None:
    assert told(f"rates: {rates}\n") == [fault]


def test_drivers_are_the_parts_of_nrr_of_their_own_segment_and_time() -> None:
    drivers = "".join(
        f'  - {{driver: {driver}, owner: ben, points_per_year: "{points}", from: 2026-01-01}}\n'
        for driver, points in (("retention", "-8"), ("pricing", "+4"), ("expansion", "+12"))
    )

    def of(target: str, start: str, more: str = "") -> list[str]:
        rate = f'rates:\n  - {{rate: nrr, owner: ada, target: "{target}", from: {start}{more}}}\n'
        return told(f"{rate}drivers:\n{drivers}")

    # 100 − 8 + 4 + 12 = 108.
    assert of("108%", "2026-01-01") == []
    assert of("109%", "2026-01-01", ", segment: {segment: smb}") == []
    assert of("109%", "2025-01-01", ", until: 2026-01-01") == []
    (fault,) = of("109%", "2026-01-01")
    assert fault.startswith("W805 rates[0].target: from 2026-01-01 NRR is to be 109%, and its drivers make it 108%")


def test_a_product_that_another_replaces_is_no_segment() -> None:
    files = small_rules(
        {
            "retention_targets.yaml": f"{HEAD}{PRICING}, segment: {{product: api}}}}\n",
            "products/crm.yaml": f"{FILES['products/crm.yaml']}replaces: [api]\n",
        }
    )
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.path, fault.fix) == ("E803", "drivers[0].segment.product", "write crm")


def test_an_unread_vocabulary_makes_no_attribute_unknown() -> None:
    files = small_rules({"retention_targets.yaml": f"{HEAD}{PRICING}, segment: {{region: emea}}}}\n"})
    files["vocabulary.yaml"] = b"kind: vocabulary\nnames: [\n"
    assert "E802" not in {fault.code for fault in check_rulebook(files, currency_digits=DIGITS).faults}


@pytest.mark.parametrize(
    ("old", "new", "accepted"),
    [("+4", "-0.25", True), ("owner: ben, ", "", False), ("+4", "four", False), ("pricing", "price", False)],
)
def test_an_editor_knows_what_loads(old: str, new: str, accepted: bool) -> None:
    assert (complaints(f"{HEAD}{PRICING.replace(old, new)}}}\n") == []) == accepted
