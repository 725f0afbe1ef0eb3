"""`webhooks add`, `change`, `rotate-secret`, `remove` and so on: where events are posted to, by the API's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pricing_engine.cli.acting import By, Role, actor_of
from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.screen import JsonFlag, say, write_answer, write_json, write_text
from pricing_engine.cli.webhooks_read import WebhookId

if TYPE_CHECKING:
    from pricing_engine.settings import Settings
    from pricing_engine.usecases.quote_life import Actor
    from pricing_engine.usecases.records import Endpoint

Events = Annotated[
    list[str] | None,
    typer.Option(
        "--event", metavar="BEGINNING", help="What types of events begin with: pricing-engine.quote. Repeat for more."
    ),
]
Description = Annotated[str | None, typer.Option(metavar="TEXT", help="What it is for.")]

_ORIGINS: Final = {"/events": "--event", "/description": "--description"}


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to post; in production https, on port 443.")],
    event: Events = None,
    description: Description = None,
    by: By = None,
    role: Role = "admin",
    as_json: JsonFlag = False,
) -> None:
    """Have events posted to a URL, all of them without --event; prints the secret that signs them, this once."""
    with outcome_shown(as_json=as_json, origins={**_ORIGINS, "/url": "URL"}):
        from pricing_engine.api.wire_faults import validate
        from pricing_engine.api.wire_webhooks import WebhookIn
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.settings import load_settings
        from pricing_engine.usecases.webhooks import make_webhook

        actor = _manager(by, role)
        typed = {"url": url, "events": event or [], "description": _decoded(description or "")}
        wanted = validate(WebhookIn, typed)
        settings = load_settings()
        _check_destination(settings, wanted.url)
        with open_ready_desk(settings) as desk:
            made = make_webhook(desk, url=wanted.url, events=wanted.events, description=wanted.description, actor=actor)
        _show_secret(made, as_json=as_json)


def change(
    webhook: WebhookId,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Post there instead.")] = None,
    event: Events = None,
    every_event: Annotated[bool, typer.Option("--every-event", help="Tell it of every event.")] = False,
    description: Description = None,
    by: By = None,
    role: Role = "admin",
    as_json: JsonFlag = False,
) -> None:
    """Change where and what is posted; what is not named stays. At another URL what waits is tried at once."""
    with outcome_shown(as_json=as_json, origins={**_ORIGINS, "/url": "--url"}):
        if event and every_event:
            raise usage("--event and --every-event contradict each other", fix="leave one of them out")
        typed = {
            "url": url,
            "events": [] if every_event else event,
            "description": None if description is None else _decoded(description),
        }
        if all(value is None for value in typed.values()):
            fix = "give --url, --event, --every-event or --description; to stop it: webhooks disable"
            raise usage("nothing is to be changed", fix=fix)
        _change(webhook, typed, _manager(by, role), as_json=as_json)


def enable(webhook: WebhookId, by: By = None, role: Role = "admin", as_json: JsonFlag = False) -> None:
    """Enable a webhook again: it is told at once what waits, and then all that has happened since."""
    with outcome_shown(as_json=as_json):
        _change(webhook, {"enabled": True}, _manager(by, role), as_json=as_json)


def disable(webhook: WebhookId, by: By = None, role: Role = "admin", as_json: JsonFlag = False) -> None:
    """Tell a webhook nothing any more, until it is enabled again."""
    with outcome_shown(as_json=as_json):
        _change(webhook, {"enabled": False}, _manager(by, role), as_json=as_json)


def rotate_secret(
    webhook: WebhookId,
    leaked: Annotated[bool, typer.Option("--leaked", help="The old one signs nothing any more.")] = False,
    by: By = None,
    role: Role = "admin",
    as_json: JsonFlag = False,
) -> None:
    """Give a webhook a new secret and print it, this once; for 24 hours the old one signs too."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases import webhooks

        actor = _manager(by, role)
        with open_ready_desk() as desk:
            rotated = webhooks.rotate_secret(desk, webhook_id=webhook, keep_old=not leaked, actor=actor)
        _show_secret(rotated, as_json=as_json)


