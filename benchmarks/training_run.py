"""One training in a process: `python -m benchmarks.training_run ours|bare|pipeline DEALS` prints what it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np

from benchmarks.import_run import peak_megabytes
from pricing_engine.scoring.deal import Deal, DealLine, Fact, Outcome
from pricing_engine.scoring.learning.columns import WON, columns_of
from pricing_engine.scoring.learning.features import design, plan_features
from pricing_engine.scoring.learning.fitting import LEAST_OF_EITHER, STRENGTHS
from pricing_engine.scoring.learning.library import one_thread
from pricing_engine.scoring.learning.training import Asked, train

_START: Final = date(2024, 1, 1)
_DAYS: Final = 730
_END: Final = _START + timedelta(days=_DAYS)
_NUMBERS: Final = 15
_WORDS: Final = 15


def main(which: str, count: str) -> None:
    """Makes the deals, which is not timed, and trains."""
    made = deals_of(int(count))
    with one_thread():
        run = {"ours": ours, "bare": bare(made), "pipeline": pipeline}[which]
        begun, busy = perf_counter(), process_time()
        run(made)
        taken = {"seconds": perf_counter() - begun, "cpu": process_time() - busy, "megabytes": peak_megabytes()}
    print(json.dumps(taken))


def ours(deals: list[Deal]) -> None:
    """All of it: leaks, guidance, judging out of time with its challenger, fit and hash; without the simulator."""
    train(deals, Asked(), on=_END, versions={}, on_step=lambda *_: None)


def bare(deals: list[Deal]) -> Callable[[list[Deal]], None]:
    """The floor: one fit of the logit on the matrix, which is made before."""
    from sklearn.linear_model import LogisticRegression

    columns = columns_of(deals)
    decided = columns.taken(columns.is_decided)
    matrix, is_won = design(plan_features(decided), decided), decided.outcome == WON
    assert min(is_won.sum(), (~is_won).sum()) >= LEAST_OF_EITHER

    def fit(_deals: list[Deal]) -> None:
        LogisticRegression(C=0.1, max_iter=1_000).fit(matrix, is_won)

    return fit


def pipeline(deals: list[Deal]) -> None:
    """The peer: what one writes with scikit-learn, from facts to a fit whose strength is chosen by account."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.model_selection import GroupKFold
    from sklearn.preprocessing import MaxAbsScaler

    decided = [each for each in deals if each.is_decided]
    facts = [{name: _plain(value) for name, value in each.facts.items() if value is not None} for each in decided]
    matrix = MaxAbsScaler().fit_transform(DictVectorizer().fit_transform(facts))
    is_won = np.array([each.outcome is Outcome.WON for each in decided])
    folds = list(GroupKFold(5).split(matrix, is_won, [each.account for each in decided]))
    fit: Any = LogisticRegressionCV(
        Cs=list(STRENGTHS),
        cv=folds,
        scoring="neg_log_loss",
        max_iter=1_000,
        l1_ratios=(0,),
        use_legacy_attributes=False,
    )
    fit.fit(matrix, is_won)


def _plain(value: Fact) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def deals_of(count: int) -> list[Deal]:
    """Deals of two years of a quarter as many accounts, with 15 numbers and 15 words, of which a few tell something."""
    generator = np.random.default_rng(1)
    numbers = generator.normal(size=(count, _NUMBERS)).round(3)
    words = generator.integers(0, 12, (count, _WORDS))
    odds = numbers[:, 0] + 0.5 * numbers[:, 1] + 0.4 * (words[:, 0] % 3 - 1)
    won = generator.random(count) < 1 / (1 + np.exp(-odds))
    known = generator.random((count, _NUMBERS + _WORDS)) < 0.9
    days = np.sort(generator.integers(0, _DAYS, count))
    took = 1 + generator.exponential(45, count).astype(int)
    accounts = generator.integers(0, max(count // 4, 1), count)
    off = np.clip(generator.normal(0.12, 0.06, count), 0, 0.4).round(3)
    return [
        _deal(
            row, days[row], took[row], won[row], accounts[row], off[row], _facts(numbers[row], words[row], known[row])
        )
        for row in range(count)
    ]


def _facts(numbers: Any, words: Any, known: Any) -> dict[str, Fact | None]:
    return {
        **{f"number_{at}": Decimal(str(value)) for at, value in enumerate(numbers) if known[at]},
        **{f"word_{at}": f"word {value}" for at, value in enumerate(words) if known[_NUMBERS + at]},
    }


def _deal(row: int, day: int, took: int, won: bool, account: int, off: float, facts: dict[str, Fact | None]) -> Deal:
    created = _START + timedelta(days=int(day))
    closed = created + timedelta(days=int(took))
    outcome = Outcome.OPEN if closed > _END else Outcome.WON if won else Outcome.LOST
    line = DealLine("crm", "platform", Decimal(12_000), Decimal(12_000) * (1 - Decimal(str(off))))
    last = None if closed > _END else closed
    return Deal(f"d{row:06d}", f"a{account:06d}", created, last, outcome, facts, (line,))


if __name__ == "__main__":
    main(*sys.argv[1:])
