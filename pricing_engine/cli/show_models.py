"""Trained models as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns, section
from pricing_engine.usecases.list_models import ModelsListed, TrainedModel
from pricing_engine.usecases.records import Promotion

if TYPE_CHECKING:
    from pricing_engine.scoring.artefact import Artefact

SHORT: Final = 12
"""How much of a hash is shown in a list; as much is enough to name it."""

_UNREADABLE: Final = "cannot be read by this version: train it again"


def models_parts(listed: ModelsListed) -> Iterator[RenderableType]:
    """What is live, and a row for each model."""
    yield Text(live_words(listed.live))
    if not listed.page.items:
        yield Text("no model was trained yet")
        return
    table = columns()
    for name in ("Model", "Trained (UTC)"):
        table.add_column(name, no_wrap=True)
    add_amount_column(table, "Decided deals")
    for name in ("May be used", "Live"):
        table.add_column(name, overflow="fold")
    for each in listed.page.items:
        stored, artefact = each.stored, each.artefact
        table.add_row(
            stored.hash[:SHORT],
            f"{stored.created_at:%Y-%m-%d %H:%M}",
            "" if artefact is None else f"{artefact.trained.decided:,}",
            _UNREADABLE if artefact is None else _usable(artefact),
            ", ".join(each.live),
        )
    yield table


def _usable(artefact: Artefact) -> str:
    return ", ".join([each.part for each in artefact.verdicts if each.is_usable]) or "nothing"


def live_words(live: Promotion | None) -> str:
    """What quotes are scored by."""
    if live is None:
        return "no model is live: quotes are scored by rules alone"
    since = f"since {live.at:%Y-%m-%d %H:%M} UTC, by {live.by}: {live.reason}"
    if live.model is None:
        return f"no model is live {since}"
    return f"live: {', '.join(live.parts)} of model {live.model[:SHORT]} {since}"


def model_parts(model: TrainedModel) -> Iterator[RenderableType]:
    """What a model was trained on, what it goes by, and which of its parts may be used and why."""
    yield Text(f"Model {model.stored.hash}", style="bold")
    yield Text(f"live: {', '.join(model.live)}" if model.live else "not live")
    artefact = model.artefact
    if artefact is None:
        yield Text(_UNREADABLE)
        return
    yield Text(_trained_words(model, artefact))
    yield Text(f"goes by: {', '.join(artefact.facts) or 'no facts'}")
    for said in artefact.said:
        yield Text(said)
    yield section("Parts")
    table = columns(header=False)
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in artefact.verdicts:
        table.add_row(each.part, "may be used" if each.is_usable else "not used", each.why)
    yield table
    if artefact.leaks:
        yield section("Facts that tell more than was known")
        for leak in artefact.leaks:
            kept = "" if leak.kept is None else f" (kept: {leak.kept})"
            yield Text(f"{leak.fact}: {leak.suspicion}{kept}: {leak.why}; {leak.fix}")


def _trained_words(model: TrainedModel, artefact: Artefact) -> str:
    trained = artefact.trained
    span = f", from {trained.since} to {trained.until}" if trained.since is not None else ""
    return (
        f"trained on {trained.on} by {model.stored.created_by} on {trained.deals:,} deals, "
        f"{trained.decided:,} of them decided and {trained.won:,} won{span}"
    )
