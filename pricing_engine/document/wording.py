"""Every word of the customer's document, in English; a translation is another module with the same names.

Braces name what is filled in, by `str.format` with finished texts, in which braces mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.contract_change import DueKind, Movement, QuoteType
from pricing_engine.terms.terms import CreditBase, Waivable

LANGUAGE: Final = "en"

TITLES: Final[Mapping[QuoteType, str]] = {
    QuoteType.NEW: "Quote",
    QuoteType.AMENDMENT: "Quote for a change of contract",
    QuoteType.RENEWAL: "Renewal quote",
    QuoteType.REINSTATEMENT: "Quote for a reinstatement",
    QuoteType.CANCELLATION: "Cancellation of contract",
}
LABELS: Final[Mapping[str, str]] = {"for": "Prepared for", "page": "Page {page} of {pages}"}
MARKS: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(
        ("draft", "pending_approval", "approved"),
        ("Draft", "This is a draft, not an offer. Prices and terms may still change and bind nobody."),
    ),
    "declined": ("Declined", "This offer was declined. It binds nobody."),
    "expired": ("Expired", "The last day to accept this offer is over. It binds nobody."),
    "withdrawn": ("Withdrawn", "This offer was withdrawn. It binds nobody."),
    "superseded": ("Superseded", "Another version has taken the place of this one, which binds nobody."),
}
"""By the state of the quote, the mark across what is no offer, and what it means."""
FOOTER: Final = "{title} {quote}, version {version}"

# Head
QUOTE: Final = "Quote"
DATED_VERSION: Final = "{day}, version {version}"
DATED: Final = "Date"
VALID_UNTIL: Final = "Valid until"
NO_VALIDITY: Final = "no day is set yet"
CONTRACT: Final = "Contract"
IN_FORCE: Final = "In force from"
TERM: Final = "Term"
TERM_OF: Final = "{months}, {days}"
RUNS_TO: Final = "until {day}"
ENDS_EARLY: Final = "ends {day}, instead of {agreed}"
BILLING: Final = "Invoiced"
CURRENCY: Final = "Currency"
TIER: Final = "Plan"

# Highlights
A_YEAR: Final = "A year"
A_YEAR_BEFORE: Final = "A year, so far"
A_YEAR_AFTER: Final = "A year, from {day}"
OVER_TERM: Final = "Over {months}"
FIRST_INVOICE: Final = "First invoice, {day}"

# What is bought
BOUGHT: Final = "What you buy"
WILL_HAVE: Final = "What you will have"
ITEM: Final = "Item"
QUANTITY: Final = "Quantity"
LIST_PRICE: Final = "List price"
DISCOUNT: Final = "Discount"
YOUR_PRICE: Final = "Your price"
NET_A_YEAR: Final = "Net a year"
PER_UNIT: Final = "per {unit} a {period}"
PER_PERIOD: Final = "a {period}"
ONCE: Final = "once"
FROM_DAY: Final = "from {day}"
UNTIL_DAY: Final = "until {day}"
AS_USED: Final = "as used"
INCLUDED_IN: Final = "in {bundle}"
EXPECTED_USE: Final = "expected use {amount} a {period}, not in the sums"
ROUNDED_UNITS: Final = "Prices per unit are averages, rounded for reading; amounts are computed before rounding."
RECURRING_SUM: Final = "Recurring, a year from {day}"
PERIODS: Final[Mapping[int | None, str]] = {1: "month", 3: "quarter", 6: "half-year", 12: "year", None: "time"}

# Prices of use
USE: Final = "Prices of use"
USE_REMARK: Final = "Use is invoiced as it is measured, at these list prices, on top of the sums above."
FLAT: Final = "{amount} a {period}"
A_UNIT: Final = "{amount} per {unit}"
PACKAGE: Final = "{amount} for every {units} begun"
BAND_UP_TO: Final = "up to {units}: {price}"
BAND_ABOVE: Final = "above: {price}"
BAND_BOTH: Final = "{flat} and {unit_price}"
VOLUME: Final = "All at the price of the band reached"
GRADUATED: Final = "Each at the price of its band"
STAIRSTEP: Final = "One amount by band"
PERCENTAGE: Final = "{share} of the amount"
INCLUDED: Final = "The first {units} a {period} are included"
AT_LEAST: Final = "At least {amount} a {period}"
AT_MOST: Final = "At most {amount} a {period}"
OVERAGE: Final = "Above the commitment {amount} per {unit}"
FREE: Final = "At no charge"
UNIT: Final = "unit"

# A change
REDLINE: Final = "What changes"
WAS_A_YEAR: Final = "So far, a year"
IS_A_YEAR: Final = "New, a year"
DIFFERENCE: Final = "Difference"
DUE_NOW: Final = "Due now"
OTHER_ITEMS: Final = "Fees and other items"
ALL_A_YEAR: Final = "Recurring, a year"
OF_IT_REPRICING: Final = "of it new price: {amount}"
LAYER: Final = "{charge}, part {layer}"
ON_TRIAL: Final = "{charge}, on trial"
MOVEMENTS: Final[Mapping[Movement, str]] = {
    Movement.KEPT: "unchanged",
    Movement.ADDED: "new",
    Movement.REMOVED: "removed",
    Movement.GROWN: "more",
    Movement.REDUCED: "less",
    Movement.REPRICED: "new price",
}

# What is due now
DUE_HEADING: Final = "What is due now"
DUE_FOR: Final = "For"
DUE_HOW: Final = "How it is made"
AMOUNT: Final = "Amount"
NOTHING_DUE: Final = "Nothing is due now."
DUE_SUM: Final = "Due on {day}"
CREDITED_SUM: Final = "Credited on {day}"
REFUNDED_SUM: Final = "Refunded on {day}"
DUE_KINDS: Final[Mapping[DueKind, str]] = {
    DueKind.CHARGE: "Charge",
    DueKind.CREDIT: "Credit for what is given up",
    DueKind.REPRICING: "Price of what stays",
    DueKind.ONE_TIME: "One-time charge",
    DueKind.CANCELLATION_FEE: "Fee for leaving early",
    DueKind.PARTIAL_CANCELLATION_FEE: "Fee for giving up a part",
    DueKind.FORFEITED_CREDIT: "Prepaid fees that are not credited",
    DueKind.CLAWBACK: "Discount taken back",
    DueKind.REINSTATEMENT_FEE: "Fee for coming back",
    DueKind.OVER_USE: "Use above what was bought",
    DueKind.GUARANTEE_CREDIT: "Credit for a missed milestone",
    DueKind.UNUSED_TERM: "Credit for the rest of the old term",
}
HOW_BY_TERMS: Final = "as the terms below say"
HOW_ALL_REMAINING: Final = "all remaining fees, {amount}"
HOW_OF_REMAINING: Final = "{formula}; the remaining fees are {amount}"
HOW_LESS: Final[Mapping[str, str]] = {"most": "; at most {amount}", "agreed": "; {amount} was agreed"}
HOW_ROUNDING: Final = "of rounding"
HOW_SHARES: Final = (
    "A fraction such as {share} is the share of a year: days from the change to the end of what is invoiced already."
)
HOW_CLAWBACK: Final = "its condition no longer holds, so that what was enjoyed of it is due"
HOW_FORFEITED: Final = "by the terms below they are not credited"
HOW_OVER_USE: Final = "{units} more since {since}, at {share} of the list price"
THEN: Final = ", then "
HOW_FOR: Final = "for {days}"

# Sums
SUMS: Final = "From list price to total"
SUMS_OF_CHANGE: Final = "What the contract comes to"
OF_LIST: Final = "Of list price"
ROUNDING_STEP: Final = "Rounding"
SUM: Final = "Sum"
LISTED: Final = "List price, {months}"
STEPS: Final[Mapping[StepKind, str]] = {
    StepKind.BUNDLE: "Bundle price",
    StepKind.TRIAL: "Trial at no charge",
    StepKind.POLICY: "Discounts by our price list",
    StepKind.UPLIFT: "Limits on the renewal price",
    StepKind.AGREED: "Discounts agreed earlier",
    StepKind.DISCRETIONARY: "Discount for this quote",
    StepKind.CAP: "Discounts by our price list",
    StepKind.REPRICING: "Discounts whose conditions changed",
    StepKind.ROUNDING: ROUNDING_STEP,
}
TOTAL: Final = "Total, {months}, net of tax"
TOTAL_OF_CHANGE: Final = "Contract value of the term"
OF_IT_ONCE: Final = "of it charged once"
SO_FAR: Final = "So far"
NEW: Final = "New"
TAX: Final = "All prices are net of tax. Taxes and duties are added on the invoice where they apply."

# Invoices
INVOICES: Final = "Invoices"
SENT: Final = "Date"
FOR_PERIOD: Final = "For"
COUNT: Final = "Number"
EACH: Final = "Each"
SENT_FROM: Final = "from {day}"
MOSTLY: Final = "various"
ALL_INVOICES: Final = "All invoices"
BEFORE_CHANGE: Final = "Without the change"
AFTER_CHANGE: Final = "With the change"
NO_INVOICES: Final = "No further invoices follow."

# Terms
TERMS: Final = "Terms"
TERMS_NAMED: Final = "Terms “{name}”"
NO_TERMS: Final = "This quote is under no terms beyond its prices and its dates."
GROWTH: Final = "Growth within the term"
GROWTH_HELD: Final = "More of what you have costs the prices of this contract until its term ends."
GROWTH_LISTED: Final = "More of what you have is priced by the price list of its day."
CANCELLATION: Final = "Leaving early"
PARTIAL: Final = "Giving up a part"
NOT_ALLOWED: Final = "Not possible before the term ends."
ONLY_AT_RENEWAL: Final = "Possible when the term ends, not before."
ALLOWED: Final = "Possible within the term."
NOTICE: Final = "Notice: {days} before."
NO_NOTICE: Final = "No notice is needed."
FREE_WINDOW: Final = "No fee in the first {days} of the term."
FEE: Final = "Fee: {formula}, and never more than the remaining fees of what is given up."
FEE_ALL: Final = "Fee: all remaining fees of what is given up."
FEE_CAP: Final = "The fee is at most: {formula}."
FEE_UNSAID: Final = "A fee falls due, never more than the remaining fees of what is given up."
NO_FEE: Final = "No fee."
CREDITS: Final = "Prepaid fees for days given up are credited."
REFUNDS: Final = "Prepaid fees for days given up are paid back."
NO_CREDITS: Final = "Prepaid fees for days given up are not credited."
RENEWAL: Final = "Renewal"
AUTO: Final = "The contract renews by itself unless one of us gives notice {days} before its term ends."
AUTO_NO_NOTICE: Final = "The contract renews by itself unless one of us ends it with its term."
NOT_AUTO: Final = "The contract ends with its term unless it is renewed."
NOT_AUTO_NOTICE: Final = "Notice that it will not be renewed is given {days} before."
RENEWED_AT_LIST: Final = "A new term is priced by the price list of its day{limits}."
LIMIT_CAP: Final = "at most {share} above the price so far"
LIMIT_CAP_NONE: Final = "not above the price so far"
LIMIT_FLOOR: Final = "at least {share} above it"
LIMIT_FLOOR_BELOW: Final = "at most {share} below it"
LIMIT_FLOOR_NONE: Final = "not below it"
RENEWED_AT_CONTRACTED: Final = (
    "A new term costs the price so far plus {share}, and no more than the price list of its day."
)
RENEWED_AT_SAME: Final = "A new term costs the price so far, and no more than the price list of its day."
GRACE: Final = "A renewal up to {days} late starts where the term ended."
COMING_BACK: Final = "Coming back after a lapse"
WITHIN: Final = "Possible within {days}."
LAPSE_SHARE: Final = "{share} of the fees of the days not covered"
LAST_YEAR_SHARE: Final = "{share} of the last yearly fee"
COMES_TO: Final = "Fee: {parts}."
AND: Final = " and "
COVERED: Final = "The days of the lapse are then covered."
OVER_USE: Final = "Use above what you bought"
TOLERANCE: Final = "Up to {share} more is not charged; beyond it all of the excess is."
TRUE_UP: Final = "It is charged from the day it began, at {share} of the list price, and becomes part of the contract."
TRUE_FORWARD: Final = "It becomes part of the contract from then on; past use is not charged."
TRIALS: Final = "Trials"
TRIAL: Final = "{product}: {days} at no charge{limits}; {then}."
UP_TO: Final = ", up to {units}"
TRIAL_ENDS: Final = "then it ends"
TRIAL_CONVERTS: Final = "then it is bought at its price"
GUARANTEES: Final = "What we promise"
MILESTONE: Final = "{name}: by {day}, or {amount} are credited."
MILESTONE_SHARE: Final = "That is {share} of {base}."
CREDIT_BASES: Final[Mapping[CreditBase, str]] = {
    CreditBase.MONTH_FEES: "a month’s fees",
    CreditBase.QUARTER_FEES: "a quarter’s fees",
    CreditBase.YEAR_FEES: "a year’s fees",
}
OTHERWISE: Final = "Agreed otherwise for this change"
WAIVED: Final = "{what}: waived."
CHANGED_TO: Final = "{what}: {to}."
WAIVABLES: Final[Mapping[Waivable, str]] = {
    Waivable.CANCELLATION_FEE: "Fee for leaving early",
    Waivable.PARTIAL_CANCELLATION_FEE: "Fee for giving up a part",
    Waivable.REINSTATEMENT_FEE: "Fee for coming back",
    Waivable.OVER_USE_CHARGE: "Charge for use above what was bought",
    Waivable.CLAWBACK: "Discounts taken back",
}
FORMULA_WORDS: Final[Mapping[str, str]] = {
    "*": "×",
    "/": "÷",
    "-": "−",
    "min": "the lesser of",
    "max": "the greater of",
}
NOTE: Final = "Note"


def days(number: str, count: int) -> str:
    """`1 day`, `30 days`; the number is written already."""
    return f"{number} {'day' if count == 1 else 'days'}"


def months(number: str, count: int) -> str:
    """`1 month`, `24 months`."""
    return f"{number} {'month' if count == 1 else 'months'}"
