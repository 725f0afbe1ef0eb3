"""Pages that contradict themselves are imported as far as they make sense, with a warning that says why."""

import pytest

from pricing_engine.imports import ImportedPricing, Outcome, import_pricing2yaml
from tests.shared import shared_path
from tests.unit.imports.pages import imported, said

FEATURES = "features:\n  chat: {valueType: BOOLEAN, defaultValue: false, type: DOMAIN}\n"

DEFECTS = {
    "addon-circular-dependency": (
        "24:3: warning: add-on addOn1: can never be bought: it needs both addOn3 and addOn1, and the first excludes "
        "the second; it is left out (correct availableFor, dependsOn or excludes)"
    ),
    "addon-excludes-nonexistent-addon": (
        "21:9: error: add-on bar: add-on foo excludes it, but the page does not define it "
        "(define the add-on, or remove the name)"
    ),
    "addon-invalid-dependency": (
        "30:3: warning: add-on addOn1: can never be bought: it needs both addOn2 and addOn1, and the first excludes "
        "the second; it is left out (correct availableFor, dependsOn or excludes)"
    ),
    "addon-need-multiple-plans": (
        "38:3: warning: add-on addonA: can never be bought: no plan offers all of addonA, addonB; it is left out "
        "(correct availableFor, dependsOn or excludes)"
    ),
    "addon-overriding-nonexistent-feature": (
        "18:7: error: feature feature2: add-on foo overrides it, but the page does not define it "
        "(did you mean feature1?)"
    ),
    "addon-same-as-plan": (
        "27:3: warning: add-on addOnA: gives nothing that plan BASIC, for which it is available, has not already "
        "(take BASIC out of availableFor)"
    ),
    "plan-low-tier-offer-less-high-price": (
        "19:3: warning: plan BASIC: costs more than plan PRO (30 against 10) and gives nothing more "
        "(compare the features and limits of the two)"
    ),
    "plan-overriding-nonexistent-usagelimit": (
        "27:7: error: usage limit usageLimit2: plan foo overrides it, but the page does not define it "
        "(did you mean usageLimit1?)"
    ),
    "plan-same-features-different-prices-2": (
        "26:3: warning: plan PRO: costs more than plan BASIC (30 against 10) and gives nothing more "
        "(compare the features and limits of the two)"
    ),
    "plan-with-zero-limit-but-addon": (
        "31:3: warning: plan PRO: has feature feature2, but its limit feature2usageLimit is 0, so it cannot be used "
        "(raise the limit, or take the feature out of the plan)"
    ),
}


def imported_defect(name: str) -> ImportedPricing:
    """What importing a page of the shared folder of defects gives."""
    return import_pricing2yaml("bad.yml", shared_path("data", "pricing2yaml-defects", name, "bad.yml").read_bytes())


@pytest.mark.parametrize(("defect", "expected"), DEFECTS.items())
def test_every_planted_defect_is_reported_and_nothing_else_of_its_kind(defect: str, expected: str) -> None:
    lines = imported_defect(defect).report
    grave = [str(line) for line in lines if line.outcome in (Outcome.ERROR, Outcome.WARNING)]
    assert grave == [f"bad.yml:{expected}"]


def test_every_published_defect_is_tested() -> None:
    folder = shared_path("data", "pricing2yaml-defects")
    assert {path.name for path in folder.iterdir() if path.is_dir()} == DEFECTS.keys()


def test_an_add_on_that_nobody_can_buy_is_left_out_and_others_stay() -> None:
    files = imported_defect("addon-circular-dependency").files
    assert {name for name in files if name.startswith("products/")} == {
        "products/add-on-2.yaml",
        "products/add-on-3.yaml",
    }
    assert "excludes" not in files["products/add-on-3.yaml"]


def test_an_add_on_available_for_no_plan_is_left_out() -> None:
    result = imported("plans: {A: {price: 1}}\naddOns: {x: {price: 1, availableFor: []}}\n")
    assert "products/x.yaml" not in result.files
    assert said(result, Outcome.WARNING)[0].startswith(
        "7:10: add-on x: can never be bought: it is available for no plan"
    )


def test_a_dearer_plan_that_gives_more_raises_no_doubt() -> None:
    result = imported(FEATURES + "plans:\n  A: {price: 1}\n  B: {price: 2, features: {chat: {value: true}}}\n")
    assert said(result, Outcome.WARNING) == []


def test_plans_that_count_different_things_are_not_compared() -> None:
    result = imported(FEATURES + "plans:\n  A: {price: 9, unit: user/month}\n  B: {price: 2, unit: /month}\n")
    assert said(result, Outcome.WARNING) == []


def test_a_plan_that_holds_more_is_worth_more() -> None:
    limit = "usageLimits: {space: {valueType: NUMERIC, defaultValue: 5, type: NON_RENEWABLE}}\n"
    result = imported(limit + "plans:\n  A: {price: 1}\n  B: {price: 2, usageLimits: {space: {value: .inf}}}\n")
    assert said(result, Outcome.WARNING) == []
