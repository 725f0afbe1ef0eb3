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
        why="An external id finds one account. Text is NFC-normalised before it is compared.",
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
        "months-imported-meanwhile",
        409,
        "Another import has brought months of these accounts meanwhile",
        why="What is there of a history decides what is new of a table, and it has changed since that was looked up.",
        avoid="Importing tables of the same accounts at once.",
        prefer="Import the table again: months that are there stay as they are.",
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
        "rulebook-not-found",
        404,
        "There is no such rulebook version",
        why="No version with this hash has been published.",
        avoid="Shortened hashes.",
        prefer="List `/v1/rulebooks` and use the whole hash.",
    ),
    problem(
        "no-rulebook-in-force",
        409,
        "No rulebook was in force on the day",
        why="Without activated rules there is no price, and the rules of another day are not these.",
        avoid="Quoting before the first rulebook has been activated, or as of a day before that.",
        prefer="Publish the rules and activate them: `pricing-engine rules publish --activate`.",
    ),
    problem(
        "rulebook-refused",
        422,
        "The rule files have errors",
        why="Every fault is listed in `faults`, with file, line, column and how to mend it; nothing was kept.",
        avoid="Publishing files that `rules check` has not passed.",
        prefer="Mend the faults from the top; one may cause others.",
    ),
    problem(
        "rule-files-refused",
        422,
        "The rule files cannot be read from disk",
        why="A folder that is not there, links that lead out of it, or more files than a rule repository has.",
        avoid="Publishing from a folder that holds other things.",
        prefer="Name the folder that has `rulebook.yaml` in it.",
    ),
    problem(
        "activation-backdated",
        422,
        "An activation would change past answers",
        why="An as-of day answers by the rulebook in force on it; people have relied on those answers since.",
        avoid="Activating from a past day on which another version was in force, by a slip of the date.",
        prefer="Activate from now or a later day; where the past was wrong, say so with `--backdate` and the reason.",
    ),
    problem(
        "activation-reason-missing",
        422,
        "An activation needs a reason",
        why="Whoever reads the history must learn why prices changed on a day.",
        avoid="Blank reasons.",
        prefer="Say in a sentence why this version should count.",
    ),
    problem(
        "currency-unknown",
        422,
        "Nobody pays in this currency",
        why="Only ISO 4217 currencies that are legal tender have known decimals.",
        avoid="XXX, old currencies, symbols, lower case.",
        prefer="Give the code in capitals, such as USD.",
    ),
    problem(
        "currency-mismatch",
        422,
        "The account is billed in another currency",
        why="A quote in a currency that the account does not pay would be converted by nobody.",
        avoid="Quoting in a currency because its price book is cheaper.",
        prefer="Leave `currency` out, or ask in the account's.",
    ),
    problem(
        "database-unavailable",
        503,
        "The database does not answer",
        why="Nothing was kept; the service works again as soon as its database does.",
        avoid="Repeating the request without a pause.",
        prefer="Wait for the seconds that Retry-After names, then send it again.",
    ),
    problem(
        "journal-damaged",
        500,
        "An entry of the journal cannot be read",
        why="What is stored of it is not what the engine wrote: the database was changed. `number` says which.",
        avoid="Writing to the tables by hand; passing over the entry as if nothing had happened.",
        prefer="Run `pricing-engine audit verify`, find out who changed it, and restore it from a backup. What came "
        "after it is read with `after` set to its number.",
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
