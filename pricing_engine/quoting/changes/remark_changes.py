"""What a change points out about the contract's discounts: those that go, and those that do not come (P22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.conditions import Conditions
from pricing_engine.pricing.waterfall import REPRICING, PricedLine
from pricing_engine.quoting.changes.regrants import Regrant


def remark_repricing(before: Sequence[Conditions], lines: Sequence[PricedLine], currency: Currency) -> list[Finding]:
    """A finding for each condition that no longer holds, or holds again, with what it does to what stays a year."""
    findings = []
    for each in before:
        moved = {
            line.id: step.after - step.before
            for line in lines
            for step in (line.segments[0].steps if line.segments else ())
            if step.kind is REPRICING and step.rule == each.rule
        }
        amount = round_money(sum(moved.values(), ZERO), currency)
        verb = "rises" if amount > 0 else "falls"
        findings.append(
            Finding(
                "repriced",
                Severity.INFO,
                f"{each.rule.id} is not what it was: what stays {verb} by {abs(amount):,} a year",
                rule=each.rule,
                facts={"amount": amount, "lines": tuple(moved)},
            )
        )
    return findings


def remark_withheld(regrants: Mapping[str, Sequence[Regrant]]) -> list[Finding]:
    """A finding for each policy that would give what stays more than it has, and by its rule does not."""
    lines: dict[str, list[str]] = {}
    rules = {}
    last: Sequence[Regrant] = ()
    withheld: list[Regrant] = []
    for line, of_line in regrants.items():
        if of_line is not last:  # lines granted the same share one answer
            last, withheld = of_line, [each for each in of_line if each.withheld]
        for each in withheld:
            lines.setdefault(each.policy.id, []).append(line)
            rules[each.policy.id] = each.policy.rule
    return [
        Finding(
            "discount-withheld",
            Severity.INFO,
            f"{policy} would be more for {', '.join(found)}; its rule leaves what stays as it was agreed",
            rule=rules[policy],
            facts={"policy": policy, "lines": tuple(found)},
        )
        for policy, found in lines.items()
    ]
