"""Price pages are read leniently where editors differ, and refused with a line where they are wrong."""

import pytest

from pricing_engine.imports import Outcome, import_pricing2yaml
from tests.unit.imports.pages import HEAD, imported, page, said


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "1:1: page: the page is empty (name a file in Pricing2Yaml syntax)"),
        (b"\xff\xfe\x00", "1:1: page: the page is not UTF-8 text (save it as UTF-8)"),
        (b"ok: 1\nb: \xff", "2:1: page: the page is not UTF-8 text (save it as UTF-8)"),
        (b"- a", "1:1: page: a price page is a mapping: saasName, plans, addOns \u2026"),
        (b"a: 1\n---\nb: 2", "2:1: page: the file holds several documents (put each page in a file of its own)"),
        (b"[" * 100_000, "1:33: page: the page is nested deeper than 32 levels (it is no price page)"),
        (b"? [a]\n: 1", "1:3: page: a name is a text, not a list or mapping (write a text)"),
        (b"a: *b", "1:4: page: the alias *b leads nowhere, or there are too many (write it out)"),
        (b"a: &a [*a]", "1:8: page: the alias *a leads nowhere, or there are too many (write it out)"),
    ],
)
def test_what_is_no_page_is_refused_at_its_line(content: bytes, expected: str) -> None:
    result = import_pricing2yaml("acme.yml", content)
    assert result.is_refused
    assert result.files == {}
    assert said(result, Outcome.ERROR) == [expected]


def test_broken_yaml_is_refused_with_its_line() -> None:
    (error,) = said(imported("plans:\n\t- x\n"), Outcome.ERROR)
    assert error.startswith("7:1: page: this is not YAML: ")


def test_a_file_too_large_to_be_a_page_is_refused_unread() -> None:
    (error,) = said(import_pricing2yaml("acme.yml", b"#" * 5_000_001), Outcome.ERROR)
    assert error == "1:1: page: the page is larger than 5000000 bytes (split it)"


def test_every_fault_of_a_page_is_reported_at_once() -> None:
    result = imported(
        """\
        plans:
          FREE: {unit: user/month}
          PRO: {price: [1]}
          PRO: {price: 2}
          TEAM:
        addOns: 3
        """,
        head="version: '2025'\nsyntaxVersion: '2.1'\ncurrency: dollars\n",
    )
    assert said(result, Outcome.ERROR) == [
        "1:1: page: saasName is missing (add saasName: Name)",
        "1:1: page: createdAt is missing, so the prices have no first day (add createdAt: '2025-02-26')",
        "3:11: page: currency 'dollars' is no ISO 4217 code (write currency: USD)",
        "5:3: plan FREE: has no price (add price: 9.99, or price: Contact Sales if there is none)",
        "6:16: plan PRO: price is one value, not a list or mapping",
        "7:3: name PRO: is given twice (keep one of the two)",
        "8:3: plan TEAM: a plan is a mapping of fields (write its fields below the name, indented)",
        "9:9: page: addOns is a mapping of names (write addOns: and names below it)",
    ]


def test_a_page_that_sells_nothing_is_refused() -> None:
    (error,) = said(imported("plans: null\naddOns: null\n"), Outcome.ERROR)
    assert error == "1:1: page: there is neither a plan nor an add-on (add plans: or addOns:, with a price for each)"


def test_a_day_that_the_calendar_does_not_have_is_refused() -> None:
    head = HEAD.replace("2025-02-26", "2025-02-30")
    (error,) = said(imported("plans: {A: {price: 1}}\n", head=head), Outcome.ERROR)
    assert error == "4:12: page: createdAt is a day, not '2025-02-30' (write createdAt: '2025-02-26')"


def test_a_sign_for_a_currency_is_taken_for_its_code_with_a_warning() -> None:
    result = imported("plans: {A: {price: 1}}\n", head=HEAD.replace("USD", "€"))
    assert said(result, Outcome.WARNING) == ["5:11: page: the currency '€' is taken as EUR (write EUR)"]
    assert "currency: EUR" in result.files["price_books/eur.yaml"]


def test_fields_that_pricing2yaml_does_not_have_are_named_with_what_was_meant() -> None:
    result = imported("plans:\n  A: {price: 1, featurez: null}\ncoupons: 3\n")
    assert said(result, Outcome.WARNING) == [
        "7:17: field featurez: plan A has a field Pricing2Yaml does not know; it was not read (did you mean features?)",
        "8:1: field coupons: page has a field Pricing2Yaml does not know; it was not read",
    ]


