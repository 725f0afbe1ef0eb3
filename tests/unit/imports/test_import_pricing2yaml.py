"""A price page becomes a rule repository; what rules cannot say is reported by name."""

from pricing_engine.imports import Outcome, import_pages, report_text
from tests.unit.imports.pages import HEAD, imported, page, said

SMALL = """\
    url: https://acme.test/pricing
    billing: {monthly: 1, annual: 0.7792}
    features:
      chat: {description: Talk, valueType: BOOLEAN, defaultValue: true, type: DOMAIN}
    usageLimits:
      storageLimit: {description: Space, valueType: NUMERIC, defaultValue: 5, unit: GB, type: NON_RENEWABLE}
      callsLimit: {valueType: NUMERIC, defaultValue: .inf, unit: calls/month, type: RENEWABLE}
    plans:
      FREE: {price: 0, unit: user/month}
      PRO:
        description: For teams
        price: 12.50
        unit: user/month
        usageLimits: {storageLimit: {value: .inf}, callsLimit: {value: 1000}}
      ENTERPRISE: {price: Contact Sales, unit: user/month}
    addOns:
      extraSites: {price: 3, unit: site/month, availableFor: [PRO, ENTERPRISE]}
      onboarding: {price: 990, unit: one time payment, availableFor: [FREE, PRO, ENTERPRISE]}
      aiPack: {price: 8, unit: member/month, dependsOn: [extraSites], excludes: [onboarding]}
    """


def test_plans_become_the_tiers_of_one_ladder_in_the_order_of_the_page() -> None:
    assert (
        imported(SMALL).files["tiers/plans.yaml"]
        == """\
# Acme, version 2025. Imported from acme.yml; see IMPORT.md for its licence and what was left out.
# Source: https://acme.test/pricing
kind: tiers
id: plans
name: "Acme"
ladder:
  - id: free
    name: "FREE"
    charges: [{id: seats, metric: users, timing: recurring, per: month}]
    limits:
      storage_limit: 5
      calls_limit: unlimited
  - id: pro
    name: "PRO"
    # For teams
    charges: [{id: seats, metric: users, timing: recurring, per: month}]
    limits:
      storage_limit: unlimited
      calls_limit: 1000
  - id: enterprise
    name: "ENTERPRISE"
    charges: [{id: seats, metric: users, timing: recurring, per: month}]
    limits:
      storage_limit: 5
      calls_limit: unlimited
"""
    )


def rules_of(text: str) -> str:
    """A rule file without its first lines, which are comments."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_an_add_on_becomes_a_product_offered_in_the_plans_that_list_it() -> None:
    files = imported(SMALL).files
    assert (
        rules_of(files["products/extra-sites.yaml"])
        == """\
kind: product
id: extra-sites
name: "extraSites"
type: add-on
family: add-ons
charges:
  - {id: sites, metric: sites, timing: recurring, per: month}
offered_in: [pro, enterprise]
"""
    )
    assert (
        rules_of(files["products/ai-pack.yaml"])
        == """\
kind: product
id: ai-pack
name: "aiPack"
type: add-on
family: add-ons
charges:
  - {id: seats, metric: users, timing: recurring, per: month}
requires: [extra-sites]
excludes: [onboarding]
"""
    )


def test_what_is_paid_once_becomes_a_service_and_every_plan_needs_no_list() -> None:
    onboarding = rules_of(imported(SMALL).files["products/onboarding.yaml"])
    assert "type: service\n" in onboarding
    assert "  - {id: fee, timing: one_time}\n" in onboarding
    assert "offered_in" not in onboarding


def test_prices_stand_in_one_book_from_the_day_of_the_page_and_words_stay_on_request() -> None:
    assert (
        rules_of(imported(SMALL).files["price_books/usd.yaml"])
        == """\
kind: price_book
id: usd
currency: USD
prices:
  # plans
  free.seats:
    - {from: 2025-02-26, model: per_unit, unit_price: "0", why: "price page of 2025-02-26"}
  pro.seats:
    - {from: 2025-02-26, model: per_unit, unit_price: "12.50", why: "price page of 2025-02-26"}
  enterprise.seats:
    - {from: 2025-02-26, on_request: true, why: "the page says: Contact Sales"}

  # add-ons
  extra-sites.sites:
    - {from: 2025-02-26, model: per_unit, unit_price: "3", why: "price page of 2025-02-26"}
  onboarding.fee:
    - {from: 2025-02-26, model: flat, amount: "990", why: "price page of 2025-02-26"}
  ai-pack.seats:
    - {from: 2025-02-26, model: per_unit, unit_price: "8", why: "price page of 2025-02-26"}
