"""Record how a milestone of a contract came out; one that was missed gives its credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pricing_engine.contracts.contract import Contract, Outcome
from pricing_engine.desk import Desk
from pricing_engine.quoting.changes.milestones import record_outcome
from pricing_engine.quoting.contract_change import Recording
from pricing_engine.storage import accounts, contracts
from pricing_engine.usecases.contract_choice import ContractAmbiguous, named_contract
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.read_contract import AccountContracts, contracts_on


def record_milestone(
    desk: Desk,
    *,
    account_id: str,
    milestone: str,
    outcome: Outcome,
    by: str,
    on: date | None = None,
    contract_id: str | None = None,
    once: Once[AccountContracts] | None = None,
) -> AccountContracts:
    """The account's contracts on the day the recorded version takes force; `on` None: today.

    Of two that record at once one is refused by the keys.
    Raises: AccountNotFound; ContractNotFound; ContractAmbiguous; what `record_outcome` raises;
    ContractChangedMeanwhile. Then nothing is written.
    """
    day = on or desk.today()
    with desk.transaction() as session:
        accounts.load(session, account_id)
        latest = [stored.contract for stored in contracts.of_account(session, account_id, on=date.max)]
        if not latest:
            raise contracts.ContractNotFound(f"account {account_id} has no contract", fix="book its quote first")
        promised_by = _promised_by(latest, wanted=contract_id, on=day)
        contract = record_outcome(promised_by, milestone=milestone, outcome=outcome, on=day)
        contracts.save(session, contract, kind=Recording.MILESTONE, quote_id=None, at=desk.now(), by=by)
        found = contracts_on(session, account_id, on=contract.effective)
        keep_answer(desk, session, once, found)
        return found


def _promised_by(latest: Sequence[Contract], *, wanted: str | None, on: date) -> Contract:
    """The contract that is named, or the only one; of several, the only one in force on the day."""
    if wanted is not None:
        return named_contract(latest, wanted)
    running = [contract for contract in latest if contract.term.start <= on < contract.ends]
    candidates = running or latest
    if len(candidates) > 1:
        ids = [contract.id for contract in candidates]
        raise ContractAmbiguous(
            f"this may be about {' or '.join(ids)}",
            fix="name one of them as contract_id",
            pointer="/contract_id",
            contracts=ids,
        )
    return candidates[0]
