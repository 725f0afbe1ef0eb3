"""What an account is offered: which paths, bundles and trials, at what price against what it has, and in what order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pricing_engine.catalog.charge_models import Band, Volume
from pricing_engine.catalog.products import Bundle, Limit, ProductType, Selector
from pricing_engine.offers.paths import (
    BundleOffer,
    CapacityOffer,
    Incentive,
    PathTrial,
    ProductOffer,
    TierOffer,
    UpsellPath,
)
from pricing_engine.quoting.assemble import weigh_quote
from pricing_engine.quoting.offering.find_offers import find_offers
from pricing_engine.quoting.offering.offer import Offer, Offers, asked_for
from pricing_engine.quoting.request import ChangeTier, ContractRef, Trial
from pricing_engine.rulebook.documents.examples import ExpectationShape
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.offer_expectations import differences_of_offers
from pricing_engine.terms.terms import TrialRule
from tests.contracts import MIDYEAR, PRICES, Book, a_contract, multi_product, some_terms
from tests.rulebooks import (
    D,
    a_ladder,
    a_policy,
    a_product,
    a_rulebook,
    a_tier,
    add,
    ask,
    condition,
    ref,
    seats,
)

STORAGE = a_product("storage", seats("gb", metric="storage_gb"), type_=ProductType.ADD_ON)
API = a_product("api", seats("gb", metric=None), type_=ProductType.ADD_ON)
MORE_PRICES: Mapping[str, Any] = {**PRICES, "storage.gb": "0.10", "api.gb": "30"}
PRODUCTS = [a_product("crm"), a_product("analytics"), a_product("core"), STORAGE, API]


def a_path(id_: str, target: Any = None, when: str | None = None, **more: Any) -> UpsellPath:
    say = more.pop("say", "Take {offer}.")
    return UpsellPath(id_, ref(id_), say, when=condition(when) if when else None, target=target, **more)


def rules(*paths: UpsellPath, **more: Any) -> Rulebook:
    """CRM at 50, Analytics at 20, Core at 10 a user and month, storage at 0.10 a GB, the API at 30."""
    found = a_rulebook(PRODUCTS, MORE_PRICES, **({"terms": [some_terms()]} | more))
    return replace(found, upsell_paths=paths)


def offers_of(book: Book, *, on: date = MIDYEAR, **measured: str) -> Offers:
    """What the contract's account is offered."""
    situation = book.request(on=on, contract=ContractRef(book.contract.id, book.contract.version))
    use = {metric: D(quantity) for metric, quantity in measured.items()}
    return find_offers(situation, rulebook=book.rulebook, held=book.held, measured=use)


def sources(found: Offers) -> list[str]:
    return [offer.source for offer in found.offers]


def only(found: Offers) -> Offer:
    (offer,) = found.offers
    return offer


def test_an_offer_is_priced_as_the_quote_of_its_changes_is() -> None:
    book = a_contract(rules(a_path("more", ProductOffer("analytics"))), add("crm", "100"))
    offer = only(offers_of(book))
    asked = book.quote(add("analytics", "100"), contract=ContractRef(book.contract.id, 1))
    assert offer.quote._replace(id="") == asked._replace(id="")
    # 100 × 20.00 × 12 = 24,000; × 184 ÷ 365 = 12,098.63
    assert (offer.arr_difference, offer.due_now, offer.saving) == (D("24000.00"), D("12098.63"), D("0.00"))


def test_a_path_starts_where_it_says() -> None:
    book = a_contract(rules(a_path("more", ProductOffer("analytics"), product="core")), add("crm", "100"))
    found = offers_of(book)
    assert sources(found) == []
    assert found.skipped["more"] == "it starts from core, which the account does not have"


def test_what_is_held_is_not_offered_again() -> None:
    found = offers_of(a_contract(rules(a_path("more", ProductOffer("crm"))), add("crm", "100")))
    assert found.skipped == {"more": "the account has crm already"}


def test_use_is_a_share_of_what_is_bought() -> None:
    path = a_path("more", CapacityOffer("storage_gb", D(100)), 'usage_share("storage_gb") >= 0.8')
    book = a_contract(rules(path), add("storage", quantities={"storage_gb": "500"}))
    assert sources(offers_of(book, storage_gb="399")) == []
    offer = only(offers_of(book, storage_gb="400"))
    # 100 × 0.10 × 12
    assert offer.arr_difference == D("120.00")


def test_use_is_a_share_of_the_tiers_limit_where_nothing_is_bought() -> None:
    ladder = a_ladder(a_tier("small", limits=[Limit("storage_gb", D(100))]), a_tier("large"))
    path = a_path("up", TierOffer("large"), 'usage_share("storage_gb") >= 0.8', tier="small")
    book = a_contract(rules(path, ladder=ladder), add("crm", "10"))
    assert sources(offers_of(book, storage_gb="79")) == []
    assert only(offers_of(book, storage_gb="80")).quote.request.changes == (ChangeTier("large"),)


