"""Adapters for periods, anchors and shares of a period (P6–P9), and for minimums and credits by share (P11, P24)."""

from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.prices import Price, limit, rate
from pricing_engine.money import ONE, ZERO, Currency, round_money
from pricing_engine.periods import Period, ProrationMethod, days_30_360, period_at, share_of_period, tile
from pricing_engine.pricing.term import weigh
from pricing_engine.storage.currencies import currency_digits
from tests.vectors.shapes import Answer, Given, UnknownShape, adapts, choose, count, day, number

MINOR = Currency("minor units", 0)
DOLLARS = Currency("USD", 2)
FACTOR = Currency("factor", 9)
SOME_DAY = date(2025, 1, 1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def days_long(days: object, start: date = SOME_DAY) -> Period:
    """A period of so many days."""
    return Period(start, start + timedelta(days=count(days)))


def prorated(amount: Decimal, part: Period, whole: Period, currency: Currency) -> Decimal:
    """The engine's rounded amount for a part of a billing period, by days."""
    return round_money(weigh([amount], [share_of_period(part, whole, ProrationMethod.DAYS)]), currency)


def whole_period(given: Given) -> Period:
    """The billing period an input names by its bounds; one without a word on bounds gives the last day."""
    make = choose(given.get("bounds", "inclusive"), {"inclusive": Period.through, "end exclusive": Period})
    return make(day(given["period_start"]), day(given["period_end"]))


@adapts("proration", "amount billed_days period_days round")
@adapts("proration", "amount_cents billed_days period_days")
def days_of_days(given: Given) -> Decimal:
    choose(given.get("round", "integer half-up"), {"integer half-up": MINOR})
    amount = number(given["amount_cents"] if "amount_cents" in given else given["amount"])
    return prorated(amount, days_long(given["billed_days"]), days_long(given["period_days"]), MINOR)


@adapts("proration", "amount bounds period_end period_start round start")
def from_a_start(given: Given) -> Decimal:
    whole = whole_period(given)
    currency = choose(given["round"], {"integer half-up": MINOR})
    return prorated(number(given["amount"]), Period(day(given["start"]), whole.end), whole, currency)


@adapts("proration", "amount from period_end to", "currency period_start")
def from_a_day_to_a_day(given: Given) -> Decimal:
    """Days beyond the billing period belong to the next one; without its start, it starts where the part does."""
    start = day(given["from"])
    whole = Period(day(given.get("period_start", given["from"])), day(given["period_end"]))
    code = given.get("currency", "USD")
    currency = Currency(code, currency_digits()[code])
    return prorated(number(given["amount"]), whole.overlap(Period(start, day(given["to"]))), whole, currency)


@adapts("proration", "amount_cents from period_start to")
def part_of_the_month_of(given: Given) -> Decimal:
    part = Period(day(given["from"]), day(given["to"]))
    return prorated(
        number(given["amount_cents"]), part, period_at(day(given["period_start"]), part.start, months=1), MINOR
    )


@adapts("proration", "amount_cents anchor interval period_end period_start start terminated")
def ended_in_an_anchored_period(given: Given) -> Decimal:
    part = Period.through(day(given["start"]), day(given["terminated"]))
    whole = period_at(day(given["anchor"]), part.start, months=choose(given["interval"], MONTHS))
    if whole != whole_period(given):
        raise AssertionError(f"the period from the anchor is {whole}, the published one {whole_period(given)}")
    return prorated(number(given["amount_cents"]), part, whole, MINOR)


@adapts("proration", "amount_cents change_date period_end period_start result unused_days")
def credit_from_a_change(given: Given) -> Decimal:
    choose(given["result"], {"credit": True})
    whole = whole_period(given)
    unused = Period(day(given["change_date"]), whole.end)
    if unused.days != count(given["unused_days"]):
        raise UnknownShape(f"the day of change is not the first unused day: {dict(given)}")
    return prorated(number(given["amount_cents"]), unused, whole, MINOR)


@adapts("proration", "amount_cents period_days period_end result terminated")
def credit_after_the_last_day(given: Given) -> Decimal:
    """The day of ending is used up."""
    choose(given["result"], {"credit before tax": True})
    last_used = day(given["terminated"])
    unused = Period(Period.through(last_used, last_used).end, Period.through(last_used, day(given["period_end"])).end)
    return prorated(number(given["amount_cents"]), days_long(unused.days), days_long(given["period_days"]), MINOR)


@adapts("proration", "amount_cents period_days start terminated")
def used_through_the_last_day(given: Given) -> Decimal:
    used = Period.through(day(given["start"]), day(given["terminated"]))
    return prorated(number(given["amount_cents"]), used, days_long(given["period_days"], used.start), MINOR)


@adapts("proration", "anchor interval on type", "result")
def anchored_start(given: Given) -> Answer:
    choose(given["type"], {"anchor": True})
    current, ended = "start of current period", "start of the period that just ended"
    back = choose(given.get("result", current), {current: timedelta(), ended: timedelta(days=1)})
    return period_at(day(given["anchor"]), day(given["on"]) - back, months=choose(given["interval"], MONTHS)).start


@adapts("proration", "anchor interval start type")
@adapts("proration", "interval period_start type")
def length_of_period(given: Given) -> Answer:
    choose(given["type"], {"period_days": True})
    on = day(given["start"] if "start" in given else given["period_start"])
    anchor = day(given.get("anchor", on.isoformat()))
    return Decimal(period_at(anchor, on, months=choose(given["interval"], MONTHS)).days)


@adapts("proration", "billed_days minimum_cents period_days result usage_cents")
def prorated_minimum(given: Given) -> Decimal:
    choose(given["result"], {"top-up": True})
    share = share_of_period(days_long(given["billed_days"]), days_long(given["period_days"]), ProrationMethod.DAYS)
    minimum = weigh([number(given["minimum_cents"])], [share])
    return round_money(limit(ZERO, minimum=minimum, maximum=None, already_rated=number(given["usage_cents"])), MINOR)


def billing_anchor(start: date, billing_day: object, interval: object) -> date:
    """The billing day of a month that has all days when counting months, of the month of start when counting years."""
    month = choose(interval, {"month": 1, "year": start.month})
    return start.replace(month=month, day=count(billing_day))


def cycles(covered: Period, anchor: date, months: int) -> Decimal:
    """Billing periods covered, each stub rounded to 9 decimals as the source does."""
    return sum(
        (
            prorated(ONE, part, period_at(anchor, part.start, months=months), FACTOR)
            for part in tile(covered, months=months, anchor=anchor)
        ),
        ZERO,
    )


def billed_in_advance(given: Given, interval: str) -> tuple[Period, date, int]:
    """What is billed by a day when periods are billed as they begin, or up to an end."""
    start, months = day(given["start"]), choose(interval, MONTHS)
    anchor = billing_anchor(start, given["billing_day"], interval)
    end = day(given["end"]) if "end" in given else period_at(anchor, day(given["until"]), months=months).end
    return Period(start, end), anchor, months


@adapts("proration", "billing_day end interval result start")
@adapts("proration", "billing_day interval result start until")
def billing_cycles(given: Given) -> Decimal:
    choose(given["result"], {"billing cycles (9 decimals, half-up per stub)": True})
    return cycles(*billed_in_advance(given, given["interval"]))


@adapts("proration", "amount billing_day start until")
@adapts("proration", "amount billing_day end start")
def amount_of_monthly_cycles(given: Given) -> Decimal:
    covered, anchor, months = billed_in_advance(given, "month")
    shares = [
        share_of_period(part, period_at(anchor, part.start, months=months), ProrationMethod.DAYS)
        for part in tile(covered, months=months, anchor=anchor)
    ]
    return round_money(weigh([number(given["amount"])] * len(shares), shares), DOLLARS)


@adapts("proration", "bounds change_date new_cents old_cents period_end period_start result")
def change_of_price(given: Given) -> Answer:
    whole = whole_period(given)
    left = Period(day(given["change_date"]), whole.end)
    credit = prorated(-number(given["old_cents"]), left, whole, MINOR)
    charge = prorated(number(given["new_cents"]), left, whole, MINOR)
    net = sum((credit, charge), ZERO)
    answers: dict[str, Answer] = {"net": net, "[credit, charge, net]": (credit, charge, net)}
    return choose(given["result"], answers)


@adapts("proration", "added_cents bounds change_date period_end period_start")
def added_lines(given: Given) -> Decimal:
    whole = whole_period(given)
    left = Period(day(given["change_date"]), whole.end)
    return sum((prorated(number(amount), left, whole, MINOR) for amount in given["added_cents"]), ZERO)


@adapts("proration", "added_yearly_cents bounds change_date period_end period_start year_days")
def added_yearly_line(given: Given) -> Decimal:
    left = Period(day(given["change_date"]), whole_period(given).end)
    year = days_long(given["year_days"], left.start)
    return prorated(number(given["added_yearly_cents"]), left, year, MINOR)


@adapts("proration", "bounds change_date one_time_cents period_end period_start")
def one_time_amount(given: Given) -> Decimal:
    return round_money(rate(Price(Flat(number(given["one_time_cents"]))), ONE), MINOR)


@adapts("proration", "from month_days to", "result type")
def months_of_thirty_days(given: Given) -> Answer:
    if count(given["month_days"]) != 30:
        raise UnknownShape(f"months of {given['month_days']} days (P8 knows thirty)")
    part = Period(day(given["from"]), day(given["to"]))
    if "type" in given:
        return choose(given["type"], {"days": Decimal(days_30_360(part))})
    choose(given["result"], {"factor, 9 decimals": True})
    month = period_at(part.start, part.start, months=1)
    return round_money(weigh([ONE], [share_of_period(part, month, ProrationMethod.THIRTY_360)]), FACTOR)


@adapts("proration", "from period result to")
@adapts("proration", "from period_end period_start result to")
def factor(given: Given) -> Decimal:
    choose(given["result"], {"factor, 9 decimals": True})
    part = Period(day(given["from"]), day(given["to"]))
    if "period" in given:
        whole = choose(given["period"], {"month starting at from": period_at(part.start, part.start, months=1)})
    else:
        whole = Period(day(given["period_start"]), day(given["period_end"]))
    return prorated(ONE, part, whole, FACTOR)


@adapts(
    "proration",
    "new_amount_cents old_billed_days old_full_amount_cents period_days remaining_days round_each",
)
def change_of_a_price_billed_in_part(given: Given) -> Decimal:
    """The credit is the unused share of what was billed, and that was for part of the period only (P24)."""
    if given["round_each"] is not True:
        raise UnknownShape("amounts that are not rounded one by one (P2)")
    period, billed_for, left = (days_long(given[key]) for key in ("period_days", "old_billed_days", "remaining_days"))
    billed = prorated(number(given["old_full_amount_cents"]), billed_for, period, MINOR)
    return sum(
        (prorated(-billed, left, billed_for, MINOR), prorated(number(given["new_amount_cents"]), left, period, MINOR)),
        ZERO,
    )
