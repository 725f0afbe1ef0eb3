"""The contracts of one account from its rows: start at `contracts_of`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract import Contract, HeldProduct, TermsPin
from pricing_engine.contracts.value import arr_on
from pricing_engine.imports.book.bought import Book, Bought, Terms, measure_row
from pricing_engine.imports.book.lines import Line, make_line
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.rows import BookRow
from pricing_engine.money import ZERO, exact_arithmetic
from pricing_engine.periods import Period, add_months, period_at
from pricing_engine.pricing.instalments import cadence_for
from pricing_engine.quoting.changes.milestones import promised
from pricing_engine.quoting.request import Account
from pricing_engine.rulebook.rulebook import PriceBookMissing
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.terms.terms import Terms as TermsRule

_NOTHING: Final[Mapping[str, Decimal]] = {}


class Imported(NamedTuple):
    """A contract as it is in force, and what it was before its term (None: this is its first one)."""

    contract: Contract
    earlier: Contract | None


def contracts_of(rows: Sequence[BookRow], account: Account, book: Book) -> tuple[list[Imported], list[Problem]]:
    """The account's contracts in the order of their first rows, and everything that keeps one from being made.

    Rounds: each line's instalments (P3); yearly amounts never.
    """
    by_contract: dict[str, list[BookRow]] = {}
    for row in rows:
        by_contract.setdefault(row.contract, []).append(row)
    contracts, problems = list[Imported](), list[Problem]()
    with exact_arithmetic():
        for of_contract in by_contract.values():
            made, found = _contract(of_contract, account, book)
            problems += found
            if made is not None:
                contracts.append(made)
    return contracts, problems


def term_in_force(start: date, end: date | None, months: int | None, *, on: date) -> Period:
    """The term of a contract: up to its end; without one, of so many months, from its start on until one holds the day.

    Source: P6, P7.
    """
    if end is not None:
        return Period(start, end)
    assert months is not None  # a row without either is refused when it is read
    if on < start:
        return Period(start, add_months(start, months))
    return period_at(start, on, months=months)


def _contract(rows: Sequence[BookRow], account: Account, book: Book) -> tuple[Imported | None, list[Problem]]:
    problems = [*_repeated(rows, book), *_disagreements(rows, book)]
    shared = _shared(rows, account, book)
    if isinstance(shared, Problem):
        return None, [*problems, shared]
    terms, plan = shared
    lines, found = _lines(rows, terms, book)
    problems += found
    pin = _terms_pin(rows[0], book)
    if isinstance(pin, Problem):
        return None, [*problems, pin]
    if len(tiers := {line.sold.tier for line in lines if line.sold.tier is not None and not line.is_trial}) > 1:
        what = f"the contract has {len(tiers)} tiers: {', '.join(sorted(tiers))}"
        problems.append(book.problem(rows[0], "tier", Wrong("two-tiers", what, "give each tier a contract of its own")))
    if any(problem.refuses for problem in problems):
        return None, problems
    contract = _assembled(rows[0], account, lines, terms, plan, pin, book)
    if terms.earlier is None:
        return Imported(_promising(contract, book), None), problems
    before = [line._replace(line=line.earlier) for line in lines if line.earlier is not None]
    earlier = _assembled(rows[0], account, before, terms.earlier, plan, pin, book)
    return Imported(_promising(contract._replace(version=2), book), earlier), problems


def _promising(contract: Contract, book: Book) -> Contract:
    """The contract with the milestones of its terms that are not due before the book's day.

    How the others came out the book does not say, and after their last day they cannot be pending.
    Source: P28.
    """
    terms = _terms_of(contract.terms, book)
    if terms is None or not terms.guarantees:
        return contract
    arr = arr_on(contract, contract.effective)
    milestones = promised(terms, contract.term.start, arr, contract.currency)
    return contract._replace(milestones=tuple([each for each in milestones if each.due >= book.book_date]))


def _terms_of(pin: TermsPin | None, book: Book) -> TermsRule | None:
    return next((each for each in book.rulebook.terms if pin is not None and each.id == pin.id), None)


def _assembled(
    row: BookRow,
    account: Account,
    lines: Sequence[Line],
    terms: Terms,
    plan: BillingPlan,
    pin: TermsPin | None,
    book: Book,
) -> Contract:
    term, hash_ = terms.cadence.term, book.rulebook.hash
    pinned = _terms_of(pin, book)
    return Contract(
        id=row.contract,
        account_id=account.id,
        version=1,
        effective=term.start,
        currency=terms.currency,
        price_book=terms.price_book.id,
        term=term,
        ends=term.end,
        billing=plan,
        proration=book.rulebook.proration,
        tier=next((line.sold.tier for line in lines if line.sold.tier and not line.is_trial), None),
        tier_rulebook=hash_,
        terms=pin,
        price_hold=(pinned is not None and pinned.price_hold) if row.price_hold is None else row.price_hold,
        products=_held([line for line in lines if not line.is_trial]),
        lines=tuple([line.line for line in lines]),
        discounts=tuple([line.discount for line in lines if line.discount is not None]),
        trials=tuple(dict.fromkeys(line.line.product for line in lines if line.is_trial)),
    )


def _shared(rows: Sequence[BookRow], account: Account, book: Book) -> tuple[Terms, BillingPlan] | Problem:
    """What all lines share, by the first row: the term, the plan, and the price book of the account's market."""
    rulebook, row = book.rulebook, rows[0]
    plan = rulebook.billing_plans.get(row.billing or rulebook.default_billing)
    if plan is None:
        fix = did_you_mean(row.billing, rulebook.billing_plans)
        wrong = Wrong("unknown-billing", f"the rulebook in force has no billing plan {row.billing}", fix)
        return book.problem(row, "billing", wrong)
    try:
        price_book = rulebook.price_book(account.currency, account.market)
    except PriceBookMissing as missing:
        return book.problem(row, "account", Wrong("no-price-book", missing.what, missing.fix))
    begun = min(each.start for each in rows)
    term = term_in_force(begun, row.end, row.term_months, on=book.book_date)
    cadence = cadence_for(term, plan, rulebook.proration)
    return Terms(cadence, begun, rulebook.currencies[account.currency], price_book), plan