"""
    )


def test_a_billing_coefficient_becomes_a_discount_on_that_way_of_billing() -> None:
    # 0.7792 of the price is 22.08% off
    files = imported(SMALL).files
    assert (
        rules_of(files["discounts/annual-billing.yaml"])
        == """\
kind: discount_policy
id: annual-billing
group: billing
applies_to: {timing: recurring}
when: 'billing == "yearly_in_advance"'
percent: "22.08%"
why: "the page multiplies prices by 0.7792 when billed annual"
"""
    )
    assert (
        "billing: {default: monthly_in_advance, plans: [monthly_in_advance, yearly_in_advance]}"
        in (files["rulebook.yaml"])
    )


def test_usage_limits_become_metrics_that_keep_their_name_and_unit() -> None:
    metrics = rules_of(imported(SMALL).files["metrics.yaml"])
    assert '{id: storage_limit, kind: usage, unit: "GB", meaning: "storageLimit in GB: Space"}' in metrics
    assert (
        '{id: calls_limit, kind: usage, unit: "calls/month", meaning: "callsLimit in calls/month, renewed"}' in metrics
    )


def test_a_page_without_coefficients_is_billed_monthly_at_list() -> None:
    files = imported("plans: {A: {price: 1}}\n").files
    assert "billing: {default: monthly_in_advance, plans: [monthly_in_advance]}" in files["rulebook.yaml"]
    assert not [name for name in files if name.endswith("-billing.yaml")]


def test_ways_of_billing_the_engine_does_not_have_are_reported() -> None:
    result = imported("plans: {A: {price: 1}}\nbilling: {monthly: 1.2, semester: 0.95, biennial: 0.7, yearly: 1}\n")
    assert said(result, Outcome.NOT_REPRESENTED) == [
        "7:11: billing monthly: multiplies prices by 1.2; a discount policy only takes off",
        "7:41: billing biennial: is no billing plan the engine has",
    ]
    assert "plans: [half_yearly_in_advance, yearly_in_advance]" in result.files["rulebook.yaml"]
    assert 'percent: "5%"' in result.files["discounts/half-yearly-billing.yaml"]


def test_what_rules_cannot_say_is_reported_by_name_with_its_line() -> None:
    result = imported(
        """\
        tags: [Core]
        features:
          chat: {valueType: BOOLEAN, defaultValue: true, type: DOMAIN}
          pay: {valueType: TEXT, defaultValue: [CARD, INVOICE], type: PAYMENT}
        usageLimits:
          minUsers: {valueType: NUMERIC, defaultValue: 3, type: NON_RENEWABLE}
          sso: {valueType: BOOLEAN, defaultValue: false, type: NON_RENEWABLE}
          space: {valueType: NUMERIC, defaultValue: 3, type: NON_RENEWABLE}
        plans: {A: {price: 1}}
        addOns:
          more: {price: 1, unit: 5% of sales, usageLimits: {space: {value: 9}}}
          most: {price: 1, unit: block, usageLimitsExtensions: {space: {value: 9}}}
        """
    )
    features = "the engine prices and does not switch features; its values are listed in IMPORT.md"
    assert said(result, Outcome.NOT_REPRESENTED) == [
        "6:7: field tags: groups features on the page; rules have no features",
        f"8:3: feature chat: {features}",
        f"9:3: feature pay: {features}",
        "11:3: usage limit minUsers: is a least quantity; tiers have upper limits only",
        "12:3: usage limit sso: is no number: tiers have limits on quantities only",
        "16:17: add-on more: is priced in '5% of sales', a share of something the page does not define; "
        "it is on request",
        "16:53: usage limit space: add-on more changes it; limits belong to tiers, the change is listed in IMPORT.md",
        "17:57: usage limit space: add-on most changes it; limits belong to tiers, the change is listed in IMPORT.md",
    ]
    record = result.files["IMPORT.md"]
    assert "- `more` sets `space` to 9\n- `most` adds 9 to `space`" in record
    assert "| pay | CARD, INVOICE |" in record
    assert report_text(result.report).count("2 × feature chat, pay") == 1


def test_a_limit_that_is_no_quantity_in_one_plan_is_left_out_there_with_a_warning() -> None:
    result = imported(
        """\
        usageLimits: {space: {valueType: NUMERIC, defaultValue: 3, type: NON_RENEWABLE}}
        plans:
          A: {price: 1, usageLimits: {space: {value: -1}}}
          B: {price: 2, usageLimits: {space: 7}}
        """
    )
    assert said(result, Outcome.WARNING) == [
        "8:31: usage limit space: plan A sets it to -1, which is no quantity; the tier has no limit on it "
        "(write a number, or .inf for unlimited)"
    ]
    assert result.files["tiers/plans.yaml"].count("space:") == 1


def test_syntax_1_0_with_monthly_and_annual_prices_is_read() -> None:
    result = imported(
        """\
        plans:
          BASIC: {monthlyPrice: 0.0, annualPrice: 0.0, unit: user/month, features: null}
          ADVANCED: {monthlyPrice: 5.0, annualPrice: 4.0, unit: user/month, features: null}
          PRO: {monthlyPrice: 10.0, annualPrice: 8, unit: user/month, features: null}
        addOns: null
        """,
        head="saasName: petclinic\nday: 15\nmonth: 1\nyear: 2024\ncurrency: EUR\nhasAnnualPayment: true\n",
    )
    assert not result.is_refused
    assert '{from: 2024-01-15, model: per_unit, unit_price: "5.0"' in result.files["price_books/eur.yaml"]
    assert 'percent: "20%"' in result.files["discounts/annual-billing.yaml"]  # 4 ÷ 5 = 8 ÷ 10 = 0.8


def test_annual_prices_that_are_no_common_share_are_reported_plan_by_plan() -> None:
    result = imported(
        "plans:\n  A: {monthlyPrice: 10, annualPrice: 8}\n  B: {monthlyPrice: 10, annualPrice: 9}\n",
        head=HEAD.replace("syntaxVersion: '2.1'\nversion: '2025'", "version: '1.1'"),
    )
    what = "has an annualPrice that is not the same share of the monthly price as the others'"
    assert said(result, Outcome.NOT_REPRESENTED) == [f"6:3: plan A: {what}", f"7:3: plan B: {what}"]


def test_how_often_an_add_on_may_be_taken_becomes_a_quantity_rule() -> None:
    bounds = "subscriptionConstraints: {minQuantity: 2, maxQuantity: .inf, quantityStep: 2}"
    result = imported(f"addOns:\n  seats: {{price: 1, unit: block/month, {bounds}}}\n  flat: {{price: 1, {bounds}}}\n")
    assert "quantities:\n  blocks: {minimum: 2, step: 2}\n" in result.files["products/seats.yaml"]
    assert said(result, Outcome.NOT_REPRESENTED) == [
        "8:3: add-on flat: has a least, greatest or step quantity, but a price that counts nothing"
    ]


def test_a_page_of_add_ons_alone_has_no_ladder() -> None:
    files = imported("addOns: {a: {price: 1}, b: {price: 2, dependsOn: [a]}}\n").files
    assert "tiers/plans.yaml" not in files
    assert "products/b.yaml" in files


def test_plans_and_add_ons_of_the_same_name_get_different_ids() -> None:
    files = imported("plans: {PRO: {price: 1}}\naddOns: {pro: {price: 2}, plans: {price: 3}}\n").files
    assert {"products/pro-add-on.yaml", "products/plans-add-on.yaml"} <= files.keys()


def test_one_page_is_the_repository_and_several_have_a_folder_each() -> None:
    content = page("plans: {A: {price: 1}}\n")
    assert "rulebook.yaml" in import_pages({"pages/box/2025.yml": content}).files
    several = import_pages(
        {f"pages/{name}": content for name in ("box/2025.yml", "box/2024.yml", "Acme.yml", "acme.yml")}
    )
    assert [name for name in several.files if name.endswith("rulebook.yaml")] == [
        "box-2025/rulebook.yaml",
        "box-2024/rulebook.yaml",
        "acme/rulebook.yaml",
        "acme-2/rulebook.yaml",
    ]


def test_of_several_pages_only_the_refused_one_is_not_written() -> None:
    result = import_pages({"a.yml": page("plans: {A: {price: 1}}\n"), "b.yml": b"plans: 3\n"})
    assert result.is_refused
    assert {name.partition("/")[0] for name in result.files} == {"a"}
    assert {line.file for line in result.report} == {"b.yml"}
    assert report_text(result.report).startswith("b.yml:1:1: error: page\n    saasName is missing\n    fix: ")


def test_a_coefficient_with_the_noise_of_a_program_still_makes_a_percentage() -> None:
    # 1 − 0.83333333333333 = 0.16666666666667
    result = imported("plans: {A: {price: 1}}\nbilling: {annual: 0.8333333333333334}\n")
    assert 'percent: "16.666666666667%"' in result.files["discounts/annual-billing.yaml"]
    assert said(result, Outcome.WARNING) == ["7:11: billing annual: 0.8333333333333334 is rounded to 14 decimals"]


def test_a_plan_without_a_name_is_refused() -> None:
    (error,) = said(imported('plans: {"": {price: 1}}\n'), Outcome.ERROR)
    assert error == "6:9: plan: a plan without a name (give it one)"
