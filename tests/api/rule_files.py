"""The rules behind the API tests: two seats products, one on request, a floor, and prices in three currencies."""

from collections.abc import Mapping

RULEBOOK = """\
kind: rulebook
name: API tests
language: "1"
reporting_currency: USD
currencies: [USD, EUR, KWD]
proration: days
billing: {default: yearly_in_advance, plans: [yearly_in_advance, monthly_in_advance]}
term: {minimum_months: 1, maximum_months: 60}
roles: [rep, manager, deal_desk, pricing, revops, admin, integration]
discount_groups: [{id: portfolio, pick: best}]
"""

VOCABULARY = """\
kind: vocabulary
names:
  segment: {type: enum, values: [smb, mid_market], from: account.segment, optional: true, meaning: size of customer}
  discretionary: {type: ratio, from: quote.discretionary, meaning: share asked off}
"""

METRICS = """\
kind: metrics
metrics:
  - {id: users, kind: capacity, unit: user, combine: max, meaning: named people}
  - {id: api_calls, kind: usage, unit: call, combine: sum, meaning: calls per month}
"""

CRM = """\
kind: product
id: crm
name: CRM
type: module
family: work
charges: [{id: seats, metric: users, timing: recurring, per: month}]
unit_cost: {seats: "9.17"}
"""

ANALYTICS = """\
kind: product
id: analytics
name: Analytics
type: module
family: work
charges: [{id: seats, metric: users, timing: recurring, per: month}]
"""

REGION = """\
kind: product
id: region
name: Region
type: add-on
family: infrastructure
charges: [{id: fee, timing: recurring, per: month}]
"""

DISCRETION = """\
kind: discretion
why: what people may give
limits:
  - {id: rep-limit, role: rep, line_max: "10%", quote_max: "10%", why: enough to close}
  - {id: manager-limit, role: manager, line_max: "20%", quote_max: "20%", why: more}
max_total_discount: "90%"
floor: {net_ratio: "55%", or_margin: "41%", why: the board wants 55 of 100}
may_price: [deal_desk]
"""

APPROVALS = """\
kind: approval_matrix
id: discount
why: who agrees
levels: [manager, deal_desk]
hit: highest
columns: {discretionary: range}
rows:
  - {id: small, discretionary: "0%..20%", level: manager}
  - {id: large, discretionary: "20%..", level: deal_desk}
"""

RATES = """\
kind: fx_rates
why: test rates
rates: [{from: 2026-01-01, EUR: "1.10", KWD: "3.25"}]
"""


def _book(currency: str, seat: str) -> str:
    return f"""\
kind: price_book
id: {currency.lower()}
currency: {currency}
prices:
  crm.seats: [{{from: 2026-01-01, model: per_unit, unit_price: "{seat}", why: test list}}]
  analytics.seats: [{{from: 2026-01-01, model: per_unit, unit_price: "20.00", why: test list}}]
  region.fee: [{{from: 2026-01-01, on_request: true, why: per deal}}]
"""


TEXTS: Mapping[str, str] = {
    "rulebook.yaml": RULEBOOK,
    "vocabulary.yaml": VOCABULARY,
    "metrics.yaml": METRICS,
    "products/crm.yaml": CRM,
    "products/analytics.yaml": ANALYTICS,
    "products/region.yaml": REGION,
    "discounts/discretion.yaml": DISCRETION,
    "approvals/discount.yaml": APPROVALS,
    "fx_rates.yaml": RATES,
    "price_books/usd.yaml": _book("USD", "50.00"),
    "price_books/eur.yaml": _book("EUR", "45.00"),
    "price_books/kwd.yaml": _book("KWD", "15.000"),
}
"""A CRM seat costs 50.00 USD a month, so 100 seats list at 100 × 50 × 12 = 60,000.00 a year."""

FILES: Mapping[str, bytes] = {name: text.encode() for name, text in TEXTS.items()}