def test_aliases_and_merge_keys_of_editors_are_followed() -> None:
    result = imported(
        """\
        features:
          chat: {valueType: BOOLEAN, defaultValue: false, type: DOMAIN}
        plans:
          BASIC: &basic {price: 10, unit: user/month, features: &all {chat: {value: true}}}
          PRO: {<<: *basic, price: 20}
          TOP: {price: 30, features: *all}
        """
    )
    assert not result.is_refused
    assert (
        'pro.seats:\n    - {from: 2025-02-26, model: per_unit, unit_price: "20"' in result.files["price_books/usd.yaml"]
    )
    assert "| chat | yes | yes | yes |" in result.files["IMPORT.md"]


def test_a_name_that_is_used_but_not_defined_is_refused_with_the_likely_one() -> None:
    result = imported(
        """\
        features:
          chat: {valueType: BOOLEAN, defaultValue: false, type: DOMAIN}
        usageLimits:
          boards: {valueType: NUMERIC, defaultValue: 5, type: NON_RENEWABLE, linkedFeatures: [chatt]}
        plans:
          PRO: {price: 1, features: {chatt: {value: true}}, usageLimits: {bords: {value: 1}}}
        addOns:
          more: {price: 1, availableFor: [PROO], dependsOn: [less], excludes: [more], usageLimitsExtensions: {x: 1}}
        """
    )
    assert said(result, Outcome.ERROR) == [
        "11:30: feature chatt: plan PRO overrides it, but the page does not define it (did you mean chat?)",
        "11:67: usage limit bords: plan PRO overrides it, but the page does not define it (did you mean boards?)",
        "13:35: plan PROO: add-on more is available for it, but the page does not define it (did you mean PRO?)",
        "13:54: add-on less: add-on more depends on it, but the page does not define it "
        "(define the add-on, or remove the name)",
        "13:72: add-on more: excludes itself (remove the name from excludes)",
        "13:103: usage limit x: add-on more extends it, but the page does not define it "
        "(define the usage limit, or remove the name)",
    ]


def test_values_of_another_type_are_refused() -> None:
    result = imported(
        """\
        features: {chat: {valueType: BOOLEAN, type: DOMAIN}}
        usageLimits: {boards: {valueType: NUMERIC, defaultValue: many, type: NON_RENEWABLE}}
        plans: {PRO: {price: 1, unit: [user]}}
        billing: {annual: most}
        """
    )
    assert said(result, Outcome.ERROR) == [
        "6:12: feature chat: has no defaultValue (add defaultValue: and its value)",
        "7:58: usage limit boards: is NUMERIC, but its default 'many' is no number "
        "(write a number, or .inf for unlimited)",
        "8:31: plan PRO: unit is a text (write unit: some text)",
        "9:19: billing annual: is no number above 0: it multiplies the monthly price (write annual: 0.9)",
    ]


def test_the_same_page_always_gives_the_same_text() -> None:
    body = "plans: {A: {price: 1}, B: {price: 2}}\naddOns: {x: {price: 3}, y: {price: 4, dependsOn: [x]}}\n"
    first, second = (import_pricing2yaml("acme.yml", page(body)) for _ in range(2))
    assert list(first.files.items()) == list(second.files.items())
    assert first.report == second.report


def test_add_ons_that_depend_on_each_other_in_a_circle_are_refused_at_each_of_them() -> None:
    rules = {"one": "two", "two": "three", "three": "one", "four": "one"}
    lines = [f"  {name}: {{price: 1, dependsOn: [{other}]}}" for name, other in rules.items()]
    result = imported("addOns:\n" + "\n".join(lines) + "\n")
    fix = "(take one of them out of dependsOn)"
    turn = "which depends on it in turn: neither can be added first"
    assert said(result, Outcome.ERROR) == [
        f"7:31: add-on one: depends on two, {turn} {fix}",
        f"8:31: add-on two: depends on three, {turn} {fix}",
        f"9:33: add-on three: depends on one, {turn} {fix}",
    ]


def test_bounds_that_no_quantity_meets_are_refused() -> None:
    result = imported("addOns: {x: {price: 1, unit: block, subscriptionConstraints: {min: 3, max: 2, step: 0}}}\n")
    assert said(result, Outcome.ERROR) == [
        "6:62: add-on x: may be taken at least 3 and at most 2 times (write a maximum of at least the minimum)",
        "6:85: add-on x: step is 0, not above 0",
    ]
