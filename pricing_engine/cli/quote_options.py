"""The options of `pricing-engine quote`, each with what its help says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Account = Annotated[str | None, typer.Option(help="Whom to quote: an account's id.")]
ContractId = Annotated[
    str | None,
    typer.Option("--contract", metavar="ID|new", help="The contract to change, or new for another; else its own."),
]
Adds = Annotated[
    list[str] | None,
    typer.Option(metavar="PRODUCT[:METRIC=N,…]", help="Take a product, as in crm:users=120. Repeat for more."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PRODUCT[:METRIC=N,…]", help="Have this many of a product, whatever there were."),
]
Removes = Annotated[
    list[str] | None,
    typer.Option(metavar="PRODUCT[:METRIC=N,…]", help="Give a product up, or so many of it, as in crm:users=10."),
]
Renew = Annotated[bool, typer.Option("--renew", help="A new term after the running one; --term says how long.")]
Extend = Annotated[int | None, typer.Option(metavar="MONTHS", help="So many months more when the term ends.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Give all of the contract up.")]
Reinstate = Annotated[bool, typer.Option("--reinstate", help="Come back after a lapse with what was there.")]
TrueUps = Annotated[
    list[str] | None,
    typer.Option(metavar="PRODUCT:METRIC=USED@DATE", help="Bring what is committed up to what is used since a day."),
]
Trials = Annotated[
    list[str] | None, typer.Option(metavar="PRODUCT[:METRIC=N,…]", help="Try a product at 0, as the terms allow.")
]
Waives = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TERM[=VALUE][:WHY]", help="Ask to waive a term, or for another value: uplift_cap=2%:strategic."
    ),
]
Tier = Annotated[
    str | None, typer.Option(help="The tier asked for; alone, a change of tier. The quote may need a higher one.")
]
Term = Annotated[int | None, typer.Option(metavar="MONTHS", help="How long a new term is; 12 if absent.")]
Effective = Annotated[
    str | None, typer.Option(metavar="DATE", help="When it begins or takes force, YYYY-MM-DD; today if absent.")
]
Discounts = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TARGET=SIZE",
        help="Ask for a discount on quote, PRODUCT or PRODUCT.CHARGE: 5%, 500.00USD, or @38.00 a unit.",
    ),
]
Why = Annotated[str, typer.Option(help="The reason for the discounts asked for.")]
Bundles = Annotated[list[str] | None, typer.Option(help="Take products as a bundle. Repeat for more.")]
Billing = Annotated[str | None, typer.Option(help="A billing plan, such as monthly_in_advance.")]
Usages = Annotated[
    list[str] | None, typer.Option("--usage", metavar="METRIC=N", help="Use per month that is expected.")
]
Commitments = Annotated[
    list[str] | None,
    typer.Option(metavar="PRODUCT.CHARGE=AMOUNT", help="An amount committed on a usage charge, per period."),
]
Prices = Annotated[
    list[str] | None,
    typer.Option(metavar="PRODUCT.CHARGE=PRICE", help="The price of a charge that is on request."),
]
CurrencyCode = Annotated[str | None, typer.Option(help="ISO code; the account's if absent.")]
ValidUntil = Annotated[str | None, typer.Option(metavar="DATE", help="Until when the offer stands.")]
Reference = Annotated[str | None, typer.Option(help="Your own reference, such as an opportunity.")]
Note = Annotated[str, typer.Option(help="A note to keep with the quote.")]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="Whose day's rules; only some roles may choose.")]
File = Annotated[
    str | None, typer.Option(metavar="FILE", help="The whole request as the API's JSON; - reads standard input.")
]
Role = Annotated[str, typer.Option(help="As whom: decides discretion and what is shown.")]
Save = Annotated[bool, typer.Option("--save", help="Keep the quote as a draft.")]
Rules = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Price from this directory of rules, without any database.")
]
Segment = Annotated[str | None, typer.Option(help="With --rules: the customer's segment.")]
Market = Annotated[str | None, typer.Option(help="With --rules: the customer's country, such as DE.")]
Attributes = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="With --rules: another attribute rules ask about.")
]
Waterfall = Annotated[bool, typer.Option("--waterfall", help="Show every step of every line.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Write the API's JSON.")]
LocaleName = Annotated[str, typer.Option(help="How to write numbers, such as de_DE.")]