def test_what_is_not_measured_may_be_anything() -> None:
    low = a_path("idle", ProductOffer("analytics"), 'usage_share("users") < 0.5')
    either = a_path("either", ProductOffer("core"), 'usage_share("users") >= 0.8 or users >= 100')
    book = a_contract(rules(low, either), add("crm", "100"))
    assert sources(offers_of(book)) == ["either"]
    assert sources(offers_of(book, users="10")) == ["idle", "either"]


def test_capacity_counts_the_same_people_in_every_product_that_does() -> None:
    book = a_contract(rules(a_path("grow", CapacityOffer("users", D(5)))), add("crm", "100"), add("core", "40"))
    offer = only(offers_of(book))
    assert offer.quote.request.changes == (add("crm", "5"), add("core", "5"))
    # 5 × (50.00 + 10.00) × 12
    assert offer.arr_difference == D("3600.00")


def test_a_product_is_offered_for_as_many_as_the_account_has() -> None:
    book = a_contract(rules(a_path("more", ProductOffer("core"))), add("crm", "70"))
    assert only(offers_of(book)).quote.request.changes == (add("core", "70"),)


def test_a_bundle_within_reach_saves_against_its_parts_bought_alone() -> None:
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), off_list=D("0.25"))
    book = a_contract(rules(bundles=[bundle]), add("crm", "100"))
    offer = only(offers_of(book))
    # CRM 60,000 and Analytics 24,000: × 0.75 = 63,000, which is 3,000 more than now. Analytics alone is 24,000 more.
    assert (offer.arr_difference, offer.saving) == (D("3000.00"), D("21000.00"))
    assert offer.say == "Analytics completes Suite."


def test_a_bundle_of_which_three_are_missing_is_out_of_reach() -> None:
    items = tuple(frozenset({id_}) for id_ in ("crm", "analytics", "core", "storage"))
    bundle = Bundle("suite", "Suite", items, ref("suite"), off_list=D("0.25"))
    found = offers_of(a_contract(rules(bundles=[bundle]), add("crm", "100")))
    assert found.skipped == {"suite": "3 products of suite are missing"}


def test_a_choice_in_a_bundle_is_an_offer_each() -> None:
    items = (frozenset({"crm"}), frozenset({"analytics", "core"}))
    bundle = Bundle("suite", "Suite", items, ref("suite"), off_list=D("0.1"))
    found = offers_of(a_contract(rules(bundles=[bundle]), add("crm", "100")))
    changes = [offer.quote.request.changes for offer in found.offers]
    # Of 84,000 a tenth is 8,400 and of 72,000 it is 7,200: the one that saves more goes first.
    assert changes == [(add("analytics", "100"),), (add("core", "100"),)]
    assert len({offer.id for offer in found.offers}) == 2


def test_a_bundle_that_a_path_offers_is_offered_once_in_the_paths_words() -> None:
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), off_list=D("0.25"))
    path = a_path("to-suite", BundleOffer("suite"), say="{offer} is what you miss.")
    offer = only(offers_of(a_contract(rules(path, bundles=[bundle]), add("crm", "100"))))
    assert (offer.source, offer.say) == ("to-suite", "Suite is what you miss.")


def incentive_rules() -> Rulebook:
    path = a_path("more", ProductOffer("analytics"), incentive=Incentive(D("0.05"), 6))
    about = Selector(products=frozenset({"analytics"}))
    policy = a_policy("more", "0.05", group="promotions", applies_to=about, months=6, path="more")
    return rules(path, discounts=[multi_product(), policy])


def test_an_incentive_is_granted_to_its_own_offer_and_to_no_other_quote() -> None:
    book = a_contract(incentive_rules(), add("crm", "100"))
    offer = only(offers_of(book))
    # Two products: 24,000 × 0.90 = 21,600 and CRM 6,000 less; × 0.95 = 20,520. 20,520 − 6,000; the 5% are 1,080.
    assert (offer.arr_difference, offer.saving) == (D("14520.00"), D("1080.00"))
    assert book.change(add("analytics", "100")).arr_after - D("60000.00") == D("15600.00")


def test_an_incentive_is_remembered_by_the_contract_until_its_months_are_over() -> None:
    book = a_contract(incentive_rules(), add("crm", "100"))
    request = only(offers_of(book)).quote.request
    booked = book.book(*request.changes, path="more")
    (line,) = [each for each in booked.contract.lines if each.product == "analytics"]
    # From 1 July for six months: 1,080 a year are off until 2027-01-01, when the term ends too.
    assert [grant.ends for grant in line.grants if grant.policy == "more"] == [date(2027, 1, 1)]
    assert line.stretches[-1].net == D("20520.0000")


