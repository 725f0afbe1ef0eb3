"""Faults say where, what and how to mend it, all at once and in order."""

import pickle

import pytest

from pricing_engine.expressions import CODES, ExpressionFault, ExpressionRefused, Kind, compile_expression
from tests.unit.expressions.example_scope import SCOPE


def faults_of(text: str, expect: Kind = Kind.YES_NO) -> tuple[ExpressionFault, ...]:
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(text, SCOPE, expect=expect)
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "code", "marked", "fix"),
    [
        ("list_price < 250,000", "E020", "250,000", "write `250000`"),
        ("min(list_price, 1,000.50) > 5", "E020", "1,000.50", "write `1000.50`"),
        ("region == EMEA", "E060", "EMEA", 'write "EMEA"'),
        ("EMEA != region", "E060", "EMEA", 'write "EMEA"'),
        ("region in [EMEA]", "E046", "EMEA", 'write "EMEA"; compare names with `==`'),
        ("list_price > $250000", "E052", "$", "leave the sign out: amounts are in the reporting currency"),
        ("list_price > €250000", "E013", "€", "leave the sign out: amounts are in the reporting currency"),
    ],
)
def test_what_people_write_elsewhere_is_answered_with_how_it_is_written_here(
    text: str, code: str, marked: str, fix: str
) -> None:
    (fault,) = faults_of(text)
    assert (fault.code, text[fault.column - 1 :][: fault.length], fault.fix) == (code, marked, fix)


def test_numbers_side_by_side_in_brackets_are_several() -> None:
    close = compile_expression("users in [100,200,300]", SCOPE, expect=Kind.YES_NO)
    assert close.tree == compile_expression("users in [100, 200, 300]", SCOPE, expect=Kind.YES_NO).tree


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("users > 500 and discount <= 15", "E082", "15"),
        ("   usrs > 5", "E060", "usrs"),
        ('region == "México" and usrs > 5', "E060", "usrs"),
        ('po_number == "日本😀" and region == "EMAE"', "E078", '"EMAE"'),
        ("users > 5 & prepaid", "E033", "&"),
        ("list_price / quantity > 5", "E076", "quantity"),
        ("users in [1, 2, 1]", "E047", "1"),
        ("prepaid and users", "E070", "users"),
        ("users > 5 # why", "E016", "# why"),
        ("users > 0.5.5", "E020", "0.5.5"),
        ('usage_share("storage") > 0.5', "E067", '"storage"'),
        ("users > 5 and (discount + users > 1)", "E073", "discount + users"),
    ],
)
def test_a_fault_marks_exactly_the_wrong_part(text: str, code: str, marked: str) -> None:
    (fault,) = faults_of(text)
    start = fault.column - 1
    assert (fault.code, text[start : start + fault.length]) == (code, marked)
    assert start == text.rindex(marked)


def test_every_fault_of_a_stage_is_found_at_once_sorted_by_column() -> None:
    faults = faults_of('usrs > 5 and region == "EMAE" and discount <= 15 and list_price + users > 5')
    assert [(fault.code, fault.column) for fault in faults] == [("E060", 1), ("E078", 24), ("E082", 47), ("E073", 54)]


def test_one_mistake_is_reported_once_and_not_again_by_what_surrounds_it() -> None:
    assert [fault.code for fault in faults_of("(usrs + 1) * 2 > list_price and prepaid")] == ["E060"]
    assert [fault.code for fault in faults_of("floor(usrs) / quantity > 1")] == ["E060", "E076"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("usres > 5", "did you mean `users`?"),
        ('region == "EMAE"', 'did you mean "EMEA"?'),
        ("clmp(users, 1, 5) > 2", "did you mean `clamp`?"),
        ("net_ratio > 0.5", "use a name known at this step"),
        ("discount <= 15", "write 0.15 for 15%"),
        ("discount <= 12.5", "write 0.125 for 12.5%"),
        ("discount <= 1500", "write the share as a decimal"),
        ("users > 1_000", "write `1000`"),
        ("users > 007", "write `7`"),
        ("discount > .15", "write `0.15`"),
        ("users > 15.", "write `15`"),
        ("users <> 5", "write `!=`"),
        ("users > 5 AND prepaid", "write `and`"),
        ("prepaid == True", "write the yes/no name itself"),
        ("ｕsers > 5", "write the plain `u`"),
        ("region == “EMEA”", "write straight quotes"),
        ("users\t> 5", "write a plain blank"),
        ("unit_cost > 5", "either(unit_cost, 0)"),
        ("clamp(users) > 5", "write clamp(x, low, high)"),
        ('usage_share("storage") > 0.5', 'did you mean "storage_gb"?'),
        ("term_months > 500", "remove it"),
    ],
)
def test_the_fix_says_what_to_write(text: str, words: str) -> None:
    assert words in faults_of(text)[0].fix


def test_a_name_of_a_later_step_says_at_which_step_it_is_known() -> None:
    assert faults_of("net_ratio > 0.5")[0].what == "`net_ratio` is not known here; it is known at the step `floor`"


def test_a_constant_condition_says_what_both_sides_are() -> None:
    assert faults_of("term_months > 500")[0].what == "this always fails: the left side is 1 to 120, the right side 500"


def test_a_very_long_name_is_refused_without_searching_for_its_likes() -> None:
    (fault,) = faults_of("x" * 999)
    assert fault.code == "E060"
    assert fault.fix.startswith("write one of")


def test_faults_are_limited_so_that_a_page_of_nonsense_stays_readable() -> None:
    assert len(faults_of("$ " * 240)) == 20


def test_a_refusal_can_be_pickled_and_names_its_faults() -> None:
    refused = ExpressionRefused(faults_of("usrs > 5"))
    assert pickle.loads(pickle.dumps(refused)).faults == refused.faults
    assert str(refused) == "E060 at 1: there is no name `usrs`"


def test_every_code_is_explained_and_all_are_ours() -> None:
    assert all(page.title and page.why and page.avoid and page.prefer for page in CODES.values())
    assert all("E010" <= code <= "E099" for code in CODES)
    assert len({page.title for page in CODES.values()}) == len(CODES)
