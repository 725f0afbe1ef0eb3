"""What a check says about a quote: a code, how serious it is, the rule behind it, and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pricing_engine.catalog.rule import RuleRef


class Severity(StrEnum):
    """Info needs nobody, approval needs somebody, a refusal cannot be approved."""

    INFO = "info"
    APPROVAL = "approval"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a quote. `line` is the id of the line it is about, None for the whole quote."""

    code: str
    severity: Severity
    what: str
    rule: RuleRef | None = None
    line: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
