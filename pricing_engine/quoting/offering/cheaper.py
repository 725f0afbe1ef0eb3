"""Where more of what an account has costs less in all: three users more, and Growth is cheaper (P12)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing_engine.catalog.products import RECURRING
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.quoting.cheaper_above import cheapest_above
from pricing_engine.quoting.offering.has import Has
from pricing_engine.quoting.offering.offer import Unlock
from pricing_engine.quoting.offering.pricing import Pricer
from pricing_engine.quoting.offering.quantities import told
from pricing_engine.quoting.request import Add


def cheaper_with_more(has: Has, pricer: Pricer) -> Iterator[Unlock]:
    """For each line of the contract that would cost less with more of it: how many more, at the price of a quote.

    What its list price promises may not come true, as where more is sold at another price by now: so it is priced.
    """
    day = has.request.effective_date
    for line in has.held.contract.lines_on(day) if has.held is not None else ():
        found = _more_of(line, has)
        if found is None:
            continue
        owner, metric, quantity, needs = found
        difference = pricer.arr_difference((Add(owner, {metric: needs - quantity}),))
        if difference is not None and difference < 0:
            more, unit = (needs - quantity).normalize(), has.metrics[metric]
            what = (
                f"{told(more, unit)} more, and the contract costs {-difference:,} less a year: "
                f"{line.name} is cheaper from {told(needs, unit)} on"
            )
            yield Unlock(line.product, metric, quantity, needs, more, what)


def _more_of(line: ContractLine, has: Has) -> tuple[str, str, Decimal, Decimal] | None:
    """Whose quantity of which metric is how much now, and would have to be how much for the line to cost less."""
    metric, price = line.metric, line.price
    if metric is None or price is None or line.timing is not RECURRING or line.trial_until is not None:
        return None
    phase = line.phase_on(has.request.effective_date)
    quantity = phase.below + phase.quantity
    owner = _owner(line, metric, has)
    if owner is None:
        return None
    product = has.products[owner].product
    found = cheapest_above(price, quantity, product=product, metric=metric, metrics=has.metrics)
    return None if found is None else (owner, metric, quantity, found[1])


def _owner(line: ContractLine, metric: str, has: Has) -> str | None:
    """The product that the line's quantity is given for: its own, or of a tier's charge the only one that counts it."""
    counting = [id_ for id_, each in has.products.items() if metric in each.quantities[0]]
    if line.product in counting:
        return line.product
    return counting[0] if len(counting) == 1 else None
