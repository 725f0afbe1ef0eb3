"""Random contracts, and random changes to them one after the other: what the laws of changes are tried on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st

from pricing_engine.catalog.charge_models import Band, ChargeModel, Graduated, PerUnit, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.discounts import DiscountPolicy, Schedule
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import (
    Add,
    AmountOff,
    Change,
    DiscountRequest,
    PercentOff,
    RampStep,
    Remove,
    Set,
    TargetPrice,
)
from pricing_engine.rulebook.rulebook import Rulebook
from tests.contracts import Book, a_contract, giving_up, multi_product, some_terms
from tests.laws.any_policy import approval_matrices
from tests.laws.any_sale import PLANS
from tests.rulebooks import a_policy, a_product, a_rulebook

D = Decimal
PRODUCTS = ("crm", "analytics", "core")
STARTS = [date(2024, 2, 29), date(2023, 1, 31), date(2026, 1, 1), date(2025, 8, 30), date(2027, 1, 29)]

a_quarter = settings(max_examples=-(-settings().max_examples // 4))
"""A quarter of the profile's examples: each books a contract and changes it several times."""

unit_prices = st.one_of(
    st.sampled_from([D("20.00"), D("9.99"), D("0.333333333333"), D("0.005"), D(0)]),
    st.integers(1, 20_000).map(lambda number: D(number).scaleb(-2)),
)
users = st.one_of(st.sampled_from([D(10), D(11), D(60), D("2.5")]), st.integers(1, 120).map(D))


@dataclass(frozen=True)
class Kinds:
    """What there may be: some laws are only about contracts without this or that."""

    improves: tuple[bool, ...] = (True, False)
    promotes: bool = True
    asks: tuple[type, ...] = (PercentOff, AmountOff, TargetPrice)
    ramps: bool = True
    methods: Sequence[ProrationMethod] = tuple(ProrationMethod)
    fees: tuple[str | None, ...] = (None,)


@dataclass(frozen=True, repr=False)
class Move:
    """Some changes agreed on one day, under a rulebook version."""

    day: date
    as_of: date
    changes: tuple[Change, ...]
    rulebook: Rulebook
    discounts: tuple[DiscountRequest, ...] = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # what hypothesis shows: rulebooks in full would be thousands of lines

    def __repr__(self) -> str:
        asked = f"{self.changes} {self.discounts}" if self.discounts else f"{self.changes}"
        return f"on {self.day}, asked {self.as_of}, under {self.rulebook.hash[:1]}: {asked}"

    def asked(self) -> dict[str, Any]:
        """The request's part that is not its changes."""
        return {"on": self.day, "as_of": self.as_of, "discounts": self.discounts}


@dataclass(frozen=True)
class Moved:
    """A change that was played: the book before, its quote, and the book after."""

    before: Book
    move: Move
    quote: Quote
    after: Book


@dataclass(frozen=True, repr=False)
class AnyChanges:
    """A contract and what becomes of it."""

    book: Book
    moves: tuple[Move, ...]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def __repr__(self) -> str:
        contract = self.book.contract
        versions = {each.hash: each for each in [self.book.rulebook, *(move.rulebook for move in self.moves)]}
        told = [f"{contract.term} {contract.billing.id} {contract.proration} hold={contract.price_hold}"]
        for hash, each in versions.items():
            prices = {key: dated.entries[0].price for key, dated in each.price_books[0].prices.items()}
            told.append(f"{hash[:1]}: {prices} {[(policy.id, policy.size) for policy in each.discounts]}")
        told += [f"{contract.products}", f"{contract.discounts}", *map(repr, self.moves)]
        return "\n".join(told)

    def play(self) -> list[Moved]:
        """Every change quoted and booked, in order."""
        book, played = self.book, []
        for move in self.moves:
            before = book.under(move.rulebook)
            quote = before.quote(*move.changes, **move.asked())
            book = before.book(*move.changes, **move.asked())
            played.append(Moved(before, move, quote, book))
        return played


@st.composite
def models(draw: st.DrawFn) -> ChargeModel:
    """A price by units: one for all, or by bands."""
    kind = draw(st.sampled_from([PerUnit, Graduated, Volume]))
    if kind is PerUnit:
        return PerUnit(draw(unit_prices))
    bounds = draw(st.lists(st.integers(1, 90), min_size=1, max_size=2, unique=True).map(sorted))
    flat = draw(st.sampled_from([D(0), D(0), D("7.50")]))
    bands = tuple(Band(up_to, draw(unit_prices), flat) for up_to in [*(D(bound) for bound in bounds), None])
    return Graduated(bands) if kind is Graduated else Volume(bands)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    """A price by units, seldom with some for nothing, a least or a most amount."""
    included, least, most = draw(
        st.sampled_from([(0, None, None)] * 4 + [(5, None, None), (0, D("30.00"), None), (0, None, D("400.00"))])
    )
    return Price(draw(models()), D(included), least, most)


