"""Whether a book's accounts and contracts are those that are known: what is unknown, different, or someone else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pricing_engine.imports.book.accounts import AccountRow
from pricing_engine.imports.book.bought import Book
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.rows import BookRow
from pricing_engine.quoting.request import Account


def elsewhere(
    rows: Sequence[BookRow], account: Account | None, owners: Mapping[str, str], book: Book
) -> Iterator[Problem]:
    """A problem for each row whose contract another account has. Shape: `owners` are account ids by contract id."""
    for row in rows:
        owner = owners.get(row.contract)
        if owner is not None and (account is None or owner != account.id):
            what = f"contract {row.contract} is another account's, {owner}"
            fix = "give it an id of its own, or find out whose it is"
            yield book.problem(row, "id", Wrong("contract-elsewhere", what, fix))


def nobody(key: str, rows: Sequence[BookRow], known: Sequence[Problem], book: Book) -> Iterator[Problem]:
    """That nothing says who the account is, unless something wrong with its own row says so already."""
    if known or not rows:
        return
    what = f"there is no account {key}, and nothing describes it"
    fix = "give its row in the accounts file, map accounts to columns of the book, or make the account first"
    yield book.problem(rows[0], "account", Wrong("unknown-account", what, fix))


def differences(
    described: AccountRow | None, there: Account | None, rows: Sequence[BookRow], book: Book
) -> Iterator[Problem]:
    """That the account pays in another currency than the book says; what else differs stays as it is."""
    if described is None or there is None or described.currency == there.currency or not rows:
        return
    what = f"account {described.external_id} pays in {there.currency}, the book says {described.currency}"
    fix = "mend the currency, or import the contracts to an account of that currency"
    yield book.problem(rows[0], "account", Wrong("account-differs", what, fix))
