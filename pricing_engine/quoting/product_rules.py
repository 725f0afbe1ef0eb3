"""What product rules say about the products chosen together: needs, exclusions, and how many are sold (P15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from pricing_engine.catalog.products import Metric, Product, QuantityRule
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.quoting.chosen import Chosen


def check_product_rules(chosen: Sequence[Chosen], metrics: Mapping[str, Metric]) -> list[Finding]:
    """A refusal for every breach, naming the rule."""
    ids = {each.product.id for each in chosen}
    findings: list[Finding] = []
    for each in chosen:
        product = each.product
        if product.requires or product.excludes:
            findings.extend(_company_breaches(product, ids))
        rules = {rule.metric: rule for rule in product.quantities} if product.quantities else {}
        for quantities in each.quantities:
            for metric_id, quantity in quantities.items():
                rule, metric = rules.get(metric_id), metrics[metric_id]
                what = _rule_breach(quantity, rule) if rule else None
                if what is None and quantity % metric.step:
                    what = f"is not sold: it is counted in steps of {metric.step:f}"
                if what:
                    what = f"{product.id}: {quantity:f} {metric_id} {what}"
                    findings.append(_refusal("quantity-rule", product, what, metric=metric_id, quantity=quantity))
    return findings


def _company_breaches(product: Product, ids: Set[str]) -> list[Finding]:
    """What is missing beside the product, and what may not be there."""
    return [
        *(
            _refusal("requires", product, f"{product.id} requires {missing}", needs=missing)
            for missing in sorted(product.requires - ids)
        ),
        *(
            _refusal("excludes", product, f"{product.id} cannot be sold with {other}", other=other)
            for other in sorted(product.excludes & ids)
        ),
    ]


def _rule_breach(quantity: Decimal, rule: QuantityRule) -> str | None:
    if rule.minimum is not None and quantity < rule.minimum:
        return f"is below the minimum of {rule.minimum:f}"
    if rule.maximum is not None and quantity > rule.maximum:
        return f"is above the maximum of {rule.maximum:f}"
    if rule.step is not None and quantity % rule.step:
        return f"is not sold: it comes in steps of {rule.step:f}"
    return None


def _refusal(code: str, product: Product, what: str, **facts: object) -> Finding:
    return Finding(code, Severity.REFUSAL, what, rule=product.rule, facts={"product": product.id, **facts})
