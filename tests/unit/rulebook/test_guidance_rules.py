"""Guidance by rules: what a file of it compiles to, and which rows, peers and trials are refused."""

from __future__ import annotations

from datetime import date

import pytest

from pricing_engine.catalog.products import ProductType, Timing
from pricing_engine.quoting.deal_of_quote import offered_by
from pricing_engine.quoting.request import Account, Add, QuoteRequest
from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, Exploration, GuidanceRules, Maximise
from pricing_engine.scoring.peers import Dimension
from tests.rulebooks import D
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules
from tests.unit.rulebook.test_schema import complaints

HEAD = "kind: guidance\nwhy: price discipline\n"
ROWS = """\
rows:
  - {id: once, applies_to: {timing: one_time}, target: "0%", stretch: "0%", why: work}
  - {id: long, when: 'term_months >= 24', target: "12.5%", stretch: "6%"}
"""
ATTRIBUTES = """\
  area: {type: enum, values: [north, south], from: account.region}
  note: {type: text, from: account.note}
"""


def files_with(text: str) -> dict[str, bytes]:
    vocabulary = FILES["vocabulary.yaml"] + ATTRIBUTES
    return small_rules({"scoring/guidance.yaml": HEAD + text, "vocabulary.yaml": vocabulary})


def guidance_of(text: str) -> GuidanceRules:
    found = load_rulebook(files_with(text), currency_digits=DIGITS).guidance
    assert found is not None
    return found


def told(text: str) -> list[str]:
    found = check_rulebook(files_with(text), currency_digits=DIGITS).faults
    return [f"{fault.code} {fault.path}: {fault.what}" for fault in found]


def test_rows_are_compiled_field_by_field_and_the_rest_is_as_usual() -> None:
    found = guidance_of(ROWS)
    once, long = found.rows
    assert (once.id, once.target, once.stretch, once.when) == ("once", D(0), D(0), None)
    assert once.applies_to.timings == frozenset({Timing.ONE_TIME})
    assert once.rule == ("once", "scoring/guidance.yaml", 4, "work")
    assert (long.target, long.stretch, long.rule.why) == (D("0.125"), D("0.06"), "price discipline")
    assert long.when is not None
    assert long.when.evaluate({"term_months": D(24)}) is True
    assert (found.peers, found.maximise, found.exploration) == (USUAL_PEERS, Maximise.MARGIN, None)


def test_peers_trials_and_what_to_maximise_are_compiled() -> None:
    found = guidance_of(
        'peers: {minimum: 30, months: 24, by: [product, region, {fact: list_per_year, bounds: ["5000", 25000]}, '
        '{fact: rating, bounds: ["40%"]}], stretch: "20%", floor: "80%"}\n'
        'maximise: nrr\nexplore: {share: "20%", within: "2%"}\n'
    )
    # `region` is the attribute that the vocabulary calls area, and facts go by the vocabulary.
    assert found.peers.by == (
        Dimension("product"),
        Dimension("area"),
        Dimension("list_per_year", (D(5000), D(25_000))),
        Dimension("rating", (D("0.4"),)),
    )
    assert (found.peers.minimum, found.peers.months) == (30, 24)
    assert (found.peers.stretch, found.peers.target, found.peers.floor) == (D("0.2"), D("0.5"), D("0.8"))
    assert (found.maximise, found.exploration) == (Maximise.NRR, Exploration(D("0.2"), D("0.02")))
    assert found.rows == ()


