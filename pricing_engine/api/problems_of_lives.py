"""Problems with the life of quotes: steps that cannot be taken, approvals, what the caller has seen, repeated keys."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "transition-not-allowed",
        409,
        "The quote is in a state in which this cannot be done",
        why="A quote goes one way from draft to its end; what was presented is what the customer has in hand.",
        avoid="Changing what is presented, accepting what is a draft, or anything once it is over.",
        prefer="Read `actions` of the quote for what can be done; `revise` what the customer has seen.",
    ),
    problem(
        "approval-missing",
        409,
        "A level has yet to agree",
        why="What goes beyond somebody's limit is only offered once those who may give it have agreed to that content.",
        avoid="Presenting before `missing_approvals` is empty; counting on an approval of an earlier content.",
        prefer="Submit the quote, and have each of the levels approve it.",
    ),
    problem(
        "level-not-asked",
        409,
        "Nobody waits for this level to agree",
        why="An approval that was not asked for would hide that the one that was is missing.",
        avoid="Approving as another level than `missing_approvals` names, or twice.",
        prefer="Approve as one of the levels that the quote names.",
    ),
    problem(
        "own-request",
        409,
        "Nobody approves their own request",
        why="Four eyes: who made, changed or submitted a quote is no judge of it.",
        avoid="Approving with the user, or with the default user of the role, that asked.",
        prefer="Have somebody else approve it, under their own name in `X-Acting-User`.",
    ),
    problem(
        "may-not-approve",
        403,
        "The role may not approve or reject quotes",
        why="Approvals are given by those who answer for prices, not by those who sell.",
        avoid="Approving as a rep or an integration.",
        prefer="Have a manager, the deal desk, pricing, revops or an admin approve it.",
    ),
    problem(
        "may-not-audit",
        403,
        "The role may not read the audit log",
        why="It says who did what, of everybody.",
        avoid="Reading the audit log as a rep, manager or integration.",
        prefer="Ask revops or an admin; events without names are at `/v1/events`.",
    ),
    problem(
        "reason-wanted",
        422,
        "This is done for a reason, and none was given",
        why="A rejection without one helps nobody mend it; why customers decline is what pricing learns from.",
        avoid="Rejecting or recording a declined quote with an empty `comment`.",
        prefer="Say why in `comment`.",
    ),
    problem(
        "quote-expired",
        409,
        "The last day on which the quote could be accepted is over",
        why="Prices are offered for a time; after it they may be others.",
        avoid="Accepting after `valid_until`, or presenting a quote whose day is over.",
        prefer="Revise the quote: the next version is priced under the rules of today.",
    ),
    problem(
        "quote-stale",
        412,
        "The quote is not any more as the caller has seen it",
        why="A decision about one revision is no decision about another.",
        avoid="Keeping an ETag across somebody else's change.",
        prefer="Read the quote again, decide anew, and send the new ETag.",
    ),
    problem(
        "if-match-missing",
        428,
        "The request does not say which revision of the quote it is about",
        why="Two people at one quote would overwrite each other without noticing.",
        avoid="Changing a quote without If-Match.",
        prefer="Send the `ETag` of the quote as `If-Match`; `*` where it does not matter.",
    ),
    problem(
        "quote-changed-meanwhile",
        409,
        "Something else was done with the quote at the same moment",
        why="Of several that act at once one wins; the others would act on what is no longer so.",
        avoid="Repeating the step without looking.",
        prefer="Read the quote, and decide anew.",
    ),
    problem(
        "rulebook-withdrawn",
        409,
        "The rules that the quote was priced under are withdrawn",
        why="The pricing team found them wrong; what they priced is not offered any more.",
        avoid="Presenting or accepting quotes of a version with a withdrawal.",
        prefer="Revise the quote: the next version is priced under the rules of today.",
    ),
    problem(
        "idempotency-key-reused",
        422,
        "The Idempotency-Key was sent before with another request",
        why="A key names one request; answering another with its answer would lose that one.",
        avoid="Keys that repeat, such as an opportunity's id for every quote of it.",
        prefer="Make a new random key for each request, and send it again only to repeat that request.",
    ),
)
