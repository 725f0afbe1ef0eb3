"""Pages of the faults found in what an expression means: its names, and its units."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

NAMES: Mapping[str, CodePage] = {
    "E060": CodePage("unknown name", "Every name is declared in vocabulary.yaml.", "user > 5", "users > 5"),
    "E061": CodePage(
        "name not known at this step",
        "A rule sees only what the waterfall has worked out before it; else its own result could decide it.",
        "a list-price rule that asks about net_ratio",
        "a name of this step, or the rule at a later step",
    ),
    "E062": CodePage(
        "optional name without guard",
        "It may be missing when a quote is priced, and the rule would fail then.",
        "unit_cost < list_price",
        "known(unit_cost) and unit_cost < list_price",
    ),
    "E063": CodePage(
        "default that may be missing",
        "`either` promises a value; its default must have one.",
        "either(unit_cost, unit_cost)",
        "either(unit_cost, 0)",
    ),
    "E064": CodePage(
        "guard for a name that is always there",
        "The question always has the same answer.",
        "known(users) and users > 5",
        "users > 5",
    ),
    "E065": CodePage("guard for a value", "Only a name can be missing.", "known(unit_cost + 1)", "known(unit_cost)"),
    "E066": CodePage("function without its brackets", "A function is not a value.", "min > 5", "min(users, 5) > 3"),
    "E067": CodePage(
        "unknown metric",
        "`usage_share` asks about a metric of metrics.yaml, written as a text.",
        'usage_share("storage")',
        'usage_share("storage_gb")',
    ),
    "E068": CodePage(
        "unknown lookup table",
        "`lookup` asks a declared table, written as a text.",
        'lookup("regions", region)',
        'lookup("region_factor", region)',
    ),
    "E069": CodePage(
        "key without a row",
        "A key that is not in the table would fail when a quote is priced.",
        "a table without a row for LATAM and without default",
        "a row for every value, or a default",
    ),
}

UNITS: Mapping[str, CodePage] = {
    "E070": CodePage(
        "number as a condition",
        "Every number but zero would count as yes.",
        "users and prepaid",
        "users > 0 and prepaid",
    ),
    "E071": CodePage("text as a condition", "Every text would count as yes.", '"users > 500"', "users > 500"),
    "E072": CodePage(
        "result of the wrong kind",
        "The field needs another kind of value than the expression gives.",
        "fee: 'discount * 2'",
        "fee: 'remaining_fees * 0.50'",
    ),
    "E073": CodePage(
        "different units",
        "Money, ratios, counts and months are not added to or compared with each other.",
        "list_price + discount > 100",
        "list_price * (1 + discount) > 100",
    ),
    "E074": CodePage("money times money", "That is no amount.", "list_price * unit_cost", "list_price * quantity"),
    "E075": CodePage(
        "divided by money", "Only money over money leaves a number.", "users / list_price", "list_price / 12"
    ),
    "E076": CodePage(
        "divisor that may be zero",
        "The rule would fail on the day the divisor is zero.",
        "list_price / quantity > 10",
        "quantity > 0 and list_price / quantity > 10, or ratio_of(part, whole, 0)",
    ),
    "E077": CodePage("division by zero", "There is no result.", "users / 0", "users / 10"),
    "E078": CodePage(
        "value that the enum does not have",
        "The condition could never hold, and the rule would be dead in silence.",
        'region == "EMAE"',
        'region == "EMEA"',
    ),
    "E079": CodePage(
        "number against text",
        "Values of different kinds are never equal; numbers stand without quotes.",
        'discount == "0.15"',
        "discount == 0.15",
    ),
    "E080": CodePage("order of texts", "Texts are equal or not; none is larger.", 'region > "A"', 'region != "A"'),
    "E081": CodePage("yes/no as a number", "Yes is not one.", "users > prepaid", "prepaid and users > 1"),
    "E082": CodePage(
        "ratio compared with a percentage",
        "A ratio is between 0 and 1; 15 would never be reached or always.",
        "discount <= 15",
        "discount <= 0.15",
    ),
    "E083": CodePage(
        "condition that always comes out the same",
        "It decides nothing: the rule is dead, or its condition is for show.",
        "1 == 1, or discount >= 0",
        "discount >= 0.10",
    ),
    "E084": CodePage(
        "branches of different kinds",
        "Both branches of a choice give one kind of value.",
        'list_price if prepaid else "none"',
        "list_price if prepaid else 0",
    ),
    "E085": CodePage(
        "text or date where a number is needed",
        "Arithmetic works on numbers; the time between dates is `months_between`.",
        '"a" * 100000000',
        "users * 100",
    ),
    "E086": CodePage(
        "not a date", "Dates are written year-month-day.", 'starts_on > "1/3/2026"', 'starts_on > "2026-03-01"'
    ),
    "E087": CodePage(
        "argument that makes no sense",
        "A step is a constant above zero, a lower limit lies below the upper one.",
        "clamp(discount, 1, 0), round_to(users, 0)",
        "clamp(discount, 0, 1), round_to(users, 5)",
    ),
}
