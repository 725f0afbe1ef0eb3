"""From past deals to a model with all that is known about it: one function, the same for training and evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from pricing_engine.scoring.artefact import Artefact, Trained, hash_of_deals, sealed
from pricing_engine.scoring.deal import DISCOUNT, Deal, Outcome
from pricing_engine.scoring.evaluation import Leak, PolicyValue, Suspicion, Verdict, WinEvaluation
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, PeerSettings
from pricing_engine.scoring.learning.columns import Columns, columns_of
from pricing_engine.scoring.learning.fitting import choose_strength, fit_logit
from pricing_engine.scoring.learning.guidance_parts import learn_guidance
from pricing_engine.scoring.learning.leaks import find_leaks, not_to_be_used
from pricing_engine.scoring.learning.library import TrainingRefused, learning_module, one_thread
from pricing_engine.scoring.learning.price_facts import price_facts
from pricing_engine.scoring.learning.split import Parts, split_at, too_few
from pricing_engine.scoring.learning.win_evaluation import evaluate_win, win_verdict
from pricing_engine.scoring.model import Model, Part
from pricing_engine.scoring.win_model import WinModel

OnStep = Callable[[str, int, int], None]
"""Is told what is done now, and which step of how many it is."""

_STEPS: Final = ("deals into columns", "looking for leaks", "guidance", "judging out of time", "fitting", "sealing")
_AMOUNTS: Final = frozenset({"net", "list", "discount"})


@dataclass(frozen=True, slots=True)
class Asked:
    """How to train: the day of the cut (None: it is chosen), facts left out, and suspicious ones kept, with the reason.

    `priced` are facts that quotes have only once they are priced; `instrument` is one that moved prices and nothing
    else (S6); `peers` says who is comparable.
    """

    cut: date | None = None
    without: frozenset[str] = frozenset()
    keep: Mapping[str, str] = field(default_factory=dict)
    priced: frozenset[str] = frozenset()
    instrument: str | None = None
    peers: PeerSettings = USUAL_PEERS


class _Win(NamedTuple):
    """What there is of the chance to win: perhaps a model, perhaps its evaluation, and always a verdict."""

    model: WinModel | None
    evaluation: WinEvaluation | None
    verdict: Verdict


def train(
    deals: Sequence[Deal],
    asked: Asked,
    *,
    on: date,
    versions: Mapping[str, str],
    policies: tuple[PolicyValue, ...] = (),
    on_step: OnStep,
) -> Artefact:
    """The model of all deals made until a day, judged as it would have been at the cut.

    The model is fitted on every decided deal; its evaluation is of models fitted in the same way on those closed
    before the cut, for no deal can both train a model and judge it.
    Raises: TrainingRefused where there are no deals, or facts are named that they do not have; LearningUnavailable.
    """
    told = _Told(on_step)
    used = _in_order([each for each in deals if each.created <= on])
    seen = _look(used, asked, told)
    told.next()
    guiding = learn_guidance(
        *(used, asked.peers, asked.instrument, _barred(seen, asked.instrument)),
        on=on,
        cut=None if seen.parts is None else seen.parts.cut,
        amounts_leak=bool(seen.unusable & _AMOUNTS),
    )
    told.next()
    with one_thread():
        win = _train_win(seen, asked, told)
    told.next()
    return sealed(
        Artefact(
            Model("", guiding.peers, win.model, guiding.response),
            (*guiding.verdicts, win.verdict),
            _trained(used, on, versions),
            () if win.model is None else facts_of(win.model),
            *(seen.leaks, win.evaluation, tuple(_said(seen, asked, win))),
            *(guiding.coverage, policies),
        )
    )


def _in_order(deals: Sequence[Deal]) -> list[Deal]:
    """By day and id: groups of accounts go by their order, and databases sort texts differently."""
    return sorted(deals, key=lambda each: (each.created, each.id, each.account))


class _Seen(NamedTuple):
    """The deals in columns, what leaks, what may not be used for that, what is the price, and where they are cut."""

    columns: Columns
    leaks: tuple[Leak, ...]
    unusable: frozenset[str]
    prices: frozenset[str]
    parts: Parts | None


def _look(deals: Sequence[Deal], asked: Asked, told: _Told) -> _Seen:
    told.next()
    columns = columns_of(deals)
    _check(asked, columns, deals)
    told.next()
    leaks = find_leaks(columns.without(asked.without - {asked.instrument}), keep=asked.keep)
    _check_kept(asked, leaks)
    prices = price_facts(columns) | {DISCOUNT} | asked.priced
    return _Seen(columns, leaks, not_to_be_used(leaks), prices, split_at(columns, asked.cut))


def _barred(seen: _Seen, instrument: str | None) -> str | None:
    """Why a fact cannot have moved the price and nothing else: it came after the outcome, or is the price itself."""
    if instrument in seen.prices:
        return f"{instrument} is the price itself, and no instrument"
    if instrument in seen.unusable:
        return f"{instrument} tells more than was known when quoting (see the leaks), and is no instrument"
    return None


class _Told:
    """Tells which step is next."""

    def __init__(self, on_step: OnStep) -> None:
        self._on_step = on_step
        self._done = 0

    def next(self) -> None:
        """The next step begins."""
        self._on_step(_STEPS[self._done], self._done, len(_STEPS))
        self._done += 1


def _check(asked: Asked, columns: Columns, deals: Sequence[Deal]) -> None:
    if not deals:
        raise TrainingRefused(
            "there are no deals to learn from", fix="import past deals: pricing-engine scoring import TABLE"
        )
    known = {each.fact for each in columns.facts}
    declared = frozenset([] if asked.instrument is None else [asked.instrument])
    for option, named in (("without", asked.without), ("keep", frozenset(asked.keep)), ("instrument", declared)):
        for fact in sorted(named - known):
            raise TrainingRefused(
                f"no deal has a fact {fact}",
                pointer=f"/{option}",
                fix=f"facts are {', '.join(sorted(known)) or 'none'}",
            )
    for fact, why in sorted(asked.keep.items()):
        if not why.strip():
            raise TrainingRefused(f"{fact} is kept for no reason", pointer="/keep", fix="say how it is known")
    first, last = min(each.created for each in deals), max(each.created for each in deals)
    if asked.cut is not None and not first < asked.cut <= last:
        raise TrainingRefused(
            f"deals were created from {first} to {last}: a cut on {asked.cut} leaves nothing on one side",
            pointer="/cut",
            fix="give a day between them, or none",
        )


def _check_kept(asked: Asked, leaks: Sequence[Leak]) -> None:
    for leak in leaks:
        if leak.suspicion is Suspicion.REFUSED and leak.fact in asked.keep:
            raise TrainingRefused(
                f"{leak.fact} cannot be kept: {leak.why}", pointer="/keep", fix="only suspicious facts can be kept"
            )


def _train_win(seen: _Seen, asked: Asked, told: _Told) -> _Win:
    parts, usable = seen.parts, seen.columns.without(seen.unusable | seen.prices | asked.without)
    why = "no deal was decided yet" if parts is None else too_few(usable, parts)
    if not usable.facts:
        why = why or "no fact is left to tell deals apart by"
    if parts is None or why is not None:
        told.next()
        return _Win(None, None, Verdict(Part.WIN, False, str(why)))
    strength = choose_strength(usable.taken(parts.train))
    by_discount = not seen.unusable & _AMOUNTS
    evaluation = evaluate_win(usable, parts, strength=strength, segments=asked.peers.by, by_discount=by_discount)
    told.next()
    logit = fit_logit(usable.taken(usable.is_decided), strength=strength)
    if evaluation is None or logit is None:
        return _Win(None, None, Verdict(Part.WIN, False, "no fact tells deals apart: each has one value, or rare ones"))
    return _Win(logit.model(), evaluation, win_verdict(evaluation))


def facts_of(model: WinModel) -> tuple[str, ...]:
    """The facts a chance is told from."""
    return tuple(sorted([*(each.fact for each in model.numbers), *(each.fact for each in model.words)]))


def _trained(deals: Sequence[Deal], on: date, versions: Mapping[str, str]) -> Trained:
    decided = [each for each in deals if each.is_decided]
    libraries = {name: str(learning_module(module).__version__) for name, module in _LIBRARIES}
    return Trained(
        *(on, len(deals), len(decided), sum([each.outcome is Outcome.WON for each in decided])),
        min([each.created for each in deals]),
        max([each.closed or each.created for each in deals]),
        hash_of_deals(deals),
        tuple(sorted({**libraries, **versions}.items())),
    )


_LIBRARIES: Final = (
    ("scikit-learn", "sklearn"),
    ("numpy", "numpy"),
    ("scipy", "scipy"),
    ("statsmodels", "statsmodels"),
)


def _said(seen: _Seen, asked: Asked, win: _Win) -> Iterator[str]:
    there = sorted(seen.prices & {each.fact for each in seen.columns.facts})
    left_out = f" ({', '.join(there)} left out)" if there else ""
    yield (
        f"The price is no fact of the chance to win{left_out}: reps give larger"
        " discounts to harder buyers, so a model would read the discount the wrong way (S6)."
    )
    yield "No uplift is claimed from observed deals: what a price does is known only from prices by lot."
    if seen.unusable & _AMOUNTS:
        yield (
            "The amounts of lost deals are not what was offered (see the leaks), so discounts are not held against"
            " outcomes; guidance goes by won deals, whose amounts were agreed."
        )
    if asked.without:
        yield f"Left out because it was asked for: {', '.join(sorted(asked.without))}."
    if win.evaluation is not None:
        split = win.evaluation.split
        yield (
            f"The model is fitted on all decided deals; it was judged by models fitted likewise on those closed before"
            f" {split.cut}. Of the deals created since, {split.undecided:,} are still open: those that close fast are"
            " judged first."
        )
