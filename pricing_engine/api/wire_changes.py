"""The changes of a quote request as JSON: a union told apart by `op`, and how each becomes a change of the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from pricing_engine.api.wire_contract_changes import (
    CancelIn,
    ChangeTierIn,
    ExtendIn,
    ReinstateIn,
    RenewIn,
    cancel_of,
    change_tier_of,
    extend_of,
    reinstate_of,
    renew_of,
)
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_product_changes import (
    AddIn,
    RemoveIn,
    SetIn,
    TrialIn,
    TrueUpIn,
    add_of,
    remove_of,
    set_of,
    trial_of,
    true_up_of,
)
from pricing_engine.quoting.request import Change

ChangeIn = Annotated[
    AddIn
    | SetIn
    | RemoveIn
    | ChangeTierIn
    | RenewIn
    | ExtendIn
    | CancelIn
    | ReinstateIn
    | TrueUpIn
    | TrialIn,
    Field(discriminator="op"),
]  # fmt: skip

# By type, not by isinstance, which pydantic's metaclass makes ten times as dear.
_CHANGE_OF: Final[Mapping[type[WireModel], Callable[[Any], Change]]] = {
    AddIn: add_of,
    SetIn: set_of,
    RemoveIn: remove_of,
    ChangeTierIn: change_tier_of,
    RenewIn: renew_of,
    ExtendIn: extend_of,
    CancelIn: cancel_of,
    ReinstateIn: reinstate_of,
    TrueUpIn: true_up_of,
    TrialIn: trial_of,
}


def change_of(change: WireModel) -> Change:
    """The core's change of one that a `ChangeIn` has read."""
    return _CHANGE_OF[type(change)](change)
