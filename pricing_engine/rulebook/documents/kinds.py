"""Every kind of rule file with its model, and its JSON schema, which editors and fault messages are fed from."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pricing_engine.rulebook.documents.approval_matrix import ApprovalMatrixDocument
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.discount_policy import DiscountPolicyDocument
from pricing_engine.rulebook.documents.discretion import DiscretionDocument
from pricing_engine.rulebook.documents.fx_rates import FxRatesDocument
from pricing_engine.rulebook.documents.guidance import GuidanceDocument
from pricing_engine.rulebook.documents.metrics import MetricsDocument
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
from pricing_engine.rulebook.documents.product import ProductDocument
from pricing_engine.rulebook.documents.retention_targets import RetentionTargetsDocument
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.documents.scorecard import ScorecardDocument
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.documents.terms import TermsDocument
from pricing_engine.rulebook.documents.tiers import TiersDocument
from pricing_engine.rulebook.documents.upsell_path import UpsellPathDocument
from pricing_engine.rulebook.documents.vocabulary import VocabularyDocument

KINDS: Mapping[str, type[Shape]] = MappingProxyType(
    {
        "rulebook": RulebookDocument,
        "vocabulary": VocabularyDocument,
        "metrics": MetricsDocument,
        "product": ProductDocument,
        "tiers": TiersDocument,
        "bundle": BundleDocument,
        "price_book": PriceBookDocument,
        "discount_policy": DiscountPolicyDocument,
        "discretion": DiscretionDocument,
        "approval_matrix": ApprovalMatrixDocument,
        "terms": TermsDocument,
        "upsell_path": UpsellPathDocument,
        "fx_rates": FxRatesDocument,
        "retention_targets": RetentionTargetsDocument,
        "scorecard": ScorecardDocument,
        "guidance": GuidanceDocument,
    }
)

ONE_PER_RULEBOOK = frozenset(
    {
        *("rulebook", "vocabulary", "metrics", "tiers", "discretion", "approval_matrix", "fx_rates"),
        *("retention_targets", "scorecard", "guidance"),
    }
)
"""Kinds of which a second file is a fault."""


@cache
def json_schema(kind: str) -> dict[str, Any]:
    """The JSON schema of a kind as pydantic writes it (definitions under `$defs`)."""
    return KINDS[kind].model_json_schema(mode="validation")
