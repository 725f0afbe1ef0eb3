"""`pricing-engine offers`: what an account may try or buy now, at its price, and what would bring the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.screen import JsonFlag, show, write_answer

if TYPE_CHECKING:
    from pricing_engine.quoting.offering.offer import Offers


def offers(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="An account's id.")],
    contract: Annotated[
        str | None, typer.Option(metavar="ID", help="The contract that is changed, or new; the only one if absent.")
    ] = None,
    role: Annotated[str, typer.Option(help="The role that asks.")] = "rep",
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """List what an account may try or buy now, best first, and what would bring the next offer."""
    with outcome_shown(as_json=as_json, origins={"/contract_id": "--contract"}):
        from pricing_engine.api.offer_json import offers_json
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.quote_source import check_role
        from pricing_engine.cli.show_offers import offers_parts

        chosen = read_locale(locale)
        check_role(role)
        found = _read(account, role, contract)
        if as_json:
            write_answer(offers_json(found, role=role))
        else:
            show(*offers_parts(found, chosen, role=role))


def _read(account: str, role: str, contract: str | None) -> Offers:
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.usecases.read_offers import read_offers

    with open_ready_desk() as desk:
        return read_offers(desk, account_id=account, role=role, contract_id=contract)