def test_the_usual_peers_are_what_the_rules_could_say() -> None:
    text = (
        "peers:\n  by:\n    - family\n    - segment\n"
        '    - {fact: list_per_year, bounds: ["5000", "25000", "100000"]}\n'
        "    - {fact: term_months, bounds: [13, 25]}\n    - market\n"
    )
    assert guidance_of(text).peers == USUAL_PEERS


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("6%", "12.6%", "E907 rows[1].stretch: the stretch, 12.6%, is a larger discount than the target"),
        (
            "12.5%",
            "45.1%",
            "E908 rows[1].target: the target, 45.1%, is beyond the most that is taken off in all, 45%",
        ),
        ("id: long", "id: once", "E201 rows[1].id: the row of guidance once is there twice"),
        ("timing: one_time", "product: onbording", "E202 rows[0].applies_to.product: there is no product onbording"),
        (
            "timing: one_time",
            "timing: one_time, product: crm",
            "W224 rows[0].applies_to: nothing that is sold has product crm and timing one_time",
        ),
        (
            "term_months >= 24",
            "acv >= 24",
            "E061 rows[1].when: `acv` is not known here; "
            "it is known at the step after pricing: in discretion limits and approvals",
        ),
        (
            "term_months >= 24",
            "term_months",
            "E070 rows[1].when: a number of months stands where a condition is needed",
        ),
        ("12.5%", "12.5", "E118 rows[1].target: a ratio is between 0 and 1; 12.5 looks like a percentage"),
    ],
)
def test_what_is_wrong_with_rows_is_told_where_it_stands(old: str, new: str, fault: str) -> None:
    found = told(ROWS.replace(f'"{old}"', f'"{new}"' if "%" in new else new) if "%" in old else ROWS.replace(old, new))
    assert [each.replace('"12.5"', "12.5") for each in found] == [fault]


def test_the_floor_limits_targets_where_it_leaves_less() -> None:
    files = files_with(ROWS.replace("12.5%", "40.1%"))
    files["discounts/discretion.yaml"] = FILES["discounts/discretion.yaml"].replace('"55%"', '"60%"').encode()
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.what) == ("E908", "the target, 40.1%, is beyond what the floor leaves, 40%")
    assert (fault.fix, fault.related[0].what) == ('write at most "40%"', "it is here")


def test_without_limits_a_target_is_at_most_all_of_it() -> None:
    files = files_with(ROWS.replace("12.5%", "101%"))
    files["discounts/discretion.yaml"] = b"kind: discretion\n"
    assert [each.code for each in check_rulebook(files, currency_digits=DIGITS).faults] == ["E908"]


@pytest.mark.parametrize(
    ("first", "second", "is_dead"),
    [
        ("", "applies_to: {product: crm}", True),
        ("", "when: 'term_months >= 24'", True),
        ("when: 'term_months >= 24'", "", False),
        ("when: 'term_months >= 24'", "when: 'term_months >= 24'", True),
        ("when: 'term_months >= 24'", "when: 'term_months >= 36 and prepaid'", True),
        ("when: 'term_months >= 24'", "when: 'term_months >= 12'", False),
        ("when: 'term_months >= 24 and prepaid'", "when: 'term_months >= 36'", False),
        ("when: 'term_months >= 24 and users >= 10'", "when: 'term_months > 24 and users in [20, 30]'", True),
        ("when: 'segment != \"smb\"'", "when: 'segment == \"enterprise\"'", True),
        ("applies_to: {type: module}", "applies_to: {product: [crm, analytics]}", True),
        ("applies_to: {product: crm}", "applies_to: {type: module}", False),
        ("applies_to: {product: crm}, when: 'users >= 10'", "applies_to: {product: crm}", False),
    ],
)
def test_a_row_that_others_always_speak_before_is_dead(first: str, second: str, is_dead: bool) -> None:
    def row(id_: str, text: str) -> str:
        return f'  - {{id: {id_}, {text}{", " if text else ""}target: "8%", stretch: "3%"}}\n'

    found = told(f"rows:\n{row('first', first)}{row('second', second)}")
    assert found == ["E909 rows[1].id: row second never speaks: the rows before it do wherever it would"] * is_dead


def test_several_rows_together_leave_nothing_to_a_later_one() -> None:
    rows = (
        "rows:\n"
        '  - {id: crm, applies_to: {product: crm}, target: "8%", stretch: "3%"}\n'
        '  - {id: long, applies_to: {product: analytics}, when: \'term_months >= 24\', target: "8%", stretch: "3%"}\n'
        '  - {id: modules, applies_to: {type: module}, when: \'term_months >= 36\', target: "8%", stretch: "3%"}\n'
    )
    assert len(told(rows)) == 1
    assert told(rows.replace("term_months >= 36", "term_months >= 12")) == []


