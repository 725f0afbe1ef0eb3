"""What a contract was before the term in force: a row tells one price, and it is taken to have held since it began.

A row says when a contract began and what it costs now. How often its term began anew until then, and at what price, it
does not say, so that all of that time is one version whose term it is: the least that makes every day of it readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.imports.book.bought import Bought, Terms
from pricing_engine.imports.book.priced import Priced
from pricing_engine.pricing.instalments import spread


def clip(stretches: Sequence[Stretch], start: date, end: date) -> tuple[Stretch, ...]:
    """The parts of stretches that lie in the days `[start, end)`."""
    return tuple(
        [
            each if start <= each.start and each.end <= end else _cut(each, start, end)
            for each in stretches
            if each.start < end and each.end > start
        ]
    )


def _cut(stretch: Stretch, start: date, end: date) -> Stretch:
    return stretch._replace(start=max(stretch.start, start), end=min(stretch.end, end))


def earlier_line(line: ContractLine, priced: Priced, bought: Bought, terms: Terms) -> ContractLine | None:
    """The line before the term in force, with what was granted then; None for one that was bought in this term.

    Rounds: its instalments (P3).
    """
    before = terms.earlier
    start = terms.cadence.term.start
    if before is None or bought.begun >= start:
        return None
    stretches = clip(priced.stretches, bought.begun, start)
    (phase,) = line.phases
    return line._replace(
        phases=(phase._replace(start=bought.begun),),
        grants=priced.grants,
        stretches=stretches,
        instalments=spread(before.cadence, stretches, currency=before.currency),
        trial_until=start if bought.row.trial else None,
    )
