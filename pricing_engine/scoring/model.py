"""A trained model as quotes use it: the parts that are live, under the hash of the whole artefact (S10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from pricing_engine.scoring.peers import PeerTree
from pricing_engine.scoring.price_response import PriceResponse
from pricing_engine.scoring.win_model import WinModel


class Part(StrEnum):
    """What a model can be used for; each part is promoted on its own evidence."""

    PEERS = "peers"
    WIN = "win"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Model:
    """The parts that training found, or those of them that are live; None: not there, or not used."""

    hash: str
    peers: PeerTree | None = None
    win: WinModel | None = None
    response: PriceResponse | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts there are."""
        found = {Part.PEERS: self.peers, Part.WIN: self.win, Part.RESPONSE: self.response}
        return tuple([part for part, content in found.items() if content is not None])

    def only(self, parts: Collection[Part]) -> Model:
        """The same with no other parts than these."""
        return Model(
            self.hash,
            self.peers if Part.PEERS in parts else None,
            self.win if Part.WIN in parts else None,
            self.response if Part.RESPONSE in parts else None,
        )
