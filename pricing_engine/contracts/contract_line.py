"""One line of a contract: its price schedule and the discounts granted with it, and what it was and will be worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast

from pricing_engine.catalog.prices import Commitment, Price
from pricing_engine.catalog.products import Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO


class Phase(NamedTuple):
    """What holds from `start` until the next phase (P13).

    `unit_price` is the price given to a charge that is on request; `target_price` a net unit price a ramp asks.
    `below` are the units of the layers beneath, bought earlier at another price: `quantity` comes on top of them.
    """

    start: date
    quantity: Decimal
    commitment: Commitment | None = None
    unit_price: Decimal | None = None
    target_price: Decimal | None = None
    below: Decimal = ZERO

    def since(self, day: date) -> Phase:
        """The same from another day on."""
        return self if self.start == day else make_phase((day, *self[1:]))


# As `make_step` in `pricing/waterfall.py`: every line that is kept has its phase begin anew.
make_phase = cast("Callable[[tuple[object, ...]], Phase]", partial(tuple.__new__, Phase))
"""A phase from a tuple of its fields."""


def phase_on(phases: Sequence[Phase], day: date) -> Phase:
    """The phase in force on a day, the first one before it. Shape: at least one phase, in order of time."""
    found = phases[0]
    for phase in phases[1:]:
        if phase.start > day:
            break
        found = phase
    return found


class Grant(NamedTuple):
    """A discount policy a line was granted; its definition is that of the line's rulebook version (P22).

    `fraction` is the share it came to (None: by the line's own quantity, or an amount), `amount` the amount in the
    contract's currency that its lines share, `ends` the first day without it. `holds` is False for one that was
    lost and comes back when its condition holds again.
    """

    policy: str
    fraction: Decimal | None
    amount: Decimal | None
    ends: date | None
    holds: bool = True


class Uplifted(NamedTuple):
    """What a renewal's limit makes of a line from `start` on: `after` instead of `before` a year, and so in proportion.

    Source: P27.
    """

    start: date
    rule: RuleRef
    before: Decimal
    after: Decimal


class Stretch(NamedTuple):
    """A part of the term in which a line's price did not and will not change; no days where it was cancelled at once.

    `list` and `net` are per year, unrounded; `taken` is what each discount policy takes off a year, by its id.
    """

    start: date
    end: date
    quantity: Decimal
    list: Decimal
    net: Decimal
    taken: tuple[tuple[str, Decimal], ...] = ()


class ContractLine(NamedTuple):
    """One recurring or usage charge of one product, or a layer of it bought later at another price.

    `id` is `key` (its price-book key), with `~2`, `~3` … for later layers. `rulebook` is the version it was priced
    under, `entry` the rule of its list price, `price` the contracted schedule (None: `phases` carry the unit prices
    given). `phases` are empty once the line has ended; `stretches` are all of the term, past and to come;
    `instalments` what each billing period of the term is or will be billed, in whole minor units.
    `trial_until` is the first day after a trial (None: it is no trial). `uplifted` is what a renewal's limit makes of
    each part of the term, none where it limits nothing.
    """

    id: str
    key: str
    product: str
    name: str
    tier: str | None
    charge: str
    timing: Timing
    months: int
    metric: str | None
    rulebook: str
    entry: RuleRef
    price: Price | None
    bundle: str | None
    phases: tuple[Phase, ...]
    grants: tuple[Grant, ...]
    stretches: tuple[Stretch, ...]
    instalments: tuple[Decimal, ...]
    trial_until: date | None = None
    uplifted: tuple[Uplifted, ...] = ()

    def stretch_on(self, day: date) -> Stretch | None:
        """The stretch in force on a day; None when the line is not."""
        for stretch in self.stretches:
            if stretch.start <= day < stretch.end:
                return stretch
        return None

    def phase_on(self, day: date) -> Phase:
        """The phase in force on a day, the first one before it. The line must not have ended."""
        return phase_on(self.phases, day)
