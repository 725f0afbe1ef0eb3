"""Adapters for retention: rates, the bridge, and what of a difference is price and what volume (N1, N2, N4–N7)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pricing_engine.money import ONE, ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.bridge import Bridge
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, volume_at_midpoint, volume_of
from pricing_engine.retention.rates import Rates, Window, share
from tests.cuts import cut
from tests.unit.retention.entries import CLOSING, OPENING, entry, sold
from tests.vectors.proration import DOLLARS
from tests.vectors.shapes import Answer, Figure, Given, adapts, choose, number, optional_number

WINDOW = Window(OPENING, CLOSING)
MIDDLE = date(2025, 7, 1)
LONG_AGO, LEFT = date(2020, 1, 1), date(2021, 1, 1)

Book = Mapping[str, Mapping[str, Decimal]]
"""What customers have, by product line."""


def book(given: Given) -> Book:
    """What an input says that customers have, line by line or in all."""
    return {
        customer: {line: number(each) for line, each in has.items()} if isinstance(has, dict) else {"all": number(has)}
        for customer, has in given.items()
    }


def ledger(before: Book, after: Book) -> list[Entry]:
    """The ledger of customers that have one thing at the opening and another at the closing."""
    found: list[Entry] = []
    for customer in {**before, **after}:
        was, now = before.get(customer, {}), after.get(customer, {})
        for line in {**was, **now}:
            held, more = was.get(line, ZERO), now.get(line, ZERO) - was.get(line, ZERO)
            if held:
                found.append(sold(customer, str(held), line=line))
            if more:
                cause = (Cause.VOLUME if more > 0 else Cause.PARTIAL_CHURN) if held else Cause.NEW_BUSINESS
                found.append(entry(customer, MIDDLE, str(more), cause, line=line))
    return found


def rates(before: Book, after: Book) -> Rates:
    return rates_in(ledger(before, after))


def rates_in(entries: Sequence[Entry], *, gap_days: int | None = None) -> Rates:
    (found,) = cut(entries, WINDOW, gap_days=gap_days).rates()
    return found


def bridge_in(entries: Sequence[Entry], window: Window) -> Bridge:
    ((found,),) = cut(entries, window).bridges([window])
    return found


def flows(given: Given) -> tuple[Book, Book]:
    """A book of which so much grows, shrinks and leaves: each by a product line of its own."""
    start = optional_number(given, "start") or number(given["starting"])
    grown, less, lost = (optional_number(given, key) or ZERO for key in ("expansion", "contraction", "churn"))
    kept = start - less - lost
    return (
        {"stays": {"kept": kept, "given up": less}, "leaves": {"all": lost}},
        {"stays": {"kept": kept + grown}, "leaves": {}},
    )


def told(found: Rates) -> Mapping[str, Figure]:
    assert found.nrr is not None
    assert found.grr is not None
    return {"nrr": found.nrr, "grr": found.grr, "ending": found.kept}


@adapts("nrr_bridge", "churn contraction expansion start")
def of_flows(given: Given) -> Answer:
    return told(rates(*flows(given)))


@adapts("nrr_lazy_vs_cohort", "movements now then")
@adapts("nrr_survivor_bias", "now then")
def of_a_cohort(given: Given) -> Answer:
    return {"nrr_cohort": told(rates(book(given["then"]), book(given["now"])))["nrr"]}


@adapts("grr_grain", "now then")
def at_both_grains(given: Given) -> Answer:
    found = rates(book(given["then"]), book(given["now"]))
    assert found.grr_by_account is not None
    figures = told(found)
    return {"nrr": figures["nrr"], "grr_account_grain": found.grr_by_account, "grr_product_grain": figures["grr"]}


@adapts("nrr_reactivation_policy", "now then timeline")
def of_who_came_back(given: Given) -> Answer:
    """With no gap allowed who left is lost, and with any allowed there."""
    entries, held = [], number(given["then"]["A"])
    entries.append(sold("A", str(held)))
    for month, has in given["timeline"]:
        cause = Cause.CHURN if not has else Cause.REACTIVATION
        entries.append(entry("A", date.fromisoformat(f"{month}-01"), str(number(has) - held), cause))
        held = number(has)
    strict = rates_in(entries, gap_days=0)
    lenient = told(rates_in(entries))
    return {"snapshot_nrr": lenient["nrr"], "grr_snapshot": lenient["grr"], "grr_strict": told(strict)["grr"]}


@adapts("pvm", "p0 p1 q0 q1")
def price_and_volume(given: Given) -> Answer:
    quantities = number(given["q0"]), number(given["q1"])
    nets = quantities[0] * number(given["p0"]), quantities[1] * number(given["p1"])
    difference = nets[1] - nets[0]
    volume = volume_at_midpoint(quantities, nets, currency=DOLLARS)
    at_old_price = volume_of(*quantities, net_before=nets[0], difference=difference, currency=DOLLARS)
    return {
        "delta": difference,
        "volume_bennet": volume,
        "price_bennet": difference - volume,
        "volume_laspeyres": at_old_price,
    }


def asked(found: Rates, ledger_: Sequence[Entry], word: object) -> Answer:
    """The figure a word names."""
    (points,) = cut(ledger_, WINDOW).points()
    net = sum([each for each in points.values() if each is not None], ZERO)
    kept = share(Decimal(found.customers - found.lost), Decimal(found.customers))
    figures = told(found)
    nrr, grr = figures["nrr"], figures["grr"]
    assert isinstance(nrr, Decimal)
    assert isinstance(grr, Decimal)
    both: Mapping[str, Answer] = {
        "NRR": nrr,
        "GRR": grr,
        "[NRR, GRR]": (nrr, grr),
        "logo retention": kept if kept is not None else ONE,
        "net revenue churn": -net,
    }
    return choose(word, both)


@adapts("nrr", "end result start")
def of_customers_at_both_ends(given: Given) -> Answer:
    entries = ledger(book(given["start"]), book(given["end"]))
    return asked(rates_in(entries), entries, given["result"])


@adapts("nrr", "result starting", "churn contraction expansion")
def of_totals(given: Given) -> Answer:
    entries = ledger(*flows(given))
    return asked(rates_in(entries), entries, given["result"])


@adapts("nrr", "end_total_same_customers new_customer_E result start_cohort_total")
def of_a_cohort_in_all(given: Given) -> Answer:
    before, after = ({"all": {"all": number(given[key])}} for key in ("start_cohort_total", "end_total_same_customers"))
    entries = ledger(before, {**after, "E": {"all": ONE}})
    return asked(rates_in(entries), entries, given["result"])


def moved(bridge: Bridge) -> Mapping[str, Figure]:
    """A bridge as it is published: what is lost without its sign."""
    of = bridge.of_kind
    return {
        "start": bridge.opening,
        "new": of(ArrKind.NEW),
        "expansion": of(ArrKind.EXPANSION),
        "reactivation": of(ArrKind.REACTIVATION),
        "contraction": -of(ArrKind.CONTRACTION),
        "churn": -of(ArrKind.CHURN),
        "end": bridge.closing,
    }


@adapts("mrr", "customers_seen_before from to type")
def of_a_month(given: Given) -> Answer:
    before, after = book(given["from"]), book(given["to"])
    gone = [customer for customer in given["customers_seen_before"] if customer not in before]
    entries = [each for customer in gone for each in once_there(customer)]
    return moved(bridge_in([*entries, *ledger(before, after)], WINDOW))


def once_there(customer: str) -> list[Entry]:
    """A customer that had something once, and left."""
    return [sold(customer, "1", LONG_AGO), entry(customer, LEFT, "-1", Cause.CHURN)]


@adapts("mrr", "snapshots type")
def of_snapshots(given: Given) -> Answer:
    """The first month that loses anything, and the last."""
    books = [book(each) for each in given["snapshots"]]
    days = [add_months(OPENING, month) for month in range(len(books))]
    entries = [
        each._replace(day=day)
        for day, (before, after) in zip(days, pairwise([{}, *books]), strict=True)
        for each in ledger(before, after)
        if each.day == MIDDLE
    ]
    months = [moved(bridge_in(entries, Window(*each))) for each in pairwise(days)]
    return {
        "first_churn": months[0]["churn"],
        "last_new": months[-1]["new"],
        "last_reactivation": months[-1]["reactivation"],
    }
