"""Random well-typed expressions over the example vocabulary, and facts to evaluate them with."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from pricing_engine.expressions import Kind

Texts = st.SearchStrategy[str]

_SIZE = st.integers(1, 9_999).map(str)
_CENTS = st.decimals(min_value=0, max_value=5_000, places=2).map(str)
_SHARE = st.decimals(min_value=0, max_value=1, places=2).map(str)
_DAY = st.dates(date(2024, 1, 1), date(2029, 12, 31))
_STEP = st.sampled_from(["0.05", "1", "2.5", "100"])
_ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_RISING = st.sampled_from(["<", "<="])


def _written(pattern: str, *parts: Texts) -> Texts:
    return st.tuples(*parts).map(lambda filled: pattern.format(*filled))


def _of_one_unit(named: Texts, literal: Texts, condition: Texts) -> Texts:
    """What any unit allows: sums, limits, rounding and choices of values of that unit."""
    other = named | literal
    return st.one_of(
        _written("({} + {})", named, other),
        _written("({} - {} + {})", other, named, other),
        _written("(-{})", named),
        _written("min({}, {})", named, other),
        _written("max({}, {}, {})", other, named, other),
        _written("abs({})", named),
        _written("clamp({}, -{}, {})", named, literal, literal),
        _written("({} if {} else {})", other, condition, named),
        _written("({} if {} else {})", named, condition, other),
    )


def _money(smaller: dict[Kind, Texts]) -> Texts:
    money, ratio, count, condition = (smaller[kind] for kind in (Kind.MONEY, Kind.RATIO, Kind.COUNT, Kind.YES_NO))
    return st.one_of(
        _of_one_unit(money, _CENTS, condition),
        _written("{} * {}", money, ratio),
        _written("{} * {} / {}", count, money, _SIZE),
        _written("floor({})", money),
        _written("ceil({})", money),
        _written("round_to({}, {})", money, _STEP),
        _written("ratio_of({}, {}, {})", money, count, money),
        _written("either(unit_cost, {})", money),
        _written("(unit_cost if known(unit_cost) else {})", money),
        _written("({} / quantity if quantity != 0 else {})", money, money),
    )


def _ratio(smaller: dict[Kind, Texts]) -> Texts:
    money, ratio, condition = smaller[Kind.MONEY], smaller[Kind.RATIO], smaller[Kind.YES_NO]
    return st.one_of(
        _of_one_unit(ratio, _SHARE, condition),
        _written("({} * {})", ratio, ratio),
        _written("(1 - {})", ratio),
        _written("ratio_of({}, {}, {})", money, money, _SHARE),
    )


def _count(smaller: dict[Kind, Texts]) -> Texts:
    count, money, months = smaller[Kind.COUNT], smaller[Kind.MONEY], smaller[Kind.MONTHS]
    return st.one_of(
        _of_one_unit(count, _SIZE, smaller[Kind.YES_NO]),
        _written("({} * {})", count, count),
        _written("({} * {})", count, _SIZE),
        _written("floor({} / {})", count, _SIZE),
        _written("ceil({} / (abs({}) + {}))", money, money, _SIZE),
        _written("floor({} / max({}, 1))", count, months),
    )


def _months(smaller: dict[Kind, Texts]) -> Texts:
    months = smaller[Kind.MONTHS]
    return st.one_of(
        _of_one_unit(months, _SIZE, smaller[Kind.YES_NO]),
        _written("either(age_months, {})", months),
        _written('months_between(starts_on, "{}")', _DAY.map(str)),
    )


def _condition(smaller: dict[Kind, Texts]) -> Texts:
    condition = smaller[Kind.YES_NO]
    compared = [
        _written(f"{{}} {sign} {{}}", named, named | literal)
        for kind, literal in _LITERALS.items()
        for named in [smaller[kind]]
        for sign in ("<", ">=", "==")
    ]
    limits = st.tuples(st.integers(0, 500), st.integers(501, 1_000)).map(lambda ends: tuple(map(str, ends)))
    ranged = st.tuples(smaller[Kind.COUNT], limits, _RISING, _RISING).map(
        lambda parts: f"{parts[1][0]} {parts[2]} {parts[0]} {parts[3]} {parts[1][1]}"
    )
    return st.one_of(
        *compared,
        ranged,
        _written("({} and {})", condition, condition),
        _written("({} or {} and {})", condition, condition, condition),
        _written("({} and {} or {} and {})", condition, condition, condition, condition),
        _written("not ({} or {})", condition, condition),
        _written("({} if {} else {})", condition, condition, condition),
        _written("(({}) == ({}))", condition, condition),
        _written("(known(unit_cost) and unit_cost {} {})", _ORDER, smaller[Kind.MONEY]),
        _written("{} in [5, -7, 9.5]", smaller[Kind.MONEY]),
    )


_LITERALS: dict[Kind, Texts] = {Kind.MONEY: _CENTS, Kind.RATIO: _SHARE, Kind.COUNT: _SIZE, Kind.MONTHS: _SIZE}
_LEAVES: dict[Kind, Texts] = {
    Kind.MONEY: st.sampled_from(["list_price", "arr_after", "remaining_fees", 'lookup("segment_fee", segment)']),
    Kind.RATIO: st.sampled_from(["discount", "uplift", 'usage_share("storage_gb")', 'lookup("region_factor", region)']),
    Kind.COUNT: st.sampled_from(["users", "quantity"]),
    Kind.MONTHS: st.sampled_from(["term_months", "months_between(starts_on, ends_on)"]),
    Kind.YES_NO: st.one_of(
        st.sampled_from(
            [
                "prepaid",
                "auto_renew",
                "known(age_months)",
                'region in ["EMEA", "México"]',
                'segment not in ["smb"]',
                "segment == old_segment",
                'quote_type != "new"',
                "users in [5, 10, 20.5]",
                "po_number == 'P-1'",
                "starts_on < ends_on",
                "not prepaid == auto_renew",
            ]
        ),
        _written('starts_on {} "{}"', _ORDER, _DAY.map(str)),
        _written("users {} {}", _ORDER, _SIZE),
        _written("{} < discount <= {}", st.just("0.10"), st.just("0.40")),
    ),
}


def _grown(smaller: dict[Kind, Texts]) -> dict[Kind, Texts]:
    grow = {Kind.MONEY: _money, Kind.RATIO: _ratio, Kind.COUNT: _count, Kind.MONTHS: _months, Kind.YES_NO: _condition}
    return {kind: smaller[kind] | grow[kind](smaller) for kind in smaller}


WELL_TYPED: dict[Kind, Texts] = _grown(_grown(_grown(_LEAVES)))

_AMOUNT = st.decimals(min_value=-100_000, max_value=100_000, places=2)
_COUNT = st.one_of(st.just(Decimal(0)), st.integers(0, 1_200).map(Decimal))
_SEGMENT = st.sampled_from(["smb", "mid_market", "enterprise"])
FACTS = st.fixed_dictionaries(
    {
        "users": _COUNT,
        "quantity": _COUNT,
        "region": st.sampled_from(["EMEA", "APAC", "AMER", "LATAM", "México"]),
        "segment": _SEGMENT,
        "old_segment": _SEGMENT,
        "quote_type": st.sampled_from(["new", "renewal", "amendment"]),
        "discount": st.decimals(min_value=0, max_value=1, places=4),
        "uplift": st.decimals(min_value=-1, max_value=1, places=4),
        "list_price": st.decimals(min_value=0, max_value=100_000, places=2),
        "arr_after": _AMOUNT,
        "remaining_fees": _AMOUNT,
        "unit_cost": st.none() | _AMOUNT,
        "age_months": st.none() | st.integers(0, 60).map(Decimal),
        "prepaid": st.booleans(),
        "auto_renew": st.booleans(),
        "term_months": st.integers(1, 120).map(Decimal),
        "po_number": st.sampled_from(["P-1", "P-2", ""]),
        "starts_on": _DAY,
        "ends_on": _DAY,
        "cfg": st.just("x"),
        "approvers": st.just("x"),
        "usage_share": st.fixed_dictionaries(
            {
                "storage_gb": st.decimals(min_value=0, max_value=2, places=3),
                "transfer_gb": st.decimals(min_value=0, max_value=2, places=3),
            }
        ),
    }
)
