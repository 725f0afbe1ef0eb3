"""Training over the API: a model is made, judged and kept, once; its evaluation is read as JSON or as a page."""

from __future__ import annotations

from typing import Any

import pytest

from pricing_engine.api.acting_role import FIGURE_ROLES, ROLES
from pricing_engine.api.promoting_role import PROMOTING_ROLES
from pricing_engine.api.wire_evaluation import EvaluationOut
from pricing_engine.storage import deals
from pricing_engine.storage.deals import DealSource, KeptDeal
from pricing_engine.usecases import train_model
from pricing_engine.usecases.read_journal import read_journal
from tests.api.conftest import NOON, Caller
from tests.scoring_deals import deals_with, with_fact

PRICING = {"X-Acting-Role": "pricing", "X-Acting-User": "ada"}
MODELS = "/v1/scoring/models"


@pytest.fixture(autouse=True)
def simulator_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its figures are the same for all deals, and take seconds."""
    monkeypatch.setattr(train_model, "policy_values", lambda **_: ())


@pytest.fixture
def with_deals(caller: Caller) -> Caller:
    past = deals_with(700, seed=3)
    leaky = with_fact(past, "stage <b>", [str(deal.outcome) for deal in past])
    with caller.desk.transaction() as session:
        deals.save(session, [KeptDeal(each, DealSource.IMPORT) for each in leaky], at=NOON, by="ada")
    return caller


def train(caller: Caller, body: Any = None, **headers: str) -> Any:
    return caller.post(MODELS, {} if body is None else body, headers=PRICING | headers)


def test_a_model_is_trained_judged_and_kept_and_its_evaluation_read_again(with_deals: Caller) -> None:
    made = train(with_deals)
    assert made.status_code == 201, made.text
    EvaluationOut.model_validate_json(made.content)
    judged = made.json()
    assert made.headers["Location"] == f"{MODELS}/{judged['hash']}"
    assert [each["part"] for each in judged["verdicts"]] == ["peers", "response", "win"]
    assert [each["fact"] for each in judged["leaks"]] == ["stage <b>"]
    read = with_deals.get(f"{MODELS}/{judged['hash']}/evaluation", headers=PRICING)
    assert (read.status_code, read.json()) == (200, judged)
    listed = with_deals.get(MODELS, headers=PRICING).json()
    assert ([each["hash"] for each in listed["items"]], listed["live"]) == ([judged["hash"]], None)


def test_the_page_has_what_the_json_has_and_runs_nothing(with_deals: Caller) -> None:
    hash_ = train(with_deals).json()["hash"]
    path = f"{MODELS}/{hash_}/evaluation"
    for page in (
        with_deals.get(f"{path}?format=html", headers=PRICING),
        with_deals.get(path, headers=PRICING | {"Accept": "text/html"}),
    ):
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "What may be used, and why" in page.text
        assert "stage &lt;b&gt;" in page.text
        assert "<script" not in page.text
    assert with_deals.get(f"{path}?format=json", headers=PRICING | {"Accept": "text/html"}).json()["hash"] == hash_


def test_training_that_is_repeated_with_its_key_is_done_once(with_deals: Caller) -> None:
    first = train(with_deals, {"without": ["employees"]}, **{"Idempotency-Key": "one"})
    second = train(with_deals, {"without": ["employees"]}, **{"Idempotency-Key": "one"})
    assert (first.status_code, first.content) == (201, second.content)
    assert with_deals.rows()["scoring_model"] == 1
    other = train(with_deals, {}, **{"Idempotency-Key": "one"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_that_a_model_was_trained_is_in_the_journal_once(with_deals: Caller) -> None:
    hash_ = train(with_deals).json()["hash"]
    assert train(with_deals).json()["hash"] == hash_
    (entry,) = [each for each in read_journal(with_deals.desk, after=0, limit=9) if each.type == "scoring.trained"]
    assert (entry.subject, entry.by, entry.role, entry.data) == (
        *(hash_, "ada", "pricing"),
        {"model": hash_, "deals": 700},
    )


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({"without": ["segmnt"]}, "/without", "no deal has a fact segmnt"),
        ({"keep": [{"fact": "stage <b>", "why": "I like it"}]}, "/keep", "cannot be kept"),
        ({"keep": [{"fact": "segment", "why": " "}]}, "/keep", "segment is kept for no reason"),
        ({"instrument": "seasn"}, "/instrument", "no deal has a fact seasn"),
        ({"cut": "2020-01-01"}, "/cut", "leaves nothing on one side"),
    ],
)
def test_what_cannot_be_done_says_where_and_why(with_deals: Caller, body: Any, pointer: str, says: str) -> None:
    refused = train(with_deals, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "training-refused")
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert says in refused.json()["detail"]


def test_without_deals_there_is_nothing_to_learn(caller: Caller) -> None:
    assert train(caller).json()["code"] == "training-refused"
    assert train(caller, {"keep": [{"fact": "x"}]}).json()["code"] == "invalid-request"
    assert train(caller, {"cut": "soon"}).json()["code"] == "invalid-request"


def test_only_those_who_answer_for_prices_train_and_those_who_read_the_book_see_how_it_went(
    sqlite_caller: Caller,
) -> None:
    for role in ROLES:
        trained = sqlite_caller.post(MODELS, {}, headers={"X-Acting-Role": role})
        assert (trained.status_code != 403) is (role in PROMOTING_ROLES), role
        read = sqlite_caller.get(f"{MODELS}/{'0' * 64}/evaluation", headers={"X-Acting-Role": role})
        assert read.status_code == (404 if role in FIGURE_ROLES else 403), role
