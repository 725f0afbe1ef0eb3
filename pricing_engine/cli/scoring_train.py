"""`scoring train` and `evaluate`: a model of all deals, judged out of time, as text, JSON or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pricing_engine.cli.acting import By, Role, actor_of
from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.progress import progress_drawn
from pricing_engine.cli.retention_options import read_day
from pricing_engine.cli.screen import JsonFlag, say, show, write_answer
from pricing_engine.cli.write_file import write_file

if TYPE_CHECKING:
    from pricing_engine.usecases.train_model import TrainingAsked

Cut = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Deals closed before it train, those created from it on test; chosen if absent."),
]
Without = Annotated[list[str] | None, typer.Option(metavar="FACT", help="Leave it out; repeat for more.")]
Keep = Annotated[
    list[str] | None, typer.Option(metavar="FACT", help="Use it although it is suspicious; repeat for more.")
]
Why = Annotated[str, typer.Option(metavar="TEXT", help="How what is kept is known when a quote is made.")]
Instrument = Annotated[
    str | None,
    typer.Option(
        metavar="FACT", help="It moved prices, and buyers had no other reason to care for it (price response)."
    ),
]
Page = Annotated[str | None, typer.Option(metavar="FILE.html", help="Write the page, with plots; - for stdout.")]
Model = Annotated[
    str | None,
    typer.Argument(metavar="[HASH]", help="A model that is kept; without one a model is trained, and not kept."),
]

_ORIGINS: Final = {"/cut": "--cut", "/without": "--without", "/keep": "--keep"}


def train(
    cut: Cut = None,
    without: Without = None,
    keep: Keep = None,
    why: Why = "",
    instrument: Instrument = None,
    report: Page = None,
    by: By = None,
    role: Role = "pricing",
    as_json: JsonFlag = False,
) -> None:
    """Train a model of all deals, judge it out of time, and keep it; `promote` is what has it used."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.api.promoting_role import check_may_promote
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.train_model import collect_and_learn, keep_model

        _check_written(report, as_json=as_json)
        actor = actor_of(by, role)
        check_may_promote(actor.role)
        asked = _asked(cut, without, keep, why, instrument)
        with open_ready_desk() as desk:
            with progress_drawn(is_shown=not as_json) as on_progress:
                found = collect_and_learn(desk, asked, by=actor.user, on_progress=on_progress)
            keep_model(desk, prepared=found, actor=actor)
        _write(found, None, page=report, as_json=as_json)
        usable = [each.part for each in found.verdicts if each.is_usable]
        if usable and not as_json:
            say(f"use it: pricing-engine scoring promote {found.model.hash[:12]} --reason …")


def evaluate(
    model: Model = None,
    cut: Cut = None,
    without: Without = None,
    keep: Keep = None,
    why: Why = "",
    instrument: Instrument = None,
    html: Page = None,
    as_json: JsonFlag = False,
) -> None:
    """Show how a model was judged and has done since; or judge one trained now, which is not kept."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.evaluate_model import evaluate_model
        from pricing_engine.usecases.train_model import learn_model

        _check_written(html, as_json=as_json)
        if model is not None and (cut or without or keep or instrument):
            raise usage("a model that is kept is judged as it was trained", fix="leave HASH out", where="HASH")
        asked = _asked(cut, without, keep, why, instrument)
        with open_ready_desk() as desk, progress_drawn(is_shown=not as_json) as on_progress:
            if model is not None:
                found = evaluate_model(desk, hash=model)
                judged, since = found.artefact, found.since
            else:
                judged, since = learn_model(desk, asked, on_progress=on_progress), None
        _write(judged, since, page=html, as_json=as_json)


def _asked(
    cut: str | None, without: list[str] | None, keep: list[str] | None, why: str, instrument: str | None
) -> TrainingAsked:
    from pricing_engine.usecases.train_model import TrainingAsked

    if keep and not why.strip():
        raise usage("a suspicious fact is kept for a reason", fix="say how it is known: --why TEXT", where="--keep")
    kept = dict.fromkeys(keep or (), why)
    return TrainingAsked(read_day(cut, "--cut"), frozenset(without or ()), kept, instrument)


def _check_written(page: str | None, *, as_json: bool) -> None:
    if page == "-" and as_json:
        raise usage("only one of them can go to stdout", fix="give the page a file", where="--json")


def _write(artefact: Any, since: Any, *, page: str | None, as_json: bool) -> None:
    """The page where one is asked for, and the answer."""
    from pricing_engine.api.evaluation_json import evaluation_json
    from pricing_engine.cli.show_evaluation import evaluation_parts
    from pricing_engine.rendering.evaluation import render_evaluation

    plain = evaluation_json(artefact, since)
    if page is not None:
        write_file(render_evaluation(plain), page)
    if as_json:
        write_answer(plain)
    elif page != "-":
        show(*evaluation_parts(artefact, since))
