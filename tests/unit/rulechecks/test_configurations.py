"""Valid configurations are counted exactly, also where there are far too many to list."""

import pytest

from pricing_engine.imports import import_pricing2yaml
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulechecks.configurations import ConfigurationCount, count_configurations

HEAD = "saasName: Acme\nsyntaxVersion: '2.1'\ncreatedAt: '2025-02-26'\ncurrency: USD\n"


def counted(plans: list[str], add_ons: dict[str, str]) -> ConfigurationCount:
    """The count for a page with these plans, and these add-ons with their rules."""
    lines = [HEAD, "plans:" if plans else ""]
    lines += [f"  {name}: {{price: 1}}" for name in plans]
    lines += ["addOns:" if add_ons else ""]
    lines += [f"  {name}: {{price: 1{f', {rules}' if rules else ''}}}" for name, rules in add_ons.items()]
    files = import_pricing2yaml("acme.yml", "\n".join(lines).encode()).files
    return count_configurations(
        load_rulebook({name: text.encode() for name, text in files.items()}, currency_digits={"USD": 2})
    )


def test_each_plan_alone_is_a_configuration() -> None:
    assert counted(["FREE", "PRO"], {}) == ConfigurationCount(2, {"free": 1, "pro": 1})


def test_an_add_on_doubles_the_plans_that_offer_it() -> None:
    # FREE alone; PRO with and without
    assert counted(["FREE", "PRO"], {"sites": "availableFor: [PRO]"}).by_tier == {"free": 1, "pro": 2}


def test_an_add_on_that_needs_another_comes_only_with_it() -> None:
    # none, sites, sites and more: not more alone
    assert counted(["PRO"], {"sites": "", "more": "dependsOn: [sites]"}).total == 3


def test_add_ons_that_exclude_each_other_do_not_meet_whichever_says_so() -> None:
    # none, one, two
    assert counted(["PRO"], {"one": "excludes: [two]", "two": ""}).total == 3
    assert counted(["PRO"], {"one": "", "two": "excludes: [one]"}).total == 3


def test_what_an_add_on_needs_must_be_offered_too() -> None:
    # FREE does not offer sites, so it cannot have more either; PRO as above
    rules = {"sites": "availableFor: [PRO]", "more": "dependsOn: [sites]"}
    assert counted(["FREE", "PRO"], rules).by_tier == {"free": 1, "pro": 3}


def test_without_plans_the_sets_of_add_ons_count_and_nothing_at_all_does_not() -> None:
    # one; two; one and two
    assert counted([], {"one": "", "two": ""}) == ConfigurationCount(3, {})


def test_add_ons_that_need_what_they_exclude_indirectly_are_in_no_configuration() -> None:
    # a needs b, b needs c, c excludes a: {}, {c}, {b, c}
    assert counted(["PRO"], {"aa": "dependsOn: [bb]", "bb": "dependsOn: [cc]", "cc": "excludes: [aa]"}).total == 3


@pytest.mark.parametrize("number", [10, 200])
def test_a_chain_of_needs_has_one_more_configuration_than_links(number: int) -> None:
    # each length of the chain from its start, and none
    chain = {f"x{place}": f"dependsOn: [x{place - 1}]" if place else "" for place in range(number)}
    assert counted(["PRO"], chain).total == number + 1


def test_independent_add_ons_are_counted_without_listing_two_to_the_number_of_them() -> None:
    assert counted(["PRO"], {f"x{place}": "" for place in range(300)}).total == 2**300


def test_of_add_ons_that_all_exclude_each_other_one_or_none_is_taken() -> None:
    names = [f"x{place}" for place in range(40)]
    rules = {name: f"excludes: [{', '.join(names[place + 1 :])}]" for place, name in enumerate(names)}
    assert counted(["PRO"], rules).total == 41
