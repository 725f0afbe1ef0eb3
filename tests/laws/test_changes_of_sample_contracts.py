"""Any change to any contract of the sample rules: refused by name, or adding up to the cent, and kept as it is.

The sample rules have what small rulebooks lack: bundles, ramps, tiers, usage, percentages of lines, prices on request.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.errors import DomainError
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import (
    Account,
    Add,
    Cancel,
    Change,
    ChangeTier,
    ContractRef,
    DiscountRequest,
    Extend,
    PercentOff,
    QuoteRequest,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
)
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage.contract_json import decode_contract, encode_contract
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.rule_files import read_rule_files
from tests.rulebooks import D

RULES = load_rulebook(read_rule_files(Path(__file__).parents[2] / "rules"), currency_digits=currency_digits())
LATER = replace(RULES, hash="2" * 64)
VERSIONS = {each.hash: each for each in (RULES, LATER)}
MARKETS = {"USD": "US", "EUR": "DE", "JPY": "JP"}
STARTS = (date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 15), date(2026, 8, 31))
PLANS = (None, "monthly_in_advance", "quarterly_in_advance", "up_front")
QUANTITIES = tuple(map(D, (1, 5, 10, 25, 40, 100, 120, 250, 500, 5000)))


def quantities(random: Random, product: str) -> dict[str, Decimal]:
    return {metric: random.choice(QUANTITIES) for metric in sorted(RULES.products[product].priced_by)}


def an_addition(random: Random) -> Add:
    product = random.choice(list(RULES.products))
    ramp = (RampStep(3, quantities(random, product)),) if random.random() < 0.15 else ()
    return Add(product, quantities(random, product), ramp=ramp)


def a_change(random: Random, contract: Contract) -> Change:
    product = random.choice([each.product for each in contract.products] or ["crm"])
    some = quantities(random, product)
    first = dict(list(some.items())[:1])
    kinds: list[Change] = [
        *(an_addition(random), Add(product, some), Set(product, some), Set(product, some), Remove(product)),
        *(Remove(product), Remove(product, dict.fromkeys(first, D(1))), TrueUp(product, first, date(2026, 2, 1))),
        *(ChangeTier(random.choice(("essentials", "growth", "enterprise"))), Trial("analytics", {"users": D(10)})),
        *(Renew(), Extend(random.randint(1, 24)), Cancel(), Reinstate()),
    ]
    return random.choice(kinds)


def a_first_request(random: Random) -> QuoteRequest:
    currency, start = random.choice(list(MARKETS)), random.choice(STARTS)
    segment = random.choice(("smb", "mid_market", "enterprise"))
    additions = {each.product: each for each in (an_addition(random) for _ in range(random.randint(1, 4)))}
    return QuoteRequest(
        account=Account("acc", "Acme", currency, MARKETS[currency], {"segment": segment}),
        as_of=start,
        effective_date=start,
        term_months=random.choice((6, 12, 24, 36)),
        currency=currency,
        role="deal_desk",
        changes=tuple(additions.values()),
        billing=random.choice(PLANS),
        bundles=(random.choice(list(RULES.bundles)),) if random.random() < 0.2 else (),
        discounts=(DiscountRequest(PercentOff(D("0.05"))),) if random.random() < 0.3 else (),
    )


@given(st.randoms(use_true_random=False))
def test_changes_are_refused_by_name_or_add_up_to_the_cent(random: Random) -> None:
    request = a_first_request(random)
    try:
        contract = book_contract(request, rulebook=RULES, contract_id="con")
    except DomainError:
        return
    day = request.effective_date
    for _ in range(3):
        day += timedelta(days=random.choice((0, 1, 15, 40, 100, 200)))
        changes = tuple(a_change(random, contract) for _ in range(random.choice((1, 1, 2))))
        asked = day + timedelta(days=random.choice((0, -90, 40)))
        reference = ContractRef(contract.id, contract.version)
        change = request._replace(
            as_of=asked,
            effective_date=day,
            term_months=12,
            changes=changes,
            contract=reference,
            billing=None,
            bundles=(),
        )
        try:
            after = changed(change, contract, random.choice((RULES, LATER)))
        except DomainError:
            continue
        assert after.version == contract.version + 1
        contract = after


def changed(request: QuoteRequest, contract: Contract, rulebook: Rulebook) -> Contract:
    """The contract after a change that adds up."""
    held = Held(contract, {hash: VERSIONS[hash] for hash in contract.rulebooks})
    quote = assemble_quote(request, rulebook=rulebook, quote_id="quo", held=held)
    after = book_contract(request, rulebook=rulebook, contract_id=contract.id, held=held)
    check(quote, after)
    return after


def check(quote: Quote, after: Contract) -> None:
    change = quote.change
    assert change is not None
    assert quote.totals is not None
    assert sum((item.amount for item in change.items), D(0)) == change.due_now
    assert tcv_of(after) == change.tcv_after
    arr = arr_on(after, after.effective) if after.effective < after.ends else D(0)
    assert arr == change.arr_after == quote.totals.arr
    assert all(amount >= 0 for line in after.lines for amount in line.instalments)
    assert decode_contract(encode_contract(after)) == after
    for line in quote.lines:
        check_waterfall(line)


def check_waterfall(line: PricedLine) -> None:
    for segment in line.segments:
        steps = segment.steps
        assert steps[0].after == segment.list
        assert all(later.before == earlier.after for earlier, later in pairwise(steps))
        assert steps[-1].after == segment.net
