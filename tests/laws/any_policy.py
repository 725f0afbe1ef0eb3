"""Random discount policies, stacking groups, limits of discretion and approval matrices."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from pricing_engine.catalog.products import ProductType, Selector, Timing
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import (
    Amount,
    Base,
    DiscountGroup,
    DiscountPolicy,
    Percent,
    Pick,
    Schedule,
)
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from tests.rulebooks import condition, ref

D = Decimal

percents = st.one_of(
    st.sampled_from([D("0.05"), D("0.10"), D("0.125"), D("0.50")]),
    st.integers(1, 9_999).map(lambda number: D(number).scaleb(-4)),
)
conditions = st.sampled_from(
    [
        None,
        None,
        None,
        None,
        None,
        "users >= 50",
        "term_months >= 24",
        "product_count >= 2",
        'segment == "smb"',
        "list_arr >= 20000",
    ]
)
groups = st.lists(st.tuples(st.sampled_from(Pick), st.sampled_from(Base)), min_size=1, max_size=3).map(
    lambda kinds: [DiscountGroup(f"g{number}", *kind) for number, kind in enumerate(kinds)]
)

selectors = st.sampled_from(
    [
        Selector(),
        Selector(),
        Selector(timings=frozenset({Timing.RECURRING})),
        Selector(products=frozenset({"p0", "p1"})),
        Selector(families=frozenset({"work"})),
        Selector(types=frozenset({ProductType.MODULE, ProductType.PLATFORM})),
        Selector(charges=frozenset({"seats", "support"})),
        Selector(timings=frozenset({Timing.ONE_TIME})),
    ]
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """A schedule by the line's quantity or a number of the quote."""
    by = draw(st.sampled_from(["quantity", "product_count", "term_months"]))
    starts = {"quantity": (D(1), D(20)), "product_count": (D(2), D(3)), "term_months": (D(12), D(24))}[by]
    return Schedule(by, ((starts[0], draw(percents)), (starts[1], draw(percents))))


sizes = st.one_of(percents.map(Percent), st.integers(1, 500_000).map(lambda n: Amount(D(n).scaleb(-2))), schedules())


@st.composite
def policies(draw: st.DrawFn, group_ids: list[str]) -> list[DiscountPolicy]:
    """Up to four policies, some of them promotions."""
    found = []
    for number in range(draw(st.sampled_from([3, 4, 2, 1, 0]))):
        text = draw(conditions)
        found.append(
            DiscountPolicy(
                f"d{number}",
                draw(st.sampled_from([group_ids[0], *group_ids])),
                draw(selectors),
                draw(sizes),
                ref(f"d{number}"),
                when=None if text is None else condition(text),
                months=draw(st.sampled_from([None, None, None, 1, 5, 12, 18])),
                ends_on=draw(st.sampled_from([None] * 8 + [date(2024, 7, 10), date(2026, 1, 31)])),
                requested_from=draw(st.sampled_from([None, None, None, None, date(2024, 1, 1)])),
                requested_until=draw(st.sampled_from([None, None, None, None, None, date(2026, 1, 1)])),
                stacks_with_bundles=draw(st.booleans()),
            )
        )
    return found


@st.composite
def _discretions(draw: st.DrawFn) -> Discretion:
    limits = [
        DiscretionLimit("l0", "rep", D("0.10"), D("0.08"), Selector(), ref("l0")),
        DiscretionLimit("l1", "manager", D("0.50"), D("0.40"), Selector(), ref("l1"), condition("arr_after < 50000")),
        DiscretionLimit("l2", "rep", D("0.02"), D("0.02"), Selector(families=frozenset({"play"})), ref("l2")),
    ]
    cap = draw(st.sampled_from([None, D("0.45"), D("0.10")]))
    floor = draw(
        st.sampled_from([None, Floor(D("0.55"), D("0.30"), ref("floor")), Floor(None, D("0.30"), ref("floor"))])
    )
    return Discretion(
        tuple(limit for limit in limits if draw(st.integers(0, 3))), frozenset({"deal_desk"}), cap, ref("cap"), floor
    )


discretions = _discretions()


def _matrix(column: str) -> ApprovalMatrix:
    rows = (
        ApprovalRow((Range(None, D("0.20")), Range(None, D(50_000))), "manager", ref("a1")),
        ApprovalRow((Range(None, D("0.20")), Range(D(50_000), None)), "director", ref("a2")),
        ApprovalRow((Range(D("0.20"), None), Range(None, None)), "deal_desk", ref("a3")),
    )
    return ApprovalMatrix("discount", (column, "acv"), ("manager", "director", "deal_desk"), Hit.HIGHEST, rows)


approval_matrices = st.just(_matrix("discretionary"))
