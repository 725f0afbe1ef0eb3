"""What an account has and had as the JSON a caller gets; wire_contract_answers.py has the shape."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from pricing_engine.api.json_values import digits
from pricing_engine.api.rule_json import rule_json
from pricing_engine.contracts.contract import AgreedDiscount, BookedCharge, Contract, Milestone
from pricing_engine.contracts.contract_line import ContractLine, Grant, Stretch
from pricing_engine.contracts.value import arr_on, tcv_of, unit_price_of
from pricing_engine.money import Currency, round_money
from pricing_engine.usecases.read_contract import AccountContracts
from pricing_engine.usecases.records import Booking, Page, StoredContract

_ONE_DAY: Final = timedelta(days=1)

Json = dict[str, Any]


def account_contracts_json(read: AccountContracts) -> Json:
    """The account's contracts on a day as JSON-ready data."""
    return {
        "account_id": read.account_id,
        "on": read.on,
        "known_on": read.known_on,
        "contracts": [
            stored_contract_json(stored, on=read.on)
            | {"has_ended": read.has_ended(stored), "upcoming": [_booking(each) for each in read.upcoming(stored)]}
            for stored in read.contracts
        ],
        "not_begun": [_booking(booking) for booking in read.not_begun],
    }


def stored_contract_json(stored: StoredContract, *, on: date) -> Json:
    """A contract with the lines that are in force on a day, and the booking it comes from."""
    return {
        **_contract(stored.contract, on),
        "kind": stored.kind,
        "quote_id": stored.quote_id,
        "booked_at": stored.booked_at,
        "booked_by": stored.booked_by,
    }


def history_json(account_id: str, page: Page[Booking]) -> Json:
    """A page of everything booked for an account as JSON-ready data."""
    items = [_booking(booking) for booking in page.items]
    return {"account_id": account_id, "items": items, "next_cursor": page.next_cursor}


def _booking(booking: Booking) -> Json:
    return {
        "contract_id": booking.contract_id,
        "version": booking.version,
        "kind": booking.kind,
        "effective_date": booking.effective,
        "quote_id": booking.quote_id,
        "booked_at": booking.booked_at,
        "booked_by": booking.booked_by,
        "currency": booking.currency,
        "arr": digits(booking.arr),
        "term_start": booking.term_start,
        "term_end": booking.term_end,
        "term_last_day": booking.term_end - _ONE_DAY,
        "ends": booking.ends,
    }


def _contract(contract: Contract, on: date) -> Json:
    terms = contract.terms
    return {
        "id": contract.id,
        "version": contract.version,
        "effective_date": contract.effective,
        "currency": contract.currency.code,
        "price_book": contract.price_book,
        "term_start": contract.term.start,
        "term_end": contract.term.end,
        "term_last_day": contract.term.end - _ONE_DAY,
        "ends": contract.ends,
        "billing": contract.billing.id,
        "tier": contract.tier,
        "terms": None if terms is None else terms.id,
        "terms_rulebook": None if terms is None else terms.rulebook,
        "changed_terms": dict(contract.changed_terms),
        "price_hold": contract.price_hold,
        "arr": digits(arr_on(contract, on)),
        "tcv": digits(tcv_of(contract)),
        "lines": [
            _line(line, stretch, contract.currency)
            for line in contract.lines
            if (stretch := line.stretch_on(on)) is not None
        ],
        "agreed_discounts": [_agreed(discount) for discount in contract.discounts],
        "charges": [_charge(charge) for charge in contract.charges],
        "trials": contract.trials,
        "milestones": [_milestone(milestone) for milestone in contract.milestones],
    }


def _line(line: ContractLine, now: Stretch, currency: Currency) -> Json:
    """A line as it is in the stretch of the day asked for."""
    unit_price = unit_price_of(line, now)
    taken = dict(now.taken)
    return {
        "id": line.id,
        "product": line.product,
        "name": line.name,
        "tier": line.tier,
        "charge": line.charge,
        "timing": line.timing,
        "months": line.months,
        "metric": line.metric,
        "bundle": line.bundle,
        "rulebook": line.rulebook,
        "quantity": digits(now.quantity),
        "list_per_year": digits(round_money(now.list, currency)),
        "net_per_year": digits(round_money(now.net, currency)),
        "net_unit_price": None if unit_price is None else digits(unit_price),
        "discounts": [_grant(grant, line.rulebook) | _per_year(taken, grant, currency) for grant in line.grants],
        "stretches": [_stretch(stretch) for stretch in line.stretches],
        "trial_until": line.trial_until,
    }


def _grant(grant: Grant, rulebook: str) -> Json:
    return {
        "policy": grant.policy,
        "rulebook": rulebook,
        "fraction": None if grant.fraction is None else digits(grant.fraction),
        "amount": None if grant.amount is None else digits(grant.amount),
        "ends": grant.ends,
        "holds": grant.holds,
    }


def _per_year(taken: dict[str, Any], grant: Grant, currency: Currency) -> Json:
    amount = taken.get(grant.policy)
    return {"per_year": None if amount is None else digits(round_money(amount, currency))}


def _stretch(stretch: Stretch) -> Json:
    return {
        "start": stretch.start,
        "end": stretch.end,
        "last_day": stretch.end - _ONE_DAY,
        "quantity": digits(stretch.quantity),
        "list": digits(stretch.list),
        "net": digits(stretch.net),
    }


def _agreed(discount: AgreedDiscount) -> Json:
    return {
        "rule": rule_json(discount.rule),
        "kind": discount.kind,
        "size": digits(discount.size),
        "lines": sorted(discount.lines),
        "products": sorted(discount.products),
    }


def _charge(charge: BookedCharge) -> Json:
    return {"day": charge.day, "kind": charge.kind, "what": charge.what, "amount": digits(charge.amount)}


def _milestone(milestone: Milestone) -> Json:
    return {
        "id": milestone.id,
        "due": milestone.due,
        "credit": digits(milestone.credit),
        "outcome": milestone.outcome,
    }
