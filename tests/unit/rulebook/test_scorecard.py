"""The scorecard: what a file of it compiles to, and which factors, weights and bands are refused."""

from __future__ import annotations

import pytest

from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.scoring.scorecard import FactorScore, ScoreBand, Scorecard, score_by
from tests.rulebooks import D
from tests.unit.rulebook.small_rules import DIGITS, FILES, small_rules
from tests.unit.rulebook.test_schema import complaints

HEAD = "kind: scorecard\nid: standard\nwhy: what a good deal is\n"
BANDS = "bands: [{from: 0, name: weak}, {from: 70.5, name: strong}, {from: 40, name: fair}]\n"
FACTORS = """\
factors:
  - {id: term, weight: 62.5, value: 'clamp((term_months - 12) / 24, 0, 1)', why: renewals cost}
  - {id: people, weight: "37.5", value: 'users / 100000'}
"""
SCORED = """\
  margin: {type: ratio, from: quote.margin, range: "-50%..100%", optional: true}
  realisation: {type: ratio, from: quote.realisation, range: "0%..", optional: true}
  waived: {type: count, from: quote.waived, range: "0.."}
  area: {type: enum, values: [north, south], from: account.region}
"""


def files_with(factors: str, bands: str = BANDS) -> dict[str, bytes]:
    vocabulary = FILES["vocabulary.yaml"] + SCORED
    return small_rules({"scoring/scorecard.yaml": HEAD + factors + bands, "vocabulary.yaml": vocabulary})


def rules_with(factors: str, bands: str = BANDS) -> Rulebook:
    return load_rulebook(files_with(factors, bands), currency_digits=DIGITS)


def told(factors: str, bands: str = BANDS) -> list[str]:
    found = check_rulebook(files_with(factors, bands), currency_digits=DIGITS).faults
    return [f"{fault.code} {fault.path}: {fault.what}" for fault in found]


def one(value: str) -> str:
    """A card of one factor."""
    return f"factors:\n  - {{id: only, weight: 100, value: '{value}'}}\n"


def of(rulebook: Rulebook) -> Scorecard:
    assert rulebook.scorecard is not None
    return rulebook.scorecard


def test_a_scorecard_is_compiled_field_by_field() -> None:
    card = of(rules_with(FACTORS))
    assert (card.id, card.rule) == ("standard", ("standard", "scoring/scorecard.yaml", 2, "what a good deal is"))
    term, people = card.factors
    assert (term.id, term.weight, term.value.text) == ("term", D("62.5"), "clamp((term_months - 12) / 24, 0, 1)")
    assert term.rule == ("term", "scoring/scorecard.yaml", 5, "renewals cost")
    assert people.rule.why == "what a good deal is"
    assert card.bands == (ScoreBand(D("70.5"), "strong"), ScoreBand(D(40), "fair"), ScoreBand(D(0), "weak"))


def test_the_parts_sum_to_the_score_whose_band_is_the_highest_it_reaches() -> None:
    card = of(rules_with(FACTORS))
    # 62.5 × 18 ÷ 24 = 46.875; 37.5 × 62,667 ÷ 100,000 = 23.500…
    score = score_by(card, {"term_months": D(30), "users": D(62_667)})
    assert score.factors == (FactorScore("term", D("62.5"), D("46.9")), FactorScore("people", D("37.5"), D("23.5")))
    assert (score.points, score.band) == (D("70.4"), "fair")
    assert score_by(card, {"term_months": D(30), "users": D(62_800)}).band == "strong"  # 37.5 × 0.628 = 23.55: 70.5


def test_a_factor_by_margin_is_discreet() -> None:
    text = FACTORS.replace("users / 100000", "clamp(either(margin, 0), 0, 1)")
    assert [each.is_discreet for each in of(rules_with(text)).factors] == [False, True]
    assert [each.is_discreet for each in score_by(of(rules_with(text)), {}).factors] == [False, True]


