"""The pages of E1xx: a file, a field or a value that is not of the shape its kind needs."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

SHAPE_CODES: Mapping[str, CodePage] = {
    "E100": CodePage(
        "a file whose kind is not known",
        "The kind says which fields a file has; without it nothing in the file can be checked.",
        "kind: discount",
        "kind: discount_policy",
    ),
    "E101": CodePage(
        "a field is missing",
        "A value nobody wrote would have to be guessed, and a guessed price is a wrong price.",
        '{id: d1, role: rep, line_max: "10%"}',
        '{id: d1, role: rep, line_max: "10%", quote_max: "8%"}',
    ),
    "E102": CodePage(
        "a field that does not exist",
        "A misspelt field that is passed over is a rule that silently does nothing.",
        "reqires: [crm]",
        "requires: [crm]",
    ),
    "E103": CodePage(
        "a word that is not known",
        "The field takes one of a few words, and none of them is this one.",
        "timing: monthly",
        "timing: recurring",
    ),
    "E104": CodePage(
        "a value of the wrong kind",
        "A list where a mapping is needed, a number where text is needed: the file means something else than it says.",
        "name: 2026",
        'name: "2026"',
    ),
    "E105": CodePage(
        "a value that is empty or too long",
        "An empty list or text says nothing; a field that is not needed can be left out.",
        "roles: []",
        "roles: [rep, manager]",
    ),
    "E106": CodePage(
        "fields that need or exclude each other",
        "Two sizes, or none: only the author knows which one is meant.",
        'percent: "10%"\namount: "500.00"',
        'percent: "10%"',
    ),
    "E110": CodePage(
        "not an id",
        "Ids are kebab-case everywhere, so that nobody has to remember how one was written.",
        "id: Multi_Product",
        "id: multi-product",
    ),
    "E111": CodePage(
        "not a name",
        "Names in expressions, metrics, charges, roles and levels are snake_case: a hyphen would be a minus there.",
        "id: storage-gb",
        "id: storage_gb",
    ),
    "E112": CodePage(
        "not an amount",
        "Thousands separators and currency signs are read differently from country to country.",
        'amount: "1,200.00"',
        'amount: "1200.00"',
    ),
    "E113": CodePage(
        "not a quantity",
        "A quantity, size, step or rate is a plain number; a limit of a tier may also be the word unlimited.",
        "size: a thousand",
        "size: 1000",
    ),
    "E114": CodePage(
        "not a day of the calendar",
        "A day is written year-month-day and must exist.",
        "from: 2026-02-30",
        "from: 2026-02-28",
    ),
    "E115": CodePage(
        "dates in the wrong order",
        "A range of days is half-open: it ends before `until`, which therefore lies after `from`.",
        "{from: 2026-06-01, until: 2026-03-01}",
        "{from: 2026-03-01, until: 2026-06-01}",
    ),
    "E116": CodePage(
        "not a range",
        "A range is half-open, low..high, and either end may be left out; both ends are in the same unit.",
        'discretionary: "20-30%"',
        'discretionary: "20%..30%"',
    ),
    "E117": CodePage(
        "not a number of months",
        "Terms and promotions last whole months.",
        "duration: {months: 1.5}",
        "duration: {months: 2}",
    ),
    "E118": CodePage(
        "a percentage without its sign",
        "15 may be 15% or 1500%, and 0.15 may be 15% or 0.15%: only the sign leaves no doubt.",
        "line_max: 15",
        'line_max: "15%"',
    ),
    "E119": CodePage(
        "not a currency code",
        "Currencies are written as in ISO 4217: three capital letters.",
        "currency: euro",
        "currency: EUR",
    ),
    "E120": CodePage(
        "a file that would be left out",
        "Only .yaml files are read; one that ends in .yml would be missed in silence.",
        "discounts/spring.yml",
        "discounts/spring.yaml",
    ),
    "E121": CodePage(
        "a table that cannot be read",
        "A table of approval rows has a header and one cell per column in every row.",
        "id,level,acv\na1,manager",
        "id,level,acv\na1,manager,..250000",
    ),
    "E122": CodePage(
        "a name that comes from nowhere",
        "A name whose value nobody can look up makes every rule that uses it dead.",
        "from: quote.term",
        "from: request.term_months",
    ),
    "E123": CodePage(
        "a type that does not fit where the value comes from",
        "The unit of a value is that of its origin; declaring another would let rules compare months with money.",
        "acv: {type: count, from: quote.acv}",
        "acv: {type: money, from: quote.acv}",
    ),
    "E124": CodePage(
        "values that do not fit the name",
        "An enum lists every value it can have, and only those; other types have none.",
        "segment: {type: enum, from: account.segment}",
        "segment: {type: enum, values: [smb, enterprise], from: account.segment}",
    ),
    "E125": CodePage(
        "a range that does not fit the type",
        "Ratios range in percent, other numbers do not, and words have no range.",
        'discount: {type: ratio, range: "0..1", from: quote.discount}',
        'discount: {type: ratio, range: "0%..100%", from: quote.discount}',
    ),
    "E126": CodePage(
        "a maximum below its minimum",
        "Nothing lies between them, so nothing could be sold.",
        "users: {minimum: 50, maximum: 5}",
        "users: {minimum: 5, maximum: 50}",
    ),
    "E127": CodePage(
        "not a number of days",
        "Notice, windows and trials are whole days; a promise or a trial of no days would be none.",
        "notice_days: 2.5",
        "notice_days: 3",
    ),
    "E128": CodePage(
        "not a number of points",
        "Points are hundredths of the ARR at the opening: eight of them lost are -8, neither -8% nor -0.08.",
        'points_per_year: "-8%"',
        'points_per_year: "-8"',
    ),
    "E129": CodePage(
        "not points of a score",
        "A score has 100 points. Weights, and where bands begin, are numbers up to that, in tenths at most, as parts "
        "of a score are shown; a factor weighs more than nothing.",
        "weight: 0.25",
        "weight: 25",
    ),
    "W130": CodePage(
        "an attribute that figures are not told apart by",
        "Every book is told apart by product, currency, market, cohort, size, tier, term and discount. An attribute of "
        "that name is known to rules, and to nobody who asks for segments.",
        "tier: {type: text, from: account.tier, meaning: how support serves the account}",
        "support_tier: {type: text, from: account.support_tier, meaning: how support serves the account}",
    ),
}
