"""Every error code of the API in one table; to add one, write its entry in the file its subject belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pricing_engine.api import (
    problems_of_contracts,
    problems_of_documents,
    problems_of_lives,
    problems_of_models,
    problems_of_offers,
    problems_of_quotes,
    problems_of_records,
    problems_of_requests,
    problems_of_retention,
    problems_of_scoring,
    problems_of_webhooks,
)
from pricing_engine.api.problem_pages import Problem, by_code

PROBLEMS: Final[Mapping[str, Problem]] = by_code(
    problems_of_requests.TABLE,
    problems_of_records.TABLE,
    problems_of_quotes.TABLE,
    problems_of_contracts.TABLE,
    problems_of_documents.TABLE,
    problems_of_lives.TABLE,
    problems_of_offers.TABLE,
    problems_of_retention.TABLE,
    problems_of_scoring.TABLE,
    problems_of_models.TABLE,
    problems_of_webhooks.TABLE,
)
