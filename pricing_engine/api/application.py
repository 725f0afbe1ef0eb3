"""The FastAPI app over a desk: routes, problem handlers and the edge, wired in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from structlog.typing import FilteringBoundLogger

from pricing_engine.api import (
    accounts,
    contracts,
    journal,
    offers,
    operations,
    quote_documents,
    quote_lives,
    quotes,
    retention,
    retention_behaviour,
    retention_forecast,
    retention_reconciliation,
    rulebooks,
    scoring,
    scoring_training,
    usage,
    webhooks,
)
from pricing_engine.api.doorway import Doorway
from pricing_engine.api.edge import Edge
from pricing_engine.api.lean_app import LeanApp
from pricing_engine.api.metrics import RequestMetrics
from pricing_engine.api.openapi import document
from pricing_engine.api.problems import answer_domain_error, answer_http_error
from pricing_engine.api.wire_accounts import AccountIn
from pricing_engine.api.wire_answers import AccountOut, AccountsOut
from pricing_engine.api.wire_behaviour import BehaviourOut
from pricing_engine.api.wire_contract_answers import AccountContractsOut, HistoryOut
from pricing_engine.api.wire_evaluation import EvaluationOut, TrainingIn
from pricing_engine.api.wire_forecast import ForecastOut
from pricing_engine.api.wire_life import ApprovalIn, QuoteChangeIn, StepIn
from pricing_engine.api.wire_life_answers import AcceptedOut, EntriesOut, EventsOut, VerifiedOut
from pricing_engine.api.wire_milestones import OutcomeIn
from pricing_engine.api.wire_offers import OfferQuoteIn, OffersOut
from pricing_engine.api.wire_quote_answers import QuoteOut, QuotesOut, ReplayOut
from pricing_engine.api.wire_quote_request import QuoteIn
from pricing_engine.api.wire_reconciliation import ReconciliationOut
from pricing_engine.api.wire_record_answers import CheckOut, RulebookRecordOut, RulebooksOut, StatusOut
from pricing_engine.api.wire_retained import (
    CohortsOut,
    DisciplineOut,
    LedgerEntriesOut,
    RetainedAccountsOut,
    RuleOf40Out,
)
from pricing_engine.api.wire_retention import KeptQuoteOut, LedgerVerifiedOut, QuoteEffectOut, RetentionOut
from pricing_engine.api.wire_rule_files import RuleFilesIn
from pricing_engine.api.wire_scoring import ModelRecordOut, ModelsOut, PromotionIn, PromotionOut, RollbackIn
from pricing_engine.api.wire_usage import UsageIn, UsageOut, UsageRecordedOut
from pricing_engine.api.wire_webhook_answers import (
    DeliveriesOut,
    DeliveryOut,
    WebhookOut,
    WebhookSecretOut,
    WebhooksOut,
)
from pricing_engine.api.wire_webhooks import NothingIn, RotationIn, WebhookChangeIn, WebhookIn
from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.integrations.webhooks.destinations import Destinations

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_MODELS: Final = (
    AcceptedOut,
    ApprovalIn,
    EntriesOut,
    EventsOut,
    QuoteChangeIn,
    StepIn,
    VerifiedOut,
    AccountContractsOut,
    AccountIn,
    AccountOut,
    AccountsOut,
    BehaviourOut,
    CheckOut,
    HistoryOut,
    OfferQuoteIn,
    OffersOut,
    OutcomeIn,
    QuoteIn,
    QuoteOut,
    QuotesOut,
    CohortsOut,
    DisciplineOut,
    EvaluationOut,
    TrainingIn,
    ForecastOut,
    LedgerEntriesOut,
    LedgerVerifiedOut,
    KeptQuoteOut,
    QuoteEffectOut,
    ReplayOut,
    RetainedAccountsOut,
    ReconciliationOut,
    RetentionOut,
    RuleOf40Out,
    RuleFilesIn,
    RulebookRecordOut,
    RulebooksOut,
    StatusOut,
    ModelRecordOut,
    ModelsOut,
    PromotionIn,
    PromotionOut,
    RollbackIn,
    UsageIn,
    UsageOut,
    UsageRecordedOut,
    DeliveriesOut,
    DeliveryOut,
    NothingIn,
    RotationIn,
    WebhookChangeIn,
    WebhookIn,
    WebhookOut,
    WebhookSecretOut,
    WebhooksOut,
)

# Flat and with quotes first: each route that is tried costs microseconds, a router within a router twice as many.
_RESOURCES: Final = (
    *(quotes, offers, quote_lives, quote_documents),
    *(
        accounts,
        contracts,
        journal,
        usage,
        retention,
        retention_behaviour,
        retention_forecast,
        retention_reconciliation,
        rulebooks,
        scoring,
        scoring_training,
        webhooks,
        operations,
    ),
)


def build_app(
    desk: Desk,
    *,
    log: FilteringBoundLogger,
    max_body_bytes: int,
    check_ready: Callable[[], Mapping[str, bool]],
    lifespan: Lifespan | None = None,
    shows_docs: bool = False,
    destinations: Destinations | None = None,
) -> FastAPI:
    """The app. `check_ready` says by name what the service needs and whether it is there.

    `destinations` are where webhooks may be posted to: those on the public internet when none are given.
    """
    app = LeanApp(
        title="Pricing engine",
        summary="Prices, packages and quotes subscriptions, and explains every cent.",
        version=version("pricing-engine"),
        docs_url="/docs" if shows_docs else None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        # Else every request asks whether somebody has set up OpenTelemetry; what we count and log is in `Edge`.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    metrics = RequestMetrics()
    app.state.doorway = Doorway(desk, metrics, max_body_bytes, check_ready, destinations or Destinations())
    app.router.routes[:0] = [route for resource in _RESOURCES for route in resource.router.routes]
    app.add_exception_handler(DomainError, answer_domain_error)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_middleware(Edge, metrics=metrics, log=log)
    app.openapi = _openapi_of(app)  # type: ignore[method-assign]
    return app


def _openapi_of(app: FastAPI) -> Callable[[], dict[str, Any]]:
    return lambda: document(app, _MODELS)
