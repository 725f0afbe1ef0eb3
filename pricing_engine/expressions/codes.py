"""What each fault code of an expression means and how to avoid it; the rulebook's catalogue of faults includes this."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

_TEXT: Mapping[str, CodePage] = {
    "E010": CodePage(
        "line break inside an expression",
        "A reader that stops at the first line would drop the rest of the condition in silence.",
        "users > 500⏎and discount <= 0.15",
        "users > 500 and discount <= 0.15",
    ),
    "E011": CodePage(
        "empty expression",
        "Nothing says neither yes nor no.",
        'when: ""',
        "leave the field out, or write a condition",
    ),
    "E012": CodePage(
        "expression too long",
        "Beyond 1,000 characters nobody can check a rule by reading it.",
        "users in [0, 1, 2, …, 9999]",
        'lookup("table", key), or several rules',
    ),
    "E013": CodePage(
        "character outside quotes that is not plain ASCII",
        "Letters that only look like ours, special blanks and tabs make a rule mean something other than it shows.",
        "ｕｓｅｒｓ > 5",
        "users > 5",
    ),
    "E014": CodePage(
        "text with characters that cannot be seen",
        "Invisible characters make two texts look equal that are not.",
        'region == "EM[U+200B]EA"',
        'region == "EMEA"',
    ),
    "E015": CodePage(
        "backslash",
        "There are no escapes and no continued lines: a text is what it shows.",
        r'region == "\x45MEA"',
        'region == "EMEA"',
    ),
    "E016": CodePage(
        "comment inside an expression",
        "A # hides everything after it, also half of a condition.",
        "users > 5 # and discount < 0.1",
        "users > 5, and the reason in the rule's why",
    ),
    "E017": CodePage("quote never closed", "The text has no end.", 'region == "EMEA', 'region == "EMEA"'),
    "E018": CodePage(
        "letters directly before a quote",
        "In other languages f, b and r before a quote change what the text means.",
        'f"{users}" == region',
        'region == "EMEA"',
    ),
    "E019": CodePage(
        "two texts side by side",
        "Without a comma they would be glued into one text that matches nothing.",
        'region in ["EMEA" "APAC"]',
        'region in ["EMEA", "APAC"]',
    ),
    "E020": CodePage(
        "not a plain decimal number",
        "One spelling for numbers: others are read differently by different tools.",
        "1e3, 0x1F4, 1_000, .15, 15., 007",
        "1000, 500, 0.15, 15, 7",
    ),
    "E021": CodePage(
        "number too long",
        "At most 15 digits, 8 of them decimals, are needed for any price; more is a slip.",
        "discount <= 0.1234567890123",
        "discount <= 0.12345678",
    ),
    "E022": CodePage(
        "too many words and signs",
        "Beyond 240 a rule cannot be understood, and one huge rule would slow every quote.",
        "prepaid and prepaid and …",
        "several rules, or a lookup table",
    ),
    "E023": CodePage(
        "brackets nested too deep",
        "More than 12 levels cannot be read.",
        "((((((((((((( users )))))))))))))",
        "users",
    ),
    "E024": CodePage("brackets do not match", "An open bracket has no end.", "min(users, 5", "min(users, 5)"),
    "E025": CodePage(
        "expression too deep",
        "At most 240 parts and 48 levels are read, so that no rule can exhaust the machine.",
        "1 if prepaid else 1 if prepaid else 1 …",
        "several rules, or a lookup table",
    ),
    "E026": CodePage(
        "percent sign after a number",
        "Inside expressions % means something else in other languages; shares are decimals.",
        "discount > 15%",
        "discount > 0.15",
    ),
}

_GRAMMAR: Mapping[str, CodePage] = {
    "E030": CodePage("cannot be read", "The words do not form an expression.", "users > > 5", "users > 5"),
    "E031": CodePage(
        "dot outside a number",
        "Values have no parts and no methods; through them any code could be reached.",
        "region.upper()",
        'region == "EMEA"',
    ),
    "E032": CodePage(
        "value taken apart with square brackets", "Texts and numbers are whole.", "region[0]", 'region == "EMEA"'
    ),
    "E033": CodePage(
        "operator that is not in the language",
        "Powers, remainders, shifts and bit operators are slips or traps in a price rule.",
        "(users > 5) | (users < 3)",
        "users > 5 or users < 3",
    ),
    "E034": CodePage(
        "spelling of another language",
        "One spelling for each operator: and, or, not, ==, !=, <=, >=.",
        "users <> 5 && !prepaid",
        "users != 5 and not prepaid",
    ),
    "E035": CodePage(
        "assignment or named argument",
        "An expression looks at facts and changes none; arguments go by position.",
        "discount = 0.15",
        "discount == 0.15",
    ),
    "E036": CodePage(
        "second statement", "Only one of them would count.", "users > 500; prepaid", "users > 500 and prepaid"
    ),
    "E037": CodePage(
        "word of a programming language",
        "Rules are single expressions: nothing is imported, looped over or defined.",
        "import os",
        "users > 500",
    ),
    "E038": CodePage(
        "value of a programming language",
        "Not-a-number, infinity and placeholders compare in ways nobody expects; some count as yes.",
        "nan > 1, ...",
        "users > 1",
    ),
    "E039": CodePage(
        "None", "A missing value is asked about, not compared.", "unit_cost == None", "not known(unit_cost)"
    ),
    "E040": CodePage(
        "True or False", "A yes/no is used by itself; a constant decides nothing.", "prepaid == True", "prepaid"
    ),
    "E041": CodePage(
        "unknown function",
        "Only the listed functions exist: they are exact, quick and give the same result on replay.",
        "rand() < 0.5",
        "min max abs floor ceil clamp round_to ratio_of known either usage_share lookup months_between",
    ),
    "E042": CodePage("star before an argument", "Arguments are written out.", "max(*users)", "max(users, 5)"),
    "E043": CodePage(
        "group of values",
        "A group is always true, whatever is inside.",
        "(users > 5, discount > 0)",
        "users > 5 and discount > 0",
    ),
    "E044": CodePage(
        "`in` without a list",
        'Looking inside a text matches parts of it: "ME" is in "EMEA".',
        'region in ("EMEA")',
        'region in ["EMEA"]',
    ),
    "E045": CodePage("list on its own", "A list means something only after `in`.", "[0] * 5", "users in [10, 20]"),
    "E046": CodePage(
        "list entry that is not a constant",
        "A list of constants can be checked and proved; names are compared one by one.",
        "users in [quantity, 5]",
        "users == quantity or users == 5",
    ),
    "E047": CodePage(
        "entry twice in a list",
        "One of them was meant to be something else.",
        'in ["EMEA", "EMEA"]',
        'in ["EMEA", "APAC"]',
    ),
    "E048": CodePage("empty list", "Nothing is in it, so the rule never applies.", "users in []", "users in [10]"),
    "E049": CodePage(
        "chain of comparisons",
        "Only a rising range is read as meant; other chains join pairs nobody wrote.",
        "users > 500 == prepaid",
        "5 <= users < 10, or two comparisons joined with and",
    ),
    "E050": CodePage("doubled `not` or minus", "Two undo each other.", "not not prepaid, --5", "prepaid, 5"),
    "E051": CodePage("`is`", "It compares identities, not values.", "users is 5", "users == 5"),
    "E052": CodePage(
        "sign that is not in the language",
        "Braces, colons and the like build other things.",
        "{users: 5}",
        "users == 5",
    ),
    "E053": CodePage(
        "name that starts with an underscore", "Such names lead into the machinery.", "__import__", "a vocabulary name"
    ),
    "E054": CodePage("wrong number of arguments", "Each function takes a fixed number.", "min(users)", "min(users, 5)"),
}

_NAMES: Mapping[str, CodePage] = {
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

_UNITS: Mapping[str, CodePage] = {
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

CODES: Mapping[str, CodePage] = {**_TEXT, **_GRAMMAR, **_NAMES, **_UNITS}
