"""Trained models with good defaults, kept as training would."""

from __future__ import annotations

from datetime import date, datetime

from pricing_engine.desk import Desk
from pricing_engine.scoring.artefact import Artefact, Trained, sealed, write_artefact
from pricing_engine.scoring.evaluation import Verdict
from pricing_engine.scoring.model import Model, Part
from pricing_engine.scoring.peers import Dimension, PeerNode, PeerTree
from pricing_engine.scoring.win_model import WinModel, WordFeature
from pricing_engine.storage import scoring_models
from pricing_engine.storage.scoring_models import StoredModel
from tests.rulebooks import D

DAY = date(2026, 1, 10)


def a_tree(by: str = "segment") -> PeerTree:
    """Forty won deals of four accounts, half of them of small customers."""
    shares = {"stretch": D("0.05"), "target": D("0.10"), "floor": D("0.20"), "low": D("0.06"), "high": D("0.15")}
    leaf = PeerNode(20, 2, DAY, DAY, mean=D("0.11"), **shares)
    root = PeerNode(40, 4, DAY, DAY, mean=D("0.11"), by=Dimension(by), children={"smb": leaf}, **shares)
    return PeerTree(20, 40, root)


def an_artefact(*usable: Part, by: str = "segment", fact: str = "segment", intercept: float = 0.0) -> Artefact:
    """A model of peers and a chance to win, of which `usable` may be used."""
    win = WinModel(intercept, (), (WordFeature(fact, {"smb": 1.0}, 0.0, 0.0),))
    verdicts = tuple([Verdict(part, part in usable, f"{part} was judged") for part in (Part.PEERS, Part.WIN)])
    trained = Trained(DAY, 50, 45, 40, DAY, DAY, "0" * 64, (("numpy", "2.4"),))
    model = Model("", a_tree(by), win)
    return sealed(Artefact(model, verdicts, trained, facts=(fact,), leaks=(), win=None, said=("few deals",)))


def keep(desk: Desk, artefact: Artefact, at: datetime) -> str:
    """The hash of the model, kept."""
    with desk.transaction() as session:
        scoring_models.save(session, StoredModel(artefact.model.hash, write_artefact(artefact), at, "ada"))
    return artefact.model.hash
