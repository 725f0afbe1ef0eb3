"""Finds what an account may try or buy now: upsell paths that hold, bundles within reach, trials; priced and ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from pricing_engine.money import exact_arithmetic
from pricing_engine.offers.paths import BundleOffer, UpsellPath
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.offering.bundles import WITHIN_REACH, bundle_choices
from pricing_engine.quoting.offering.candidates import Candidate, NotForIt, path_candidates
from pricing_engine.quoting.offering.cheaper import cheaper_with_more
from pricing_engine.quoting.offering.has import Facts, Has, facts_of, read_has, sayable
from pricing_engine.quoting.offering.offer import Offer, OfferKind, Offers, Withheld
from pricing_engine.quoting.offering.pricing import Pricer
from pricing_engine.quoting.offering.trials import trial_candidates
from pricing_engine.quoting.offering.unlocks import unlocks
from pricing_engine.quoting.request import Add, QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook

Wanted = Callable[[Candidate], bool]
"""Which candidates are of interest: the others are not priced."""


def find_offers(
    situation: QuoteRequest,
    *,
    rulebook: Rulebook,
    held: Held | None,
    measured: Mapping[str, Decimal],
    wanted: Wanted | None = None,
) -> Offers:
    """Everything the account may try or buy, best first.

    `situation` is a request that asks for nothing yet; `measured` the latest use by metric.
    Rank: first what the account's use calls for, then the other paths, then bundles, fewest missing first, then
    trials; within each the larger saving, then the larger ARR difference, then the source's id.
    Raises: FactOutOfVocabulary; TermsGone; OutsideTerm and LaterChangeBooked.
    """
    with exact_arithmetic():
        has = read_has(situation, rulebook, held, measured)
        facts = facts_of(has)
        candidates, skipped, waiting = _sorted_out(has, facts)
        pricer = Pricer(has, sayable(has, facts))
        outcomes = [(each, pricer.offer(each)) for each in candidates if wanted is None or wanted(each)]
        found = {each.id: (candidate, each) for candidate, each in reversed(outcomes) if isinstance(each, Offer)}
        offers = tuple(offer for _, offer in sorted(found.values(), key=_rank))
        return Offers(
            situation.account.id,
            held.contract.id if held is not None else None,
            situation.as_of,
            situation.effective_date,
            rulebook.hash,
            situation.currency,
            offers,
            tuple(each for _, each in outcomes if isinstance(each, Withheld)),
            unlocks(waiting, offers, () if wanted is not None else cheaper_with_more(has, pricer), has, facts),
            skipped,
        )


def _rank(found: tuple[Candidate, Offer]) -> tuple[tuple[int, int], Decimal, Decimal, str, str]:
    candidate, offer = found
    return candidate.rank, -(offer.saving or Decimal(0)), -offer.arr_difference, offer.source, offer.id


def _sorted_out(has: Has, facts: Facts) -> tuple[list[Candidate], dict[str, str], list[UpsellPath]]:
    """What to price; by source why the others are not for the account; and the paths that wait for a condition."""
    candidates: list[Candidate] = []
    skipped: dict[str, str] = {}
    waiting: set[str] = set()
    for each in _all(has, facts):
        if isinstance(each, Candidate):
            candidates.append(each)
            continue
        skipped[each.source] = each.why
        if each.waits:
            waiting.add(each.source)
    return candidates, skipped, [path for path in has.rulebook.upsell_paths if path.id in waiting]


def _all(has: Has, facts: Facts) -> Iterator[Candidate | NotForIt]:
    by_path: set[str] = set()
    for path in has.rulebook.upsell_paths:
        for each in path_candidates(path, has, facts):
            if isinstance(each, Candidate) and isinstance(path.target, BundleOffer):
                by_path.add(path.target.bundle)
            yield each
    yield from _bundles(has, by_path)
    yield from trial_candidates(has, facts)


def _named(choice: Sequence[Add], has: Has) -> str:
    """What completes a bundle, with its verb."""
    *others, last = [has.rulebook.products[change.product].name for change in choice]
    return f"{', '.join(others)} and {last} complete" if others else f"{last} completes"


def _bundles(has: Has, by_path: set[str]) -> Iterator[Candidate | NotForIt]:
    """The bundles that no path of the account offers. Who has nothing yet may have any of them."""
    within = WITHIN_REACH if has.held is not None else None
    for bundle in has.rulebook.bundles.values():
        if bundle.id in by_path:
            yield NotForIt(bundle.id, bundle.rule, "an upsell path offers it")
            continue
        for choice in bundle_choices(bundle, {}, has, within=within):
            if isinstance(choice, str):
                yield NotForIt(bundle.id, bundle.rule, choice)
                continue
            yield Candidate(
                source=bundle.id,
                kind=OfferKind.BUNDLE,
                rule=bundle.rule,
                rank=(2, len(choice)),
                name=bundle.name,
                say=f"{_named(choice, has)} {bundle.name}.",
                changes=choice,
                bundle=bundle.id,
            )
