"""What the target's lines are priced under: what of the contract holds, what did before, and what is new (P18, P22)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from pricing_engine.catalog.products import Bundle
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import AgreedDiscount
from pricing_engine.policies.discounts import DiscountGroup
from pricing_engine.pricing.conditions import Conditions
from pricing_engine.pricing.line_item import (
    Ask,
    Granting,
    LineItem,
    PricingTerms,
    TotalCap,
    granted_policies,
)
from pricing_engine.quoting.asks import read_asks
from pricing_engine.quoting.bundle_prices import bundle_prices
from pricing_engine.quoting.changes.agreed import agreed_ask, left_of
from pricing_engine.quoting.changes.agreed_bundles import Bundled, agreed_bundle_prices
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.changes.merging import merge_like
from pricing_engine.quoting.changes.regrants import Regrant, altered_policies, granting_of, regrant_lines
from pricing_engine.quoting.granting import grants_of
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.rulebook import Rulebook

FactsOf = Callable[[Rulebook], Mapping[str, Any]]
"""The facts of the target in the words of a rulebook version."""


class Priced(NamedTuple):
    """What to price the target under. `before` are the contract's conditions, in the order they ceased to hold.

    `regrants` are the contract's grants by line, tested; `fresh` is what the rulebook in force grants to new lines.
    """

    lines: tuple[TargetLine, ...]
    items: tuple[LineItem, ...]
    terms: PricingTerms
    before: tuple[Conditions, ...]
    regrants: Mapping[str, Sequence[Regrant]]
    fresh: Mapping[str, Granting]


def read_conditions(
    sale: Sale, lines: Sequence[TargetLine], held: Held, facts_of: FactsOf, *, is_new_term: bool
) -> Priced:
    """The conditions of the target, and those of the contract that no longer hold or hold again.

    Raises: FactMissing; UnknownCharge and what else reading what was asked raises.
    """
    reading = _Reading(sale, lines, held, facts_of, is_new_term=is_new_term)
    alterations = reading.alterations()
    ids = [id_ for id_, _ in alterations]
    items, terms = reading.state(frozenset(ids))
    before = tuple(
        [Conditions(rule, *reading.state(frozenset(ids[:count]))) for count, (_, rule) in enumerate(alterations)]
    )
    return Priced(reading.lines, items, terms, before, reading.regrants, reading.fresh)


def _bundled(lines: Sequence[TargetLine]) -> list[Bundled]:
    return [(item, origin, item.bundle) for item, origin in lines if item.bundle is not None and origin is not None]


class _Reading:
    """The lines of a target with everything that may alter their conditions."""

    __slots__ = (
        *("agreed", "asks", "caps", "fresh", "held", "lines", "lost_bundles", "prices", "regranted", "regrants"),
        *("goes_on", "sale"),
    )

    def __init__(
        self, sale: Sale, lines: Sequence[TargetLine], held: Held, facts_of: FactsOf, *, is_new_term: bool
    ) -> None:
        self.sale, self.held, self.goes_on = sale, held, not is_new_term
        self.lines = tuple(lines)
        items = [item for item, _ in lines]
        new = [item for item, origin in lines if origin is None]
        tried = {item.id for item in new if item.trial_until is not None}
        paid = _paid(new) if tried else new
        granted, _ = grants_of(sale, paid, _paid(items) if tried else items, facts_of(sale.rulebook))
        granted.update(dict.fromkeys(tried, ()))
        regrants, amounts = regrant_lines(lines, held.rulebooks, facts_of)
        self.regrants = self._with_amounts_left(regrants) if amounts else regrants
        self.fresh = _without(amounts, granted) if amounts else granted
        self.caps = self._caps()
        self.lines = lines = merge_like(lines, self.regrants, self.fresh, self._apart(items))
        items = [item for item, _ in lines]
        bundled = _bundled(lines)
        self.lost_bundles = self._lost_bundles(bundled)
        self.regranted = self._regranted(bundled, items, facts_of) if self.lost_bundles else {}
        self.agreed = [(each, agreed_ask(each, lines, held.contract, sale)) for each in held.contract.discounts]
        asked = read_asks(sale.request, items, sale.currency) if sale.request.discounts else ()
        self.asks = _asks_of_change(asked, lines)
        self.prices = {**agreed_bundle_prices(bundled, self.lost_bundles, lines, held, sale), **bundle_prices(sale)}

    def _apart(self, items: Sequence[LineItem]) -> set[str]:
        """The lines that growth is not joined to, or that are growth a discount is asked off."""
        apart = {id_ for each in self.held.contract.discounts for id_ in each.lines}
        if self.caps:
            most = self.sale.rulebook.discretion.max_total_discount
            apart |= {id_ for id_, cap in self.caps.items() if cap.most != most}
        if self.sale.request.discounts:
            asks = read_asks(self.sale.request, items, self.sale.currency)
            new = [line.item.id for line in self.lines if line.origin is None]
            apart |= {id_ for id_ in new if any(ask.is_about(id_) for ask in asks)}
        return apart

    def _with_amounts_left(self, regrants: Mapping[str, Sequence[Regrant]]) -> Mapping[str, Sequence[Regrant]]:
        """The grants, fixed amounts in proportion to what is left of the lines they are off."""
        off: dict[str, set[str]] = {}
        for line in self.held.contract.lines:
            for grant in line.grants:
                if grant.amount is not None and line.phases and line.trial_until is None:
                    off.setdefault(grant.policy, set()).add(line.id)
        left = {
            each.policy.id: left_of(each.grant.amount, off[each.policy.id], self.lines, self.held.contract, self.sale)
            for of_line in regrants.values()
            for each in of_line
            if each.grant.amount is not None
        }
        return {
            line: [each.with_amount(left[each.policy.id]) if each.policy.id in left else each for each in of_line]
            for line, of_line in regrants.items()
        }

    def _lost_bundles(self, bundled: Sequence[Bundled]) -> dict[str, Bundle]:
        """The bundles of the contract that an item of is given up, by id."""
        if not bundled:
            return {}
        # An item priced anew, such as in another bundle, is no item of this one any more.
        ids = {line.item.product.id for line in self.lines if line.origin is not None}
        return {bundle.id: bundle for _, _, bundle in bundled if any(ids.isdisjoint(item) for item in bundle.items)}

    def _regranted(
        self, bundled: Sequence[Bundled], items: Sequence[LineItem], facts_of: FactsOf
    ) -> dict[str, Granting]:
        """What lines of a lost bundle are granted instead, under the version they are pinned to (P18a)."""
        found: dict[str, Granting] = {}
        for item, origin, bundle in bundled:
            if bundle.id in self.lost_bundles:
                rulebook = self.held.rulebooks[origin.rulebook]
                pinned = self.sale._replace(rulebook=rulebook)
                found.update(grants_of(pinned, [item._replace(bundle=None)], _paid(items), facts_of(rulebook))[0])
        return found

    def _caps(self) -> Mapping[str, TotalCap]:
        """The total caps of lines pinned to another rulebook than the one in force."""
        earlier = {
            hash: TotalCap(each.discretion.max_total_discount, each.discretion.cap_rule)
            for hash, each in self.held.rulebooks.items()
            if hash != self.sale.rulebook.hash
        }
        if not earlier:
            return earlier
        pinned = [(item.id, origin.rulebook) for item, origin in self.lines if origin is not None]
        return {id_: earlier[hash] for id_, hash in pinned if hash in earlier}

    def alterations(self) -> list[tuple[str, RuleRef]]:
        """What the target alters of the contract's conditions, each with a name of its own and its rule."""
        found = [(f"policy {id_}", rule) for id_, rule in altered_policies(self.regrants).items()]
        found += [(f"bundle {id_}", bundle.rule) for id_, bundle in self.lost_bundles.items()]
        if self.agreed:
            ids = {each.product.id for each in self.sale.chosen}
            found += [(f"agreed {i}", each.rule) for i, (each, _) in enumerate(self.agreed) if _is_lost(each, ids)]
        return found

    def state(self, altered: frozenset[str]) -> tuple[tuple[LineItem, ...], PricingTerms]:
        """The lines and terms once some of the alterations have happened."""
        lines = self.lines
        items = tuple([self._item(line, altered) for line in lines] if altered else [item for item, _ in lines])
        by_line, different = self._by_line(altered)
        granted = [each for granting in different for _, found in granting for each in found]
        agreed = [ask for i, (_, ask) in enumerate(self.agreed) if ask is not None and f"agreed {i}" not in altered]
        sale, rulebook, contract = self.sale, self.sale.rulebook, self.held.contract
        discretion = rulebook.discretion
        terms = PricingTerms(
            sale.currency,
            sale.term,
            sale.billing_months,
            contract.proration if self.goes_on else rulebook.proration,
            _groups(self.held.rulebooks.values(), rulebook) if granted else (),
            granted_policies(by_line, granted),
            (*agreed, *self.asks),
            self.prices,
            discretion.max_total_discount,
            discretion.cap_rule,
            discretion.floor,
            contract.term.start if self.goes_on else None,
            frozenset(self.regrants),
            self.caps,
        )
        return items, terms

    def _item(self, line: TargetLine, altered: frozenset[str]) -> LineItem:
        bundle = line.item.bundle
        if line.origin is not None and bundle is not None and f"bundle {bundle.id}" in altered:
            return line.item._replace(bundle=None)
        return line.item

    def _by_line(self, altered: frozenset[str]) -> tuple[dict[str, Granting], list[Granting]]:
        """What each line is granted, and each of it once: lines with the same regrants share one answer."""
        by_line: dict[str, Granting] = {}
        known: dict[int, Granting] = {}
        others: list[Granting] = []
        for item, origin in self.lines:
            if origin is None or (item.bundle is not None and f"bundle {item.bundle.id}" in altered):
                granting = (self.fresh if origin is None else self.regranted)[item.id]
                others.append(granting)
            else:
                regrants = self.regrants[item.id]
                found = known.get(id(regrants))
                if found is None:
                    found = known[id(regrants)] = self._granted(regrants, altered, origin.rulebook)
                granting = found
            by_line[item.id] = granting
        return by_line, [*known.values(), *others]

    def _granted(self, regrants: Sequence[Regrant], altered: frozenset[str], rulebook: str) -> Granting:
        granted = [each.now if f"policy {each.policy.id}" in altered else each.was for each in regrants]
        return granting_of([each for each in granted if each is not None], self.held.rulebooks[rulebook])


