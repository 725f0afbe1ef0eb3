"""Which of an account's contracts a request changes, and how long the term is that it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from pricing_engine.contracts.contract import Contract
from pricing_engine.errors import DomainError
from pricing_engine.periods import months_between
from pricing_engine.quoting.request import Cancel, Change, Extend, Reinstate, Renew
from pricing_engine.storage.contracts import contract_not_found

NEW: Final = "new"
"""The contract id that asks for another contract beside those there are."""

USUAL_MONTHS: Final = 12


class ContractAmbiguous(DomainError):
    """The account has several contracts that the request may be about."""

    code = "contract-ambiguous"


class TermNotChangeable(DomainError):
    """A change within a term asks for another length of the term."""

    code = "term-not-changeable"


class Ending(Protocol):
    """What is known of a contract before its state is read."""

    @property
    def id(self) -> str:
        """The contract's id."""

    @property
    def ends(self) -> date:
        """The first day nothing of it is in force any more."""


Known = TypeVar("Known", bound=Ending)


def choose_contract(
    contracts: Sequence[Known], *, wanted: str | None, effective: date, changes: Sequence[Change]
) -> Known | None:
    """The contract that is changed; None for a new sale.

    Without an id it is the only one that has not ended by the effective date. A renewal, an extension and a
    cancellation may begin on the day it ends; where none runs, they and a reinstatement are about the one that
    ended last.
    Raises: ContractNotFound; ContractAmbiguous.
    """
    if wanted == NEW or (wanted is None and not contracts):
        return None
    if wanted is not None:
        return named_contract(contracts, wanted)
    found = _candidates(contracts, effective, frozenset(map(type, changes)))
    if len(found) > 1:
        ids = [contract.id for contract in found]
        raise ContractAmbiguous(
            f"this may be about {' or '.join(ids)}",
            fix="name one of them as contract_id, or ask for another contract with contract_id new",
            pointer="/contract_id",
            contracts=ids,
        )
    return found[0] if found else None


def named_contract(contracts: Sequence[Known], wanted: str) -> Known:
    """The one of an account's contracts that a request names.

    Raises: ContractNotFound.
    """
    for contract in contracts:
        if contract.id == wanted:
            return contract
    raise contract_not_found(wanted, pointer="/contract_id")


def _candidates(contracts: Sequence[Known], effective: date, kinds: frozenset[type]) -> list[Known]:
    """Those the request may be about."""
    if Reinstate in kinds:
        lapsed = [contract for contract in contracts if contract.ends <= effective]
        return _ended_last(lapsed or contracts)
    running = [contract for contract in contracts if contract.ends > effective]
    if kinds.isdisjoint({Renew, Extend, Cancel}):
        return running
    ending = [contract for contract in contracts if contract.ends == effective]
    return running + ending or ([] if Cancel in kinds else _ended_last(contracts))


def _ended_last(contracts: Sequence[Known]) -> list[Known]:
    last = max(contract.ends for contract in contracts)
    return [contract for contract in contracts if contract.ends == last]


def term_months(asked: int | None, *, contract: Contract | None, changes: Sequence[Change]) -> int:
    """The months of the term: those asked for of a new one, else its own.

    Raises: TermNotChangeable when others are asked for within a term.
    """
    if contract is None:
        return USUAL_MONTHS if asked is None else asked
    extension = next((change for change in changes if isinstance(change, Extend)), None)
    if extension is not None:
        return _same_months(asked, extension.months, "the extension")
    if any(isinstance(change, Renew | Reinstate) for change in changes):
        return USUAL_MONTHS if asked is None else asked
    own = months_between(contract.term.start, contract.term.end)
    return _same_months(asked, own, f"the term of contract {contract.id}")


def _same_months(asked: int | None, months: int, whose: str) -> int:
    if asked not in {None, months}:
        raise TermNotChangeable(
            f"{whose} has {months} months, not {asked}",
            fix=f"leave term_months out; for another length ask to renew for {asked} months, or to extend",
            pointer="/term_months",
            months=months,
        )
    return months
