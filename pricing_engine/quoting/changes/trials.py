"""Products to be tried: at 0, for some days, within the limits of the terms (P29)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.catalog.prices import Price
from pricing_engine.contracts.contract import Contract, Conversion
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.money import ZERO, round_money
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.instalments import Cadence, spread
from pricing_engine.pricing.line_item import LAYER, LineItem
from pricing_engine.pricing.list_price import draft_line
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.refusals import TrialNotOffered
from pricing_engine.quoting.changes.target import Target
from pricing_engine.quoting.chosen import choose
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.line_items import product_items
from pricing_engine.quoting.refusals import UnknownProduct
from pricing_engine.quoting.request import Add, Trial
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.terms.terms import Terms, TrialEnd, TrialRule

TRIAL = f"{LAYER}trial"
"""After the price-book key of a line that is tried."""


def trial_lines(target: Target, contract: Contract, terms: Terms | None, sale: Sale) -> list[TargetLine]:
    """The lines of what is to be tried.

    Raises: TrialNotOffered; UnknownProduct; QuantityMissing.
    """
    lines: list[TargetLine] = []
    for pointer, trial in target.trials:
        rule = _rule(trial, pointer, target, contract, terms, sale)
        until = min(sale.term.start + timedelta(days=rule.days), sale.term.end)
        product = sale.rulebook.products[trial.product]
        chosen = choose(product, Add(trial.product, trial.quantities), pointer, sale.rulebook, sale.term)
        lines += [
            TargetLine(item._replace(id=f"{item.id}{TRIAL}", bundle=None, trial_until=until), None)
            for item in product_items(chosen, sale)
            if item.charge.months is not None and item.charge.of_lines is None
        ]
    return lines


def conversions_after(
    contract: Contract, target: Target, lines: Iterable[TargetLine], terms: Terms | None, ends: date
) -> tuple[Conversion, ...]:
    """What is tried and will be bought after a change: what was to be and is neither bought nor given up, and what is
    tried from now on under a rule that says so, as long as it ends within the term."""
    over = {each.product.id for each in target.chosen} | target.trials_ended
    going_on = [each for each in contract.conversions if each.product not in over and each.on < ends]
    until = {line.item.product.id: line.item.trial_until for line in lines if line.item.trial_until is not None}
    rules = {rule.product: rule for rule in (terms.trials if terms else ())}
    begun = [
        Conversion(trial.product, trial.quantities, day)
        for _, trial in target.trials
        if rules[trial.product].then is TrialEnd.CONVERT and (day := until.get(trial.product, ends)) < ends
    ]
    return (*going_on, *begun)


def trials_going_on(
    contract: Contract, kind: Kind, cadence: Cadence, priced: Iterable[PricedLine], ended: Set[str]
) -> list[ContractLine]:
    """The trials that a renewal falls into: they go on to their end, unless given up, or bought or tried anew."""
    if kind.type is not QuoteType.RENEWAL:
        return []
    bought = {line.product for line in priced} | ended
    found = []
    for line in contract.lines:
        if line.trial_until is not None and line.trial_until > kind.start and line.product not in bought:
            stretches = tuple(
                [
                    each._replace(start=max(each.start, kind.start))
                    for each in line.stretches
                    if kind.start < each.end <= line.trial_until
                ]
            )
            instalments = spread(cadence, stretches, currency=contract.currency)
            found.append(line._replace(stretches=stretches, instalments=instalments))
    return found


def remark_conversions(lines: Iterable[TargetLine], terms: Terms | None, sale: Sale) -> list[Finding]:
    """A finding for each trial that its rule says is bought in the end: the day, and the yearly price at list then."""
    if terms is None or not terms.trials:
        return []
    converting = {rule.product: rule for rule in terms.trials if rule.then is TrialEnd.CONVERT}
    tried: dict[str, list[LineItem]] = {}
    for line in lines:
        if line.item.trial_until is not None and line.item.product.id in converting:
            tried.setdefault(line.item.product.id, []).append(line.item)
    return [_conversion(product, items, converting[product], sale) for product, items in tried.items()]


def _conversion(product: str, items: Sequence[LineItem], rule: TrialRule, sale: Sale) -> Finding:
    day = items[0].trial_until
    assert day is not None
    known = [part for item in items if (part := _at_list(item, day, sale)) is not None]
    listed = round_money(sum(known, ZERO), sale.currency) if len(known) == len(items) else None
    costs = "at a price on request" if listed is None else f"for {listed:,} a year at list"
    what = f"by its rule what is tried of {product} is bought from {day} on, {costs}, unless it is removed before"
    facts = {"product": product, "on": day, "list": listed}
    return Finding("trial-converts", Severity.INFO, what, rule.rule, facts=facts)


def _at_list(item: LineItem, day: date, sale: Sale) -> Decimal | None:
    """What a line costs a year at the list price of a day; None where that has no number."""
    dated = sale.price_book.prices[item.key].in_force(day)
    if dated is None or not isinstance(dated.price, Price):
        return None
    return draft_line(item._replace(price=dated.price, trial_until=None), day).list


def _rule(trial: Trial, pointer: str, target: Target, contract: Contract, terms: Terms | None, sale: Sale) -> TrialRule:
    """The rule that allows the trial."""
    if trial.product not in sale.rulebook.products:
        raise UnknownProduct(
            f"there is no product {trial.product}",
            fix=did_you_mean(trial.product, sale.rulebook.products),
            pointer=f"{pointer}/product",
        )
    rules = {rule.product: rule for rule in (terms.trials if terms else ())}
    rule = rules.get(trial.product)
    if rule is None:
        raise _refused(trial, pointer, "is not offered for trial", _offered(list(rules)))
    if any(each.product.id == trial.product for each in target.chosen):
        raise _refused(trial, pointer, "is on the contract already", "add to it")
    if trial.product in contract.trials and not rule.is_repeatable:
        raise _refused(trial, pointer, "has been tried before", "add it")
    for metric, quantity in trial.quantities.items():
        most = rule.limits.get(metric)
        if most is not None and quantity > most:
            what = f"may be tried with at most {most:f} {metric}"
            raise TrialNotOffered(
                f"{trial.product} {what}", fix=f"ask for {most:f}", pointer=f"{pointer}/quantities/{metric}", most=most
            )
    tier = sale.tier.tier if sale.tier else None
    if tier is not None and not tier.offers_product(sale.rulebook.products[trial.product]):
        raise _refused(trial, pointer, f"is not offered in {tier.id}", "change the tier first")
    return rule


def _offered(products: Sequence[str]) -> str:
    return f"these are: {', '.join(products)}" if products else "have the pricing team add a trial to the terms"


def _refused(trial: Trial, pointer: str, why: str, fix: str) -> TrialNotOffered:
    return TrialNotOffered(f"{trial.product} {why}", fix=fix, pointer=f"{pointer}/product", product=trial.product)
