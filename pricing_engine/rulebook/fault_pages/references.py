"""The pages of E2xx: names that point at nothing or at two things, and packaging that nobody could buy."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

_DANGLING = "A rule about something that does not exist never fires, and nobody notices."

REFERENCE_CODES: Mapping[str, CodePage] = {
    "E201": CodePage(
        "something defined twice",
        "An id stands for one thing; with two of them, which one holds would depend on the order of files. "
        "Products, tiers and bundles share their ids, since price books name prices by them.",
        "two products with id: crm",
        "id: crm and id: crm-classic",
    ),
    "E202": CodePage("an unknown product", _DANGLING, "requires: [cmr]", "requires: [crm]"),
    "E203": CodePage("an unknown metric", _DANGLING, "metric: user", "metric: users"),
    "E204": CodePage("an unknown tier", _DANGLING, "requires_tier: grwoth", "requires_tier: growth"),
    "E205": CodePage(
        "an unknown discount group",
        "The rulebook's order of groups is the order they apply in; a policy of no group has no place in it.",
        "group: promotion",
        "group: promotions",
    ),
    "E206": CodePage("an unknown role", _DANGLING, "role: sales", "role: rep"),
    "E207": CodePage(
        "an unknown approval level",
        "Levels are listed lowest first; one that is not listed is neither higher nor lower than another.",
        "level: boss",
        "level: director",
    ),
    "E208": CodePage("an unknown charge", _DANGLING, 'unit_cost: {seat: "3.10"}', 'unit_cost: {seats: "3.10"}'),
    "E209": CodePage(
        "a currency the rulebook does not sell in",
        "Price books and exchange rates are for the rulebook's currencies; the reporting currency needs no rate.",
        "currency: CHF, with currencies: [USD, EUR]",
        "currencies: [USD, EUR, CHF]",
    ),
    "E210": CodePage("an unknown product family", _DANGLING, "family: insights", "family: insight"),
    "E211": CodePage(
        "a second file of a kind there is one of",
        "Settings that stand in two files contradict each other sooner or later.",
        "metrics.yaml and more-metrics.yaml",
        "one metrics.yaml",
    ),
    "E212": CodePage(
        "no rulebook file",
        "It names the currencies, roles, terms and groups that every other file builds on.",
        "a repository without kind: rulebook",
        "rulebook.yaml with kind: rulebook",
    ),
    "E213": CodePage(
        "products that require each other in a circle",
        "None of them could be added first.",
        "crm requires analytics, analytics requires crm",
        "analytics requires crm",
    ),
    "E214": CodePage(
        "a product that requires what is excluded",
        "It could never be bought.",
        "requires: [crm]\nexcludes: [crm]",
        "requires: [crm]",
    ),
    "E215": CodePage(
        "a product that no tier sells",
        "It has a price but nobody can buy it: no tier at or above the one it needs offers it with all it requires.",
        "offered_in: [essentials]\nrequires_tier: growth",
        "offered_in: [growth, enterprise]\nrequires_tier: growth",
    ),
    "E216": CodePage(
        "a bundle of products that exclude each other",
        "Nobody could ever have all of its items.",
        "items: [{product: basic}, {product: pro}], where pro excludes basic",
        "items: [{any_of: [basic, pro]}, {product: crm}]",
    ),
    "E217": CodePage(
        "a name the vocabulary does not have",
        "Columns of the approval matrix and schedules go by names of the vocabulary.",
        "columns: {avc: range}",
        "columns: {acv: range}",
    ),
    "E218": CodePage(
        "a table that is not there",
        "The rows of the matrix stand in a CSV file in the same folder.",
        "rows_csv: discounts.csv, beside discount.csv",
        "rows_csv: discount.csv",
    ),
    "E219": CodePage(
        "a default billing plan that is not offered",
        "A quote that names no plan gets the default, so it must be one of the plans.",
        "billing: {default: up_front, plans: [yearly_in_advance]}",
        "billing: {default: yearly_in_advance, plans: [yearly_in_advance, up_front]}",
    ),
    "E220": CodePage(
        "a currency the world does not have",
        "How many decimals an amount is rounded to comes from the currency table, and it has no such currency.",
        "currencies: [USD, EUX]",
        "currencies: [USD, EUR]",
    ),
    "E221": CodePage(
        "a role that nobody can act as",
        "Requests come from rep, manager, deal_desk, pricing, revops, admin or integration; a limit of any other role "
        "would never apply. Who only approves is a level of the approval matrix, whose names are free.",
        "roles: [rep, manager, cfo]",
        "roles: [rep, manager], and in the approval matrix levels: [manager, cfo]",
    ),
    "W222": CodePage(
        "a yearly share of what is owed once",
        "A recurring percentage takes its share in every period, also of a set-up fee that is paid only once.",
        "{id: fee, timing: recurring, per: year, percent_of: {family: services}}, with a one-time set-up in services",
        "{id: fee, timing: recurring, per: year, percent_of: {family: services, timing: recurring}}",
    ),
    "W224": CodePage(
        "a selector that selects nothing",
        "Each of its words is known, but no charge has all of them, so the rule never applies.",
        "applies_to: {type: module, family: care}, where care has only services",
        "applies_to: {family: care}",
    ),
    "W223": CodePage(
        "a higher tier that holds less",
        "Customers who need more would have to go down the ladder, and the engine only ever lifts them. Metrics that "
        "no charge counts are not compared.",
        "ladder: [{id: growth, limits: {users: 500}}, {id: enterprise, limits: {users: 50}}]",
        "ladder: [{id: growth, limits: {users: 500}}, {id: enterprise, limits: {users: 5000}}]",
    ),
    "E226": CodePage(
        "an unknown bundle",
        "No file of kind bundle has this id.",
        "offer: {bundle: insight-suit}",
        "offer: {bundle: insight-suite}",
    ),
    "E227": CodePage(
        "products that replace each other in a circle",
        "A product and those it replaces are one line in figures of retention, called after the last successor. In a "
        "circle there is none.",
        "id: crm with replaces: [crm-classic], and id: crm-classic with replaces: [crm]",
        "id: crm with replaces: [crm-classic], and nothing about it in crm-classic",
    ),
    "E225": CodePage(
        "a file that the rules need is not there",
        "Conditions go by the vocabulary, charges count metrics, products name tiers: without the file none of it can "
        "be checked.",
        "when: 'term_months >= 24', and no file of kind vocabulary",
        "vocabulary.yaml with kind: vocabulary",
    ),
}
