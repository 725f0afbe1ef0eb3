"""A small rule repository, file name to YAML: `small_rules()` is valid, `changed(...)` breaks it on purpose."""

from __future__ import annotations

from collections.abc import Mapping

DIGITS: Mapping[str, int] = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
"""Decimals of the minor unit of the currencies that tests use."""

FILES: Mapping[str, str] = {
    "rulebook.yaml": """\
kind: rulebook
name: Small company
language: "1"
reporting_currency: USD
currencies: [USD, EUR]
proration: days
billing: {default: yearly_in_advance, plans: [yearly_in_advance, monthly_in_advance]}
term: {minimum_months: 1, maximum_months: 60}
roles: [rep, manager, deal_desk]
discount_groups:
  - {id: portfolio, pick: best, base: compound}
  - {id: promotions, pick: best, base: compound}
""",
    "vocabulary.yaml": """\
kind: vocabulary
names:
  segment: {type: enum, values: [smb, mid_market, enterprise], from: account.segment, meaning: size of the customer}
  users: {type: count, from: metric.users, range: "0..100000", meaning: users bought}
  term_months: {type: months, from: request.term_months, range: "1..60", meaning: length of the term}
  tier: {type: enum, from: quote.tier, meaning: the tier the quote resolves to}
  list_arr: {type: money, from: quote.list_arr, meaning: ARR at list price}
  prepaid: {type: yes_no, from: account.prepaid, meaning: pays before the term starts}
  rating: {type: ratio, from: account.rating, range: "0%..100%", optional: true, meaning: credit rating if there is one}
  starts_on: {type: date, from: request.effective_date, meaning: first day of the term}
  product_count: {type: count, from: quote.product_count, meaning: paid modules and add-ons}
  arr_after: {type: money, from: quote.arr_after, meaning: ARR after the quote}
  acv: {type: money, from: quote.acv, meaning: value per contract year}
  discretionary: {type: ratio, from: quote.discretionary, range: "0%..100%", meaning: what the rep asks for}
  remaining_fees: {type: money, from: change.remaining_fees, range: "0..", meaning: fees left of what is given up}
  fees_per_year: {type: money, from: change.fees_per_year, range: "0..", meaning: what is given up costs per year}
  year_of_term: {type: count, from: change.year_of_term, range: "1..", meaning: the first year is 1}
""",
    "metrics.yaml": """\
kind: metrics
metrics:
  - {id: users, kind: capacity, unit: user, combine: max, step: 1}
  - {id: storage_gb, kind: capacity, unit: GB, combine: sum, step: 1}
  - {id: api_calls, kind: usage, unit: call, combine: sum, step: 1}
""",
    "products/crm.yaml": """\
kind: product
id: crm
name: CRM
type: module
family: sales
charges:
  - {id: seats, metric: users, timing: recurring, per: month}
quantities:
  users: {minimum: 5}
unit_cost: {seats: "8.00"}
""",
    "products/analytics.yaml": """\
kind: product
id: analytics
name: Analytics
type: module
family: insight
charges:
  - {id: seats, metric: users, timing: recurring, per: month}
requires: [crm]
requires_tier: growth
""",
    "products/api.yaml": """\
kind: product
id: api
name: API
type: add-on
family: platform
charges:
  - {id: calls, metric: api_calls, timing: usage, per: month}
""",
    "products/support.yaml": """\
kind: product
id: premium-support
name: Premium support
type: service
family: services
charges:
  - {id: fee, timing: recurring, per: month, percent_of: {type: [module, add-on], timing: recurring}}
""",
    "products/onboarding.yaml": """\
kind: product
id: onboarding
name: Onboarding
type: service
family: services
charges:
  - {id: fee, timing: one_time}
""",
    "tiers/platform.yaml": """\
kind: tiers
id: platform
name: Platform
family: platform
ladder:
  - id: essentials
    limits: {users: 50, storage_gb: 100}
    offers: [crm, onboarding]
  - id: growth
    charges: [{id: platform_fee, timing: recurring, per: month}]
    limits: {users: 500, storage_gb: {included: 2000, overage: true}}
    offers: [crm, analytics, api, onboarding, premium-support]
  - id: enterprise
    charges: [{id: platform_fee, timing: recurring, per: month}]
    limits: {users: unlimited, storage_gb: 20000}
    offers: all
""",
    "bundles/insight-suite.yaml": """\
kind: bundle
id: insight-suite
name: Insight suite
items: [{product: crm}, {any_of: [analytics, api]}]
price: {off_list: "18%"}
why: reward for taking the suite
""",
    "price_books/usd.yaml": """\
kind: price_book
id: usd
currency: USD
prices:
  crm.seats:
    - {from: 2026-01-01, why: list 2026, model: per_unit, unit_price: "50.00"}
    - {from: 2027-01-01, why: list 2027, model: per_unit, unit_price: "52.00"}
  analytics.seats:
    - from: 2026-01-01
      why: list 2026
      model: graduated
      bands: [{up_to: 100, unit_price: "20.00"}, {unit_price: "17.00"}]
  api.calls:
    - {from: 2026-01-01, why: list 2026, model: package, size: 1000, price: "1.50", included: 10000}
  premium-support.fee:
    - {from: 2026-01-01, why: list 2026, model: percentage, rate: "20%", minimum: "100.00"}
  onboarding.fee:
    - {from: 2026-01-01, why: priced per deal, on_request: true}
  growth.platform_fee:
    - {from: 2026-01-01, why: list 2026, model: flat, amount: "900.00"}
  enterprise.platform_fee:
    - {from: 2026-01-01, why: list 2026, model: flat, amount: "2400.00"}
""",
    "price_books/eur.yaml": """\
kind: price_book
id: eur
currency: EUR
market: [DE, FR]
prices:
  crm.seats:
    - {from: 2026-01-01, why: list 2026, model: per_unit, unit_price: "46.00"}
  analytics.seats:
    - {from: 2026-01-01, why: list 2026, model: per_unit, unit_price: "18.00"}
  api.calls:
    - {from: 2026-01-01, why: list 2026, model: package, size: 1000, price: "1.40"}
  premium-support.fee:
    - {from: 2026-01-01, why: list 2026, model: percentage, rate: "20%"}
  onboarding.fee:
    - {from: 2026-01-01, why: list 2026, model: flat, amount: "1500.00"}
  growth.platform_fee:
    - {from: 2026-01-01, why: list 2026, model: flat, amount: "840.00"}
  enterprise.platform_fee:
    - {from: 2026-01-01, why: list 2026, model: flat, amount: "2250.00"}
""",
    "discounts/multi-product.yaml": """\
kind: discount_policy
id: multi-product
group: portfolio
applies_to: {type: [module, add-on, platform], timing: recurring}
schedule: {by: product_count, bands: [{from: 2, percent: "10%"}, {from: 3, percent: "15%"}]}
on_improved: reprice
why: rewards consolidation
""",
    "discounts/spring-promotion.yaml": """\
kind: discount_policy
id: spring-promotion
group: promotions
when: 'segment in ["smb", "mid_market"] and term_months >= 12'
percent: "12%"
duration: {months: 12}
requested_between: {from: 2026-03-01, until: 2026-06-01}
why: spring campaign
""",
    "discounts/discretion.yaml": """\
kind: discretion
limits:
  - {id: d1, role: rep, line_max: "10%", quote_max: "8%"}
  - {id: d2, role: manager, line_max: "20%", quote_max: "15%", when: 'arr_after < 250000'}
max_total_discount: "45%"
floor: {net_ratio: "55%", or_margin: "30%"}
may_price: [deal_desk]
why: board decision of 2025
""",
    "approvals/discount.yaml": """\
kind: approval_matrix
id: discount
levels: [manager, director, deal_desk]
hit: highest
columns: {discretionary: range, acv: range}
rows:
  - {id: a1, discretionary: "0%..20%", acv: "..250000", level: manager}
  - {id: a2, discretionary: "0%..20%", acv: "250000..", level: director}
  - {id: a3, discretionary: "20%..", acv: "..", level: deal_desk}
""",
    "fx_rates.yaml": """\
kind: fx_rates
rates:
  - {from: 2026-01-01, EUR: "1.08"}
""",
}


def small_rules(overrides: Mapping[str, str | None] | None = None) -> dict[str, bytes]:
    """The files as the loader takes them; an override replaces or adds a file, None leaves it out."""
    texts: dict[str, str | None] = {**FILES, **(overrides or {})}
    return {name: text.encode() for name, text in texts.items() if text is not None}


def changed(file: str, old: str, new: str) -> dict[str, bytes]:
    """The small rules with one piece of text of one file replaced.

    Raises: ValueError when the text is not there exactly once, so that a test cannot break the wrong thing.
    """
    text = FILES[file]
    if text.count(old) != 1:
        raise ValueError(f"{file} has {old!r} {text.count(old)} times")
    return small_rules({file: text.replace(old, new)})
