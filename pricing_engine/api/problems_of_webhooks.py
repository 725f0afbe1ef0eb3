"""Problems with webhooks: where they may be posted to, who may have them, and what became of them."""

from __future__ import annotations

from typing import Final

from pricing_engine.api.problem_pages import Problem, problem

TABLE: Final[tuple[Problem, ...]] = (
    problem(
        "may-not-manage-webhooks",
        403,
        "The role may not see or change webhooks",
        why="A webhook sends what happens to every quote out of the house.",
        avoid="Managing webhooks as a rep, manager, deal desk or pricing.",
        prefer="Have an integration, revops or an admin do it; anybody may read `/v1/events`.",
    ),
    problem(
        "webhook-not-found",
        404,
        "There is no webhook with this id",
        why="Ids are those of this tenant's webhooks, and removed ones are gone.",
        avoid="Ids that were typed, or kept beyond a removal.",
        prefer="List webhooks and use an id from there.",
    ),
    problem(
        "webhook-delivery-not-found",
        404,
        "The webhook has no delivery with this id",
        why="Deliveries that are over are kept for 30 days; the events themselves stay at `/v1/events`.",
        avoid="Ids of another webhook's deliveries, or old ones.",
        prefer="List the webhook's deliveries and use an id from there.",
    ),
    problem(
        "webhook-address-refused",
        422,
        "Events are not posted to this URL",
        why="A service that posts wherever it is told would reach into the network it stands in for whoever asks.",
        avoid="Credentials in the URL; in production also http, other ports than 443, and hosts that are private, "
        "loopback, link-local or reserved.",
        prefer="Give an https URL of a host on the public internet, without a port; signatures say who sent it.",
    ),
    problem(
        "webhook-host-unknown",
        422,
        "The host of the URL does not resolve",
        why="A name without an address cannot be posted to, nor can it be seen whether it may be.",
        avoid="Names that are misspelt, or known inside another network only.",
        prefer="See that the name has a public address in DNS, and send the request again.",
    ),
    problem(
        "webhook-disabled",
        409,
        "The webhook is disabled",
        why="Nothing is posted to it, be it because somebody asked or because its receiver answered 410 Gone.",
        avoid="Retrying deliveries of a webhook that is disabled.",
        prefer='Enable it by `PATCH` with `{"enabled": true}`: what waits is then tried at once.',
    ),
    problem(
        "sealing-key-missing",
        503,
        "There is no key to seal secrets with",
        why="In production a secret must not stand open in the database, where whoever reads a backup would find it.",
        avoid="Production without `PRICING_ENGINE_SECRETS_KEYS_FILE` or `PRICING_ENGINE_SECRETS_KEYS`.",
        prefer="Make a key with `pricing-engine secrets make-key`, name its file in the setting, and start again.",
    ),
    problem(
        "secret-not-opened",
        503,
        "A sealed secret cannot be opened",
        why="The key it was sealed under is not among those of this process, or its row was changed by other hands.",
        avoid="Taking a key away before `pricing-engine secrets status` says that it seals nothing.",
        prefer="Give the key back. Where it is lost, rotate the webhook's secret with `keep_old` false.",
    ),
    problem(
        "too-many-webhooks",
        409,
        "There are as many webhooks as there may be",
        why="Every event is posted to each of them.",
        avoid="Making a webhook for each user, or at each start of a program.",
        prefer="Remove those that are not needed; let one receiver hand events on.",
    ),
)
