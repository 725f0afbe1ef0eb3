"""Peers and price response as plain values for JSON and back; numbers that are exact are text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from pricing_engine.scoring.peers import Dimension, PeerNode, PeerTree
from pricing_engine.scoring.price_response import Method, PriceResponse

Plain = dict[str, Any]

_SHARES_OF_A_NODE: Final = ("stretch", "target", "floor", "low", "high", "mean")
_SHARES_OF_A_RESPONSE: Final = ("low", "high", "mean")
_NUMBERS_OF_A_RESPONSE: Final = ("effect", "error", "base_rate", "deals", "accounts", "instrument")


def peers_to_plain(tree: PeerTree) -> Plain:
    """The tree as objects within objects."""
    return {
        "minimum": tree.minimum,
        "deals": tree.deals,
        "root": None if tree.root is None else _node_to_plain(tree.root),
    }


def peers_from_plain(plain: Plain) -> PeerTree:
    """The tree that `peers_to_plain` was given."""
    root = plain["root"]
    return PeerTree(plain["minimum"], plain["deals"], None if root is None else _node_from_plain(root))


def response_to_plain(response: PriceResponse) -> Plain:
    """The response as one object."""
    return {
        **{name: getattr(response, name) for name in _NUMBERS_OF_A_RESPONSE},
        **{name: str(getattr(response, name)) for name in _SHARES_OF_A_RESPONSE},
        "method": response.method.value,
    }


def response_from_plain(plain: Plain) -> PriceResponse:
    """The response that `response_to_plain` was given."""
    shares: Plain = {name: Decimal(plain[name]) for name in _SHARES_OF_A_RESPONSE}
    return PriceResponse(
        **{name: plain[name] for name in _NUMBERS_OF_A_RESPONSE}, **shares, method=Method(plain["method"])
    )


def _node_to_plain(node: PeerNode) -> Plain:
    by = node.by
    return {
        "deals": node.deals,
        "accounts": node.accounts,
        "since": node.since.isoformat(),
        "until": node.until.isoformat(),
        **{name: str(getattr(node, name)) for name in _SHARES_OF_A_NODE},
        "by": None if by is None else {"fact": by.fact, "bounds": [str(each) for each in by.bounds]},
        "children": {name: _node_to_plain(child) for name, child in node.children.items()},
    }


def _node_from_plain(plain: Plain) -> PeerNode:
    by = plain["by"]
    return PeerNode(
        deals=plain["deals"],
        accounts=plain["accounts"],
        since=date.fromisoformat(plain["since"]),
        until=date.fromisoformat(plain["until"]),
        **{name: Decimal(plain[name]) for name in _SHARES_OF_A_NODE},
        by=None if by is None else Dimension(by["fact"], tuple([Decimal(each) for each in by["bounds"]])),
        children={name: _node_from_plain(child) for name, child in plain["children"].items()},
    )
