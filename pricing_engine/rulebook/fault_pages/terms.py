"""The pages of E6xx and W6xx: terms that are for nobody or for two, fees that cannot be charged, and gifts."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

TERMS_CODES: Mapping[str, CodePage] = {
    "E601": CodePage(
        "two sets of terms for everybody",
        "Terms without `when` are for every account that no others are for; with two of them nobody knows which hold.",
        "terms/standard.yaml and terms/enterprise.yaml, both without when",
        "terms/enterprise.yaml with when: 'segment == \"enterprise\"'",
    ),
    "E602": CodePage(
        "terms that leave accounts without any",
        "An account that meets no `when` would have a contract that says nothing of cancelling, renewing or over-use.",
        "terms/enterprise.yaml alone, with when: 'segment == \"enterprise\"'",
        "terms/standard.yaml without when beside it",
    ),
    "E603": CodePage(
        "a fee above the remaining fees",
        "Leaving never costs more than staying: a fee ends at the net fees left of what is given up. This one is above "
        "them whatever the contract.",
        "fee: 'remaining_fees * 1.5'",
        "fee: 'remaining_fees * 0.50'",
    ),
    "W604": CodePage(
        "a fee that may exceed the remaining fees",
        "Late in a term few fees are left. The engine then charges those and no more, but who reads the rule expects "
        "its fee; a cap says it.",
        "fee: 'fees_per_year * 0.25'",
        "fee: 'fees_per_year * 0.25'\ncap: remaining_fees",
    ),
    "E605": CodePage(
        "a renewal floor above its cap",
        "The new price lies between contracted × (1 + floor) and contracted × (1 + cap); no price does both.",
        'renewal: {basis: list, floor: "10%", cap: "7%"}',
        'renewal: {basis: list, floor: "0%", cap: "7%"}',
    ),
    "E606": CodePage(
        "a renewal limit that belongs to another basis",
        "From the list the new price is limited by floor and cap; from the contracted price it rises by uplift.",
        'renewal: {basis: contracted, cap: "7%"}',
        'renewal: {basis: contracted, uplift: "7%"}',
    ),
    "W607": CodePage(
        "a reinstatement that costs nothing",
        "Letting a contract lapse and coming back would be cheaper than renewing it in time.",
        "reinstatement: {within_days: 180}",
        'reinstatement: {within_days: 180, lapse_fees_share: "100%"}',
    ),
    "W608": CodePage(
        "a free window of more than a year",
        "It is counted from the term's first day, so a term of a year could be left at any time at no cost.",
        "free_window_days: 3000",
        "free_window_days: 30",
    ),
    "W609": CodePage(
        "over-use that is cheaper than buying",
        "Who uses more than was bought would pay less than who asks first.",
        'over_use: {mode: true_up, multiplier: "25%"}',
        'over_use: {mode: true_up, multiplier: "125%"}',
    ),
    "W610": CodePage(
        "all remaining fees, and no credit",
        "Fees billed ahead and not credited are already part of what leaving costs; with this fee on top it would "
        "exceed the remaining fees, so less than the fee is charged. With a credit the sum is the same, and it can be "
        "read off the rule.",
        "cancellation: {fee: remaining_fees, credit: none}",
        "cancellation: {fee: remaining_fees, credit: credit}",
    ),
}
