"""A model's artefact comes back as it was written, and its hash says what is in it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.scoring.artefact import (
    Artefact,
    ArtefactUnreadable,
    Trained,
    hash_of_deals,
    read_artefact,
    sealed,
    write_artefact,
)
from pricing_engine.scoring.deal import Deal, DealLine, Draw, Outcome
from pricing_engine.scoring.evaluation import Leak, Suspicion, Verdict
from pricing_engine.scoring.model import Model, Part
from pricing_engine.scoring.win_model import NumberFeature, WinModel, WordFeature
from tests.rulebooks import D

DAY = date(2026, 3, 1)
WIN = WinModel(
    0.1 + 0.2,
    (NumberFeature("seats", 10.0, 3.0, -0.25, 1e-17),),
    (WordFeature("segment", {"small": 0.5, 'Åsa, "x"': -0.5}, 0.0, 0.125),),
    0.75,
    -1.0,
)


def an_artefact() -> Artefact:
    leak = Leak("close_value", Suspicion.REFUSED, "value and outcome", "0 on all lost", "leave it out")
    trained = Trained(DAY, 300, 250, 120, date(2024, 1, 1), DAY, "0" * 64, (("numpy", "2.4"),))
    verdicts = (Verdict(Part.WIN, False, "it does not beat the base rate"),)
    return sealed(
        Artefact(Model("", win=WIN), verdicts, trained, ("seats", "segment"), (leak,), None, said=("a word",))
    )


def a_deal(**more: object) -> Deal:
    facts = {"seats": D("10.50"), "segment": "small", "is_new": True, "region": None}
    lines = (DealLine("crm", "platform", D("100"), D("90.0")),)
    draw = Draw(D("0.1"), D("0.5"))
    return Deal("d1", "a1", DAY, None, Outcome.OPEN, facts, lines, "", draw)._replace(**more)


def test_an_artefact_comes_back_as_it_was_written_with_the_types_it_had() -> None:
    artefact = an_artefact()
    back = read_artefact(write_artefact(artefact))
    assert back == artefact
    assert isinstance(back.leaks[0].suspicion, Suspicion)
    assert isinstance(back.trained.on, date)
    assert write_artefact(back) == write_artefact(artefact)


def test_content_that_was_changed_no_longer_has_its_hash() -> None:
    content = write_artefact(an_artefact())
    with pytest.raises(ArtefactUnreadable, match="does not have its hash"):
        read_artefact(content.replace('"is_usable":false', '"is_usable":true'))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format":2}', '{"format":1,"model":3}', '{"format":1,"x":1}'])
def test_anything_else_is_refused_in_words(content: str) -> None:
    with pytest.raises(ArtefactUnreadable):
        read_artefact(content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"mean":10.0', '"mean":NaN'),
        ('"since":"2024-01-01"', '"since":"2024-02-30"'),
        ('"coverage":null', '"coverage":{"promised":"x","segments":[],"silent":0,"whole":null}'),
        ('"model":', '"model":null,"other":'),
        ('"verdicts":', '"verdicts":' + "[" * 100_000),
    ],
)
def test_damage_of_any_kind_is_told_in_words(old: str, new: str) -> None:
    content = write_artefact(an_artefact())
    assert old in content
    with pytest.raises(ArtefactUnreadable):
        read_artefact(content.replace(old, new, 1))


def test_the_hash_tells_any_two_artefacts_apart() -> None:
    artefact = an_artefact()
    other = replace(artefact, model=replace(artefact.model, win=replace(WIN, shift=-1.0000000000000002)))
    assert sealed(other).model.hash != artefact.model.hash == sealed(artefact).model.hash


def test_the_hash_of_deals_changes_with_any_fact_amount_or_day_and_with_nothing_else() -> None:
    first = hash_of_deals([a_deal()])
    assert first == hash_of_deals([a_deal(facts=dict(reversed(a_deal().facts.items())))])
    changed = [
        a_deal(facts={**a_deal().facts, "seats": Decimal("11")}),
        a_deal(lines=(DealLine("crm", "platform", D("100"), D("91")),)),
        a_deal(closed=DAY),
        a_deal(draw=None),
    ]
    assert len({first, *(hash_of_deals([each]) for each in changed)}) == 5
