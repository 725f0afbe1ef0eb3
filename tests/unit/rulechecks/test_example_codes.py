"""Every fault of a test beside the rules has a page of its own."""

from pricing_engine.rulebook.fault_pages import ALL_CODES
from pricing_engine.rulechecks.example_codes import EXAMPLE_CODES


def test_every_page_has_all_its_parts_and_a_title_of_its_own() -> None:
    assert all(page.title and page.why and page.avoid and page.prefer for page in EXAMPLE_CODES.values())
    assert len({page.title for page in EXAMPLE_CODES.values()}) == len(EXAMPLE_CODES)


def test_no_code_means_two_things() -> None:
    assert not set(EXAMPLE_CODES) & set(ALL_CODES)
