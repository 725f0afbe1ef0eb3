"""The pages of E4xx and W4xx: discounts that make no sense, and approval matrices that do not decide."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

POLICY_CODES: Mapping[str, CodePage] = {
    "E401": CodePage(
        "a schedule that does not rise",
        "A band holds from its start to the next one's; out of order, some would never be reached.",
        'bands: [{from: 3, percent: "15%"}, {from: 2, percent: "10%"}]',
        'bands: [{from: 2, percent: "10%"}, {from: 3, percent: "15%"}]',
    ),
    "E402": CodePage(
        "more than all of it",
        "A discount, limit, cap or floor lies between 0% and 100%.",
        'percent: "120%"',
        'percent: "12%"',
    ),
    "E403": CodePage(
        "a cell of no column",
        "A row may only have cells of the columns its matrix declares; others would be passed over.",
        'columns: {acv: range}\nrows: [{id: a1, avc: "..250000", level: manager}]',
        'rows: [{id: a1, acv: "..250000", level: manager}]',
    ),
    "E404": CodePage(
        "an approval matrix with a gap",
        'A quote that falls into it could be approved by nobody. Ranges are half-open: "20%..100%" leaves out 100%.',
        'discretionary: "0%..20%" and "25%.."',
        'discretionary: "0%..20%" and "20%.."',
    ),
    "W405": CodePage(
        "rows of an approval matrix that overlap",
        "With hit: highest the higher level decides; where the lower row was meant to, it never does.",
        'discretionary: "0%..25%" for manager and "20%.." for director',
        'discretionary: "0%..20%" for manager and "20%.." for director',
    ),
    "E406": CodePage(
        "a row that never decides",
        "With hit: first an earlier row holds wherever this one does.",
        'a1 with acv: "..", then a2 with acv: "..250000"',
        'a2 with acv: "..250000", then a1 with acv: ".."',
    ),
    "W407": CodePage(
        "more discount needs a lower level",
        "Asking for more would be easier than asking for less.",
        '"0%..20%" needs director, "20%.." needs manager',
        '"0%..20%" needs manager, "20%.." needs director',
    ),
    "E408": CodePage(
        "a name of the wrong kind",
        "Ranges and schedules need a number that is always known, in its own unit; lists of words an enum or text.",
        "columns: {segment: range}",
        "columns: {segment: one_of}",
    ),
    "E409": CodePage(
        "a word the column never has",
        "The vocabulary lists the values of the enum, and this is none of them.",
        "segment: [smal]",
        "segment: [smb]",
    ),
    "E410": CodePage(
        "an approval matrix that is too large to prove",
        "Every cell is looked at before the matrix is used; beyond this size nobody can read it either.",
        "1,200 rows",
        "a few rows with wider ranges",
    ),
    "E412": CodePage(
        "a name that is not known at this step",
        "Discounts are part of the price, so they cannot go by what pricing results in; and what a change gives up is "
        "known only to the fees of terms.",
        "schedule: {by: acv, …}",
        "schedule: {by: list_arr, …}",
    ),
    "W413": CodePage(
        "a schedule whose discount falls",
        "Buying more gives a smaller percentage, so customers stay just below the band.",
        'bands: [{from: 2, percent: "15%"}, {from: 3, percent: "10%"}]',
        'bands: [{from: 2, percent: "10%"}, {from: 3, percent: "15%"}]',
    ),
    "W414": CodePage(
        "a policy that takes nothing off",
        "It is granted and shown, and no price changes.",
        'percent: "0%"',
        'percent: "10%"',
    ),
    "E415": CodePage(
        "a condition that never holds",
        "No quote meets all its parts, so the rule is dead; it was meant to say something else.",
        "when: 'term_months >= 24 and term_months < 12'",
        "when: 'term_months >= 24 or term_months < 12'",
    ),
    "W416": CodePage(
        "limits without an approval matrix",
        "Who asks for more than a limit needs somebody's agreement; without a matrix such a quote cannot be made.",
        "discounts/discretion.yaml with limits, and no file of kind approval_matrix",
        "approvals/discount.yaml beside it",
    ),
}