def test_what_is_not_known_gives_no_points_and_is_named() -> None:
    score = score_by(of(rules_with(one('1 if area == "north" else 0.05'))), {})
    assert (score.points, score.factors[0].missing, score.band) == (D(0), "area", "weak")


def test_rules_without_a_scorecard_are_what_they_were() -> None:
    rulebook = load_rulebook(small_rules(), currency_digits=DIGITS)
    assert (rulebook.scorecard, rulebook.guidance) == (None, None)


@pytest.mark.parametrize(
    "value",
    [
        "(either(margin, 0) + 0.5) / 1.5",  # −50% … 100% by its declared range
        "clamp(either(realisation, 1) - 0.8, 0, 1)",
        "0.5 if known(margin) and margin > 0.2 else rating if known(rating) else 0",
        "1 - discretionary",
        "max(0, 1 - waived / 4)",
        "clamp(product_count - 1, 0, 1)",
        "term_months / 3 * 3 / 60",
        "min(either(realisation, 1), 1)",
        "ratio_of(users, users + 1, 0) if prepaid and users < 0 else users / 100000",
    ],
)
def test_what_is_proved_to_be_0_to_1_needs_no_clamp(value: str) -> None:
    found = [each for each in told(one(value)) if not each.startswith(("W", "E083"))]
    assert found == []


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("either(margin, 0)", "this may come to -0.5 to 1, and a factor gives 0 to 1"),
        ("either(realisation, 1)", "this may come to 0 or more, and a factor gives 0 to 1"),
        ("1 - waived", "this may come to 1 or less, and a factor gives 0 to 1"),
        ("users / 99999", "this may come to 0 to 1.0001, and a factor gives 0 to 1"),
        ("ratio_of(acv, 100000, 0)", "this may come to any number, and a factor gives 0 to 1"),
        ("users * users * users * users", "this may come to 0 to 1E+20, and a factor gives 0 to 1"),
    ],
)
def test_what_is_not_proved_is_refused(value: str, what: str) -> None:
    assert [each for each in told(one(value)) if each[0] == "E"] == [f"E902 factors[0].value: {what}"]


def test_what_may_be_above_1_is_compared_with_such_numbers_and_a_percentage_is_still_found() -> None:
    assert told(one("1 if either(realisation, 1) >= 1.10 else 0")) == []
    (fault,) = told(one("1 if either(realisation, 1) >= 110 else 0"))
    assert fault.startswith("E082 ")
    (fault,) = told(one("1 if either(margin, 0) >= 1.10 else 0"))  # never above 100%
    assert fault.startswith("E082 ")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("37.5", "30", "E901 factors: the weights sum to 92.5, and not to 100"),
        ("37.5", "37.55", 'E129 factors[1].weight: "37.55" is not a number of points of a score'),
        ("37.5", "0.0", "E129 factors[1].weight: a factor of no weight moves no score"),
        ("id: people", "id: term", "E201 factors[1].id: the factor term is there twice"),
        (
            "users / 100000",
            "1",
            "E903 factors[1].value: this is the same for every deal, so it tells none from another",
        ),
        (
            "users / 100000",
            "clamp(users + 1, 0, 1) * 1.0",
            "E903 factors[1].value: this is the same for every deal, so it tells none from another",
        ),
        ("users / 100000", "uers / 100000", "E060 factors[1].value: there is no name `uers`"),
        ("users / 100000", "prepaid", "E072 factors[1].value: this gives a yes/no; the rule needs number"),
        ("users / 100000", "acv", "E072 factors[1].value: this gives an amount of money; the rule needs number"),
        (
            "users / 100000",
            "ratio_of(remaining_fees, 100, 0)",
            "E061 factors[1].value: `remaining_fees` is not known here; "
            "it is known at the step that changes a contract: in fees and caps of terms",
        ),
    ],
)
def test_what_is_wrong_with_factors_is_told_where_it_stands(old: str, new: str, fault: str) -> None:
    assert told(FACTORS.replace(old, new)) == [fault]


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        ("[{from: 10, name: weak}]", "E904 bands: a score below 10 is called nothing"),
        (
            "[{from: 0, name: a}, {from: 50, name: b}, {from: 50, name: c}]",
            "E904 bands[2].from: another band begins at 50",
        ),
        ("[{from: 0, name: a}, {from: 50, name: a}]", "E201 bands[1].name: the band a is there twice"),
        (
            "[{from: 0, name: a}, {from: 100.1, name: b}]",
            "E129 bands[1].from: 100.1 is not a number of points of a score",
        ),
        ("[]", "E105 bands: this is empty"),
    ],
)
def test_bands_cover_every_score_once(bands: str, fault: str) -> None:
    assert told(FACTORS, f"bands: {bands}\n") == [fault]


