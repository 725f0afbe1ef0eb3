"""Problems with what is asked of retention."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "may-not-read-figures",
        403,
        "The role may not read the figures of the book",
        why="They are of all customers together, and say what the company earns.",
        avoid="Reading retention as a rep or integration.",
        prefer="Ask a manager, the deal desk, pricing, revops or an admin.",
    ),
    problem(
        "horizon-too-early",
        422,
        "The window would end before it begins",
        why="An effect is looked at from the day before the quote takes force, until the horizon.",
        avoid="Horizons on or before that day.",
        prefer="Give a later day, such as the end of the fiscal year; 12 months are taken without one.",
    ),
    problem(
        "segment-unknown",
        422,
        "The book is not told apart by this",
        why="Segments are products, currencies, markets, or attributes that the vocabulary reads from accounts.",
        avoid="Names of attributes that no rule knows.",
        prefer="Use one that the fix names, or have the attribute added to vocabulary.yaml.",
    ),
    problem(
        "statistics-unavailable",
        501,
        "Intervals cannot be worked out here",
        why="They are worked out by statsmodels, which is an optional part of the installation.",
        avoid="Reading behaviour where the service runs without its extra `statistics`.",
        prefer="Have `pricing-engine[statistics]` installed.",
    ),
    problem(
        "forecast-too-late",
        422,
        "A forecast cannot be made on a day that is still to come",
        why="What happens until then is not in the ledger, and would be held to be nothing.",
        avoid="Days after today.",
        prefer="Make it today, and look further ahead with `months`.",
    ),
)
