"""The routes of retention: figures of a window, what a quote does to them, and whether their ledger is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pricing_engine.api.acting_role import acting_role, check_may_read_figures
from pricing_engine.api.doorway import answer, doorway_of, path_id
from pricing_engine.api.openapi import described
from pricing_engine.api.plain_route import PlainRoute
from pricing_engine.api.retention_json import (
    accounts_json,
    cohorts_json,
    discipline_json,
    entries_json,
    growth_json,
    quote_effect_json,
    retention_json,
    verified_ledger_json,
)
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_queries import NoQuery, read_query
from pricing_engine.api.wire_retained import (
    AccountsBehindQuery,
    BehindQuery,
    CohortsOut,
    CohortsQuery,
    DisciplineOut,
    DisciplineQuery,
    LedgerEntriesOut,
    RetainedAccountsOut,
    RuleOf40Out,
    RuleOf40Query,
)
from pricing_engine.api.wire_retention import (
    EffectQuery,
    LedgerVerifiedOut,
    QuoteEffectOut,
    RetentionOut,
    RetentionQuery,
)
from pricing_engine.api.wire_text import RECORD_ID
from pricing_engine.desk import Desk
from pricing_engine.retention.cohorts import CohortSpan
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.read_discipline import read_discipline
from pricing_engine.usecases.read_growth import read_cohorts, read_rule_of_40
from pricing_engine.usecases.read_quote_effect import read_quote_effect
from pricing_engine.usecases.read_retained import Within, read_accounts, read_movements
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.verify_ledger import verify_ledger

router: Final = APIRouter(route_class=PlainRoute, tags=["retention"])

Query = TypeVar("Query", bound=WireModel)
Found = TypeVar("Found")


async def _answered(request: Request, model: type[Query], read: Callable[[Desk, Query], dict[str, Any]]) -> Response:
    """What is read of the whole book, apart from what others wait for."""
    check_may_read_figures(acting_role(request.scope))
    query = read_query(request.scope, model)
    desk = doorway_of(request).desk
    return answer(await desk.run_apart(read, desk, query))


@router.get(
    "/v1/retention",
    operation_id="read_retention",
    summary="Read net and gross revenue retention of a window, with the movements behind it",
    **described(RetentionOut, query=RetentionQuery, problems=(403, 409)),
)
async def read(request: Request) -> Response:
    """The whole book, its segments if it is told apart, and each month."""
    return await _answered(
        request, RetentionQuery, lambda desk, query: retention_json(read_retention(desk, _asked(desk, query)))
    )


def _asked(desk: Desk, query: RetentionQuery) -> Asked:
    return Asked(query.on or desk.today(), query.months, query.by, query.gap_days)


@router.get(
    "/v1/retention/accounts",
    operation_id="read_retained_accounts",
    summary="Read the accounts behind a figure of retention, those that changed most first",
    **described(RetainedAccountsOut, query=AccountsBehindQuery, problems=(403, 409)),
)
async def accounts(request: Request) -> Response:
    """What each had at the opening and has at the closing, by product."""
    return await _answered(
        request,
        AccountsBehindQuery,
        lambda desk, query: accounts_json(_behind(read_accounts, desk, query, None), after=query.after),
    )


@router.get(
    "/v1/retention/movements",
    operation_id="read_movements",
    summary="Read the movements behind a figure of retention, with the quotes they come from",
    **described(LedgerEntriesOut, query=BehindQuery, problems=(403, 409)),
)
async def movements(request: Request) -> Response:
    """Every movement of the window, oldest first."""
    return await _answered(
        request,
        BehindQuery,
        lambda desk, query: entries_json(_behind(read_movements, desk, query, query.gap_days), after=query.after),
    )


def _behind(read: Callable[..., Found], desk: Desk, query: AccountsBehindQuery, gap_days: int | None) -> Found:
    asked = Asked(query.on or desk.today(), query.months, query.by, gap_days)
    within = Within(query.segment, query.account_id)
    return read(desk, asked, within, after=query.after, limit=query.limit)


@router.get(
    "/v1/retention/cohorts",
    operation_id="read_cohorts",
    summary="Read what became of the customers that began in the same month, quarter or year",
    **described(CohortsOut, query=CohortsQuery, problems=(403, 409)),
)
async def cohorts(request: Request) -> Response:
    """Each cohort's ARR at the end of its span and of every one that followed."""
    return await _answered(request, CohortsQuery, _cohorts)


def _cohorts(desk: Desk, query: CohortsQuery) -> dict[str, Any]:
    return cohorts_json(read_cohorts(desk, until=query.on or desk.today(), span=CohortSpan(query.span)))


@router.get(
    "/v1/retention/rule-of-40",
    operation_id="read_rule_of_40",
    summary="Read growth from customers there were and from new ones, beside a profit margin",
    **described(RuleOf40Out, query=RuleOf40Query, problems=(403, 409)),
)
async def rule_of_40(request: Request) -> Response:
    """NRR less 1, new business over the opening, and the margin."""
    return await _answered(request, RuleOf40Query, _rule_of_40)


def _rule_of_40(desk: Desk, query: RuleOf40Query) -> dict[str, Any]:
    asked = Asked(query.on or desk.today(), query.months)
    return growth_json(read_rule_of_40(desk, asked, margin=query.margin))


@router.get(
    "/v1/retention/discipline",
    operation_id="read_discipline",
    summary="Read how quotes were made: by the rules alone, within policy, how fast, and with what given beside",
    **described(DisciplineOut, query=DisciplineQuery, problems=(403, 409)),
)
async def discipline(request: Request) -> Response:
    """Of the quotes that were presented in the window."""
    return await _answered(request, DisciplineQuery, _discipline)


def _discipline(desk: Desk, query: DisciplineQuery) -> dict[str, Any]:
    return discipline_json(read_discipline(desk, Window.ending(query.on or desk.today(), months=query.months)))


@router.get(
    "/v1/retention/verify",
    operation_id="verify_ledger",
    summary="Say whether movements sum to what every contract is worth, or where they do not",
    **described(LedgerVerifiedOut, problems=(403,)),
)
async def verify(request: Request) -> Response:
    """How many contract versions agree, and the first that does not."""
    return await _answered(request, NoQuery, lambda desk, _: verified_ledger_json(verify_ledger(desk)))


@router.get(
    "/v1/quotes/{quote_id}/retention",
    operation_id="read_quote_effect",
    summary="Read what a quote does to retention: of its account, the account's segments and the book",
    **described(QuoteEffectOut, path={"quote_id": RECORD_ID}, query=EffectQuery, problems=(403, 404, 409)),
)
async def effect(request: Request) -> Response:
    """Accepted against declined, and of a renewal against a flat one."""
    check_may_read_figures(acting_role(request.scope))
    quote_id = path_id(request, "quote_id")
    return await _answered(
        request,
        EffectQuery,
        lambda desk, query: quote_effect_json(
            read_quote_effect(desk, quote_id=quote_id, horizon=query.horizon, probability=query.probability)
        ),
    )
