"""Problems of the request itself: what cannot be read, is of the wrong form, or asks for what does not exist."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "malformed-json",
        400,
        "The body is not strict JSON",
        why="A body that two parsers could read differently must not become a price. Line, column and, where it is "
        "known, a JSON pointer say where reading stopped.",
        avoid='Keys named twice, `NaN`, a byte order mark, comments, half a surrogate pair (`"\\ud800"`), more than '
        "12 levels of nesting, numbers of thousands of digits.",
        prefer="Send UTF-8 made by a JSON library, with amounts and quantities as strings of decimals.",
    ),
    problem(
        "malformed-header",
        400,
        "A header cannot be read",
        why="A header with control characters may be an attempt to write another header or another log line.",
        avoid="Line breaks or control characters in header values.",
        prefer="Send printable ASCII in headers.",
    ),
    problem(
        "not-found",
        404,
        "There is nothing here",
        why="The path is none of this API's, or names something that does not exist or belongs to another tenant; "
        "which of these it is, is not told.",
        avoid="Trailing slashes, guessed ids, ids in another case: ids are compared byte by byte.",
        prefer="Follow the Location header of the answer that created it, or list the resource to find its id.",
    ),
    problem(
        "method-not-allowed",
        405,
        "The path does not know this method",
        why="The path exists, but not with this method; the Allow header names those it has.",
        avoid="X-HTTP-Method-Override, which is ignored.",
        prefer="Use a method that the Allow header names.",
    ),
    problem(
        "body-too-slow",
        408,
        "The body did not arrive in time",
        why="A connection that trickles its body would hold a place that others need.",
        avoid="Opening a request before its body is ready.",
        prefer="Make the whole body first, then send it at once.",
    ),
    problem(
        "body-too-large",
        413,
        "The body is larger than the limit",
        why="`max_bytes` says how much is read; a quote of 5,000 changes fits easily.",
        avoid="Sending a whole catalogue or several quotes in one body.",
        prefer="Split the work over several requests.",
    ),
    problem(
        "unsupported-media-type",
        415,
        "The body is not announced as JSON",
        why="A browser may send other types to any site without asking, so only JSON is read.",
        avoid="Form posts, text/plain, XML, compressed bodies, other character sets than UTF-8.",
        prefer="Send Content-Type: application/json, without Content-Encoding.",
    ),
    problem(
        "invalid-request",
        422,
        "Fields of the request are wrong",
        why="Each entry of `errors` names one field (`pointer`), query parameter (`parameter`) or header (`header`), "
        "with a code and what to send instead. What was sent is not repeated.",
        avoid="Unknown fields, JSON numbers for decimals, exponents, signs, other digits than 0-9, dates that do not "
        "exist, query parameters named twice.",
        prefer='Send decimals as strings ("12.50"), percentages as fractions ("0.10"), dates as YYYY-MM-DD.',
    ),
    problem(
        "headers-too-large",
        431,
        "The headers are larger than the limit",
        why="Headers are held in memory before anybody is known.",
        avoid="Large cookies and tokens; more than 32,768 bytes of headers.",
        prefer="Put data in the body.",
    ),
    problem(
        "caller-left",
        400,
        "The connection was closed before the body was complete",
        why="Nothing was done; the caller cannot read this, but the log shows it.",
        avoid="Time limits shorter than it takes to send the body.",
        prefer="Send the request again.",
    ),
    problem(
        "may-not-backdate",
        403,
        "The role may not choose the as-of day",
        why="Prices and rules of a past day may be better than today's; who may use them is decided by role.",
        avoid="`as_of` with the roles rep, manager, deal_desk and integration.",
        prefer="Leave `as_of` out, or ask someone of pricing, revops or admin.",
    ),
    problem(
        "may-not-record",
        403,
        "The role may not record how a milestone came out",
        why="A milestone that was missed gives the customer its credit; who may give it is decided by role.",
        avoid="Recording as rep, manager or integration.",
        prefer="Ask someone of deal_desk, pricing, revops or admin to record it.",
    ),
    problem(
        "internal-error",
        500,
        "Something went wrong on our side",
        why="This is a defect. `instance` names the log entry that says what happened; nothing was kept.",
        avoid="Sending the same request again in a loop.",
        prefer="Report the `instance` to whoever runs the service.",
    ),
)
