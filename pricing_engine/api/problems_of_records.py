"""Problems with what is kept: accounts, quotes and rulebooks that are not there, or are in the way."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "account-not-found",
        404,
        "There is no such account",
        why="No account of yours has this id.",
        avoid="Your own id in place of ours, an id in another case, an id of another installation.",
        prefer="List `/v1/accounts`, or create the account first and use the `id` of the answer.",
    ),
    problem(
        "duplicate-external-id",
        409,
        "Another account has this external id",
        why="An external id finds one account. Ids that look alike are one: text is NFC-normalised before it is compared.",
        avoid="Creating an account again after a time-out without looking whether it is there.",
        prefer="Use the account that has the id (`account_id` names it), or choose another external id.",
    ),
    problem(
        "quote-not-found",
        404,
        "There is no such quote",
        why="No quote of yours has this id. A preview is not kept and cannot be read again.",
        avoid="Ids of previews, ids in another case.",
        prefer="Use the `id` or the Location header of the answer to POST /v1/quotes.",
    ),
    problem(
        "cursor-unreadable",
        422,
        "The cursor is not one this list gave",
        why="A cursor is made by the service and means something to it alone.",
        avoid="Cursors that were built, cut or re-encoded.",
        prefer="Send `next_cursor` of the page before unchanged, with the same filters.",
    ),
    problem(
        "settings-refused",
        500,
        "The service's settings cannot be used",
        why="Each variable that is wrong is named when the service starts.",
        avoid="Misspelt names and values of the wrong form.",
        prefer="Correct the environment variables that the message names.",
    ),
)
