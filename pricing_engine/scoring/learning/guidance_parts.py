"""The parts that guide: peers with the coverage of their band out of time, and what a price does (S4, S6, S9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.scoring.deal import Deal
from pricing_engine.scoring.evaluation import Coverage, Verdict
from pricing_engine.scoring.guidance_rules import PeerSettings
from pricing_engine.scoring.learning.coverage import coverage_of
from pricing_engine.scoring.learning.intervals import share
from pricing_engine.scoring.learning.peers import learn_peers
from pricing_engine.scoring.learning.response import NoResponse, learn_response
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.peers import PeerTree
from pricing_engine.scoring.price_response import Method, PriceResponse

SHORT_BY: Final = 0.1
"""How far the share of later lines inside the band may surely lie below what its quantiles promise."""

LEAST_ACCOUNTS: Final = 10


class Guiding(NamedTuple):
    """What guides, with its verdicts; `coverage` is None where no peers could have spoken at the cut."""

    peers: PeerTree | None
    response: PriceResponse | None
    coverage: Coverage | None
    verdicts: tuple[Verdict, Verdict]


def learn_guidance(
    deals: Sequence[Deal],
    settings: PeerSettings,
    instrument: str | None,
    barred: str | None = None,
    *,
    on: date,
    cut: date | None,
    amounts_leak: bool,
) -> Guiding:
    """Peers and price response of all deals until a day; the band is that of the cut, on deals created from it on.

    `barred` says why what is declared an instrument cannot be one.
    """
    tree = learn_peers(deals, settings, as_of=on)
    coverage = None
    if cut is not None:
        then = learn_peers(deals, settings, as_of=cut - timedelta(days=1))
        if then.root is not None:
            coverage = coverage_of(then, [each for each in deals if each.created >= cut], settings)
    found = learn_response(deals, settings, as_of=on, instrument=instrument)
    if barred is not None and isinstance(found, PriceResponse) and found.method is Method.INSTRUMENT:
        found = NoResponse(barred)
    response = found if isinstance(found, PriceResponse) else None
    return Guiding(
        None if tree.root is None else tree,
        response,
        coverage,
        (_peers_verdict(tree, coverage, settings), _response_verdict(found, amounts_leak)),
    )


def _peers_verdict(tree: PeerTree, coverage: Coverage | None, settings: PeerSettings) -> Verdict:
    if tree.root is None:
        since = "" if settings.months is None else f" closed in the last {settings.months} months"
        return Verdict(
            Part.PEERS,
            False,
            f"{tree.deals:,} won deals{since} have a known discount, and {tree.minimum} of several accounts are needed",
        )
    there = f"{tree.root.deals:,} won deals of {tree.root.accounts:,} accounts can be compared with"
    if coverage is None or coverage.whole.accounts < LEAST_ACCOUNTS:
        return Verdict(Part.PEERS, True, f"{there}; too few were won before or since the cut to see whether it holds")
    whole = coverage.whole
    rate = whole.inside / whole.lines
    surely = share(rate * whole.accounts, whole.accounts).high
    held = (
        f"of {whole.lines:,} lines won since the cut {rate:.0%} lie between stretch and floor, where the quantiles"
        f" promise {coverage.promised:.0%}"
    )
    if Decimal(str(surely)) < coverage.promised - Decimal(str(SHORT_BY)):
        return Verdict(Part.PEERS, False, f"their band does not hold out of time: {held}")
    return Verdict(Part.PEERS, True, f"{there}; {held}")


def _response_verdict(found: PriceResponse | NoResponse, amounts_leak: bool) -> Verdict:
    if isinstance(found, NoResponse):
        return Verdict(Part.RESPONSE, False, f"no price response: {found.why}")
    if amounts_leak and found.method is not Method.DRAWN:
        return Verdict(
            Part.RESPONSE, False, "the amounts of lost deals are not those that were offered (see the leaks)"
        )
    effect = f"ten points of discount change the log-odds by {found.effect / 10:.2f} (± {1.96 * found.error / 10:.2f})"
    why = f"{effect}, from {found.deals:,} deals of {found.accounts:,} accounts, {found.low} to {found.high} off list"
    return Verdict(Part.RESPONSE, True, why)
