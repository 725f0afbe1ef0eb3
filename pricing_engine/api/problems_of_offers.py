"""Problems with what accounts use and are offered."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "may-not-measure",
        403,
        "The role may not record what an account uses",
        why="Offers, true-ups and overage go by what is measured, so it comes from the meter and not from who sells.",
        avoid="Recording as rep or manager.",
        prefer="Send readings as integration, or ask someone of deal_desk, pricing, revops or admin.",
    ),
    problem(
        "reading-conflict",
        409,
        "Another reading has this id",
        why="Under one id something is counted once; other content under the same id would be counted never.",
        avoid="Using an id again for a correction, or one id for several metrics.",
        prefer="Send a correction as a reading of its own: another id, the same metric and instant.",
    ),
    problem(
        "readings-disagree",
        422,
        "Two readings of the request are about the same",
        why="Which of them counts would depend on the order they stand in, and readings may come in any order.",
        avoid="One id with two quantities, or one metric and instant twice without `recorded_at`.",
        prefer="Leave one out, or say with `recorded_at` when each was written down.",
    ),
    problem(
        "offer-not-found",
        404,
        "There is no such offer",
        why="No upsell path, bundle or trial of the rules in force makes an offer with this id.",
        avoid="Ids that were built, offers of rules that have been replaced.",
        prefer="Read `/v1/accounts/{id}/offers` and use the `id` of one of them.",
    ),
    problem(
        "offer-gone",
        409,
        "What was offered is not offered any more",
        why="An offer stands while its condition holds and the account has not taken it; its price is today's.",
        avoid="Offers kept from days ago, or taken up twice.",
        prefer="Read the offers again: `detail` says what has changed, and `offers` names what is offered instead.",
    ),
)
