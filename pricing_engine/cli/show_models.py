"""Trained models as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import columns
from pricing_engine.usecases.list_models import ModelsListed
from pricing_engine.usecases.records import Promotion

SHORT: Final = 12
"""How much of a hash is shown in a list; as much is enough to name it."""


def models_parts(listed: ModelsListed) -> Iterator[RenderableType]:
    """What is live, and a row for each model."""
    yield Text(live_words(listed.live))
    if not listed.page.items:
        yield Text("there are no trained models on this page" if listed.live else "no model was trained yet")
        return
    table = columns()
    for name in ("Model", "Trained (UTC)", "By"):
        table.add_column(name, no_wrap=True)
    table.add_column("Live", overflow="fold")
    for each in listed.page.items:
        is_live = listed.live is not None and listed.live.model == each.hash
        parts = ", ".join(listed.live.parts) if is_live and listed.live is not None else ""
        table.add_row(each.hash[:SHORT], f"{each.created_at:%Y-%m-%d %H:%M}", each.created_by, parts)
    yield table


def live_words(live: Promotion | None) -> str:
    """What quotes are scored by."""
    if live is None:
        return "no model is live: quotes are scored by rules alone"
    since = f"since {live.at:%Y-%m-%d %H:%M} UTC, by {live.by}: {live.reason}"
    if live.model is None:
        return f"no model is live {since}"
    return f"live: {', '.join(live.parts)} of model {live.model[:SHORT]}, {since}"
