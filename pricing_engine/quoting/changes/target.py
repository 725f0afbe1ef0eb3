"""The products a customer will have: those of the contract with every change of the request applied in order (P14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.catalog.products import Product
from pricing_engine.money import ZERO
from pricing_engine.quoting.changes.held_products import products_held
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.refusals import ChangesConflict, NotInTerms, NotOnContract
from pricing_engine.quoting.chosen import Chosen, check_quantities, choose
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.refusals import QuantityNotPositive, UnknownMetric, UnknownProduct
from pricing_engine.quoting.request import (
    Add,
    Cancel,
    Change,
    ChangeTier,
    Extend,
    QuoteRequest,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
)
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.terms.amounts import is_over_use
from pricing_engine.terms.terms import OverUse

_OF_THE_WHOLE: Final = (Renew, Extend, Cancel, Reinstate)


class Excess(NamedTuple):
    """Use above what is committed of one metric, since a day; it `counts` when it is beyond the tolerance (P26)."""

    product: str
    metric: str
    committed: Decimal
    used: Decimal
    since: date
    counts: bool


class Target(NamedTuple):
    """What the customer will have, and what was `held` before. `asked_of` are the products that a change names.

    `tier` is the tier asked for, `trials` what is to be tried, with its place in the request, `trials_ended` what is
    tried and given up; `over_use` is what true-ups found.
    """

    chosen: tuple[Chosen, ...]
    held: tuple[Chosen, ...]
    asked_of: frozenset[str]
    tier: str | None
    trials: tuple[tuple[str, Trial], ...]
    trials_ended: frozenset[str]
    over_use: tuple[Excess, ...]


def read_target(request: QuoteRequest, held: Held, rulebook: Rulebook, kind: Kind, over_use: OverUse | None) -> Target:
    """The target of a request.

    Raises: UnknownProduct; NotOnContract; UnknownMetric; QuantityNotPositive; QuantityMissing; ChangesConflict; …
    """
    reading = _Reading(held, rulebook, kind, over_use)
    before = tuple(reading.chosen.values())
    for index, change in enumerate(request.changes):
        if not isinstance(change, _OF_THE_WHOLE):
            reading.apply(change, f"/changes/{index}")
    chosen = () if kind.type is QuoteType.CANCELLATION else tuple(reading.chosen.values())
    tier = reading.tier or request.tier
    ended = frozenset(reading.ended)
    return Target(
        chosen, before, frozenset(reading.asked_of), tier, tuple(reading.trials), ended, tuple(reading.excess)
    )


class _Reading:
    """The products as the changes leave them, one change after the other."""

    __slots__ = ("asked_of", "chosen", "ended", "excess", "held", "kind", "over_use", "rulebook", "tier", "trials")

    def __init__(self, held: Held, rulebook: Rulebook, kind: Kind, over_use: OverUse | None) -> None:
        self.over_use = over_use
        self.excess: list[Excess] = []
        self.held = held
        self.rulebook = rulebook
        self.kind = kind
        self.chosen = products_held(held, rulebook, kind)
        self.asked_of: set[str] = set()
        self.tier: str | None = None
        self.trials: list[tuple[str, Trial]] = []
        self.ended: set[str] = set()

    def apply(self, change: Change, pointer: str) -> None:
        """Applies one change within a term."""
        match change:
            case Add():
                self._ask(change.product, pointer)
                self._add(change, pointer)
            case Set():
                self._ask(change.product, pointer)
                self._set(change, pointer)
            case Remove():
                self._ask(change.product, pointer)
                self._remove(change, pointer)
            case TrueUp():
                self._ask(change.product, pointer)
                self._true_up(change, pointer)
            case ChangeTier():
                if self.tier is not None:
                    raise ChangesConflict("two tiers are asked for", fix="ask for one", pointer=f"{pointer}/tier")
                self.tier = change.tier
            case Trial():
                self.trials.append((pointer, change))
            case _:  # changes of the whole contract are read by `read_kind`
                raise TypeError(f"{change} is no change of a product")

    def _ask(self, product: str, pointer: str) -> None:
        if product in self.asked_of:
            raise ChangesConflict(
                f"{product} is changed twice", fix="say once what it is to be", pointer=f"{pointer}/product"
            )
        self.asked_of.add(product)

    def _product(self, id_: str, pointer: str) -> Product:
        product = self.rulebook.products.get(id_)
        if product is None and id_ in self.chosen:
            return self.chosen[id_].product
        if product is None:
            raise UnknownProduct(
                f"there is no product {id_}",
                fix=did_you_mean(id_, self.rulebook.products),
                pointer=f"{pointer}/product",
            )
        return product

    def _held(self, id_: str, pointer: str) -> Chosen:
        found = self.chosen.get(id_)
        if found is None:
            raise NotOnContract(
                f"contract {self.held.contract.id} has no product {id_}",
                fix=did_you_mean(id_, self.chosen, if_none="add it"),
                pointer=f"{pointer}/product",
            )
        return found

    def _add(self, change: Add, pointer: str) -> None:
        found = self.chosen.get(change.product)
        if found is None:
            product = self._product(change.product, pointer)
            self.chosen[product.id] = choose(product, change, pointer, self.rulebook, self.kind.days)
            return
        if change.ramp:
            raise ChangesConflict(
                f"the contract has {change.product} already, and a ramp says what it is to be in all",
                fix="use set with the ramp",
                pointer=f"{pointer}/ramp",
            )
        self._refuse_prices(change, pointer)
        _refuse_units_of_amounts(found, change.quantities, pointer)
        check_quantities(found.product, change.quantities, pointer, self.rulebook)
        more = tuple([_plus(held, change.quantities) for held in found.quantities])
        prices = tuple([{**held, **change.unit_prices} for held in found.unit_prices])
        commitments = _plus(found.commitments, change.commitments) if change.commitments else found.commitments
        self.chosen[change.product] = Chosen(found.product, pointer, found.starts, more, prices, commitments)

    def _set(self, change: Set, pointer: str) -> None:
        found = self.chosen.get(change.product)
        asked = Add(*change)
        if found is not None:
            self._refuse_prices(asked, pointer)
        if found is None or change.ramp:
            product = self._product(change.product, pointer)
            if found is not None:
                asked = asked._replace(
                    quantities={**found.quantities[0], **change.quantities},
                    commitments={**found.commitments, **change.commitments},
                )
            self.chosen[change.product] = choose(product, asked, pointer, self.rulebook, self.kind.days)
            return
        _refuse_units_of_amounts(found, change.quantities, pointer)
        check_quantities(found.product, change.quantities, pointer, self.rulebook)
        self.chosen[change.product] = found._replace(
            pointer=pointer,
            quantities=tuple({**held, **change.quantities} for held in found.quantities),
            unit_prices=tuple({**held, **change.unit_prices} for held in found.unit_prices),
            commitments={**found.commitments, **change.commitments},
        )

    def _refuse_prices(self, change: Add, pointer: str) -> None:
        """What a contract has is priced as it was agreed until it renews: other unit prices would be ignored."""
        given = change.unit_prices or any([step.unit_prices for step in change.ramp])
        if given and not self.kind.is_new_term:
            raise ChangesConflict(
                f"the contract has {change.product} at the prices agreed",
                fix="ask for a discount with a target unit_price, or give prices when it renews",
                pointer=f"{pointer}/unit_prices",
            )

    def _remove(self, change: Remove, pointer: str) -> None:
        if change.product not in self.chosen and self.held.contract.is_tried(change.product, self.kind.days.start):
            if change.quantities:
                raise ChangesConflict(
                    f"{change.product} is tried, and given up as a whole",
                    fix="leave the quantities out",
                    pointer=f"{pointer}/quantities",
                )
            self.ended.add(change.product)
            return
        found = self._held(change.product, pointer)
        if not change.quantities:
            del self.chosen[change.product]
            return
        left = []
        for held in found.quantities:
            less = dict(held)
            for metric, quantity in change.quantities.items():
                if metric not in held:
                    raise _unknown_metric(metric, held, change.product, f"{pointer}/quantities/{metric}")
                less[metric] = held[metric] - quantity
                if quantity <= ZERO or less[metric] <= ZERO:
                    raise QuantityNotPositive(
                        f"of {held[metric]:f} {metric} of {change.product}, {quantity:f} cannot be given up",
                        fix=f"give up less than {held[metric]:f}, or remove the product",
                        pointer=f"{pointer}/quantities/{metric}",
                    )
            left.append(less)
        self.chosen[change.product] = found._replace(pointer=pointer, quantities=tuple(left))

    def _true_up(self, change: TrueUp, pointer: str) -> None:
        """Commits to what is used where it is beyond the tolerance; within it nothing changes."""
        found = self._held(change.product, pointer)
        rule = self.over_use
        if rule is None:
            raise NotInTerms(
                "the contract's terms do not say what use above it costs",
                fix="set the quantity, at its price from today on",
                pointer=pointer,
            )
        if not self.held.contract.term.start <= change.since <= self.kind.days.start:
            raise ChangesConflict(
                f"use above the commitment cannot have begun on {change.since}",
                fix=f"give a day from {self.held.contract.term.start} to {self.kind.days.start}",
                pointer=f"{pointer}/since",
            )
        committed = found.quantities[0]
        for metric, used in change.used.items():
            if metric not in committed:
                raise _unknown_metric(metric, committed, change.product, f"{pointer}/used/{metric}")
            counts = is_over_use(rule, committed=committed[metric], used=used)
            self.excess.append(Excess(change.product, metric, committed[metric], used, change.since, counts))
        counting = {each.metric: each.used for each in self.excess if each.product == change.product and each.counts}
        quantities = [
            {**held, **{metric: max(used, held[metric]) for metric, used in counting.items()}}
            for held in found.quantities
        ]
        self.chosen[change.product] = found._replace(pointer=pointer, quantities=tuple(quantities))


def _unknown_metric(metric: str, held: Mapping[str, Decimal], product: str, pointer: str) -> UnknownMetric:
    return UnknownMetric(
        f"the contract has no {metric} of {product}",
        fix=did_you_mean(metric, held, if_none="leave it out"),
        pointer=pointer,
    )


def _refuse_units_of_amounts(held: Chosen, quantities: Mapping[str, Decimal], pointer: str) -> None:
    """Refuses units of a metric that use is committed to by amount only: they would change nothing."""
    for metric in quantities if held.commitments else ():
        by = [charge for charge in held.product.charges if charge.metric == metric]
        if by and all(charge.id in held.commitments for charge in by):
            raise ChangesConflict(
                f"the contract commits to {metric} of {held.product.id} by amount, not by units",
                fix=f'give commitments: {{"{by[0].id}": "…"}}',
                pointer=f"{pointer}/quantities/{metric}",
            )


def _plus(held: Mapping[str, Decimal], more: Mapping[str, Decimal]) -> dict[str, Decimal]:
    total = dict(held)
    for name, quantity in more.items():
        total[name] = total.get(name, ZERO) + quantity
    return total
