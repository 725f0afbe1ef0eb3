"""A line that was imported with its policies is what a new sale under them makes: one formula, wherever it is used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_engine.policies.discounts import QUANTITY, DiscountGroup, DiscountPolicy, Percent, Schedule
from pricing_engine.quoting.changes.schedule import stretches_of
from tests.laws.any_policy import groups
from tests.rulebooks import a_policy, a_product, a_rulebook, add, quote
from tests.unit.imports.books import MAPPING, a_contract, a_row

D = Decimal
percents = st.integers(1, 60).map(lambda number: D(number).scaleb(-2))
sizes = st.one_of(
    percents.map(Percent),
    st.lists(percents, min_size=2, max_size=2, unique=True).map(
        lambda pair: Schedule(QUANTITY, ((D(1), min(pair)), (D(40), max(pair))))
    ),
)
plans = st.sampled_from(["yearly_in_advance", "monthly_in_advance", "quarterly_in_arrears", "up_front"])


@st.composite
def policies(draw: st.DrawFn, within: list[DiscountGroup]) -> list[DiscountPolicy]:
    """Policies of these groups, some of which end after some months."""
    count = draw(st.integers(1, 4))
    return [
        a_policy(
            f"p{number}",
            draw(sizes),
            group=draw(st.sampled_from(within)).id,
            months=draw(st.sampled_from([None, None, 3, 7])),
        )
        for number in range(count)
    ]


@given(
    within=groups,
    data=st.data(),
    users=st.integers(1, 90),
    price=st.integers(1, 9_999).map(lambda number: D(number).scaleb(-2)),
    plan=plans,
    months=st.sampled_from([6, 12, 18, 36]),
)
def test_an_imported_line_is_worth_and_billed_what_a_new_sale_of_it_is(
    within: list[DiscountGroup], data: st.DataObject, users: int, price: Decimal, plan: str, months: int
) -> None:
    granted = data.draw(policies(within))
    rules = a_rulebook([a_product("crm")], {"crm.seats": str(price)}, discounts=granted, groups=within)
    sold = quote(rules, add("crm", str(users)), effective_date=date(2026, 1, 1), term_months=months, billing=plan)
    (line,) = sold.lines
    first = line.segments[0]
    assume(first.net == first.net.quantize(D("1e-12")))  # a table has 12 decimals
    held = a_contract(
        a_row(
            end=sold_until(months),
            users=str(users),
            net=f"{first.net:.12f}",
            policies=";".join(policy.id for policy in granted),
            billing=plan,
        ),
        # On the first day of the contract, so that the net of the row is that of the first stretch.
        text=MAPPING.replace("net_per_month", "net_per_year").replace("2026-07-01", "2026-01-01"),
        rules=rules,
    )
    (imported,) = held.lines
    assert merged(imported.stretches) == merged(stretches_of(line))
    billed = [entry.amount for invoice in sold.invoices for entry in invoice.lines]
    assert [amount for amount in imported.instalments if amount] == billed


def sold_until(months: int) -> str:
    """The first day after a term from 2026-01-01."""
    years, rest = divmod(months, 12)
    return f"{2026 + years}-{1 + rest:02}-01"


def merged(stretches: object) -> list[tuple[date, date, Decimal, Decimal]]:
    """Days with what they are worth, neighbours of the same worth drawn together."""
    found: list[tuple[date, date, Decimal, Decimal]] = []
    for each in stretches:  # type: ignore[attr-defined]
        if found and found[-1][1] == each.start and found[-1][2:] == (each.list, each.net):
            found[-1] = (found[-1][0], each.end, each.list, each.net)
        else:
            found.append((each.start, each.end, each.list, each.net))
    return found