@st.composite
def policies(draw: st.DrawFn, kinds: Kinds) -> list[DiscountPolicy]:
    """By the number of products, by a line's own quantity, and for some months."""
    found: list[DiscountPolicy] = []
    if draw(st.integers(0, 3)):
        found.append(multi_product(improves=draw(st.sampled_from(kinds.improves))))
    if draw(st.integers(0, 2)) == 0:
        group = draw(st.sampled_from(["portfolio", "promotions"]))
        found.append(a_policy("by-size", Schedule("quantity", ((D(20), D("0.05")), (D(80), D("0.125")))), group=group))
    if kinds.promotes and draw(st.integers(0, 3)) == 0:
        found.append(a_policy("welcome", "0.20", group="promotions", months=draw(st.sampled_from([1, 5, 12]))))
    return found


@st.composite
def versions(draw: st.DrawFn, kinds: Kinds) -> list[Rulebook]:
    """A rulebook, and sometimes a later version of it with other prices and discounts."""
    found: list[Rulebook] = []
    given_up = giving_up(draw(st.sampled_from(kinds.fees)))
    terms = some_terms(partial_cancellation=given_up, price_hold=draw(st.booleans()))
    method = draw(st.sampled_from(kinds.methods))
    for number in range(draw(st.sampled_from([1, 2]))):
        listed = {f"{product}.seats": draw(prices()) for product in PRODUCTS}
        found.append(
            a_rulebook(
                [a_product(product) for product in PRODUCTS],
                listed,
                discounts=draw(policies(kinds)),
                terms=[terms],
                approvals=draw(approval_matrices),
                proration=method,
                hash=str(number) * 64,
            )
        )
    return found


@st.composite
def asks(draw: st.DrawFn, products: Sequence[str], kinds: Kinds) -> tuple[DiscountRequest, ...]:
    """Seldom a discount asked for: off everything or a product, or a target for a product."""
    if not kinds.asks or draw(st.integers(0, 2)):
        return ()
    kind = draw(st.sampled_from(kinds.asks))
    if kind is TargetPrice:
        return (DiscountRequest(TargetPrice(draw(unit_prices)), draw(st.sampled_from(products))),)
    size = (
        PercentOff(draw(st.sampled_from([D("0.05"), D("0.125"), D(1)])))
        if kind is PercentOff
        else AmountOff(D(draw(st.integers(1, 900_000))).scaleb(-2))
    )
    return (DiscountRequest(size, draw(st.sampled_from([None, *products]))),)


@st.composite
def changes(draw: st.DrawFn, held: dict[str, Decimal], product: str) -> Change:
    """A change of one product; `held`, the least users of each product over the term, is kept up to date."""
    if product not in held:
        held[product] = quantity = draw(users)
        return Add(product, {"users": quantity})
    quantity, least = draw(users), held[product]
    op = draw(st.sampled_from([Set, Set, Add, Remove, "some"]))
    if op is Remove:
        del held[product]
        return Remove(product)
    if op == "some" and quantity < least:
        held[product] = least - quantity
        return Remove(product, {"users": quantity})
    held[product] = least + quantity if op is Add else quantity
    return Add(product, {"users": quantity}) if op is Add else Set(product, {"users": quantity})


@st.composite
def first_sales(draw: st.DrawFn, rulebook: Rulebook, kinds: Kinds) -> tuple[Book, dict[str, Decimal]]:
    """A contract of one to three products, and the least users of each."""
    months = draw(st.one_of(st.sampled_from([1, 12, 18, 24, 36]), st.integers(1, 36)))
    start = draw(st.sampled_from(STARTS))
    products = draw(st.permutations(PRODUCTS))[: draw(st.sampled_from([2, 3, 1]))]
    held: dict[str, Decimal] = {}
    adds = []
    for product in products:
        held[product] = first = draw(users)
        ramp: tuple[RampStep, ...] = ()
        if kinds.ramps and months > 1 and draw(st.integers(0, 4)) == 0:
            later = draw(users)
            ramp = (RampStep(draw(st.integers(1, months - 1)), {"users": later}),)
            held[product] = min(first, later)
        adds.append(Add(product, {"users": first}, ramp=ramp))
    asked: dict[str, Any] = {"as_of": start, "effective_date": start, "term_months": months}
    asked |= {"billing": draw(st.sampled_from(PLANS)), "discounts": draw(asks(products, kinds))}
    return a_contract(rulebook, *adds, **asked), held


@st.composite
def any_changes(draw: st.DrawFn, kinds: Kinds | None = None, *, most: int = 3) -> AnyChanges:
    """A contract, and one to `most` changes to it on days that rise."""
    kinds = kinds or Kinds()
    rulebooks = draw(versions(kinds))
    book, held = draw(first_sales(rulebooks[0], kinds))
    term = book.contract.term
    days = sorted(draw(st.lists(st.integers(0, term.days - 1), min_size=1, max_size=most)))
    moves = []
    for offset in days:
        day = term.start + timedelta(days=offset)
        known = dict(held)
        named = draw(st.permutations(PRODUCTS))[: draw(st.sampled_from([1, 2, 3]))]
        asked = tuple(draw(changes(known, product)) for product in named)
        assume(known)
        held = known
        late = timedelta(days=draw(st.sampled_from([0, 0, 0, 0, 25, -10])))
        discounts = draw(asks([each for each in named if each in held], kinds)) if set(named) & set(held) else ()
        moves.append(Move(day, day + late, asked, draw(st.sampled_from(rulebooks)), discounts))
    return AnyChanges(book, tuple(moves))
