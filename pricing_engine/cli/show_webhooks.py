"""Webhooks and what they were told, as a person reads them; never a secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import columns, section
from pricing_engine.usecases.records import Attempt, Endpoint, SealState
from pricing_engine.usecases.webhook_deliveries import Told

if TYPE_CHECKING:
    from rich.table import Table

_DISABLED: Final = {"asked": "disabled, as was asked", "gone": "disabled: its receiver answered 410 Gone"}

_SECRET: Final = {
    SealState.SEALED: "sealed",
    SealState.UNDER_OLDER_KEY: "sealed under an older key: run `pricing-engine secrets seal`",
    SealState.OPEN: "stands open in the database: run `pricing-engine secrets seal`",
    SealState.CANNOT_BE_OPENED: "cannot be opened, so deliveries wait: run `pricing-engine secrets status`",
}

_ROOM: Final = 40
"""How many characters of a URL a list shows."""


def events_words(endpoint: Endpoint) -> str:
    """What it is told of."""
    return ", ".join(f"{beginning}*" for beginning in endpoint.events) or "every event"


def state_words(endpoint: Endpoint) -> str:
    """Whether it is told anything, and why not."""
    if not endpoint.enabled:
        return _DISABLED.get(endpoint.disabled_because or "", "disabled")
    return "waits: its secret cannot be opened" if endpoint.secret_state is SealState.CANNOT_BE_OPENED else "enabled"


def webhooks_part(endpoints: Sequence[Endpoint]) -> RenderableType:
    """The table, or a sentence when there are none."""
    if not endpoints:
        return Text("there are no webhooks")
    table = columns()
    table.add_column("Webhook", no_wrap=True)
    for name in ("Posted to", "State"):
        table.add_column(name, overflow="fold")
    for endpoint in endpoints:
        told_of = (f"\n{events_words(endpoint)}", "dim")
        table.add_row(endpoint.id, Text.assemble(_shortened(endpoint.url), told_of), state_words(endpoint))
    return table


def _shortened(url: str) -> str:
    """The URL so far as there is room for it in a list."""
    return url if len(url) <= _ROOM else f"{url[: _ROOM - 1]}…"


def webhook_parts(endpoint: Endpoint, newest: Sequence[Told]) -> Iterator[RenderableType]:
    """A row per fact, and what it was told last."""
    yield Text(f"Webhook {endpoint.id}", style="bold")
    table = columns(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(endpoint):
        table.add_row(name, value)
    yield table
    yield section("Told last")
    yield deliveries_part(newest, shows_every_try=False)


def _facts(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    yield "URL", endpoint.url
    yield "Told of", events_words(endpoint)
    if endpoint.description:
        yield "For", endpoint.description
    yield "State", state_words(endpoint)
    yield "Secret", _SECRET[endpoint.secret_state]
    if endpoint.old_secret_until is not None:
        yield "Old secret", f"signs too until {_instant(endpoint.old_secret_until)}"
    yield "Made", f"{_instant(endpoint.created_at)} by {endpoint.created_by}"


def deliveries_part(told: Sequence[Told], *, shows_every_try: bool) -> RenderableType:
    """A row per delivery with its tries below it, or the last of them; a sentence when there are none."""
    if not told:
        return Text("it was told nothing yet")
    table = columns()
    for name in ("Delivery", "State", "Next try (UTC)"):
        table.add_column(name, no_wrap=True)
    table.add_column("Tries (UTC)", overflow="fold")
    for each in told:
        _add_delivery(table, each, shows_every_try=shows_every_try)
    return table


def _add_delivery(table: Table, told: Told, *, shows_every_try: bool) -> None:
    delivery, tries = told.delivery, list(map(_try, told.attempts))
    if len(tries) > 1 and not shows_every_try:
        tries = [f"{len(tries)}, the last {tries[-1]}"]
    next_try = None if told.is_held else delivery.next_try
    table.add_row(
        Text.assemble(delivery.id, (f"\n{delivery.event_type}", "dim")),
        delivery.state.value,
        "" if next_try is None else f"{next_try:%Y-%m-%d %H:%M}",
        "\n".join(tries),
    )


def _try(attempt: Attempt) -> str:
    status = "" if attempt.status is None else f" {attempt.status}"
    return f"{attempt.at:%Y-%m-%d %H:%M}{status} {attempt.outcome}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
