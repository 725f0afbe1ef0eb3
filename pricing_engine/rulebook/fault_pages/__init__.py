"""The page behind every fault code there is: `ALL_CODES`; add a code to the module of its hundred."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing_engine.errors import CodePage
from pricing_engine.expressions import CODES as EXPRESSION_CODES
from pricing_engine.rulebook.fault_pages.policies import POLICY_CODES
from pricing_engine.rulebook.fault_pages.prices import PRICE_CODES
from pricing_engine.rulebook.fault_pages.reading import READING_CODES
from pricing_engine.rulebook.fault_pages.references import REFERENCE_CODES
from pricing_engine.rulebook.fault_pages.retention_targets import TARGET_CODES
from pricing_engine.rulebook.fault_pages.scoring import SCORING_CODES
from pricing_engine.rulebook.fault_pages.shape import SHAPE_CODES
from pricing_engine.rulebook.fault_pages.terms import TERMS_CODES
from pricing_engine.rulebook.fault_pages.upsell_paths import PATH_CODES

ALL_CODES: Mapping[str, CodePage] = MappingProxyType(
    {
        **READING_CODES,
        **EXPRESSION_CODES,
        **SHAPE_CODES,
        **REFERENCE_CODES,
        **PRICE_CODES,
        **POLICY_CODES,
        **TERMS_CODES,
        **PATH_CODES,
        **TARGET_CODES,
        **SCORING_CODES,
    }
)
