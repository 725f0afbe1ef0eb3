"""Accounts in the database: attributes of every kind come back, and an external id belongs to one account."""

import pytest
from sqlalchemy.exc import IntegrityError

from pricing_engine.storage import accounts
from pricing_engine.storage.accounts import AccountNotFound, DuplicateExternalId
from pricing_engine.storage.database import Database
from tests.builders import NOON, an_account, reading, writing


def test_an_account_comes_back_with_its_attributes_as_they_were(database: Database) -> None:
    with writing(database) as session:
        stored = accounts.save(session, an_account(market="US"), external_id="crm-1", at=NOON)
    with reading(database) as session:
        loaded = accounts.load(session, "acc_1")
    assert loaded == stored
    assert repr(loaded.account.attributes) == repr(stored.account.attributes)


def test_an_external_id_belongs_to_one_account(database: Database) -> None:
    with writing(database) as session:
        accounts.save(session, an_account(), external_id="crm-1", at=NOON)
        with pytest.raises(DuplicateExternalId) as refused:
            accounts.save(session, an_account("acc_2"), external_id="crm-1", at=NOON)
    assert refused.value.facts == {"account_id": "acc_1"}


def test_another_tenant_may_use_the_same_external_id_and_the_same_id(database: Database) -> None:
    for tenant in ("acme", "rival"):
        with writing(database, tenant) as session:
            accounts.save(session, an_account(name=tenant), external_id="crm-1", at=NOON)
    with reading(database, "rival") as session:
        assert accounts.load(session, "acc_1").account.name == "rival"


def test_whoever_loses_a_race_for_an_external_id_is_told_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(database) as session:
        accounts.save(session, an_account(), external_id="crm-1", at=NOON)
    # The loser looked before the winner committed: what is left is the constraint.
    monkeypatch.setattr(accounts, "_refuse_duplicate", lambda *_: None)
    with pytest.raises(DuplicateExternalId), writing(database) as session:
        accounts.save(session, an_account("acc_2"), external_id="crm-1", at=NOON)


def test_many_accounts_may_have_no_external_id(database: Database) -> None:
    with writing(database) as session:
        for id_ in ("acc_1", "acc_2"):
            accounts.save(session, an_account(id_), external_id=None, at=NOON)
        page = accounts.page(session, external_id=None, cursor=None, limit=10)
    assert [item.account.id for item in page.items] == ["acc_2", "acc_1"]


def test_an_account_is_found_by_its_external_id(database: Database) -> None:
    with writing(database) as session:
        accounts.save(session, an_account(), external_id="crm-1", at=NOON)
        accounts.save(session, an_account("acc_2"), external_id="crm-2", at=NOON)
        page = accounts.page(session, external_id="crm-2", cursor=None, limit=10)
    assert [item.account.id for item in page.items] == ["acc_2"]


def test_another_tenants_account_is_not_found(database: Database) -> None:
    with writing(database) as session:
        accounts.save(session, an_account(), external_id="crm-1", at=NOON)
    with reading(database, "rival") as session:
        with pytest.raises(AccountNotFound):
            accounts.load(session, "acc_1")
        assert accounts.page(session, external_id="crm-1", cursor=None, limit=10).items == ()


def test_an_id_given_twice_is_not_mistaken_for_an_external_id(database: Database) -> None:
    with writing(database) as session:
        accounts.save(session, an_account(), external_id=None, at=NOON)
    with pytest.raises(IntegrityError), writing(database) as session:
        accounts.save(session, an_account(), external_id=None, at=NOON)
