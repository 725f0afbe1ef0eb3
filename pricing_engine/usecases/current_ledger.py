"""The ledger as it is now: read once, and brought up to date by what the journal says has happened since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from pricing_engine.contracts.contract import TermsPin
from pricing_engine.desk import Desk
from pricing_engine.retention.columns import NEVER, Ints, Named
from pricing_engine.retention.told import Ledger, tell, with_accounts_anew
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import journal, ledger, ledger_columns
from pricing_engine.storage.kept_ledgers import KeptLedger
from pricing_engine.storage.ledger_columns import EndedContract
from pricing_engine.storage.session import Session

MOVES_THE_BOOK: Final = ("quote.accepted", "contracts.imported", "history.imported")
"""What in the journal comes with movements; its data names the accounts."""

_MOST_ANEW: Final = 500
"""With more accounts than these to read anew, reading all is no slower."""


def current_ledger(desk: Desk, session: Session, rulebook: Rulebook) -> KeptLedger:
    """The ledger of the desk's tenant, as the session sees it; the rulebook says which products replaced others.

    What was booked since costs what it is, whatever there was before.
    """
    with desk.ledgers.renewing:
        kept = desk.ledgers.by_tenant.get(desk.tenant)
        newest, today, lines = journal.end_of(session), desk.today(), rulebook.product_lines
        if kept is None or kept.day > today or kept.product_lines != lines:
            kept = _read(desk, session, newest, today, lines)
        elif (kept.journal, kept.day) != (newest, today):
            kept = _renewed(desk, session, kept, newest, today)
        desk.ledgers.by_tenant[desk.tenant] = kept
        return kept


Entered = tuple[int, str]
"""The number and the hash of an entry of the journal."""


def _read(desk: Desk, session: Session, newest: Entered, today: date, lines: Mapping[str, str]) -> KeptLedger:
    accounts = ledger.accounts(session)
    return KeptLedger(_told(desk, session, Named.nothing(), lines), newest, today, lines, accounts, {}, {})


def _renewed(desk: Desk, session: Session, kept: KeptLedger, newest: Entered, today: date) -> KeptLedger:
    """The ledger with those accounts read anew for whom something was booked, or a term has ended."""
    moved = journal.accounts_named(session, MOVES_THE_BOOK, after=kept.journal[0], up_to=newest[0])
    moved |= {each.account_id for each in ledger_columns.ended(session, by=today, after=kept.day)}
    if len(moved) > _MOST_ANEW or not journal.has(session, *kept.journal):
        return _read(desk, session, newest, today, kept.product_lines)
    found, accounts = kept.ledger, kept.accounts
    if moved:
        ids, named = sorted(moved), found.named
        again = _told(desk, session, named, kept.product_lines, ids)
        found = with_accounts_anew(found, again, named.accounts.of(ids))
        if unknown := [id_ for id_ in ids if id_ not in accounts]:
            accounts = {**accounts, **ledger.accounts(session, unknown)}
    return KeptLedger(found, newest, today, kept.product_lines, accounts, {}, kept.values)


def _told(
    desk: Desk, session: Session, named: Named, lines: Mapping[str, str], accounts: Sequence[str] | None = None
) -> Ledger:
    stored = ledger_columns.movements(session, named, lines, accounts=accounts)
    return tell(stored, named, _ends(lapsed(desk, session, accounts), named))


def lapsed(desk: Desk, session: Session, accounts: Sequence[str] | None = None) -> list[EndedContract]:
    """The contracts of some accounts, or of all (None), that have ended by now.

    Nobody knows of a term that has not ended yet whether it will be renewed, and one whose terms renew it by themselves
    is as good as renewed: both go on.
    """
    ended = ledger_columns.ended(session, by=desk.today(), after=date.min, accounts=accounts)
    return [each for each in ended if each.is_cut_short or not renews_itself(desk, session, each.terms)]


def _ends(lapsed: Iterable[EndedContract], named: Named) -> Ints:
    ends = np.full(len(named.contracts), NEVER, np.int32)
    for each in lapsed:
        if each.id in named.contracts:  # one that was never worth anything has no movements
            ends[named.contracts[each.id]] = each.ends.toordinal()
    return ends


def renews_itself(desk: Desk, session: Session, pin: TermsPin | None) -> bool:
    """Whether a contract under these terms renews by itself; one without terms does not."""
    if pin is None:
        return False
    terms = next((each for each in desk.rulebook(session, pin.rulebook).terms if each.id == pin.id), None)
    return terms is not None and terms.renewal is not None and terms.renewal.auto
