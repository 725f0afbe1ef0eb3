"""The findings of a quote by how serious they are, in words the reader's role may see, and who must agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pricing_engine.api.visibility import may_see_rule, visible_words
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.cli.quote_view import QuoteView, reason
from pricing_engine.policies.findings import Finding, Severity

_STYLES: Final = {Severity.INFO: "cyan", Severity.APPROVAL: "yellow", Severity.REFUSAL: "bold red"}
_ORDER: Final = (Severity.REFUSAL, Severity.APPROVAL, Severity.INFO)
_INDENT: Final = max(map(len, Severity)) + 2


def findings_section(view: QuoteView) -> RenderableType:
    """Every finding, the serious first, each rule once under what it found; then what is needed to go on."""
    return Group(*_findings(view), _verdict(view))


def _findings(view: QuoteView) -> Iterator[RenderableType]:
    ordered = sorted(view.quote.findings, key=lambda finding: _ORDER.index(finding.severity))
    for index, finding in enumerate(ordered):
        severity = Text(f"{finding.severity:<{_INDENT}}", style=_STYLES[finding.severity])
        yield _hanging(severity, _words(view, finding))
        rule = _rule(view, finding)
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        if rule is not None and (following is None or _rule(view, following) != rule):
            yield Padding(Text.assemble((f"{rule.id}: ", "dim"), reason(rule)), (0, 0, 0, _INDENT))


def _words(view: QuoteView, finding: Finding) -> str:
    """What was found, naming the line where the words do not."""
    words = visible_words(view.role, finding.code, finding.what)
    return words if finding.line is None or finding.line in words else f"{finding.line}: {words}"


def _hanging(head: Text, words: str) -> RenderableType:
    table = Table.grid(padding=0)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(head, Text(words))
    return table


def _rule(view: QuoteView, finding: Finding) -> RuleRef | None:
    return finding.rule if finding.rule is not None and may_see_rule(view.role, finding.code) else None


def _verdict(view: QuoteView) -> Text:
    quote = view.quote
    if not quote.is_complete:
        return Text("Incomplete: who may price it gives --price PRODUCT.CHARGE=PRICE.", style="bold red")
    if quote.is_refused:
        return Text("Refused: no approval helps against a refusal above.", style="bold red")
    if quote.approval_levels:
        return Text(f"Needs approval by: {', '.join(quote.approval_levels)}", style="bold yellow")
    return Text("Needs no approval.", style="green")
