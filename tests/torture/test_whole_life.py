"""Any life of any quotes, step by step beside a model of it: what is done, what is refused and with which code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.engine import URL

from pricing_engine.errors import DomainError
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.request import Add, DiscountRequest, PercentOff, Set
from pricing_engine.storage import tables
from pricing_engine.storage.kept_answers import KEPT
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.expire_quotes import expire_quotes
from pricing_engine.usecases.once import Once, Rendered, answer_once
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import take_step
from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook
from tests import databases
from tests.builders import NOON, a_desk
from tests.torture.life_model import Customer, Offer
from tests.torture.wholeness import broken_promises
from tests.unit.rulebook.small_rules import FILES, small_rules

FEBRUARY, MAY = date(2026, 2, 1), date(2026, 5, 1)
PEOPLE = ("rob", "mia", "kim")
STEPS = ("submit", "approve", "reject", "present", "accept", "decline", "withdraw")


@dataclass(frozen=True)
class Sent:
    """A request that was done under a key, and what it was answered."""

    key: str
    at: datetime
    offer: Offer
    action: str
    asked: dict[str, Any]
    answer: Rendered


class WholeLife(RuleBasedStateMachine):
    """Real use cases over a real database; `self.offers` and `self.customers` say what should be there."""

    quotes: Any = Bundle("quotes")
    requests: Any = Bundle("requests")

    def __init__(self, database: Callable[[], AbstractContextManager[str]]) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.now = NOON
        url = self.closing.enter_context(database())
        self.desk = self.closing.enter_context(a_desk(url, now=lambda: self.now))
        self.offers: dict[str, Offer] = {}
        self.customers: list[Customer] = []
        self.withdrawn: set[str] = set()
        self.in_force, self.prices, self.keys = "", 50, 0
        self.last: Offer | None = None

    def teardown(self) -> None:
        """Every quote is priced again to the cent, whatever happened since."""
        try:
            for id_ in self.offers:
                assert replay_quote(self.desk, quote_id=id_).is_equal
        finally:
            self.closing.close()

    @initialize()
    def rules_and_two_customers(self) -> None:
        self.publish(rise=0)
        for name in ("Fjord", "Skerry"):
            made = create_account(self.desk, name=name, currency="USD", attributes={"segment": "smb"})
            self.customers.append(Customer(made.account.id))

    def publish(self, rise: int) -> None:
        """Without a rise it is the version there is, in force again."""
        self.prices += rise
        prices = FILES["price_books/usd.yaml"].replace('"50.00"', f'"{self.prices}.00"')
        files = small_rules({"price_books/usd.yaml": prices})
        published = publish_rulebook(self.desk, files, author="ada", activate=True, reason="a list review")
        self.in_force = published.summary.hash

    @rule(target=quotes, customer=st.integers(0, 1), users=st.integers(11, 40), off=st.sampled_from([0, 5, 12, 25]))
    def make(self, customer: int, users: int, off: int) -> Offer:
        asking = self.customers[customer]
        ask = QuoteAsk(asking.id, "rep", FEBRUARY, ())._replace(**self.wanted(asking, users, off))
        stored = request_quote(self.desk, ask=ask, by="rob")
        return self.seen_first(stored.quote, asking, by="rob")

    @rule(target=requests, offer=quotes, by=st.sampled_from(PEOPLE), is_far=st.booleans())
    def go_on(self, offer: Offer, by: str, is_far: bool) -> Any:
        """One step nearer to a contract, or as many as can be taken."""
        sent, state = None, ""
        while state != offer.state:
            state = offer.state
            level = {"level": (*offer.missing, "manager")[0]} if state == "pending_approval" else {}
            acting = "kim" if is_far and level else by
            sent = self.act(offer, offer.forward, {"by": acting, "behind": 0, "comment": "", **level}) or sent
            if not is_far:
                break
        return sent

    @rule(
        target=requests,
        offer=quotes,
        action=st.sampled_from(STEPS),
        by=st.sampled_from(PEOPLE),
        behind=st.sampled_from([None, 0, 0, 0, 1]),
        level=st.sampled_from(["manager", "deal_desk"]),
        comment=st.sampled_from(["", "too much", "too late"]),
    )
    def do_something(self, offer: Offer, action: str, by: str, behind: int | None, level: str, comment: str) -> Any:
        """Whether it can be done or not."""
        said = {"level": level} if action == "approve" else {}
        return self.act(offer, action, {"by": by, "behind": behind, "comment": comment, **said})

    @rule(target=quotes, offer=quotes, by=st.sampled_from(PEOPLE), users=st.integers(11, 40), is_new=st.booleans())
    def ask_again(self, offer: Offer, by: str, users: int, is_new: bool) -> Offer:
        """Revises or changes it."""
        self.act(offer, "revise" if is_new else "change", {"by": by, "behind": None, "users": users})
        return self.last or offer

    @rule(sent=requests)
    def repeat(self, sent: Sent | None) -> None:
        """Within a week the same answer; after it, as if it were asked for the first time."""
        if sent is None:
            return
        if self.now < sent.at + KEPT:
            assert self.run(sent.offer, sent.action, sent.asked, sent.key) == sent.answer
            with pytest.raises(DomainError) as refused:
                self.run(sent.offer, sent.action, sent.asked, sent.key, fingerprint="of another request")
            assert refused.value.code == "idempotency-key-reused"
        else:
            self.act(sent.offer, sent.action, sent.asked, key=sent.key)

    @rule(offer=quotes, what=st.sampled_from(["days", "month", "publish", "withdraw"]), much=st.integers(0, 8))
    def the_world_goes_on(self, offer: Offer, what: str, much: int) -> None:
        """Time passes, and rules change."""
        if what == "publish":
            self.publish(rise=much % 3)
        elif what == "withdraw":
            withdraw_rulebook(self.desk, hash=offer.rules, reason="a price was wrong", actor=Actor("mia", "manager"))
            self.withdrawn.add(offer.rules)
            self.publish(rise=1)
        else:
            self.now += timedelta(days=much + (26 if what == "month" else 0))
            if much % 2:
                self.expire()

    def expire(self) -> None:
        """Expires what nobody answered in time."""
        today = self.now.date()
        due = [each for each in self.offers.values() if each.state == "presented" and (each.until or today) < today]
        assert set(expire_quotes(self.desk)) == {each.id for each in due}
        for each in due:
            each.step("expire", today=today, by="")

    @invariant()
    def quotes_are_where_the_model_says(self) -> None:
        with self.desk.reading() as session:
            shown = select(tables.quote.c["id", "state", "revision", "valid_until"])
            rows = session.connection.execute(shown).all()
        assert {row.id: tuple(row[1:]) for row in rows} == {
            each.id: (each.state, each.revision, each.until) for each in self.offers.values()
        }

    @invariant()
    def contracts_are_in_the_versions_the_model_says(self) -> None:
        with self.desk.reading() as session:
            found = session.connection.execute(select(tables.contract_version.c["account_id", "version"])).all()
        assert sorted(map(tuple, found)) == sorted(
            (each.id, version) for each in self.customers for version in range(1, each.contract + 1)
        )

    @invariant()
    def what_belongs_together_is_there_together(self) -> None:
        assert broken_promises(self.desk) == []

    def wanted(self, customer: Customer, users: int, off: int | None = None) -> dict[str, Any]:
        """What is asked for: so many users, in a first contract or instead of what there is."""
        quantity = {"users": Decimal(users)}
        wanted: dict[str, Any] = {"changes": (Add("crm", quantity),), "effective_date": FEBRUARY, "term_months": None}
        if customer.contract:
            wanted |= {"changes": (Set("crm", quantity),), "effective_date": MAY}
        if off is not None:
            wanted["discounts"] = (DiscountRequest(PercentOff(Decimal(off) / 100)),) if off else ()
        return wanted

    def seen_first(self, quote: Any, customer: Customer, *, by: str) -> Offer:
        """The model of a quote that was made just now."""
        assert quote.rulebook == self.in_force
        offer = modelled(quote, customer, by=by)
        self.offers[offer.id] = offer
        return offer

    def act(self, offer: Offer, action: str, asked: dict[str, Any], *, key: str = "") -> Sent | None:
        """Does it, or has it refused as the model says; what was done under a key can be repeated."""
        self.last = None
        self.keys += 1
        key = key or f"key-{self.keys}"
        today, seen = self.now.date(), self.seen(offer, asked)
        said = {name: asked[name] for name in ("by", "level", "comment") if name in asked}
        refusal = offer.refusal(action, seen=seen, today=today, withdrawn=self.withdrawn, **said)
        if refusal is not None:
            with pytest.raises(DomainError) as refused:
                self.run(offer, action, asked, key)
            assert refused.value.code == refusal, f"{action} of {offer}"
            return None
        asked = asked | {"seen": seen}
        answer = self.run(offer, action, asked, key)
        offer.step(action, today=today, level=asked.get("level", ""), by=asked["by"])
        if action == "change":
            new = modelled(self.result.quote, offer.customer, by="")
            offer.rules, offer.levels, offer.is_refused = new.rules, new.levels, new.is_refused
            offer.pinned, offer.until = new.pinned, None
        if action == "revise":
            self.last = self.seen_first(self.result.quote, offer.customer, by=asked["by"])
            self.last.asked_by |= offer.asked_by
        return Sent(key, self.now, offer, action, asked, answer)

    def seen(self, offer: Offer, asked: dict[str, Any]) -> int | None:
        """The revision the caller says to have seen; one that is repeated says the same again."""
        if "seen" in asked:
            found: int | None = asked["seen"]
            return found
        return None if asked["behind"] is None else offer.revision - asked["behind"]

    def run(self, offer: Offer, action: str, asked: dict[str, Any], key: str, *, fingerprint: str = "") -> Rendered:
        """The use case itself, under a key; a change takes none."""
        actor = Actor(asked["by"], "manager")
        more: dict[str, Any] = {"quote_id": offer.id, "actor": actor, "revision": self.seen(offer, asked)}
        if "users" in asked:
            more["changed"] = self.wanted(offer.customer, asked["users"])
        if action == "change":
            self.result = change_quote(self.desk, **more)
            return Rendered(200, {}, b"")
        use_case: Any = {"accept": accept_quote, "revise": revise_quote}.get(action, take_step)
        if use_case is take_step:
            more |= {"action": Action(action), "level": asked.get("level", "")}
        if use_case is not revise_quote:
            more["comment"] = asked.get("comment", "")
        once = Once(key, fingerprint or f"{offer.id} {action} {asked['by']}", self.rendered)
        return answer_once(self.desk, once, use_case, **more)

    def rendered(self, result: Any) -> Rendered:
        """Names what was done; and leaves it to be looked at."""
        self.result = result
        life = getattr(result, "life", result)
        return Rendered(200, {"etag": str(life.stored.revision)}, f'{{"id": "{life.quote.id}"}}'.encode())


def modelled(quote: Any, customer: Customer, *, by: str) -> Offer:
    """What the model is told of a quote: its price and findings are not what is asked here."""
    levels, pinned = quote.approval_levels, customer.contract
    return Offer(quote.id, customer, quote.rulebook, levels, pinned, {by}, is_refused=quote.is_refused)


def live(database: Callable[[], AbstractContextManager[str]], *, share: int) -> None:
    """A share of the profile's examples."""
    many = max(settings().max_examples // share, 3)
    run_state_machine_as_test(
        lambda: WholeLife(database), settings=settings(settings(), max_examples=many, stateful_step_count=30)
    )


def test_any_life_of_quotes_on_sqlite_is_as_the_model_says(migrated_sqlite: Path) -> None:
    @contextmanager
    def database() -> Iterator[str]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "life.sqlite"
            databases.copy_sqlite(migrated_sqlite, path)
            yield databases.sqlite_url(path)

    live(database, share=3)


def test_any_life_of_quotes_on_postgresql_is_as_the_model_says(postgres_server: URL, migrated_postgres: str) -> None:
    @contextmanager
    def database() -> Iterator[str]:
        with databases.fresh_database(postgres_server, template=migrated_postgres) as url:
            yield databases.text(url)

    live(database, share=12)
