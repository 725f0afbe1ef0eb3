"""Turns a worked example into a request and the rulebook to price it under, or says what about it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.price_books import PriceBook
from pricing_engine.money import Currency
from pricing_engine.quoting.request import (
    Account,
    AmountOff,
    ContractRef,
    DiscountRequest,
    PercentOff,
    QuoteRequest,
    TargetPrice,
)
from pricing_engine.rulebook.checks.prices import check_entry
from pricing_engine.rulebook.compile.prices import compile_price_book
from pricing_engine.rulebook.documents.example_asks import AskShape, ContractShape, RequestShape, SaleShape
from pricing_engine.rulebook.documents.examples import GivenShape
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulechecks.attributes import UnfitValue, attribute_names, read_attribute
from pricing_engine.rulechecks.example_changes import changes_of, quantities_in, waivers_of
from pricing_engine.rulechecks.example_files import ExampleFile, path_of_given
from pricing_engine.rulechecks.example_names import check_example_names

ONE_YEAR = 12
CONTRACT = ContractRef("con_example", 1)


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example, ready to be priced; `sale` is the one that made the contract that its request changes.

    `measured` is the latest use, of an example that asks for nothing and looks at what is offered; None: it asks.
    """

    request: QuoteRequest
    rulebook: Rulebook
    sale: QuoteRequest | None = None
    measured: Mapping[str, Decimal] | None = None


def read_example(
    file: ExampleFile, index: int, rulebook: Rulebook, own_book: PriceBook | None
) -> Example | tuple[Fault, ...]:
    """The request of one case and its rulebook, which has one price book only where the case names it."""
    case = file.shape.cases[index]
    reading = _Reading(file, index, file.shape.given.overlaid(case.given), rulebook, own_book, [])
    book = reading.price_book()
    effective = reading.effective()
    attributes = reading.attributes()
    given = reading.given
    currency = given.currency or (book.currency.code if book else rulebook.reporting_currency.code)
    situation = QuoteRequest(
        account=Account("acc_example", "Example", currency, given.market, attributes),
        as_of=given.as_of or effective or date.min,
        effective_date=effective or date.min,
        term_months=given.term_months or ONE_YEAR,
        currency=currency,
        role=given.role or rulebook.roles[0],
        changes=(),
        billing=given.billing,
    )
    asked, sale = reading.requests(situation)
    reading.faults.extend(check_example_names(file, index, given, rulebook))
    if reading.faults:
        return tuple(reading.faults)
    measured = case.measured if case.request is None else None
    return Example(asked, rulebook if book is None else replace(rulebook, price_books=(book,)), sale, measured)


def _sold(situation: QuoteRequest, contract: ContractShape) -> QuoteRequest:
    """The situation as it was when the contract was made."""
    return situation._replace(
        as_of=contract.effective,
        effective_date=contract.effective,
        term_months=contract.term_months or situation.term_months,
        billing=contract.billing or situation.billing,
    )


def _changing(request: QuoteRequest, shape: RequestShape | None, sale: QuoteRequest, given: GivenShape) -> QuoteRequest:
    """The request as one for a change of the contract: within its term, it keeps the term and billing it has."""
    months = request.term_months if shape is not None and (shape.renew or shape.reinstate) else sale.term_months
    return request._replace(
        term_months=(shape.extend if shape is not None else None) or months,
        billing=given.billing,
        contract=CONTRACT,
        waivers=() if shape is None else waivers_of(shape),
    )


def read_own_price_book(file: ExampleFile, currencies: Mapping[str, Currency]) -> PriceBook | tuple[Fault, ...] | None:
    """The price book a test file holds of its own, or what is wrong with it."""
    shape = file.shape.price_book
    if shape is None:
        return None
    loaded: Loaded[PriceBookDocument] = Loaded(file.source, shape, ("price_book",))
    faults = tuple(_check_own_price_book(loaded, currencies))
    return faults or compile_price_book(loaded, currencies)


