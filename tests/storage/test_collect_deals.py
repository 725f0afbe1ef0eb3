"""Quotes that have ended become deals: once each, with the facts as they were when each was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text, update

from pricing_engine.desk import CompiledRulebooks, Desk
from pricing_engine.quoting.fact_names import fact_names
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Add, DiscountRequest, PercentOff, Remove
from pricing_engine.scoring.deal import LIST_PER_YEAR, MARKET, TERM_MONTHS, Deal, DealLine, Draw, Outcome
from pricing_engine.storage import deals, quotes, tables
from pricing_engine.usecases import collect_deals as use_case
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.collect_deals import Collected, collect_deals
from pricing_engine.usecases.expire_quotes import expire_quotes
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.read_journal import read_journal
from tests.builders import NOON
from tests.rulebooks import D
from tests.storage.quote_lives import REP, asked, later, presented, step
from tests.storage.retained_book import agree, analytics, crm, customer, with_rules
from tests.storage.test_use_cases import an_ask
from tests.unit.rulebook.small_rules import changed

FIVE_OFF = (DiscountRequest(PercentOff(D("0.05"))),)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


def collected(desk: Desk) -> list[Deal]:
    with desk.reading_still() as session:
        return list(deals.all_deals(session))


def decline(desk: Desk, account: str, **more: Any) -> str:
    quote = presented(desk, an_ask(account, **more))
    step(desk, quote, Action.DECLINE, comment="too dear")
    return quote


def test_what_was_accepted_declined_or_expired_is_a_deal_and_nothing_else_is(ready: Desk) -> None:
    account = customer(ready, "Fjord", "smb", external_id="crm-1")
    won = presented(ready, an_ask(account, discounts=FIVE_OFF))
    declined, expired, still_open = (
        decline(ready, account),
        presented(ready, an_ask(account)),
        presented(ready, an_ask(account)),
    )
    withdrawn = presented(ready, an_ask(account))
    step(ready, withdrawn, Action.WITHDRAW)
    month_later = later(ready, 40)
    step_later = replace(ready, now=later(ready, 3).now)
    accept_quote(step_later, quote_id=won, actor=REP)
    with ready.transaction() as session:  # the one that stays open is valid for longer
        session.connection.execute(
            update(tables.quote).where(tables.quote.c.id == still_open).values(valid_until=date(2027, 1, 1))
        )
    assert expire_quotes(month_later) == (expired,)
    found = collect_deals(month_later, by="ada")
    assert (dict(found.made), found.undiscussed, found.failed) == (
        {QuoteState.ACCEPTED: 1, QuoteState.DECLINED: 1, QuoteState.EXPIRED: 1},
        *(0, []),
    )
    by_id = {each.id: each for each in collected(ready)}
    assert {id_: (each.outcome, each.reason, each.closed) for id_, each in by_id.items()} == {
        won: (Outcome.WON, "", date(2026, 1, 18)),
        declined: (Outcome.LOST, "too dear", date(2026, 1, 15)),
        expired: (Outcome.LOST, "expired", date(2026, 2, 24)),
    }
    deal = by_id[won]
    assert (deal.account, deal.created, deal.draw) == ("crm-1", NOON.date(), None)
    assert deal.discount == D("0.05")
    # 10 users × 50.00 × 12 months at list, 5% off.
    assert deal.lines == (DealLine("crm", deal.lines[0].family, D("6000.00"), D("5700.00")),)
    assert {name: deal.facts[name] for name in (LIST_PER_YEAR, TERM_MONTHS, MARKET, "segment")} == {
        LIST_PER_YEAR: D("6000.00"),
        TERM_MONTHS: 12,
        MARKET: None,
        "segment": "smb",
    }


def test_collecting_again_brings_only_what_has_ended_since(ready: Desk) -> None:
    account = customer(ready, "Fjord")
    decline(ready, account)
    assert collect_deals(ready, by="ada").made.total() == 1
    assert collect_deals(ready, by="ada") == Collected()
    decline(ready, account)
    assert collect_deals(ready, by="bob").made.total() == 1
    entries = [each for each in read_journal(ready, after=0, limit=99) if each.type == "scoring.deals_collected"]
    assert [(each.by, each.data["made"]) for each in entries] == [("ada", 1), ("bob", 1)]
    assert collect_deals(ready.for_tenant("rival"), by="ada") == Collected()


def test_what_somebody_else_has_collected_meanwhile_is_entered_once(
    ready: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    decline(ready, customer(ready, "Fjord"))
    make = use_case._deals

    def overtaken(*asked: Any) -> Any:
        made = list(make(*asked))
        with ready.transaction() as session:
            deals.save(session, made, at=NOON, by="bob")
        return made

    monkeypatch.setattr(use_case, "_deals", overtaken)
    collect_deals(ready, by="ada")
    assert len(collected(ready)) == 1
    assert [each for each in read_journal(ready, after=0, limit=99) if each.type == "scoring.deals_collected"] == []


def test_facts_are_those_of_the_rules_and_the_account_as_they_were(ready: Desk) -> None:
    account = customer(ready, "Fjord", "smb")
    before = decline(ready, account)
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    publish_rulebook(ready, dearer, author="ada", activate=True, reason="price rise")
    with ready.transaction() as session:
        session.connection.execute(text('UPDATE account SET attributes = \'{"segment": "enterprise"}\''))
    after = decline(ready, account)
    collect_deals(replace(ready, compiled=CompiledRulebooks()), by="ada")
    by_id = {each.id: each for each in collected(ready)}
    assert (by_id[before].facts["segment"], by_id[before].list) == ("smb", D("6000.00"))
    assert (by_id[after].facts["segment"], by_id[after].list) == ("enterprise", D("7200.00"))


def test_a_draft_that_was_changed_is_a_deal_of_the_day_its_facts_are_of(ready: Desk) -> None:
    draft = asked(ready, an_ask(customer(ready, "Fjord", "smb")))
    with ready.transaction() as session:
        session.connection.execute(text('UPDATE account SET attributes = \'{"segment": "enterprise"}\''))
    month_later = later(ready, 30)
    change_quote(
        month_later, quote_id=draft, actor=REP, changed={"discounts": FIVE_OFF, "effective_date": date(2026, 3, 1)}
    )
    step(month_later, draft, Action.PRESENT)
    step(later(ready, 31), draft, Action.DECLINE, comment="too dear")
    collect_deals(later(ready, 32), by="ada")
    (deal,) = collected(ready)
    assert (deal.created, deal.closed, deal.facts["segment"]) == (date(2026, 2, 14), date(2026, 2, 15), "enterprise")


def test_a_revised_quote_is_one_deal_of_its_last_version(ready: Desk) -> None:
    account = customer(ready, "Fjord")
    first = presented(ready, an_ask(account))
    last = revise_quote(ready, quote_id=first, actor=REP, changed={"discounts": FIVE_OFF}).quote.id
    step(ready, last, Action.PRESENT)
    step(ready, last, Action.DECLINE, comment="no budget")
    collect_deals(ready, by="ada")
    assert [(each.id, each.discount) for each in collected(ready)] == [(last, D("0.05"))]


def test_of_a_change_only_what_is_up_for_discussion_is_offered(ready: Desk) -> None:
    account = customer(ready, "grows")
    agree(ready, account, date(2026, 1, 15), crm(10))
    agree(ready, account, date(2026, 7, 1), analytics(5))
    agree(ready, account, date(2026, 7, 15), crm(5))  # at the price that was agreed: there is nothing to discuss
    agree(ready, account, date(2026, 8, 1), Remove("analytics"))
    found = collect_deals(later(ready, 300), by="ada")
    assert (found.made.total(), found.undiscussed, found.failed) == (2, 2, [])
    sold, more = collected(ready)
    assert {line.product for line in sold.lines} >= {"crm"}
    assert {line.product for line in more.lines} == {"analytics", "platform"}  # which has to be of a higher tier


def test_amounts_are_in_the_reporting_currency_at_the_rate_of_the_effective_date(desk: Desk) -> None:
    rates = 'kind: fx_rates\nrates:\n  - {from: 2024-01-01, EUR: "1.10"}\n  - {from: 2026-01-20, EUR: "1.20"}\n'
    ready = with_rules(desk, **{"fx_rates.yaml": rates})
    decline(ready, customer(ready, "Euro", currency="EUR", market="DE"))
    collect_deals(ready, by="ada")
    (deal,) = collected(ready)
    with ready.reading() as session:
        (line,) = quotes.load(session, deal.id).quote.lines
    assert deal.list == line.list_per_year * D("1.20") == deal.facts[LIST_PER_YEAR]


def test_a_target_that_was_drawn_by_lot_is_kept_with_what_its_lot_gives_on_average(desk: Desk) -> None:
    guidance = (
        "kind: guidance\nwhy: to learn what a price does\nrows: [{id: usual, target: 10%, stretch: 5%}]\n"
        "explore: {share: 100%, within: 4%}\n"
    )
    ready = with_rules(desk, **{"scoring/guidance.yaml": guidance})
    quote = decline(ready, customer(ready, "Fjord"))
    with ready.reading() as session:
        scored = quotes.load(session, quote).quote.scored
    assert scored is not None
    assert scored.guidance is not None
    collect_deals(ready, by="ada")
    (deal,) = collected(ready)
    # Five moves between −4 and 4 points off 10%, each as likely, none cut short: on average the target is 10%.
    assert deal.draw == Draw(scored.guidance.target, D("0.2"), D("0.10"))
    assert deal.draw.discount in {D("0.06"), D("0.08"), D("0.10"), D("0.12"), D("0.14")}


def test_what_cannot_be_made_a_deal_is_named_and_stops_no_other(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "AT_ONCE", 1)  # each is of a batch of its own
    account = customer(ready, "Fjord")
    damaged, lost, good = decline(ready, account), presented(ready, an_ask(account)), decline(ready, account)
    with ready.transaction() as session:
        session.connection.execute(text(f"UPDATE quote SET priced = '[]' WHERE id = '{damaged}'"))
        session.connection.execute(text(f"UPDATE quote SET state = 'declined' WHERE id = '{lost}'"))
    found = collect_deals(ready, by="ada")
    assert [(each.quote_id, each.code) for each in found.failed] == [(damaged, "failed"), (lost, "end-unknown")]
    assert [each.id for each in collected(ready)] == [good]


def test_every_fact_of_a_quote_is_one_that_models_may_go_by(ready: Desk) -> None:
    decline(ready, customer(ready, "Fjord"), changes=(Add("crm", {"users": D(10)}), Add("premium-support")))
    collect_deals(ready, by="ada")
    (deal,) = collected(ready)
    with ready.reading() as session:
        names = fact_names(ready.rulebook_in_force(session, ready.today()))
    assert set(deal.facts) <= names
    assert names - set(deal.facts) == {"family", "product", "rating"}  # of a line; not known of this account
