"""The first step: what a line costs by the price book, per year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_engine.catalog.charge_models import Band, Graduated, Percentage
from pricing_engine.catalog.prices import CommittedAmount, Price, committed_fee, rate, rate_layer, rate_usage
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.pricing.draft import Draft, make_draft
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import LIST, TRIAL, make_step


def draft_line(item: LineItem, on: date) -> Draft:
    """The line at list price on a day of the term.

    Source: P10, P11, P13.
    """
    phase = item.phases[0] if len(item.phases) == 1 else item.phase_on(on)
    if item.trial_until is not None:
        return _draft_trial(item, phase, on)
    return at_list(item, phase, _list_in(item, phase))


def list_on(item: LineItem, on: date) -> Decimal:
    """What the line costs at list on a day of the term, where the waterfall of `draft_line` begins."""
    if item.trial_until is not None and on >= item.trial_until:
        return ZERO
    return _list_in(item, item.phase_on(on))


def _list_in(item: LineItem, phase: Phase) -> Decimal:
    return list_per_period(item, phase) * item.charge.periods_per_year


def _draft_trial(item: LineItem, phase: Phase, on: date) -> Draft:
    """A product that is tried: what it would cost, and that it does not; nothing once the trial is over (P29)."""
    assert item.trial_until is not None
    if on >= item.trial_until:
        return at_list(item, phase._replace(quantity=ZERO), ZERO)
    draft = at_list(item, phase, _list_in(item, phase))
    return draft.stepped(TRIAL, item.list_rule, ZERO) if draft.net else draft


def draft_share(item: LineItem, on: date, base: Decimal) -> Draft:
    """A percentage-of-lines charge at list price: its rate of the other lines' net, `base` a year (P10)."""
    price = item.price
    assert price is not None  # an on-request percentage is never drafted
    return at_list(item, item.phase_on(on), rate(_for_a_year(price, item.charge.periods_per_year), base))


def _for_a_year(price: Price, periods: Decimal) -> Price:
    """A percentage by the amounts of a charge period, by those of a year instead.

    A yearly base divided by 12 would leave an endless fraction, of which 10% off is not found to be 10%.
    """
    model = price.model
    assert isinstance(model, Percentage)  # the loader lets no other model be a percentage of lines
    if periods == 1:
        return price
    bands = tuple(
        Band(None if band.up_to is None else band.up_to * periods, band.unit_price, band.flat * periods)
        for band in model.rates.bands
    )
    least, most = (None if limit is None else limit * periods for limit in (price.minimum, price.maximum))
    return Price(Percentage(Graduated(bands)), price.included * periods, least, most)


def at_list(item: LineItem, phase: Phase, amount: Decimal) -> Draft:
    """A fresh draft whose only step is its list price."""
    return make_draft((item, phase, amount, amount, (make_step((LIST, item.list_rule, amount, amount)),), ()))


def list_per_period(item: LineItem, phase: Phase) -> Decimal:
    """The list amount of one charge period; a usage charge counts only as far as it is committed (N8)."""
    price = item.price
    if price is None:
        assert phase.unit_price is not None  # a line on request without a price is never drafted
        if isinstance(phase.commitment, CommittedAmount):
            return phase.commitment.amount
        return phase.quantity * phase.unit_price
    if item.charge.timing is USAGE:
        if phase.commitment is None:
            return ZERO
        if not phase.below or isinstance(phase.commitment, CommittedAmount):
            return committed_fee(price, phase.commitment)
    if phase.below:
        return rate_layer(price, phase.quantity, below=phase.below)
    return rate(price, phase.quantity)


def estimate_usage(item: LineItem, currency: Currency) -> Decimal | None:
    """What the declared use costs per charge period above the committed fee, at list; None when none was declared.

    Shown beside the totals, never inside them (N8).
    Rounds: once, half up.
    """
    if item.declared_usage is None or item.price is None:
        return None
    rating = rate_usage(item.price, used=item.declared_usage, commitment=item.phases[0].commitment)
    return round_money(rating.overage, currency)
