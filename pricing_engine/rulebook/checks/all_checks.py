"""The list of all static checks: add a check here and it runs on every load."""

from collections.abc import Iterator, Sequence

from pricing_engine.rulebook.checks.approval_space import check_approval_space
from pricing_engine.rulebook.checks.approvals import check_approval_cells
from pricing_engine.rulebook.checks.charge_prices import check_charge_prices
from pricing_engine.rulebook.checks.dead_conditions import check_dead_conditions
from pricing_engine.rulebook.checks.discounts import check_discounts
from pricing_engine.rulebook.checks.duplicates import check_duplicates
from pricing_engine.rulebook.checks.fees import check_fees
from pricing_engine.rulebook.checks.guidance import check_guidance
from pricing_engine.rulebook.checks.offers_compared import check_offers_compared
from pricing_engine.rulebook.checks.packaging import check_packaging
from pricing_engine.rulebook.checks.peers import check_peers
from pricing_engine.rulebook.checks.price_coverage import check_price_coverage
from pricing_engine.rulebook.checks.price_dates import check_price_dates
from pricing_engine.rulebook.checks.price_inversion import check_price_inversion
from pricing_engine.rulebook.checks.price_jumps import check_price_jumps
from pricing_engine.rulebook.checks.prices import check_prices
from pricing_engine.rulebook.checks.references import check_references
from pricing_engine.rulebook.checks.retention_targets import check_retention_targets
from pricing_engine.rulebook.checks.scorecard import check_scorecard
from pricing_engine.rulebook.checks.selectors import check_selectors
from pricing_engine.rulebook.checks.settings import check_settings
from pricing_engine.rulebook.checks.subject import Check, Subject
from pricing_engine.rulebook.checks.terms import check_terms
from pricing_engine.rulebook.checks.upsell_offers import check_upsell_offers
from pricing_engine.rulebook.checks.upsell_paths import check_upsell_paths
from pricing_engine.rulebook.checks.vocabulary import check_vocabulary
from pricing_engine.rulebook.faults import Fault

CHECKS: tuple[Check, ...] = (
    check_duplicates,
    check_references,
    check_settings,
    check_vocabulary,
    check_packaging,
    check_prices,
    check_price_dates,
    check_price_coverage,
    check_price_inversion,
    check_price_jumps,
    check_charge_prices,
    check_offers_compared,
    check_selectors,
    check_discounts,
    check_dead_conditions,
    check_approval_cells,
    check_approval_space,
    check_terms,
    check_fees,
    check_upsell_paths,
    check_upsell_offers,
    check_retention_targets,
    check_scorecard,
    check_guidance,
    check_peers,
)


def run_checks(subject: Subject, *, checks: Sequence[Check]) -> Iterator[Fault]:
    """The faults of the checks given."""
    for check in checks:
        yield from check(subject)
