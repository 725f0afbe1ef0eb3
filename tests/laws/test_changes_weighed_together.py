"""Changes of one contract weighed one after the other: each is the quote it would be alone, to the last digit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.api.quote_json import quote_bytes
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import Contract
from pricing_engine.errors import DomainError
from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import assemble_quote, weigh_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.changes.agreed_lines import phases_from
from pricing_engine.quoting.changes.layers import lay_out, stays_as_it_is
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Add, ContractRef, DiscountRequest, PercentOff, QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from tests.laws.test_changes_of_sample_contracts import LATER, RULES, VERSIONS, a_change, a_first_request, an_addition

seeds = st.integers(0, 2**32)  # of contracts that can be made: many cannot
USES = ({}, {}, {"transfer_gb": Decimal(6000)}, {"api_calls": Decimal(70000)})


def a_contract(random: Random) -> tuple[QuoteRequest, Contract]:
    """A first sale that can be made, and what it makes; now and then changed once.

    Most have no discount asked for and no percentage of lines, which tie the price of each line to the others, and so
    many products that a further one brings no more discount on what there is.
    """
    while True:
        request = a_first_request(random)
        if random.random() < 0.8:
            more = {product: Add(product, {"users": Decimal(40)}) for product in ("core", "crm", "analytics")}
            more |= {each.product: each for each in request.changes if isinstance(each, Add)}
            untied = tuple(each for product, each in more.items() if product != "premium-support")
            request = request._replace(discounts=(), changes=untied)
        try:
            contract = book_contract(request, rulebook=RULES, contract_id="con")
            if random.random() < 0.3:
                day = request.effective_date + timedelta(days=20)
                change = asked(random, request, contract, day)
                contract = book_contract(change, rulebook=LATER, contract_id="con", held=held_in(contract))
        except DomainError:
            continue
        return request, contract


def held_in(contract: Contract) -> Held:
    return Held(contract, {hash: VERSIONS[hash] for hash in contract.rulebooks})


def asked(random: Random, request: QuoteRequest, contract: Contract, day: date) -> QuoteRequest:
    return request._replace(
        as_of=day,
        effective_date=day,
        term_months=12,
        changes=tuple(
            an_addition(random) if random.random() < 0.6 else a_change(random, contract)
            for _ in range(random.choice((1, 1, 2)))
        ),
        contract=ContractRef(contract.id, contract.version),
        billing=None,
        bundles=(random.choice(list(RULES.bundles)),) if random.random() < 0.2 else (),
        discounts=(DiscountRequest(PercentOff(Decimal("0.05"))),) if random.random() < 0.1 else (),
        usage=random.choice(USES) if random.random() < 0.2 else {},
    )


def quoted(request: QuoteRequest, held: Held, rulebook: Rulebook) -> Quote | str:
    try:
        return assemble_quote(request, rulebook=rulebook, quote_id="quo", held=held, scored_by=None)
    except DomainError as refusal:
        return refusal.code


def written(quote: Quote | str) -> bytes | str:
    """As a caller gets it: 12.5 and 12.50 are equal, and not the same text."""
    return quote if isinstance(quote, str) else quote_bytes(quote, role="admin", waterfall=True)


@given(seeds)
def test_changes_weighed_together_are_what_each_is_alone(seed: int) -> None:
    random = Random(seed)
    request, contract = a_contract(random)
    together = held_in(contract)
    days = [contract.effective + timedelta(days=passed) for passed in (40, 40, 40, 40, 75)]
    for _ in range(8):
        change = asked(random, request, contract, random.choice(days))
        rulebook = RULES if random.random() < 0.9 else LATER
        one, alone = quoted(change, together, rulebook), quoted(change, held_in(contract), rulebook)
        assert one == alone
        assert written(one) == written(alone)


@given(seeds)
def test_what_is_weighed_has_the_figures_of_the_quote_that_it_is_written_out_as(seed: int) -> None:
    random = Random(seed)
    request, contract = a_contract(random)
    change = asked(random, request, contract, contract.effective + timedelta(days=40))
    quote = quoted(change, held_in(contract), RULES)
    if isinstance(quote, str):
        return
    weighed = weigh_quote(change, rulebook=RULES, held=held_in(contract))
    assert weighed.write_out("quo") == quote
    assert (weighed.findings, weighed.approval_levels) == (quote.findings, quote.approval_levels)
    assert (weighed.is_complete, weighed.refusal is not None) == (quote.is_complete, quote.is_refused)
    if quote.change is not None:
        known = quote.change.arr_before, quote.change.arr_after, quote.change.due_now
        assert (weighed.arr_before, weighed.arr_after, weighed.due_now) == known


@given(seeds, st.sampled_from(["0", "1", "25", "25.0", "40", "120", "500"]), st.booleans(), st.booleans())
def test_a_charge_that_stays_as_it_is_is_laid_out_as_it_was_agreed(
    seed: int, total: str, holds: bool, changes_later: bool
) -> None:
    _, contract = a_contract(Random(seed))
    day = contract.effective + timedelta(days=40)
    totals = [(day, Decimal(total)), (day + timedelta(days=9), Decimal(total))][: 2 if changes_later else 1]
    for line in contract.lines:
        if line.phases and stays_as_it_is(line, totals):
            with exact_arithmetic():
                laid = lay_out([line], totals, is_usage=line.timing is USAGE, holds=holds)
            assert laid.on_top == ()
            assert repr(laid.kept[line.id]) == repr(phases_from(line, day))  # 25.0 is not told as 25
