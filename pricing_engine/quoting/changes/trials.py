"""Products to be tried: at 0, for some days, within the limits of the terms (P29)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pricing_engine.contracts.contract import Contract
from pricing_engine.pricing.line_item import LAYER
from pricing_engine.quoting.changes.lines import TargetLine
from pricing_engine.quoting.changes.refusals import TrialNotOffered
from pricing_engine.quoting.changes.target import Target
from pricing_engine.quoting.chosen import choose
from pricing_engine.quoting.line_items import product_items
from pricing_engine.quoting.refusals import UnknownProduct
from pricing_engine.quoting.request import Add, Trial
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.terms.terms import Terms, TrialRule

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
