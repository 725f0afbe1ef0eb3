"""The terms a contract is under, as sentences with their figures: what each part allows, costs and promises."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing_engine.contracts.contract import Outcome
from pricing_engine.document import wording
from pricing_engine.document.figures import words
from pricing_engine.document.giving_up_in_words import giving_up_in_words
from pricing_engine.document.renewal_in_words import renewal_in_words
from pricing_engine.document.shape import Fact, Section
from pricing_engine.document.view import View
from pricing_engine.quoting.changes.waivers import LASTING, Waived, read_waivers
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.terms.terms import (
    OverUse,
    OverUseMode,
    Reinstatement,
    Terms,
    TrialEnd,
    TrialRule,
    Waivable,
)


def terms_section(view: View) -> Section:
    """A fact for each part of the terms, as they stand with what is agreed otherwise."""
    terms = view.terms
    if terms is None:
        return Section(wording.TERMS, remarks=(wording.NO_TERMS,))
    agreed = read_waivers((), terms, view.contract.changed_terms)
    facts = [*_waived(view), *(_after_the_end if view.type is QuoteType.CANCELLATION else _parts)(view, terms, agreed)]
    return Section(wording.TERMS_NAMED.format(name=words(terms.id)), tuple(facts))


def _parts(view: View, terms: Terms, agreed: Waived) -> Iterator[Fact]:
    yield Fact(wording.RENEWAL, renewal_in_words(view, terms.renewal, agreed))
    yield Fact(wording.GROWTH, (wording.GROWTH_HELD if view.contract.price_hold else wording.GROWTH_LISTED,))
    yield Fact(wording.PARTIAL, giving_up_in_words(view, terms.partial_cancellation, agreed))
    yield Fact(wording.CANCELLATION, giving_up_in_words(view, terms.cancellation, agreed))
    if terms.over_use is not None:
        yield Fact(wording.OVER_USE, _over_use(view, terms.over_use))
    yield from _after_the_end(view, terms, agreed)
    if promises := _promises(view, terms):
        yield Fact(wording.GUARANTEES, promises)
    if trials := tuple(_trial(view, each) for each in terms.trials if each.product in view.rulebook.products):
        yield Fact(wording.TRIALS, trials)


def _after_the_end(view: View, terms: Terms, _: Waived) -> Iterator[Fact]:
    if terms.reinstatement is not None:
        yield Fact(wording.COMING_BACK, _reinstatement(view, terms.reinstatement))


def _over_use(view: View, rule: OverUse) -> tuple[str, ...]:
    tolerance = (wording.TOLERANCE.format(share=view.figures.share(rule.tolerance)),) if rule.tolerance else ()
    if rule.mode is OverUseMode.TRUE_FORWARD:
        return (*tolerance, wording.TRUE_FORWARD)
    return (*tolerance, wording.TRUE_UP.format(share=view.figures.share(rule.multiplier)))


def _reinstatement(view: View, rule: Reinstatement) -> tuple[str, ...]:
    fee = reinstatement_fee_in_words(view, rule)
    return (
        wording.WITHIN.format(days=view.count_days(rule.within_days)),
        wording.COMES_TO.format(parts=fee) if fee else wording.NO_FEE,
        *((wording.COVERED,) if rule.covers_lapse else ()),
    )


def reinstatement_fee_in_words(view: View, rule: Reinstatement) -> str:
    """What the fee for coming back is made of; empty where it is nothing."""
    shares = ((wording.LAPSE_SHARE, rule.lapse_fees_share), (wording.LAST_YEAR_SHARE, rule.last_year_share))
    return wording.AND.join(text.format(share=view.figures.share(share)) for text, share in shares if share)


def _promises(view: View, terms: Terms) -> tuple[str, ...]:
    """The milestones that are still to come, with the credit when one is missed and what that is a share of."""
    rules = {rule.milestone: rule for rule in terms.guarantees}
    said = []
    for each in view.contract.milestones:
        if each.outcome is not Outcome.PENDING or each.due < view.quote.request.effective_date:
            continue
        day, amount = view.figures.day(each.due), view.figures.money(each.credit)
        text = wording.MILESTONE.format(name=words(each.id).capitalize(), day=day, amount=amount)
        if (rule := rules.get(each.id)) is not None:
            base = wording.CREDIT_BASES[rule.of]
            text += " " + wording.MILESTONE_SHARE.format(share=view.figures.share(rule.credit), base=base)
        said.append(text)
    return tuple(said)


def _trial(view: View, rule: TrialRule) -> str:
    limits = ", ".join(view.units(metric, limit) for metric, limit in rule.limits.items())
    return wording.TRIAL.format(
        product=view.product_name(rule.product),
        days=view.count_days(rule.days),
        limits=wording.UP_TO.format(units=limits) if limits else "",
        then=wording.TRIAL_ENDS if rule.then is TrialEnd.END else wording.TRIAL_CONVERTS,
    )


def _waived(view: View) -> Iterator[Fact]:
    """What this one change is spared; what is changed for good stands in the terms themselves. No reasons."""
    said = []
    for waiver in view.quote.request.waivers:
        what = Waivable(waiver.what)
        if what in LASTING or what not in wording.WAIVABLES:
            continue
        name = wording.WAIVABLES[what]
        to = None if waiver.to is None else view.figures.money(Decimal(waiver.to))
        said.append(wording.WAIVED.format(what=name) if to is None else wording.CHANGED_TO.format(what=name, to=to))
    if said:
        yield Fact(wording.OTHERWISE, tuple(said))