def _repeated(rows: Sequence[BookRow], book: Book) -> list[Problem]:
    """Rows that are in the book twice, cell by cell: as two lines they would count twice."""
    if len(rows) == 1:
        return []
    problems, seen = list[Problem](), dict[tuple[str, ...], int]()
    for row in rows:
        first = seen.setdefault(tuple(row.cells), row.line)
        if first != row.line:
            fix = "delete one of them; what was bought twice is one row with both quantities"
            problems.append(book.problem(row, "", Wrong("row-twice", f"this row is the same as line {first}", fix)))
    return problems


_ALIKE: Final = ("end", "term_months", "billing", "terms", "price_hold")


def _disagreements(rows: Sequence[BookRow], book: Book) -> list[Problem]:
    """Rows that say otherwise than the first what the contract has once."""
    first = rows[0]
    return [
        book.problem(
            row,
            field,
            Wrong(
                "rows-disagree",
                f"contract {row.contract} has another {field.replace('_', ' ')} in line {first.line}",
                "make its rows agree, or give them different contract ids",
            ),
        )
        for row in rows[1:]
        for field in _ALIKE
        if getattr(row, field) != getattr(first, field)
    ]


def _terms_pin(row: BookRow, book: Book) -> TermsPin | Problem | None:
    if not row.terms:
        return None
    known = [each.id for each in book.rulebook.terms]
    if row.terms in known:
        return TermsPin(row.terms, book.rulebook.hash)
    fix = did_you_mean(row.terms, known, if_none="map no terms: these rules have none")
    return book.problem(row, "terms", Wrong("unknown-terms", f"the rulebook in force has no terms {row.terms}", fix))


def _lines(rows: Sequence[BookRow], terms: Terms, book: Book) -> tuple[list[Line], list[Problem]]:
    """One line per row; a further row of one charge is a layer on top of those before it."""
    lines, problems = list[Line](), list[Problem]()
    below = defaultdict[str, Decimal](Decimal)
    layers: Counter[str] = Counter()
    for row in rows:
        bought = measure_row(row, terms, book, below=below)
        if not isinstance(bought, Bought):
            problems.append(bought)
            continue
        layers[bought.sold.key] += 1
        line, found = make_line(bought, terms, layer=layers[bought.sold.key], book=book)
        problems += found
        if line is not None:
            lines.append(line)
        if not row.trial:
            below[bought.sold.key] += bought.quantity
    return lines, problems


def _held(lines: Sequence[Line]) -> tuple[HeldProduct, ...]:
    """The products as they would have been asked for: quantities by metric, layers of one charge together."""
    by_product: dict[str, list[Line]] = {}
    for line in lines:
        by_product.setdefault(line.sold.product.id, []).append(line)
    return tuple([_held_product(product, of_product) for product, of_product in by_product.items()])


def _held_product(product: str, lines: Sequence[Line]) -> HeldProduct:
    by_key: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        if line.sold.charge.metric is not None:
            key = line.sold.charge.metric, line.sold.key
            by_key[key] = by_key.get(key, ZERO) + line.line.stretches[0].quantity
    quantities: dict[str, Decimal] = {}
    for (metric, _), quantity in by_key.items():
        quantities[metric] = max(quantities.get(metric, ZERO), quantity)
    start = min(line.line.stretches[0].start for line in lines)
    return HeldProduct(product, (start,), (quantities,), (_NOTHING,), _NOTHING)