def test_a_trial_that_the_terms_allow_is_offered_once() -> None:
    rule = TrialRule("analytics", ref("trial"), 30, {"users": D(25)})
    book = a_contract(rules(terms=[some_terms(trials=(rule,))]), add("crm", "100"))
    offer = only(offers_of(book))
    assert (offer.source, offer.days, offer.arr_difference, offer.due_now) == ("trial.analytics", 30, D(0), D(0))
    tried = book.book(*offer.quote.request.changes)
    assert offers_of(tried).skipped == {"trial.analytics": "analytics has been tried before"}


def test_a_path_says_when_to_suggest_a_trial_and_the_terms_whether() -> None:
    rule = TrialRule("analytics", ref("trial"), 30, {"users": D(25)})
    path = a_path("try", trial=PathTrial("analytics", 30, {"users": D(10)}), say="Try it for {days} days.")
    longer = a_path("try-long", trial=PathTrial("analytics", 60))
    found = offers_of(a_contract(rules(path, longer, terms=[some_terms(trials=(rule,))]), add("crm", "100")))
    offer = only(found)
    assert (offer.source, offer.say) == ("try", "Try it for 30 days.")
    assert offer.quote.request.changes[0].quantities == {"users": D(10)}  # type: ignore[union-attr]
    assert found.skipped == {
        "try-long": "the terms allow 30 days, and it takes 60",
        "trial.analytics": "an upsell path offers it",
    }


def test_what_cannot_be_sold_is_withheld_with_the_reason() -> None:
    needy = a_product("needy", requires=frozenset({"core"}))
    found = a_rulebook([*PRODUCTS, needy], {**MORE_PRICES, "needy.seats": "5"}, terms=[some_terms()])
    path = a_path("more", ProductOffer("needy"))
    book = a_contract(replace(found, upsell_paths=(path,)), add("crm", "100"))
    (withheld,) = offers_of(book).withheld
    assert (withheld.source, withheld.code, withheld.what) == ("more", "requires", "needy requires core")


def needy_suite() -> Book:
    """A contract for CRM, and a bundle that either of two products completes, neither of which can be sold to it."""
    needy = [a_product(id_, requires=frozenset({"core"})) for id_ in ("needy", "greedy")]
    items = (frozenset({"crm"}), frozenset({"needy", "greedy"}))
    bundle = Bundle("suite", "Suite", items, ref("suite"), off_list=D("0.1"))
    prices = {**MORE_PRICES, "needy.seats": "5", "greedy.seats": "500"}
    return a_contract(
        a_rulebook([*PRODUCTS, *needy], prices, terms=[some_terms()], bundles=[bundle]), add("crm", "100")
    )


def test_of_several_choices_that_are_withheld_each_says_what_it_would_be() -> None:
    found = offers_of(needy_suite()).withheld
    assert [(each.source, each.name, each.kind, asked_for(each.request)) for each in found] == [
        ("suite", "Suite", "bundle", "add greedy:users=100"),
        ("suite", "Suite", "bundle", "add needy:users=100"),
    ]
    assert [each.request.bundles for each in found] == [("suite",), ("suite",)]
    assert len({each.id for each in found}) == 2


def test_an_example_is_told_why_each_choice_is_withheld() -> None:
    expected = ExpectationShape.model_validate({"offers": {"suite": {}}})
    (difference,) = differences_of_offers(expected, offers_of(needy_suite()))
    assert difference.actual == (
        "withheld: add greedy:users=100: requires (greedy requires core); "
        "add needy:users=100: requires (needy requires core)"
    )


def test_what_an_offer_asks_for_is_said_as_it_is_typed() -> None:
    request = ask(add("storage", "5", quantities={"storage_gb": "500.0"}), ChangeTier("growth"))
    assert asked_for(request) == "add storage:storage_gb=500,users=5, change tier growth"
    assert asked_for(request._replace(changes=(Trial("api"),), tier="growth")) == "trial api, tier growth"


def test_an_attribute_the_account_lacks_leaves_its_path_out_and_no_other() -> None:
    asks = a_path("asks", ProductOffer("core"), 'segment == "smb"')
    book = a_contract(rules(asks, a_path("more", ProductOffer("analytics"))), add("crm", "100"))
    account = book.request().account._replace(attributes={})
    situation = book.request(account=account, contract=ContractRef(book.contract.id, 1))
    found = find_offers(situation, rulebook=book.rulebook, held=book.held, measured={})
    assert sources(found) == ["more"]
    assert found.skipped["asks"] == '`segment == "smb"` needs segment, which is not known for this quote'


