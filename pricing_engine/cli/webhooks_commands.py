"""`pricing-engine webhooks`: where events are posted to, and delivering them, apart from the service or once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.screen import say, write_json, write_text
from pricing_engine.cli.webhooks_change import add, change, disable, enable, remove, retry, rotate_secret
from pricing_engine.cli.webhooks_read import deliveries, list_webhooks, show_webhook

if TYPE_CHECKING:
    from pricing_engine.usecases.webhook_deliverer import Deliverer

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Say where events are posted to, and deliver them."
)


@group.callback()
def _commands() -> None:
    """Each is named, so that a further one is not taken for an argument."""


group.command("list")(list_webhooks)
group.command("show")(show_webhook)
for command in (add, change, enable, disable, rotate_secret, remove, deliveries, retry):
    group.command()(command)


@group.command("deliver")
def deliver(
    once: Annotated[bool, typer.Option("--once", help="Deliver what is due now, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON; only with --once.")] = False,
) -> None:
    """Deliver events until interrupted. Several may run at once, beside services that deliver too."""
    with outcome_shown(as_json=as_json):
        import asyncio

        from pricing_engine.api.access_log import open_log
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.settings import load_settings
        from pricing_engine.usecases.webhook_deliverer import open_deliverer

        if as_json and not once:
            raise usage("what runs until it is interrupted writes no JSON", fix="add --once, or leave --json out")
        settings = load_settings()
        with open_ready_desk(settings) as desk:
            deliverer = open_deliverer(desk, settings, open_log(settings.log_level.value))
            if not once:
                say("Delivering; Ctrl-C stops")
                asyncio.run(_until_stopped(deliverer))
                return
            tally = asyncio.run(deliverer.deliver_due())
        if as_json:
            write_json({"tried": tally.tried, "accepted": tally.accepted, "waiting": sorted(tally.unopened)})
        else:
            waiting = f", {len(tally.unopened)} waiting for a key" if tally.unopened else ""
            write_text(f"{tally.tried} {'try' if tally.tried == 1 else 'tries'}, {tally.accepted} accepted{waiting}")


async def _until_stopped(deliverer: Deliverer) -> None:
    """Delivers until the process is told to stop; what is under way then is posted again by whoever comes next."""
    import asyncio
    from contextlib import suppress
    from signal import SIGINT, SIGTERM

    running = asyncio.create_task(deliverer.run())
    for told in (SIGINT, SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
