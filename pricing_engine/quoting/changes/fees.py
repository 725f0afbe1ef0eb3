"""The fee for what is given up, within its limits, and the words that come to it (P23)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from pricing_engine.money import ONE, ZERO, Currency
from pricing_engine.periods import Period, months_between, share_of_stretch
from pricing_engine.quoting.changes.given_up import GivenUp, times
from pricing_engine.quoting.changes.penalties import Situation, last_year_fees
from pricing_engine.quoting.changes.told import MOST_DECIMALS, percent, told, told_with, written
from pricing_engine.quoting.contract_change import DueItem, DueKind, QuoteType
from pricing_engine.quoting.facts import evaluate, with_origins
from pricing_engine.terms.amounts import limit_fee, reinstatement_fee
from pricing_engine.terms.terms import Credit, Fee, Waivable

_REMAINING = "change.remaining_fees"


class _Fees(NamedTuple):
    """What fees are worked out from, in the contract's currency; unrounded, or as it is told."""

    remaining: Decimal
    per_year: Decimal
    last_year: Decimal

    def told(self, decimals: int) -> _Fees:
        """The same with so many decimals."""
        return _Fees(*[told(each, decimals) for each in self])


def fee_items(situation: Situation, given: GivenUp, credit: Decimal) -> list[DueItem]:
    """The fee for what is given up, and the credit that is not given; `credit` is what lines would get back now.

    Rounds: the fee once, half up; its formula sees unrounded amounts (P2). A fee of all that remains of a contract is
    what its lines would still have been billed, each in whole minor units.
    """
    rule = situation.giving_up
    if rule is None or not given.remaining_fees:
        return []
    items = []
    forfeited = credit if rule.credit is Credit.NONE else ZERO
    if forfeited:
        how = "unused prepaid fees are not credited"
        items.append(DueItem(DueKind.FORFEITED_CREDIT, None, rule.rule, how, forfeited))
    whole = situation.kind.type is QuoteType.CANCELLATION
    is_free = (situation.kind.start - situation.contract.term.start).days < rule.free_window_days
    if rule.fee is None or is_free:
        return items
    fees = _Fees(given.remaining_fees, given.fees_per_year, last_year_fees(situation.contract, situation.kind))
    _, fee = _limited(situation, rule.fee, fees, forfeited)
    if given.billed is not None and _is_all(fee, given.remaining_fees - forfeited):
        fees, fee = fees._replace(remaining=given.billed), max(given.billed - forfeited, ZERO)
    what = Waivable.CANCELLATION_FEE if whole else Waivable.PARTIAL_CANCELLATION_FEE
    (amount,) = situation.owed(what, [fee])
    if amount:
        kind = DueKind.CANCELLATION_FEE if whole else DueKind.PARTIAL_CANCELLATION_FEE
        told_by = (
            *_words(situation, rule.fee, fees, forfeited, situation.rounded(fee)),
            *_agreed(situation, fee, amount),
        )
        items.append(DueItem(kind, None, rule.fee.rule, ", ".join(told_by), amount))
    return items


def _is_all(fee: Decimal, left: Decimal) -> bool:
    """Whether a fee is all that is left; one that was converted there and back may be off by a trace."""
    return told(fee, MOST_DECIMALS) == told(left, MOST_DECIMALS)


def _limited(situation: Situation, fee: Fee, fees: _Fees, forfeited: Decimal) -> tuple[Decimal, Decimal]:
    """What the formula comes to, and what of it is owed. Unrounded."""
    facts, rate = _facts(situation, fees), situation.reporting_rate
    cap = None if fee.cap is None else evaluate(fee.cap, facts) / rate
    owed = evaluate(fee.formula, facts) / rate
    return owed, limit_fee(owed, cap=cap, remaining_fees=fees.remaining, forfeited=forfeited)


