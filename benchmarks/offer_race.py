"""`http-offers`: what one account among many is offered, over HTTP, beside one preview for it, from one served app."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.http_race import ROUTES, Calls, Rounds, Route, serving, spread, take_turns
from benchmarks.in_process import MICROSECONDS
from benchmarks.offer_reads import MORE, ROLE, accounts, desk_with_book
from benchmarks.readings import Effort, Reading, Target
from pricing_engine.usecases.read_offers import read_offers

MOST_PREVIEWS: Final = Target(3)
KIND: Final = "trial"
OFFERS: Final = {
    "offers": Route("GET", "/v1/accounts/{}/offers", "200"),
    f"offers of kind {KIND}": Route("GET", f"/v1/accounts/{{}}/offers?kind={KIND}", "200"),
}
_PRIME: Final = 7_919


def offers_over_http(effort: Effort) -> list[Reading]:
    """The readings of all that an account is offered, and of its trials alone, beside a preview of one change."""
    many = accounts(effort)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pricing-engine-bench-")))
        url = f"sqlite:///{folder / 'book.db'}"
        names, bodies, offered = prepare_offers(url, folder, many)
        server = stack.enter_context(serving("ours", url, folder))
        calls = {name: Calls(server, route, names) for name, route in OFFERS.items()}
        rounds = take_turns({**calls, "preview": Calls(server, ROUTES["preview"], bodies)}, effort)
    return [_reading(f"http {name} among {many:,}", rounds[name], rounds["preview"], offered) for name in OFFERS]


def prepare_offers(url: str, folder: Path, many: int) -> tuple[Path, Path, int]:
    """Fills the database; files of the accounts and of the requests for previews, and how many offers each account has.

    The days are today's, as the server's clock is. Ids are of one length, since answers are to be.
    """
    today = datetime.now(UTC)
    most = 10 ** (len(str(many - 1)) - 1)
    # A prime step, so that the pages read are not those just read.
    ids = [f"acc_{most + place * _PRIME % (many - most)}" for place in range(many - most)]
    with closing(desk_with_book(url, many, today)) as desk:
        found = read_offers(desk, account_id=ids[0], role=ROLE)
    assert found.contract is not None, "they are no offers to change a contract"
    names, bodies = folder / "accounts", folder / "previews"
    names.write_text("\n".join(ids))
    bodies.write_text("\n".join(json.dumps(_preview(id_, today)) for id_ in ids))
    return names, bodies, len(found.offers)


def _preview(account: str, today: datetime) -> Mapping[str, Any]:
    quantities = {metric: str(quantity) for metric, quantity in MORE.quantities.items()}
    return {
        "account_id": account,
        "effective_date": today.date().isoformat(),
        "changes": [{"op": "add", "product": MORE.product, "quantities": quantities}],
    }


def _reading(name: str, offers: Rounds, previews: Rounds, offered: int) -> Reading:
    return Reading(
        name,
        "µs",
        MICROSECONDS / median(offers.rates),
        MICROSECONDS / median(previews.rates),
        target=MOST_PREVIEWS,
        by_rounds=median(theirs / mine for mine, theirs in zip(offers.rates, previews.rates, strict=True)),
        more={
            "offers": float(offered),
            "cpu_ratio": min(offers.busy) / min(previews.busy),
            **spread("offers", offers),
            **spread("preview", previews),
        },
    )
