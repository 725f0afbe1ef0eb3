"""Upsell paths: what a file of them compiles to, what its condition may ask, and what is refused of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from jsonschema import Draft7Validator

from pricing_engine.catalog.products import Timing
from pricing_engine.offers.paths import BundleOffer, CapacityOffer, Incentive, PathTrial, ProductOffer, TierOffer
from pricing_engine.policies.discounts import Percent
from pricing_engine.rulebook.load import check_rulebook, load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.schema import schemas
from pricing_engine.rulebook.yaml_reader import read_yaml
from tests.unit.rulebook.small_rules import DIGITS, small_rules
from tests.unit.rulebook.test_schema import plain

D = Decimal
HEAD = "kind: upsell_path\nid: {id}\nsay: {say}\nwhy: because\n"
TERMS = "kind: terms\nid: standard\nwhy: all\ntrials: [{product: analytics, days: 30, limits: {users: 25}}]\n"
FULL = """\
from: {tier: growth, product: crm}
when: 'usage_share("storage_gb") >= 0.80 or users >= 400'
offer: {tier: enterprise, incentive: {percent: "5%", months: 12}}
trial: {product: analytics, days: 30, limits: {users: 20}}
"""


def path(text: str, *, say: str = "Take it.", id: str = "next") -> dict[str, str]:
    return {f"upsell_paths/{id}.yaml": HEAD.format(id=id, say=f'"{say}"') + text}


def rules_with(text: str, **more: str) -> Rulebook:
    files = small_rules({"terms/standard.yaml": TERMS, **path(text, **more)})
    return load_rulebook(files, currency_digits=DIGITS)


def told(text: str, **more: str) -> list[str]:
    files = small_rules({"terms/standard.yaml": TERMS, **path(text, **more)})
    found = check_rulebook(files, currency_digits=DIGITS).faults
    return [f"{fault.code} {fault.path}: {fault.what}" for fault in found]


def test_a_path_is_compiled_field_by_field() -> None:
    (found,) = rules_with(FULL).upsell_paths
    assert (found.id, found.tier, found.product) == ("next", "growth", "crm")
    assert found.rule == ("next", "upsell_paths/next.yaml", 2, "because")
    assert found.target == TierOffer("enterprise")
    assert found.trial == PathTrial("analytics", 30, {"users": D(20)})
    assert found.incentive == Incentive(D("0.05"), 12)
    assert found.when is not None
    assert found.when.names == {"users"}
    assert not found.starts_anywhere


@pytest.mark.parametrize(
    ("offer", "target"),
    [
        ("{product: api, quantities: {api_calls: 1000}}", ProductOffer("api", {"api_calls": D(1000)})),
        ("{capacity: {metric: users, more: 10}}", CapacityOffer("users", D(10))),
        ("{bundle: insight-suite}", BundleOffer("insight-suite")),
    ],
)
def test_an_offer_is_of_a_tier_a_product_capacity_or_a_bundle(offer: str, target: object) -> None:
    (found,) = rules_with(f"offer: {offer}\n").upsell_paths
    assert found.target == target
    assert found.starts_anywhere


def test_an_incentive_is_a_policy_of_the_last_group_for_the_lines_of_the_offer() -> None:
    rules = rules_with(FULL)
    policy = rules.discounts[-1]
    assert (policy.id, policy.path, policy.group) == ("next", "next", "promotions")
    assert (policy.size, policy.months) == (Percent(D("0.05")), 12)
    assert policy.applies_to.products == {"platform"}
    assert policy.applies_to.timings == {Timing.RECURRING}
    assert [each.path for each in rules.discounts[:-1]] == [None, None]


def test_the_incentive_of_a_bundle_is_off_all_its_products_and_on_top_of_its_price() -> None:
    rules = rules_with('offer: {bundle: insight-suite, incentive: {percent: "3%"}}\n')
    assert rules.discounts[-1].applies_to.products == {"crm", "analytics", "api"}
    assert rules.discounts[-1].stacks_with_bundles


def test_the_incentive_of_capacity_is_off_what_counts_it() -> None:
    rules = rules_with('offer: {capacity: {metric: users, more: 5}, incentive: {percent: "3%"}}\n')
    assert rules.discounts[-1].applies_to.products == {"crm", "analytics"}


def test_a_condition_asks_what_the_account_is_has_and_uses() -> None:
    fine = 'segment == "smb" and users > 5 and product_count >= 1 and usage_share("api_calls") > 0.5'
    assert told(f"when: '{fine}'\noffer: {{product: api}}\n") == []


@pytest.mark.parametrize("name", ["term_months >= 24", "list_arr > 5", "acv > 5", "remaining_fees > 5"])
def test_a_condition_asks_nothing_of_a_quote_or_a_change(name: str) -> None:
    (fault,) = told(f"when: '{name}'\noffer: {{product: api}}\n")
    assert fault.startswith(f"E061 when: `{name.split(maxsplit=1)[0]}` is not known here")


def test_what_is_used_is_asked_by_upsell_paths_alone() -> None:
    policy = small_rules()["discounts/spring-promotion.yaml"].decode()
    text = policy.replace("term_months >= 12", 'usage_share("users") > 0.5')
    faults = check_rulebook(small_rules({"discounts/spring-promotion.yaml": text}), currency_digits=DIGITS).faults
    assert [fault.code for fault in faults] == ["E067"]


def test_a_condition_that_contradicts_itself_is_the_usual_fault() -> None:
    (fault,) = told("from: {tier: growth}\nwhen: 'users > 500 and users < 5'\noffer: {tier: enterprise}\n")
    assert fault.startswith("E415 when:")


def test_use_may_be_beyond_a_limit_but_what_is_bought_may_not() -> None:
    # Growth lets storage run over its limit, and holds 500 users.
    text = "from: {{tier: growth}}\nwhen: '{when}'\noffer: {{tier: enterprise}}\n"
    assert told(text.format(when='usage_share("users") > 1')) == []
    (fault,) = told(text.format(when="users >= 501"))
    assert fault == "E703 when: this never holds on growth, where the path starts"


def test_one_way_to_hold_is_enough() -> None:
    assert told("from: {tier: growth}\nwhen: 'users >= 501 or users >= 400'\noffer: {tier: enterprise}\n") == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "E106 : this path leads nowhere"),
        ("offer: {tier: growth, product: crm}\n", "E106 offer: an offer is of one thing"),
        ("offer: {}\n", "E106 offer: an offer is of one thing"),
        ("offer: {tier: growth, quantities: {users: 5}}\n", "E106 offer: only a product or a bundle has quantities"),
        ("from: {}\noffer: {tier: growth}\n", "E106 from: this starts from nothing"),
        ("offer: {tier: grwth}\n", "E204 offer.tier: there is no tier grwth"),
        ("offer: {product: cmr}\n", "E202 offer.product: there is no product cmr"),
        ("from: {product: cmr}\noffer: {tier: growth}\n", "E202 from.product: there is no product cmr"),
        ("offer: {capacity: {metric: usrs, more: 5}}\n", "E203 offer.capacity.metric: there is no metric usrs"),
        ("offer: {product: crm, quantities: {usrs: 5}}\n", "E203 offer.quantities.usrs: there is no metric usrs"),
        ('offer: {product: api, incentive: {percent: "120%"}}\n', "E402 offer.incentive.percent: 120% is more than"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(text: str, fault: str) -> None:
    (found,) = told(text)
    assert found.startswith(fault)


def test_a_path_is_not_called_like_a_discount_policy() -> None:
    (fault,) = told("offer: {product: api}\n", id="multi-product")
    assert fault == "E201 id: there is a discount policy multi-product already"


def test_two_paths_are_not_called_alike() -> None:
    twice = {**path("offer: {product: api}\n"), "upsell_paths/b.yaml": HEAD.format(id="next", say="x") + FULL}
    found = check_rulebook(small_rules({"terms/standard.yaml": TERMS, **twice}), currency_digits=DIGITS).faults
    assert [fault.what for fault in found] == ["the upsell path next is there twice"]


def test_a_sentence_may_use_what_its_path_has() -> None:
    say = "{offer}: {percent} for {months} months; {days} days; {users} {tier} {storage_gb_share}"
    assert told(FULL, say=say) == []
    (fault,) = told("offer: {capacity: {metric: users, more: 5}}\n", say="{more} {days}")
    assert fault == "E705 say: nothing is known by the name days"


def test_a_dearer_bundle_is_not_a_way_up() -> None:
    rules = small_rules()
    price = '  suite.price:\n    - {from: 2026-01-01, why: list, model: flat, amount: "%s"}\n'
    fee = "kind: product\nid: %s\ntype: add-on\nfamily: sales\ncharges: [{id: fee, timing: recurring, per: month}]\n"
    suite = "kind: bundle\nid: suite\nitems: [{product: a}, {product: b}]\nprice: {fixed: true, per: month}\nwhy: x\n"
    more = {f"products/{id_}.yaml": fee % id_ for id_ in "ab"} | {"bundles/suite.yaml": suite}
    entry = '  %s.fee:\n    - {from: 2026-01-01, why: list, model: flat, amount: "10.00"}\n'
    for book in ("price_books/usd.yaml", "price_books/eur.yaml"):
        more[book] = rules[book].decode() + entry % "a" + entry % "b" + price % ("21.00" if "usd" in book else "19.00")
    files = small_rules({**more, **path("offer: {bundle: suite}\n")})
    found = check_rulebook(files, currency_digits=DIGITS).faults
    # 21 × 12 = 252 against (10 + 10) × 12 = 240
    assert [fault.what for fault in found if fault.code == "E702"] == [
        "from 2026-01-01 suite costs 252.00 USD a year, more than its parts alone: 240.00"
    ]


def test_the_schema_takes_what_the_shape_takes() -> None:
    document, _ = read_yaml("x.yaml", (HEAD.format(id="next", say='"{offer}"') + FULL).encode())
    assert document is not None
    Draft7Validator(schemas()["upsell_path"]).validate(plain(document.data))