def _without(amounts: Set[str], granted: Mapping[str, Granting]) -> dict[str, Granting]:
    """What new lines are granted, but no fixed amount that the contract has already: it is not given twice."""
    return {
        line: tuple(
            (group, kept)
            for group, found in granting
            if (kept := tuple(each for each in found if each.policy.id not in amounts))
        )
        for line, granting in granted.items()
    }


def _paid(items: Sequence[LineItem]) -> list[LineItem]:
    """The lines without trials, which are granted nothing and count for no condition (P29)."""
    return [item for item in items if item.trial_until is None]


def _is_lost(agreed: AgreedDiscount, products: set[str]) -> bool:
    """A discretionary discount holds while the products it was granted with are kept (P22)."""
    return not agreed.products <= products


def _groups(pinned: Iterable[Rulebook], rulebook: Rulebook) -> tuple[DiscountGroup, ...]:
    """The stacking groups of all versions, those the contract is pinned to first."""
    others = [each for each in pinned if each is not rulebook and each.discount_groups != rulebook.discount_groups]
    if not others:
        return rulebook.discount_groups
    return tuple(dict.fromkeys(group for each in (*others, rulebook) for group in each.discount_groups))


def _asks_of_change(asks: Sequence[Ask], lines: Sequence[TargetLine]) -> Sequence[Ask]:
    """What is asked off now: off the lines of the change, and off lines of the contract only where they are named."""
    if not asks:
        return asks
    new = frozenset(line.item.id for line in lines if line.origin is None)
    found = []
    for ask in asks:
        if ask.lines is None:
            found.append(ask._replace(lines=new) if len(new) < len(lines) else ask)
        else:
            found.append(ask._replace(lines=ask.lines & new or ask.lines))
    return found
