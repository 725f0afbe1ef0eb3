"""Offers of the sample rules, whatever an account has and uses: quotes like any other, in one order, and reachable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.money import exact_arithmetic
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.offering.find_offers import find_offers
from pricing_engine.quoting.offering.offer import OfferKind, Offers
from pricing_engine.quoting.request import Account, Add, ContractRef, QuoteRequest
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from tests.unit.rulebook.small_rules import DIGITS

RULES = Path(__file__).parents[2] / "rules"
START, MIDYEAR = date(2026, 1, 1), date(2026, 7, 1)
SEATS = ("core", "crm", "analytics", "reports")

Use = Mapping[str, Decimal]


@cache
def sample() -> Rulebook:
    files = {path.relative_to(RULES).as_posix(): path.read_bytes() for path in sorted(RULES.rglob("*.yaml"))}
    return load_rulebook(files, currency_digits=DIGITS)


def a_request(segment: str, *changes: Add, on: date) -> QuoteRequest:
    account = Account("acc_any", "Any", "USD", "US", {"segment": segment})
    return QuoteRequest(account, on, on, 12, "USD", "rep", changes)


@st.composite
def holdings(draw: st.DrawFn) -> tuple[QuoteRequest, Held | None]:
    """What an account has in the middle of its year, or nothing."""
    segment = draw(st.sampled_from(["smb", "mid_market", "enterprise"]))
    users = Decimal(draw(st.integers(5, 480)))
    products = draw(st.lists(st.sampled_from(SEATS), unique=True, max_size=3))
    changes = [Add(product, {"users": users}) for product in products]
    if products and draw(st.booleans()):
        changes.append(Add("storage", {"storage_gb": Decimal(100 * draw(st.integers(2, 10)))}))
    if products and draw(st.booleans()):
        changes.append(Add("sso"))
    if not changes:
        return a_request(segment, on=MIDYEAR), None
    sale = a_request(segment, *changes, on=START)
    contract = book_contract(sale, rulebook=sample(), contract_id="con_any")
    return a_request(segment, on=MIDYEAR)._replace(contract=ContractRef("con_any", 1)), Held(
        contract, {sample().hash: sample()}
    )


uses = st.dictionaries(
    st.sampled_from(["users", "storage_gb", "transfer_gb", "api_calls"]), st.integers(0, 8000).map(Decimal), max_size=4
)


def offers(situation: QuoteRequest, held: Held | None, used: Use) -> Offers:
    return find_offers(situation, rulebook=sample(), held=held, measured=used)


@given(has=holdings(), used=uses)
def test_an_offer_is_the_quote_of_what_it_asks_for_and_its_figures_are_that_quotes(
    has: tuple[QuoteRequest, Held | None], used: Use
) -> None:
    situation, held = has
    for offer in offers(situation, held, used).offers:
        # An offer is not scored: nobody asked for it yet.
        again = assemble_quote(
            offer.quote.request, rulebook=sample(), quote_id=offer.quote.id, held=held, scored_by=None
        )
        assert again == offer.quote
        assert offer.quote.is_complete
        assert not offer.quote.is_refused
        assert not offer.quote.approval_levels
        if again.change is not None:
            assert offer.arr_difference == again.change.arr_after - again.change.arr_before
            assert offer.due_now == again.change.due_now
        if offer.kind is OfferKind.TRIAL:
            assert (offer.arr_difference, offer.due_now) == (0, 0)
        if offer.saving:
            plain = offer.quote.request._replace(bundles=(), path=None)
            alone = assemble_quote(plain, rulebook=sample(), quote_id="alone", held=held)
            assert alone.totals is not None
            assert again.totals is not None
            with exact_arithmetic():
                assert offer.saving == alone.totals.arr - again.totals.arr


@given(has=holdings(), used=uses)
def test_offers_are_the_same_each_time_each_once_and_in_the_order_of_their_rank(
    has: tuple[QuoteRequest, Held | None], used: Use
) -> None:
    situation, held = has
    found = offers(situation, held, used)
    assert found == offers(situation, held, used)
    ids = [offer.id for offer in found.offers]
    assert len(set(ids)) == len(ids)
    kinds = [{OfferKind.BUNDLE: 1, OfferKind.TRIAL: 2}.get(offer.kind, 0) for offer in found.offers]
    assert kinds == sorted(kinds)


@given(has=holdings(), used=uses)
def test_what_unlocks_an_offer_by_use_brings_it_once_that_much_is_used(
    has: tuple[QuoteRequest, Held | None], used: Use
) -> None:
    situation, held = has
    found = offers(situation, held, used)
    for unlock in found.unlocks:
        if unlock.metric in used and "in use" in unlock.what:
            then = offers(situation, held, {**used, unlock.metric: unlock.needs})
            assert unlock.source not in {each.source for each in then.unlocks}
            came = {offer.source for offer in then.offers} | {each.source for each in then.withheld}
            assert unlock.source in came
