"""What the terms say of a change: fees, notice, clawback, forfeited credit and reinstatement (P22–P25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.money import ZERO, allocate, round_money
from pricing_engine.policies.discounts import Clawback
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.instalments import Cadence
from pricing_engine.quoting.changes.given_up import GivenUp, clawed_back
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.regrants import Regrant
from pricing_engine.quoting.changes.waivers import Waived
from pricing_engine.quoting.contract_change import DueItem, DueKind, QuoteType
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import Allowed, GivingUp, Terms, Waivable


class Situation(NamedTuple):
    """What penalties are worked out from. `facts` are in the words of the rulebook the terms are pinned to."""

    request: QuoteRequest
    contract: Contract
    kind: Kind
    cadence: Cadence
    terms: Terms | None
    waived: Waived
    facts: Mapping[str, Any]
    terms_rulebook: Rulebook
    reporting_rate: Decimal

    @property
    def giving_up(self) -> GivingUp | None:
        """The terms of what is given up: all of the contract or a part."""
        if self.terms is None:
            return None
        whole = self.kind.type is QuoteType.CANCELLATION
        return self.terms.cancellation if whole else self.terms.partial_cancellation

    def owed(self, what: Waivable, usual: Sequence[Decimal]) -> Sequence[Decimal]:
        """Amounts of the terms, each rounded once; what is to be instead of them all is split in proportion (P3)."""
        amounts = [self.rounded(amount) for amount in usual]
        total = sum(amounts, ZERO)
        left = self.waived.over(what, total)
        return amounts if left == total else allocate(self.rounded(left), usual, self.contract.currency.quantum)

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount of money, rounded once, half up."""
        return round_money(amount, self.contract.currency)


def giving_up_findings(situation: Situation, given: GivenUp) -> list[Finding]:
    """A refusal where what is given up may not be, or not so soon; without notice due, no day is too soon (P31)."""
    rule = situation.giving_up
    kind, contract = situation.kind, situation.contract
    at_end = kind.start >= contract.ends
    if not given.remaining_fees and not (at_end and kind.type is QuoteType.CANCELLATION):
        return []
    if at_end:
        return _notice(
            situation, situation.terms.renewal.notice_days if situation.terms and situation.terms.renewal else 0
        )
    if rule is None or rule.allowed is not Allowed.WITH_FEE:
        at_renewal = rule is not None and rule.allowed is Allowed.AT_RENEWAL
        when = f"only be given up when its term ends, on {contract.ends}"
        how = when if at_renewal else "not be given up before its term ends"
        return [
            Finding(
                "reduction-not-allowed",
                Severity.REFUSAL,
                f"what contract {contract.id} has may {how}",
                rule.rule if rule else situation.terms.rule if situation.terms else None,
                facts={"lines": tuple(sorted(given.lines)), "ends": contract.ends},
            )
        ]
    return _notice(situation, rule.notice_days)


def _notice(situation: Situation, days: int) -> list[Finding]:
    notice = int(situation.waived.over(Waivable.NOTICE, Decimal(days)))
    given = (situation.kind.start - situation.request.as_of).days
    if not notice or given >= notice:
        return []
    earliest = situation.request.as_of + timedelta(days=notice)
    told = f"it is asked {given} days before it takes force" if given >= 0 else f"it took force {-given} days ago"
    rule = situation.giving_up
    return [
        Finding(
            "notice-too-short",
            Severity.REFUSAL,
            f"{told}, and {notice} days of notice are due: on {earliest} at the earliest",
            rule.rule if rule else None,
            facts={"given": Decimal(given), "due": Decimal(notice), "earliest": earliest},
        )
    ]


def last_year_fees(contract: Contract, kind: Kind) -> Decimal:
    """The yearly fees in force before the change or, once the contract has ended, on its last day. Unrounded.

    Of one that was cancelled on the first day of its term, those that were agreed.
    """
    if contract.ends == contract.term.start:
        return sum((line.stretches[0].net for line in contract.lines if line.stretches), ZERO)
    day = min(kind.start, contract.ends - timedelta(days=1))
    return sum((stretch.net for line in contract.lines if (stretch := line.stretch_on(day)) is not None), ZERO)


Shares = Mapping[str, Mapping[str, Fraction]]
"""How much of a discount is taken back, by line and policy."""


def clawed_shares(regrants: Mapping[str, Sequence[Regrant]]) -> Shares:
    """The shares of discounts already enjoyed that are taken back, where their rule says so."""
    shares: dict[str, dict[str, Fraction]] = {}
    for line, of_line in regrants.items():
        for each in of_line:
            if each.is_altered and each.policy.clawback is Clawback.FULL and (share := _share_lost(each)) > 0:
                shares.setdefault(line, {})[each.policy.id] = share
    return shares


def clawback_items(situation: Situation, regrants: Mapping[str, Sequence[Regrant]]) -> list[DueItem]:
    """What is taken back of discounts already enjoyed on what stays."""
    shares = clawed_shares(regrants)
    if not shares:
        return []
    rules = {each.policy.id: each.policy.rule for of_line in regrants.values() for each in of_line}
    enjoyed = clawed_back(situation.contract, shares, situation.cadence, situation.kind)
    amounts = situation.owed(Waivable.CLAWBACK, list(enjoyed.values()))
    since = situation.contract.term.start
    return [
        DueItem(DueKind.CLAWBACK, None, rules[policy], f"{policy} enjoyed from {since} on", amount)
        for policy, amount in zip(enjoyed, amounts, strict=True)
        if amount
    ]


def _share_lost(regrant: Regrant) -> Fraction:
    """How much of a discount is lost: all of it, or from 15% to 10% a third."""
    if regrant.was is None:
        return Fraction(0)
    if regrant.now is None or not regrant.was.fraction:
        return Fraction(1)
    return 1 - Fraction(regrant.now.fraction or ZERO) / Fraction(regrant.was.fraction)
