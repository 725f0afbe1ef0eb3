"""The page behind every code of a test beside the rules: what is wrong with the test itself, not with a price."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing_engine.errors import CodePage

EXAMPLE_CODES: Mapping[str, CodePage] = MappingProxyType(
    {
        "E500": CodePage(
            "a test for a rule file that is not there",
            "Who changes a rule looks for its tests by its name; a test that lost its rule is found by nobody.",
            "for: discounts/multiproduct",
            "for: discounts/multi-product",
        ),
        "E501": CodePage(
            "a name the vocabulary does not have",
            "A test that sets an attribute no rule can ask for passes for another reason than its author thinks.",
            "given: {segmnt: smb}",
            "given: {segment: smb}",
        ),
        "E502": CodePage(
            "a value that does not fit its name",
            "Attributes have the type and the words that the vocabulary gives them.",
            "given: {segment: medium}",
            "given: {segment: mid_market}",
        ),
        "E503": CodePage(
            "a field that is no metric",
            "Beside its own fields, a product that is added takes quantities by metric.",
            "add: [{product: crm, user: 100}]",
            "add: [{product: crm, users: 100}]",
        ),
        "E504": CodePage(
            "a price book that is not there",
            "`given: {price_book: …}` names a price book of the rules, or the one in the same test file.",
            "given: {price_book: usa}",
            "given: {price_book: usd}",
        ),
        "E505": CodePage(
            "an example without a date",
            "Prices and conditions are dated; an example that takes today's would change its answer by itself.",
            "given: {segment: smb}",
            "given: {segment: smb, effective: 2026-02-01}",
        ),
        "E506": CodePage(
            "two examples of one name",
            "A report names examples, and must mean one.",
            "cases: [{name: two products, …}, {name: two products, …}]",
            "cases: [{name: two products, …}, {name: three products, …}]",
        ),
        "E507": CodePage(
            "an expectation that says nothing, or two things at once",
            "An example without an expectation cannot fail; a request that is refused has no figures.",
            "expect: {refused: unknown-product, arr: '0.00'}",
            "expect: {refused: unknown-product}",
        ),
        "E508": CodePage(
            "a price book of a test that does not hold together",
            "It is in a currency that the rules sell in, and on each day one entry of a charge is in force.",
            "price_book: {id: own, currency: CHF, prices: {…}}",
            "price_book: {id: own, currency: USD, prices: {…}}",
        ),
        "E509": CodePage(
            "a discount asked for without one size",
            "It is a percentage, an amount or a unit price to come to, and one charge needs its product.",
            "discounts: [{percent: '5%', amount: '100.00'}]",
            "discounts: [{percent: '5%'}]",
        ),
        "E510": CodePage(
            "an example that asks for what the rules do not have",
            "It cannot be priced. An example that shows how such a request is refused expects just that.",
            "add: [{product: cmr, users: 100}]",
            "add: [{product: crm, users: 100}]",
        ),
        "E511": CodePage(
            "an example that changes a contract it does not have",
            "What is removed, renewed or cancelled was sold before; `contract` says when, and what.",
            "request: {remove: [analytics]}",
            "contract: {effective: 2026-01-01, add: [{product: analytics, users: 9}]}\nrequest: {remove: [analytics]}",
        ),
    }
)