@pytest.mark.parametrize(
    ("peers", "fault"),
    [
        ("{minimum: 4}", "E113 peers.minimum: 4 deals are not enough to compare with"),
        ("{minimum: 20.5}", "E113 peers.minimum: 20.5 deals are not enough to compare with"),
        ('{target: "20%"}', "E910 peers.target: target, 20% of the deals, is not beyond stretch, 25%"),
        ('{target: "90%"}', "E910 peers.target: floor, 90% of the deals, is not beyond target, 90%"),
        ("{by: [familly]}", "E911 peers.by[0]: no deal has a fact familly"),
        (
            "{by: [list_arr]}",
            "E911 peers.by[0]: deals are not told apart by list_arr, but by a size that lines have, too",
        ),
        ("{by: [area, region]}", "E911 peers.by[1]: deals are told apart by region already"),
        ("{by: [note]}", "E912 peers.by[0]: note is a text, and hardly two deals have the same"),
        ("{by: [users]}", "E912 peers.by[0]: users is a count, and hardly two deals have the same"),
        ("{by: [{fact: users, bounds: [20, 10]}]}", "E912 peers.by[0].bounds: the bounds must rise"),
        ("{by: [{fact: prepaid, bounds: [20]}]}", "E912 peers.by[0].bounds: prepaid is a yes/no, which has no ranges"),
        ("{by: [{fct: users}]}", "E101 peers.by[0]: the field fact is missing"),
        ("{by: [3]}", "E104 peers.by[0]: 3 where a mapping is needed"),
    ],
)
def test_what_is_wrong_with_peers_is_told_where_it_stands(peers: str, fault: str) -> None:
    assert fault in told(f"peers: {peers}\n")


def test_nothing_may_be_called_unknown_while_the_vocabulary_cannot_be_read() -> None:
    files = files_with("peers: {by: [area, segmnt]}\n")
    files["vocabulary.yaml"] = b"kind: vocabulary\nnames: [\n"
    assert "E911" not in {fault.code for fault in check_rulebook(files, currency_digits=DIGITS).faults}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('explore: {share: "20%", within: "10.1%"}', "E913 explore.within: 10.1% is too much to try"),
        ('explore: {share: "0%", within: "2%"}', "E913 explore.share: 0% is nothing to try"),
        ('explore: {share: "20%"}', "E101 explore: the field within is missing"),
        ("maximise: revenue", 'E103 maximise: "revenue" is not known here'),
        ("rows: []", "E106 : there is no guidance here"),
    ],
)
def test_trials_are_bounded_and_guidance_says_something(text: str, fault: str) -> None:
    assert told(f"{text}\n") == [fault]


def test_services_are_told_apart_from_what_recurs() -> None:
    (row,) = guidance_of(
        'rows:\n  - {id: a, applies_to: {type: [service, module]}, target: "1%", stretch: "0%"}\n'
    ).rows
    assert row.applies_to.types == frozenset({ProductType.SERVICE, ProductType.MODULE})


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (ROWS, True),
        ("peers: {by: [family, {fact: users, bounds: [1, '20']}]}\n", True),
        ("peers: {by: [family, {fact: users, bonds: [1]}]}\n", False),
        ("peers: {minimum: 3}\n", False),
        ("maximise: revenue\n", False),
        (ROWS.replace('"6%"', "6"), False),
    ],
)
def test_an_editor_knows_what_loads(text: str, accepted: bool) -> None:
    assert (complaints(HEAD + text) == []) == accepted


def test_whatever_is_known_of_a_quoted_deal_can_tell_peers_apart() -> None:
    request = QuoteRequest(
        account=Account(
            "acc", "Acc", "USD", None, {"segment": "smb", "prepaid": True, "region": "north", "rating": D(1)}
        ),
        as_of=date(2026, 2, 1),
        effective_date=date(2026, 2, 1),
        term_months=12,
        currency="USD",
        role="rep",
        changes=(Add("crm", {"users": D(10)}),),
    )
    facts = offered_by(request, rulebook=load_rulebook(files_with(ROWS), currency_digits=DIGITS), held=None).facts
    by = ", ".join(sorted({*facts, "family", "product"}))
    refused = [each.split(":")[1] for each in told(f"peers: {{by: [{by}]}}\n") if each.startswith("E911")]
    # `area` and `region` are one fact under the name of the vocabulary and that of the attribute.
    assert refused == [" deals are told apart by region already"]
