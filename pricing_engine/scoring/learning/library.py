"""The libraries that fit, which are an optional part of the installation, and why training is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from pricing_engine.errors import DomainError


class LearningUnavailable(DomainError):
    """This installation cannot train models."""

    code = "learning-unavailable"


class TrainingRefused(DomainError):
    """A model cannot be trained from these deals, or not in the way that was asked for."""

    code = "training-refused"


def learning_module(name: str) -> ModuleType:
    """A module of scikit-learn or SciPy.

    Raises: LearningUnavailable without the extra `learning`.
    """
    try:
        return import_module(name)
    except ImportError:
        raise LearningUnavailable(
            f"models are fitted by {name.partition('.')[0]}, which is not installed here",
            fix="install pricing-engine[learning]",
        ) from None


@contextmanager
def one_thread() -> Iterator[None]:
    """Fits in one thread: small fits wait longer for each other's threads than they compute, and sums stay the same.

    Raises: LearningUnavailable without the extra `learning`.
    """
    for name in ("sklearn.linear_model", "sklearn.ensemble"):
        learning_module(name)  # a limit holds for the libraries that are loaded already
    with learning_module("threadpoolctl").threadpool_limits(limits=1):
        yield
