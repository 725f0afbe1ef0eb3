"""Problems with the models that score and guide."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "scoring-model-not-found",
        404,
        "There is no such scoring model",
        why="Models are named by the hash of all they hold.",
        avoid="Hashes typed by hand, and those of another tenant or database.",
        prefer="List the models there are, and use one of their hashes.",
    ),
    problem(
        "scoring-artefact-unreadable",
        409,
        "The content of this scoring model cannot be read",
        why="A model is read only where its content has the hash it is named by, in a form that this version knows.",
        avoid="Using a model of another version, or one that was changed by hand.",
        prefer="Train the model again.",
    ),
    problem(
        "learning-unavailable",
        501,
        "Models cannot be trained here",
        why="They are fitted by scikit-learn and statsmodels, which are an optional part of the installation.",
        avoid="Training where the service runs without its extra `learning`.",
        prefer="Have `pricing-engine[learning]` installed; quotes are scored and guided without it.",
    ),
    problem(
        "training-refused",
        422,
        "A model cannot be trained like this",
        why="Nothing can be learnt without deals, and facts that are kept or left out must be among theirs.",
        avoid="Training before deals are imported; names of facts that no deal has; a cut before all deals.",
        prefer="Import past deals first, and name facts as they are in the mapping of the import.",
    ),
)