def _facts(situation: Situation, fees: _Fees) -> dict[str, Any]:
    """The facts of a change among those of the quote. Units: amounts in the reporting currency."""
    contract, start, rate = situation.contract, situation.kind.start, situation.reporting_rate
    passed = months_between(contract.term.start, start)
    values = {
        _REMAINING: fees.remaining * rate,
        "change.fees_per_year": fees.per_year * rate,
        "change.last_year_fees": fees.last_year * rate,
        "change.months_left": Decimal(months_between(start, contract.ends)),
        "change.months_passed": Decimal(passed),
        "change.year_of_term": Decimal(passed // 12 + 1),
    }
    return with_origins(situation.facts, situation.terms_rulebook, values)


def _words(situation: Situation, fee: Fee, fees: _Fees, forfeited: Decimal, rounded: Decimal) -> Iterator[str]:
    """The formula, all that it goes by, and what limits it. Units: amounts in the contract's currency."""
    currency, rate = situation.contract.currency, situation.reporting_rate
    shown = fees.told(
        _decimals(situation, rounded, lambda each: _limited(situation, fee, fees.told(each), forfeited)[1])
    )
    owed, _ = _limited(situation, fee, shown, forfeited)
    yield fee.formula.text
    yield f"of {written(shown.remaining, currency)} remaining fees"
    yield from _other_facts(situation, fee, shown, currency)
    if rate != ONE:
        yield f"at {rate:f} {situation.terms_rulebook.reporting_currency.code} for 1 {currency.code}"
    if situation.rounded(owed) > rounded:
        yield f"at most {written(rounded, currency)}"


def _other_facts(situation: Situation, fee: Fee, shown: _Fees, currency: Currency) -> Iterator[str]:
    """What else the formula goes by, each with its name."""
    vocabulary = situation.terms_rulebook.vocabulary
    facts = _facts(situation, shown)
    amounts = {"change.fees_per_year": shown.per_year, "change.last_year_fees": shown.last_year}
    for name in sorted(fee.formula.names):
        origin = vocabulary[name].origin
        if origin in amounts:
            yield f"{name} {written(amounts[origin], currency)}"
        elif origin != _REMAINING:
            value = facts.get(name, "not known")  # what is optional
            yield f"{name} {value:f}" if isinstance(value, Decimal) else f"{name} {value}"


def reinstatement_items(situation: Situation) -> list[DueItem]:
    """The fee for coming back after a lapse (P25)."""
    rule = situation.terms.reinstatement if situation.terms else None
    if rule is None or situation.kind.type is not QuoteType.REINSTATEMENT:
        return []
    contract, kind = situation.contract, situation.kind
    yearly = last_year_fees(contract, kind)
    lapse = share_of_stretch(
        Period(contract.ends, kind.start), anchor=contract.term.start, billing_months=12, method=contract.proration
    )

    def fee_of(yearly: Decimal) -> Decimal:
        return reinstatement_fee(rule, lapse_fees=times(yearly, lapse), last_year_fees=yearly)

    fee = fee_of(yearly)
    (amount,) = situation.owed(Waivable.REINSTATEMENT_FEE, [fee])
    if not amount:
        return []
    decimals = _decimals(situation, situation.rounded(fee), lambda each: fee_of(told(yearly, each)))
    shown = written(told(yearly, decimals), contract.currency)
    how = [
        f"{percent(rule.lapse_fees_share)} of the fees from {contract.ends} to {kind.start}, {shown} × {lapse}",
        f"and {percent(rule.last_year_share)} of the last yearly fee, {shown}",
        *_agreed(situation, fee, amount),
        *(["the lapse is covered"] if rule.covers_lapse else []),
    ]
    return [DueItem(DueKind.REINSTATEMENT_FEE, None, rule.rule, ", ".join(how), amount)]


def _decimals(situation: Situation, amount: Decimal, of_told: Callable[[int], Decimal]) -> int:
    found = told_with(situation.contract.currency, amount, of_told)
    return MOST_DECIMALS if found is None else found


def _agreed(situation: Situation, fee: Decimal, amount: Decimal) -> Iterator[str]:
    """What is to be instead of the fee, where that is less."""
    if amount != situation.rounded(fee):
        yield f"agreed at {written(amount, situation.contract.currency)}"