def test_an_account_without_a_contract_is_offered_new_sales() -> None:
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), off_list=D("0.5"))
    paths = a_path("first", ProductOffer("core", {"users": D(10)})), a_path("next", ProductOffer("api"), product="core")
    found = find_offers(ask(), rulebook=rules(*paths, bundles=[bundle]), held=None, measured={})
    assert sources(found) == ["first", "suite"]
    first, suite = found.offers
    # 10 × 10.00 × 12; one user of each at (50.00 + 20.00) × 12 = 840, half of it off
    assert (first.arr_difference, first.due_now) == (D("1200.00"), D("1200.00"))
    assert (suite.arr_difference, suite.saving) == (D("420.00"), D("420.00"))
    assert found.contract is None


def test_what_use_calls_for_goes_first_then_paths_bundles_and_trials() -> None:
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), off_list=D("0.25"))
    trial = TrialRule("api", ref("trial"), 30)
    paths = (
        a_path("a-small", ProductOffer("api")),
        a_path("b-large", ProductOffer("core")),
        a_path("use", CapacityOffer("users", D(5)), 'usage_share("users") > 0.9'),
    )
    found = rules(*paths, bundles=[bundle], terms=[some_terms(trials=(trial,))])
    book = a_contract(found, add("crm", "100"))
    # Core comes to 12,000 a year and the API to 360.
    assert sources(offers_of(book, users="95")) == ["use", "b-large", "a-small", "suite", "trial.api"]


def test_what_brings_the_next_offer_is_the_nearest_number_not_reached() -> None:
    near = a_path("near", ProductOffer("core"), "users >= 103")
    far = a_path("far", ProductOffer("core"), "users > 199")
    use = a_path("use", ProductOffer("core"), 'usage_share("users") >= 0.5')
    never = a_path("never", ProductOffer("core"), 'users >= 110 and segment == "smb"')
    book = a_contract(rules(near, far, use, never), add("crm", "100"))
    found = offers_of(book, users="45").unlocks
    # 3 of 103 are missing, 5 of 50, 100 of 200; who is in the middle market never comes in reach of the last.
    assert [(each.source, each.more, each.needs) for each in found] == [
        ("near", D(3), D(103)),
        ("use", D(5), D(50)),
        ("far", D(100), D(200)),
    ]
    assert found[0].what == "3 users more, and Core is offered"
    assert found[1].what == "5 users more in use, and Core is offered"


def test_a_little_more_of_an_offer_that_costs_less_is_said() -> None:
    # 9 × 20.00 = 180.00 a month, 11 × 15.00 = 165.00 (P12)
    falling = Volume((Band(D(10), D(20)), Band(None, D(15))))
    found = a_rulebook(PRODUCTS, {**MORE_PRICES, "core.seats": falling}, terms=[some_terms()])
    book = a_contract(replace(found, upsell_paths=(a_path("more", ProductOffer("core")),)), add("crm", "9"))
    (unlock,) = offers_of(book).unlocks
    assert (unlock.metric, unlock.has, unlock.needs) == ("users", D(9), D(11))
    assert unlock.what == "11 of core.seats cost 15 less per period than 9"


def test_an_id_is_of_what_is_offered_and_not_of_what_it_costs() -> None:
    path = a_path("more", ProductOffer("analytics"))
    book = a_contract(rules(path), add("crm", "100"))
    first = only(offers_of(book))
    dearer = replace(
        rules(path), hash="1" * 64, price_books=a_rulebook([], {**MORE_PRICES, "analytics.seats": "30"}).price_books
    )
    again = only(offers_of(book.under(dearer)))
    assert again.id == first.id
    assert again.arr_difference != first.arr_difference
    other = a_contract(rules(path), add("crm", "101"))
    assert only(offers_of(other)).id != first.id
    assert only(offers_of(other)).id[:16] == first.id[:16]


def test_offers_are_the_same_each_time() -> None:
    book = a_contract(rules(a_path("a", ProductOffer("core")), a_path("b", ProductOffer("api"))), add("crm", "100"))
    assert offers_of(book) == offers_of(book)


def test_no_request_is_priced_twice(monkeypatch: Any) -> None:
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), off_list=D("0.25"))
    priced: list[object] = []

    def counted(request: Any, **more: Any) -> Any:
        priced.append((request.changes, request.tier, request.bundles, request.path))
        return weigh_quote(request, **more)

    monkeypatch.setattr("pricing_engine.quoting.offering.pricing.weigh_quote", counted)
    book = a_contract(rules(a_path("more", ProductOffer("analytics")), bundles=[bundle]), add("crm", "100"))
    assert len(offers_of(book).offers) == 2
    # Analytics by itself, which is what the bundle is compared with too, and the bundle.
    assert len(priced) == 2


def test_without_paths_bundles_and_trials_nothing_is_offered() -> None:
    found = offers_of(a_contract(rules(), add("crm", "100")))
    assert (found.offers, found.withheld, found.unlocks, found.skipped) == ((), (), (), {})
    assert (found.contract, found.effective_date) == ("ctr_test", MIDYEAR)
