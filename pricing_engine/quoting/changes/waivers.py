"""What a rep asks to waive or change of the terms: read, and routed to whoever may agree to it (P32)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.quoting.changes.refusals import ChangesConflict, WaiverNotReadable
from pricing_engine.quoting.request import QuoteRequest, Waiver
from pricing_engine.terms.terms import Terms, Waivable

_SHARES = frozenset({Waivable.UPLIFT_CAP, Waivable.UPLIFT_FLOOR})
_DAYS = frozenset({Waivable.NOTICE})


class Waived(NamedTuple):
    """The terms to be waived with what they are to be instead, as numbers; None is waived altogether."""

    values: dict[Waivable, Decimal | None]
    findings: tuple[Finding, ...]
    levels: tuple[str, ...]

    def over(self, what: Waivable, usual: Decimal) -> Decimal:
        """An amount or number of the terms, or what is to be instead of it and is less; 0 when it is waived."""
        if what not in self.values:
            return usual
        value = self.values[what]
        return ZERO if value is None else min(value, usual)


_NOTHING: Final = Waived({}, (), ())

LASTING: Final = frozenset({Waivable.UPLIFT_CAP, Waivable.UPLIFT_FLOOR, Waivable.NOTICE})
"""What is changed for good when it is agreed, not for one change only."""

WAIVED: Final = "waived"
"""How a contract writes that a term was waived altogether."""


def plan_asked(request: QuoteRequest, plans: Iterable[str]) -> str | None:
    """The billing plan a request asks for: by `billing`, by a waiver of the one the terms have, or by both alike.

    Raises: WaiverNotReadable where a waiver leaves open which; ChangesConflict where they name different ones.
    """
    asked = request.billing
    for index, waiver in enumerate(request.waivers):
        if waiver.what != Waivable.BILLING_PLAN:
            continue
        to = waiver.to or asked
        if to is None:
            raise WaiverNotReadable(
                "billing_plan cannot be waived altogether: a contract is billed by some plan",
                fix=f"say which it is to be: {', '.join(plans)}",
                pointer=f"/waivers/{index}/to",
            )
        if asked is not None and asked != to:
            raise ChangesConflict(
                f"the billing plan is to be {to} by a waiver and {asked} beside it",
                fix="ask for one of them",
                pointer=f"/waivers/{index}/to",
            )
        asked = to
    return asked


def read_waivers(
    waivers: Sequence[Waiver],
    terms: Terms | None,
    agreed: Mapping[str, str] = MappingProxyType({}),
    *,
    billing: str | None = None,
) -> Waived:
    """The waivers asked for, each with a finding: an approval by the level the terms name, else a refusal.

    `agreed` are terms that the contract has otherwise already, which nobody has to agree to again; `billing` is the
    plan that is asked for beside a waiver of it.
    Raises: WaiverNotReadable.
    """
    if not waivers and not agreed:
        return _NOTHING
    values = {
        Waivable(what): None if to == WAIVED else _number(Waiver(what, to), Waivable(what), 0)
        for what, to in agreed.items()
    }
    findings: list[Finding] = []
    levels: list[str] = []
    for index, asked in enumerate(waivers):
        what = Waivable(asked.what)
        waiver = asked._replace(to=asked.to or billing) if what is Waivable.BILLING_PLAN else asked
        values[what] = None if waiver.to is None or what is Waivable.BILLING_PLAN else _number(waiver, what, index)
        level = terms.waivers.get(what) if terms else None
        findings.append(_finding(waiver, level, terms.rule if terms else None))
        if level is not None:
            levels.append(level)
    return Waived(values, tuple(findings), tuple(dict.fromkeys(levels)))


def _finding(waiver: Waiver, level: str | None, rule: RuleRef | None) -> Finding:
    instead = f" to be {waiver.to}" if waiver.to is not None else ""
    if level is None:
        what = f"nobody may waive {waiver.what} under these terms"
        return Finding("waiver-not-allowed", Severity.REFUSAL, what, rule, facts={"what": waiver.what})
    why = f": {waiver.why}" if waiver.why else ""
    return Finding(
        "term-waived",
        Severity.APPROVAL,
        f"{waiver.what} is asked{instead or ' to be waived'}; {level} must agree{why}",
        rule,
        facts={"what": waiver.what, "to": waiver.to, "level": level},
    )


def _number(waiver: Waiver, what: Waivable, index: int) -> Decimal:
    """A percentage for caps and floors, days for notice, an amount of money for the rest."""
    text = waiver.to or ""
    share = what in _SHARES
    try:
        number = Decimal(text[:-1]) / 100 if share and text.endswith("%") else Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0 or (share and not text.endswith("%")):
        form = 'a percentage such as "3%"' if share else "days" if what in _DAYS else "an amount such as 100.00"
        raise WaiverNotReadable(
            f"{what} cannot be {text!r}", fix=f"write {form}, or leave `to` out", pointer=f"/waivers/{index}/to"
        )
    return number