def _check_own_price_book(loaded: Loaded[PriceBookDocument], currencies: Mapping[str, Currency]) -> Iterator[Fault]:
    shape = loaded.shape
    if shape.currency not in currencies:
        fix = did_you_mean(shape.currency, currencies)
        yield loaded.fault("E508", ("currency",), f"nothing is sold in {shape.currency}", fix)
    for key, entries in shape.prices.items():
        starts: set[date] = set()
        for index, entry in enumerate(entries):
            place: Path = ("prices", key, index)
            yield from check_entry(loaded, place, entry)
            if entry.start in starts:
                what = f"two entries of {key} start on {entry.start}"
                yield loaded.fault("E508", (*place, "from"), what, "remove one of them")
            starts.add(entry.start)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The case being read; what is wrong gathers in `faults`."""

    file: ExampleFile
    index: int
    given: GivenShape
    rulebook: Rulebook
    own_book: PriceBook | None
    faults: list[Fault]

    def requests(self, situation: QuoteRequest) -> tuple[QuoteRequest, QuoteRequest | None]:
        """What the case asks for in the situation, and the sale that made its contract."""
        case = self.file.shape.cases[self.index]
        self._check_metrics(case.measured, ("cases", self.index, "measured"), ())
        request = situation if case.request is None else self.asked(situation, case.request, "request")
        if case.contract is not None:
            sale = self.asked(_sold(situation, case.contract), case.contract, "contract")
            return _changing(request, case.request, sale, case.given), sale
        if case.request is not None and case.expect.refused is None:
            self.refuse_changes(case.request.changes)
        return request, None

    def price_book(self) -> PriceBook | None:
        """The book the situation names, open to every market; None when it names none."""
        id_ = self.given.price_book
        if id_ is None:
            return None
        books = {book.id: book for book in self.rulebook.price_books}
        if self.own_book is not None:
            books[self.own_book.id] = self.own_book
        if id_ not in books:
            self._refuse("E504", self._given("price_book"), f"there is no price book {id_}", did_you_mean(id_, books))
            return None
        return replace(books[id_], markets=frozenset())

    def effective(self) -> date | None:
        """The effective date, which has no default: an example that takes today's would change by itself."""
        if self.given.effective is None:
            place: Path = ("cases", self.index, "name")
            self._refuse("E505", place, "this example has no date", "write given: {effective: 2026-02-01}")
        return self.given.effective

    def attributes(self) -> dict[str, str | Decimal | bool | date]:
        """The account's attributes, each in the type the vocabulary gives it."""
        known = attribute_names(self.rulebook)
        read: dict[str, str | Decimal | bool | date] = {}
        for id_, value in self.given.attributes.items():
            if id_ not in known:
                fix = did_you_mean(id_, {*known, *GivenShape.model_fields})
                self._refuse("E501", self._given(id_), f"the vocabulary has no account.{id_}", fix, on_key=True)
                continue
            try:
                read[id_] = read_attribute(value, known[id_])
            except UnfitValue as unfit:
                self._refuse("E502", self._given(id_), unfit.what, unfit.fix)
        return read

    def refuse_changes(self, fields: Iterable[str]) -> None:
        """Refuses what changes a contract where there is none."""
        for field in fields:
            what = f"{field} changes a contract, and this example has none"
            fix = "add contract: {effective: 2026-01-01, add: [{product: …}]}"
            self._refuse("E511", ("cases", self.index, "request", field), what, fix, on_key=True)

    def asked(self, situation: QuoteRequest, sale: SaleShape, field: str) -> QuoteRequest:
        """The situation with what is asked for in it; `field` is where the case has it."""
        place: Path = ("cases", self.index, field)
        for shape, at in quantities_in(sale, place):
            self._check_metrics(shape.quantities, at, type(shape).model_fields)
        self._check_metrics(sale.usage, (*place, "usage"), ())
        discounts = [self._discount(ask, (*place, "discounts", i)) for i, ask in enumerate(sale.discounts)]
        return situation._replace(
            changes=changes_of(sale),
            tier=sale.tier,
            bundles=sale.bundles,
            discounts=tuple(discount for discount in discounts if discount is not None),
            usage=sale.usage,
        )

    def _discount(self, ask: AskShape, place: Path) -> DiscountRequest | None:
        """One discretionary discount; None when it has no one size."""
        sizes: list[PercentOff | AmountOff | TargetPrice] = []
        if ask.percent is not None:
            sizes.append(PercentOff(ask.percent))
        if ask.amount is not None:
            sizes.append(AmountOff(ask.amount))
        if ask.unit_price is not None:
            sizes.append(TargetPrice(ask.unit_price))
        if len(sizes) != 1:
            fix = "write one of percent, amount and unit_price"
            self._refuse("E509", place, f"a discount has one size; this one has {len(sizes)}", fix)
            return None
        if ask.charge is not None and ask.product is None:
            self._refuse("E509", (*place, "charge"), "a charge needs its product", "add product: …", on_key=True)
        return DiscountRequest(sizes[0], ask.product, ask.charge, ask.why)

    def _check_metrics(self, quantities: Mapping[str, Decimal], place: Path, fields: Iterable[str]) -> None:
        """Refuses what is neither a metric nor one of the fields."""
        for metric in quantities:
            if metric not in self.rulebook.metrics:
                fix = did_you_mean(metric, {*self.rulebook.metrics, *fields})
                self._refuse("E503", (*place, metric), f"there is no metric or field {metric}", fix, on_key=True)

    def _given(self, field: str) -> Path:
        return path_of_given(self.file, self.index, field)

    def _refuse(self, code: str, place: Path, what: str, fix: str, *, on_key: bool = False) -> None:
        self.faults.append(self.file.fault(code, place, what, fix, on_key=on_key))
