"""The pages of E8xx and W8xx: targets of retention that are there twice, of no segment, or contradict each other."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

TARGET_CODES: Mapping[str, CodePage] = {
    "E801": CodePage(
        "two targets of one thing at one time",
        "A figure would be ahead of the one and behind the other, and two people would answer for it.",
        '{driver: pricing, owner: ada, points_per_year: "+4", from: 2026-01-01}\n'
        '{driver: pricing, owner: ben, points_per_year: "+5", from: 2026-01-01}',
        '{driver: pricing, owner: ada, points_per_year: "+4", from: 2026-01-01}\n'
        '{driver: pricing, owner: ben, points_per_year: "+5", from: 2027-01-01}',
    ),
    "E802": CodePage(
        "a segment by something that is not known",
        "The book is told apart by product, currency, market, cohort, size, tier, term, discount, or an attribute that "
        "the vocabulary reads from accounts; a target by anything else would stand beside no figure.",
        "segment: {sgment: smb}",
        "segment: {segment: smb}",
    ),
    "E803": CodePage(
        "a segment that nobody can be in",
        "The vocabulary lists the values of an attribute; sizes, discounts, terms and cohorts are called as "
        "`retention show` calls them.",
        "segment: {size: large}",
        'segment: {size: "100,000 and more"}',
    ),
    "E804": CodePage(
        "a GRR that cannot be reached",
        "GRR leaves growth out: it is at most 100%, and at most NRR.",
        'rate: grr, target: "102%"',
        'rate: grr, target: "92%"',
    ),
    "W805": CodePage(
        "an NRR that is not the sum of its drivers",
        "NRR is 100% and the points of the three drivers. Where their targets make another sum, each owner can be on "
        "target and the book is not.",
        'nrr "110%", with retention "-8", pricing "+4" and expansion "+12"',
        'nrr "108%"',
    ),
    "W806": CodePage(
        "a target that looks like a slip",
        "A rate below 30% is likelier the growth alone, less than a quarter of a point a fraction, and retention above "
        "0 a sign that is missing, than what is meant.",
        'driver: retention, points_per_year: "8"',
        'driver: retention, points_per_year: "-8"',
    ),
}
