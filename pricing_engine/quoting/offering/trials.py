"""Trials an account may begin: those its terms allow and it has not had, whether or not a path suggests them."""

from __future__ import annotations

from collections.abc import Iterator

from pricing_engine.offers.paths import PathTrial, UpsellPath
from pricing_engine.offers.sentences import DAYS
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.offering.candidates import Candidate, NotForIt, why_not
from pricing_engine.quoting.offering.has import Facts, Has
from pricing_engine.quoting.offering.offer import OfferKind
from pricing_engine.quoting.offering.quantities import quantities_for
from pricing_engine.quoting.request import Trial
from pricing_engine.terms.terms import TrialRule


def trial_candidates(has: Has, facts: Facts) -> Iterator[Candidate | NotForIt]:
    """The trials there are. One that a path of the account suggests is said in the path's words.

    Raises: TermsGone.
    """
    terms = terms_of(has.held) if has.held is not None else None
    rules = {rule.product: rule for rule in (terms.trials if terms is not None else ())}
    suggested: set[str] = set()
    for path in has.rulebook.upsell_paths:
        if path.trial is not None:
            found = _suggested(path, path.trial, rules.get(path.trial.product), has, facts)
            if isinstance(found, Candidate):
                suggested.add(path.trial.product)
            yield found
    for product, rule in rules.items():
        if product in suggested:
            yield NotForIt(source_of_rule(product), rule.rule, "an upsell path offers it")
        elif product in has.rulebook.products:
            yield _of_terms(rule, has)


def trial_source(path: UpsellPath) -> str:
    """What a path's trial is known by; the path's own id where it is all the path offers."""
    return path.id if path.target is None else f"{path.id}.trial"


def source_of_rule(product: str) -> str:
    """What a trial is known by that no path suggests."""
    return f"trial.{product}"


def _suggested(
    path: UpsellPath, trial: PathTrial, rule: TrialRule | None, has: Has, facts: Facts
) -> Candidate | NotForIt:
    source = trial_source(path)
    why = why_not(path, has, facts)
    if why is not None:
        return why._replace(source=source, waits=why.waits and path.target is None)
    if rule is None:
        what = "a first sale has no trials" if has.held is None else f"the terms offer no trial of {trial.product}"
        return NotForIt(source, path.rule, what)
    less = _less_than(rule, trial) or _tried(rule, has)
    if less is not None:
        return NotForIt(source, path.rule, less)
    made = _made(source, rule, has)
    limits = {metric: min(most, trial.limits.get(metric, most)) for metric, most in rule.limits.items()}
    quantities = quantities_for(has.rulebook.products[rule.product], {**trial.limits, **limits}, has)
    return made._replace(rule=path.rule, say=path.say, changes=(Trial(rule.product, quantities),), rank=(3, 0))


def _of_terms(rule: TrialRule, has: Has) -> Candidate | NotForIt:
    source = source_of_rule(rule.product)
    tried = _tried(rule, has)
    return _made(source, rule, has) if tried is None else NotForIt(source, rule.rule, tried)


def _made(source: str, rule: TrialRule, has: Has) -> Candidate:
    product = has.rulebook.products[rule.product]
    return Candidate(
        source=source,
        kind=OfferKind.TRIAL,
        rule=rule.rule,
        rank=(3, 1),
        name=product.name,
        say=f"{product.name} can be tried for {rule.days} days.",
        changes=(Trial(product.id, quantities_for(product, rule.limits, has)),),
        values={DAYS: str(rule.days)},
        days=rule.days,
    )


def _less_than(rule: TrialRule, trial: PathTrial) -> str | None:
    """What the terms allow less of than the path wants; None when they allow it."""
    if trial.days is not None and rule.days < trial.days:
        return f"the terms allow {rule.days} days, and it takes {trial.days}"
    for metric, most in trial.limits.items():
        if rule.limits.get(metric, most) < most:
            return f"the terms allow {rule.limits[metric]:f} {metric}, and it takes {most:f}"
    return None


def _tried(rule: TrialRule, has: Has) -> str | None:
    """Why the product cannot be tried any more; None when it can."""
    if rule.product in has.products:
        return f"the account has {rule.product} already"
    contract = has.held.contract if has.held is not None else None
    if contract is not None and rule.product in contract.trials and not rule.is_repeatable:
        return f"{rule.product} has been tried before"
    return None