def remove(
    webhook: WebhookId,
    confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = None,
    role: Role = "admin",
    as_json: JsonFlag = False,
) -> None:
    """Remove a webhook, its secret and what is known of its deliveries."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.webhooks import read_webhook, remove_webhook

        actor = _manager(by, role)
        with open_ready_desk() as desk:
            endpoint = read_webhook(desk, webhook_id=webhook)
            if not confirmed:
                typer.confirm(f"Remove {webhook}, which posts to {endpoint.url}?", abort=True, err=True)
            remove_webhook(desk, webhook_id=webhook, actor=actor)
        if as_json:
            write_json({"removed": webhook})
        else:
            write_text(f"{webhook} is removed")


def retry(
    webhook: WebhookId,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="The id of what it was told.")],
    as_json: JsonFlag = False,
) -> None:
    """Have an event delivered now, also one that was given up or has been accepted."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.webhook_json import delivery_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.webhook_deliveries import retry_delivery

        with open_ready_desk() as desk:
            told = retry_delivery(desk, webhook_id=webhook, delivery_id=delivery)
        if as_json:
            write_answer(delivery_json(told))
        else:
            write_text(f"{delivery} ({told.delivery.event_type}) is due now")
            say("whoever delivers posts it: pricing-engine serve, or pricing-engine webhooks deliver --once")


def _change(webhook: str, typed: Mapping[str, Any], actor: Actor, *, as_json: bool) -> None:
    """Changes what is named, and says how the webhook is then."""
    from pricing_engine.api.webhook_json import webhook_json
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_webhooks import WebhookChangeIn, changed_columns
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.settings import load_settings
    from pricing_engine.usecases.webhooks import change_webhook

    changed = changed_columns(validate(WebhookChangeIn, dict(typed)))
    settings = load_settings()
    if "url" in changed:
        _check_destination(settings, changed["url"])
    with open_ready_desk(settings) as desk:
        after = change_webhook(desk, webhook_id=webhook, changed=changed, actor=actor)
    if as_json:
        write_answer(webhook_json(after))
    else:
        write_text(_words(after))


def _manager(by: str | None, role: str) -> Actor:
    """Who acts, in a role that may.

    Raises: CommandStopped; MayNotManageWebhooks.
    """
    from pricing_engine.api.acting_role import check_may_manage_webhooks

    actor = actor_of(by, role)
    check_may_manage_webhooks(actor.role)
    return actor


def _check_destination(settings: Settings, url: str) -> None:
    """Refuses a URL that events are not posted to, as the API does.

    Raises: AddressRefused.
    """
    import asyncio

    from pricing_engine.usecases.webhook_deliverer import destinations_of

    asyncio.run(destinations_of(settings).check(url))


def _show_secret(endpoint: Endpoint, *, as_json: bool) -> None:
    from pricing_engine.api.webhook_json import secret_json
    from pricing_engine.usecases.records import SealState

    if as_json:
        write_answer(secret_json(endpoint))
    else:
        write_text(f"{_words(endpoint)}\nsecret {endpoint.secret.open()}")
    say("The secret is not shown again: keep it where the receiver reads it.")
    if endpoint.secret_state is SealState.OPEN:
        say("It stands open in the database: set PRICING_ENGINE_SECRETS_KEYS_FILE, as in production it must be.")


def _words(endpoint: Endpoint) -> str:
    """What the webhook is now, in a line."""
    from pricing_engine.cli.show_webhooks import events_words, state_words

    return f"{endpoint.id} is {state_words(endpoint)}: {events_words(endpoint)} to {endpoint.url}"


def _decoded(text: str) -> str:
    """The text; what the shell could not decode would be no text anywhere else."""
    return text.encode("utf-8", "replace").decode()
