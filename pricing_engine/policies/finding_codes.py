"""The page behind every finding a quote can have: what it says, why it matters, what leads to it, and what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing_engine.errors import CodePage

FINDING_CODES: Mapping[str, CodePage] = MappingProxyType(
    {
        "below-floor": CodePage(
            "a line ends below its floor",
            "No approval helps below it: the higher of a share of list and the price that keeps the margin (P21).",
            "discounts that add up to more than the floor leaves",
            "ask for less, or take the discount on another line",
        ),
        "cheaper-above": CodePage(
            "more would cost less",
            "With volume or stairstep prices a quantity just above a band's end can cost less than one below it (P12).",
            "9 users at 20.00 where 11 cost 15.00 each",
            "offer the quantity the finding names",
        ),
        "discount-beyond-cap": CodePage(
            "the discounts on a line go beyond the total cap",
            "Policies are trimmed at the cap; what a person asks beyond it is refused, not trimmed (P19).",
            "10% on top of policies that reach the cap",
            "ask for no more than the cap leaves",
        ),
        "discount-without-effect": CodePage(
            "a discount asked for takes nothing off",
            "A target price above the net price, or a discount on lines that cost nothing, changes nothing.",
            "a target unit price of 60.00 on a net price of 50.00",
            "leave it out, or ask for a price below the net price",
        ),
        "discretion-exceeded": CodePage(
            "more is taken off than the role may give",
            "Each role has a limit per line and per quote; beyond it the approval matrix says who must agree (P21).",
            "15% asked by a role that may give 10%",
            "ask for less, or have the quote approved by the level it names",
        ),
        "excludes": CodePage(
            "two products that are not sold together",
            "A product may exclude another (P15).",
            "both on one quote",
            "drop one of them",
        ),
        "overage-or-upgrade": CodePage(
            "use above the tier's limit, and which way is cheaper",
            "Where a tier allows overage its limit does not lift it; at list the next tier may still cost less (P16).",
            "staying in a tier because nobody compared",
            "offer the cheaper of the two the finding names",
        ),
        "price-on-request": CodePage(
            "a line has no price",
            "Price on request is not 0: the quote has no totals and cannot be approved until the line is priced (P5).",
            "sending the quote as it is",
            "have someone allowed give the charge a price in `unit_prices`",
        ),
        "promotion-ends": CodePage(
            "a promotion ends, and the price rises",
            "The customer should hear of both prices when signing, not when the promotion is over (P20).",
            "quoting only the price until then",
            "show both prices, as the waterfall does",
        ),
        "quantity-rule": CodePage(
            "a quantity that is not sold",
            "A product has a least and a most, and comes in steps; a metric is counted in steps (P15).",
            "7 users of a product that is sold in fives",
            "ask for a quantity the finding allows",
        ),
        "discount-withheld": CodePage(
            "what stays could have more discount, and does not get it",
            "A condition of a granted discount holds again or better; its rule improves only what is new (P22).",
            "promising that adding a product back restores the old price",
            "quote as it is, or have the pricing team write `on_improved: reprice`",
        ),
        "notice-too-short": CodePage(
            "something is given up sooner than the terms allow",
            "Terms ask for days of notice between asking and giving up (P23).",
            "a removal that takes force next week",
            "ask for the day the finding names, or for a waiver of `notice`",
        ),
        "reduction-not-allowed": CodePage(
            "a part of the contract may not be given up now",
            "Terms allow partial cancellation with a fee, when the contract renews, or not at all (P23).",
            "removing a product in the middle of such a term",
            "make the change when the contract renews",
        ),
        "repriced": CodePage(
            "what stays costs more, or less, because a condition of its price changed",
            "Discounts travel with the contract and are tested on what the customer will have (P22).",
            "dropping a product and keeping the discount for having it",
            "show the customer the repricing step of the waterfall",
        ),
        "term-waived": CodePage(
            "a term is to be waived or changed",
            "Terms name who may waive what; it is recorded and counted (P32).",
            "waiving by a side letter",
            "have the level it names agree",
        ),
        "trial-converts": CodePage(
            "a trial is to be bought when its days are over",
            "Its rule says so, at the price of that day; the finding has it at list (P29). Nothing buys it by itself.",
            "offering it as free without saying what follows",
            "tell the customer the day and the price, and add the product for that day",
        ),
        "waiver-not-allowed": CodePage(
            "nobody may waive this under the contract's terms",
            "Terms list what may be waived, and by which level (P32).",
            "a waiver that the terms do not list",
            "leave it out, or have the pricing team add it to `waivers`",
        ),
        "within-tolerance": CodePage(
            "use above the commitment is within the tolerance",
            "Only beyond the tolerance does the excess count, and then all of it (P26).",
            "a true-up for 2 of 100 users",
            "quote nothing, or set the quantity",
        ),
        "requires": CodePage(
            "a product without one it needs",
            "A product may need another to work (P15).",
            "analytics without core",
            "add the product the finding names",
        ),
        "tier-upgraded": CodePage(
            "a higher tier than was asked for",
            "A metric or a product does not fit the tier asked for, so the quote has the lowest that does (P16).",
            "asking for a tier that is too small",
            "sell the tier the finding names, or ask for less",
        ),
    }
)
