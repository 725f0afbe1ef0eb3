"""Laws of splitting and rounding: nothing is lost, nobody is off by more than one unit, and no context matters."""

import decimal
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.money import PRECISION, Currency, allocate, exact_arithmetic, round_money, split_evenly
from tests.laws.numbers import CENT, cents, weights
from tests.oracle import splitting

lists_of_weights = st.lists(weights, min_size=1, max_size=12)
contexts = st.builds(
    decimal.Context,
    prec=st.integers(1, 60),
    rounding=st.sampled_from([decimal.ROUND_UP, decimal.ROUND_DOWN, decimal.ROUND_FLOOR, decimal.ROUND_CEILING]),
    traps=st.sampled_from([[], [decimal.Inexact], [decimal.Rounded]]),
)


@given(cents, lists_of_weights)
def test_parts_sum_to_the_whole(amount: Decimal, weights: list[Decimal]) -> None:
    assert sum(allocate(amount, weights, CENT)) == amount


@given(cents, lists_of_weights)
def test_no_part_is_a_whole_unit_away_from_its_exact_share(amount: Decimal, weights: list[Decimal]) -> None:
    parts = allocate(amount, weights, CENT)
    exact = splitting.exact_shares(amount, weights)
    assert all(abs(Fraction(part) - share) < Fraction(CENT) for part, share in zip(parts, exact, strict=True))


@given(cents, lists_of_weights)
def test_a_split_equals_handing_out_one_cent_at_a_time(amount: Decimal, weights: list[Decimal]) -> None:
    assert [Fraction(part) for part in allocate(amount, weights, CENT)] == splitting.allocate(amount, weights, CENT)


@given(cents, lists_of_weights)
def test_a_line_that_weighs_nothing_gets_nothing_beside_one_that_does(amount: Decimal, weights: list[Decimal]) -> None:
    parts = allocate(amount, [*weights, Decimal(1), Decimal(0)], CENT)
    assert [part for part, weight in zip(parts, [*weights, 1, 0], strict=True) if weight == 0 and part != 0] == []


@given(cents, lists_of_weights)
def test_a_credit_is_split_as_the_charge_it_takes_back(amount: Decimal, weights: list[Decimal]) -> None:
    assert allocate(-amount, weights, CENT) == tuple(-part for part in allocate(amount, weights, CENT))


@given(cents, lists_of_weights, st.randoms(use_true_random=False))
def test_the_order_of_lines_moves_at_most_the_cents_of_a_tie(
    amount: Decimal, weights: list[Decimal], random: Random
) -> None:
    order = list(range(len(weights)))
    random.shuffle(order)
    parts = allocate(amount, weights, CENT)
    shuffled = allocate(amount, [weights[index] for index in order], CENT)
    remainders = [abs(share) % Fraction(CENT) for share in splitting.exact_shares(amount, weights)]
    moved = {remainders[index] for index, part in zip(order, shuffled, strict=True) if part != parts[index]}
    assert len(moved) <= 1  # only lines owed exactly the same can change places
    assert all(remainders.count(tie) > 1 for tie in moved)


@given(cents, lists_of_weights, st.integers(1, 10**6))
def test_only_the_proportion_of_weights_counts(amount: Decimal, weights: list[Decimal], factor: int) -> None:
    with exact_arithmetic() as context:
        context.prec = 200
        scaled = [weight * factor for weight in weights]
    assert allocate(amount, scaled, CENT) == allocate(amount, weights, CENT)


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_an_even_split_differs_by_one_unit_at_most_and_favours_the_first(units: int, parts: int) -> None:
    split = split_evenly(units, parts)
    assert (len(split), sum(split)) == (parts, units)
    assert list(split) == sorted(split, reverse=True)
    assert split[0] - split[-1] <= 1


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from([0, 2, 3]))
def test_rounding_is_half_up_away_from_zero(number: int, decimals: int, digits: int) -> None:
    amount, currency = Decimal(number).scaleb(-decimals), Currency("XXX", digits)
    units = abs(Fraction(amount)) * 10**digits
    expected = int(units + Fraction(1, 2)) * Fraction(1, 10**digits)
    rounded = round_money(amount, currency)
    assert Fraction(rounded) == (expected if amount > 0 else -expected)
    assert rounded.as_tuple().exponent == -digits
    assert not (rounded == 0 and rounded.is_signed())


@given(contexts, cents, lists_of_weights, st.decimals(-(10**9), 10**9, places=12))
def test_results_do_not_depend_on_the_callers_decimal_settings(
    context: decimal.Context, amount: Decimal, weights: list[Decimal], price: Decimal
) -> None:
    def work() -> tuple[object, ...]:
        with exact_arithmetic():
            third = price / 3
            return str(third), allocate(amount, weights, CENT), str(round_money(price * price, Currency("USD", 2)))

    expected = work()
    with decimal.localcontext(context):
        assert work() == expected
        assert decimal.getcontext().prec == context.prec  # and leaves them as they were


@given(st.integers(1, 10**12 - 1), st.integers(1, 10**15 - 1), st.lists(st.integers(1, 10**7), min_size=3, max_size=3))
def test_a_long_price_times_a_long_quantity_times_three_percentages_is_exact(
    price: int, quantity: int, percentages: list[int]
) -> None:
    # 12 + 15 + 3 × 7 digits = 48, within the precision
    assert PRECISION >= 48
    with exact_arithmetic() as context:
        context.traps[decimal.Inexact] = True
        amount = Decimal(price).scaleb(-12) * Decimal(quantity)
        for percentage in percentages:
            amount *= Decimal(percentage).scaleb(-7)
    assert Fraction(amount) == Fraction(price * quantity, 10**12) * Fraction(
        percentages[0] * percentages[1] * percentages[2], 10**21
    )
