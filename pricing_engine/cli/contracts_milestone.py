"""`contracts milestone`: how a milestone that a contract promises came out."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pricing_engine.cli.contracts_booked import AccountId, show_contracts
from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.screen import JsonFlag, write_answer

if TYPE_CHECKING:
    from pricing_engine.usecases.read_contract import AccountContracts

_ORIGINS: Final = {"/milestone": "MILESTONE", "/outcome": "OUTCOME", "/on": "--on", "/contract_id": "--contract"}


def milestone(
    account: AccountId,
    milestone: Annotated[str, typer.Argument(metavar="MILESTONE", help="What the contract calls it.")],
    outcome: Annotated[str, typer.Argument(metavar="met|missed", help="How it came out.")],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day it was met, or is credited; today if absent.")
    ] = None,
    contract: Annotated[
        str | None, typer.Option(metavar="ID", help="The contract that promises it; the only one if absent.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who records it; the user of this machine if absent.")] = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """Record that a promised milestone was met, or missed and so credited."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.api.contract_json import account_contracts_json
        from pricing_engine.cli.amounts import read_locale

        chosen = read_locale(locale)
        typed = {"milestone": milestone, "outcome": outcome, "on": on, "contract_id": contract}
        found = _recorded(typed, account=account, by=by or getpass.getuser())
        if as_json:
            write_answer(account_contracts_json(found))
        else:
            show_contracts(found, chosen)


def _recorded(typed: Mapping[str, str | None], *, account: str, by: str) -> AccountContracts:
    """The account's contracts after what was typed is recorded, which the API's own rules read."""
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_milestones import OutcomeIn, check_has_come
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.contracts.contract import Outcome
    from pricing_engine.usecases.record_milestone import record_milestone

    wanted = validate(OutcomeIn, dict(typed))
    with open_ready_desk() as desk:
        check_has_come(wanted, today=desk.today())
        return record_milestone(
            desk,
            account_id=account,
            milestone=wanted.milestone,
            outcome=Outcome(wanted.outcome),
            by=by,
            on=wanted.on,
            contract_id=wanted.contract_id,
        )