def test_points_that_nobody_gets_or_everybody_has_are_warned_of() -> None:
    # Terms are 1 to 60 months: 1 ÷ 60 of the weight is always there, and not worth a word.
    assert told(one("term_months / 60")) == []
    assert told(one("term_months / 120"))[0].endswith("no deal gets more than 50.0 of the 100 points of only")
    assert told(one("0.2 + 0.8 * users / 100000"))[-1].endswith(
        "every deal gets at least 20.0 of the 100 points of only"
    )
    # An attribute may not be known, and then the factor gives nothing.
    assert told(one('1 if area == "north" else 0.5')) == []


def test_a_name_of_scoring_is_known_nowhere_else_and_optional_where_it_may_be_missing() -> None:
    files = files_with(FACTORS)
    policy = FILES["discounts/spring-promotion.yaml"].replace("term_months >= 12", "waived >= 1")
    files["discounts/spring-promotion.yaml"] = policy.encode()
    limits = FILES["discounts/discretion.yaml"].replace("arr_after < 250000", "waived < 2")
    files["discounts/discretion.yaml"] = limits.encode()
    matrix = FILES["approvals/discount.yaml"].replace("acv", "waived")
    files["approvals/discount.yaml"] = matrix.encode()
    files["vocabulary.yaml"] = files["vocabulary.yaml"].replace(b', range: "0%..", optional: true}', b"}")
    found = check_rulebook(files, currency_digits=DIGITS).faults
    assert [(each.code, each.path) for each in found] == [
        ("E412", "columns.waived"),
        ("E061", "limits[1].when"),
        ("E061", "when"),
        ("E914", "names.realisation"),
    ]
    assert "in the factors of the scorecard" in found[1].what


def test_without_a_vocabulary_that_alone_is_said() -> None:
    files = files_with(FACTORS)
    for name in ("vocabulary.yaml", "discounts/spring-promotion.yaml", "discounts/discretion.yaml"):
        del files[name]
    del files["approvals/discount.yaml"]
    files["discounts/multi-product.yaml"] = (
        FILES["discounts/multi-product.yaml"]
        .replace(
            'schedule: {by: product_count, bands: [{from: 2, percent: "10%"}, {from: 3, percent: "15%"}]}',
            'percent: "5%"',
        )
        .encode()
    )
    (fault,) = check_rulebook(files, currency_digits=DIGITS).faults
    assert (fault.code, fault.related[0].file) == ("E225", "scoring/scorecard.yaml")


@pytest.mark.parametrize(
    ("old", "new", "accepted"),
    [
        ("62.5", "62.5", True),
        ("62.5", "62.55", True),  # a pattern is of texts: a number of two decimals is found by the check
        ('"37.5"', '"37.55"', False),
        ('"37.5"', "120", False),
        ("id: term, ", "", False),
        ("weight: 62.5", "wieght: 62.5", False),
    ],
)
def test_an_editor_knows_what_loads(old: str, new: str, accepted: bool) -> None:
    assert (complaints(HEAD + FACTORS.replace(old, new) + BANDS) == []) == accepted


def test_ends_of_many_digits_are_no_error_of_arithmetic() -> None:
    (fault,) = told(one(" * ".join(["users"] * 40)))
    assert "0 to 1E+200" in fault
