"""Ids are made of what pages call things, fit the rules' spelling, and never collide."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.imports.identifiers import Namespace

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("BUSINESS_PLUS", "business-plus"),
        ("extraMockServerCallsBig", "extra-mock-server-calls-big"),
        ("boxAIQ&ASingleDoc/Image", "box-aiq-a-single-doc-image"),
        ("GxP_Compliance_With_21_CFR_Part11", "gx-p-compliance-with-21-cfr-part-11"),
        ("SAMLLogin", "saml-login"),
        ("Café Crème", "cafe-creme"),
        ("2024", "plan-2024"),
        ("日本", "plan"),
        ("NO", "no-plan"),
        ("", "plan"),
    ],
)
def test_an_id_is_the_words_of_the_name(name: str, id_: str) -> None:
    assert Namespace(separator="-").claim(name, fallback="plan", suffix="plan") == id_


def test_names_that_spell_the_same_id_get_different_ones_in_the_order_of_the_page() -> None:
    names = Namespace(separator="-")
    assert [names.claim(name, fallback="add-on", suffix="add-on") for name in ("PRO", "pro", "Pro!", "p-ro")] == [
        "pro",
        "pro-add-on",
        "pro-add-on-2",
        "p-ro",
    ]


@given(st.lists(st.text(max_size=80), max_size=30))
def test_whatever_a_page_calls_things_their_ids_are_valid_and_different(texts: list[str]) -> None:
    ids, names = Namespace(separator="-"), Namespace(separator="_")
    made_ids = [ids.claim(text, fallback="plan", suffix="plan") for text in texts]
    made_names = [names.claim(text, fallback="limit", suffix="limit") for text in texts]
    assert len(set(made_ids)) == len(set(made_names)) == len(texts)
    assert all(ID.fullmatch(id_) and len(id_) <= 80 for id_ in made_ids)
    assert all(NAME.fullmatch(name) and len(name) <= 80 for name in made_names)
