"""Pages of the faults found while an expression is read: its characters, and its grammar."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

TEXT: Mapping[str, CodePage] = {
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

GRAMMAR: Mapping[str, CodePage] = {
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
