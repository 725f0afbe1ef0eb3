"""Problems with having quotes scored with another model."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "may-not-promote",
        403,
        "The role may not decide which model scores quotes",
        why="What scores quotes and guides prices is for those to choose who answer for prices.",
        avoid="Promoting or rolling back as a rep, manager, the deal desk or integration.",
        prefer="Ask pricing, revops or an admin.",
    ),
    problem(
        "scoring-part-not-usable",
        422,
        "A part of the model may not be used",
        why="Training judges each part on deals it has not seen; one that is no better than the base rate misleads.",
        avoid="Promoting a part that the model does not have, or whose verdict is that it is not used.",
        prefer="Promote the parts that may be used, which the problem names; or import more deals and train again.",
    ),
    problem(
        "scoring-facts-not-quoted",
        422,
        "The model goes by facts that no quote has",
        why="A fact that is never known when a quote is made would be taken for missing in each of them.",
        avoid="Training on facts that only the imported table has, or under other names than the vocabulary's.",
        prefer="Name facts in the mapping as the vocabulary does, and train again; or promote the other parts.",
    ),
    problem(
        "scoring-live-already",
        409,
        "Quotes are scored like this already",
        why="Each activation is a change, so that rolling back leads to something else.",
        avoid="Promoting what is live, and rolling back where nothing was live.",
        prefer="List the models to see what is live.",
    ),
    problem(
        "scoring-reason-missing",
        422,
        "A change of what scores quotes needs a reason",
        why="Whoever asks later why targets moved on a day finds it in the audit log.",
        avoid="Leaving the reason blank.",
        prefer="Say why in a sentence.",
    ),
)
