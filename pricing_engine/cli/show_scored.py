"""What scoring says of a quote as a person reads it: the score, what would raise it, and what to ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.api.scored_json import is_cut, may_see_part, shown_gain, shown_guidance, shown_points
from pricing_engine.api.visibility import may_see
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, columns, section, words
from pricing_engine.money import ONE, ZERO
from pricing_engine.quoting.improvements import Improvement
from pricing_engine.scoring.guidance import Evidence, Guidance, Source
from pricing_engine.scoring.scorecard import Score
from pricing_engine.scoring.scored import Scored


def scored_parts(view: QuoteView, improvements: Sequence[Improvement]) -> Iterator[RenderableType]:
    """The parts from top to bottom; nothing of a quote that is not scored."""
    scored = view.quote.scored
    if scored is None:
        return
    if scored.score is not None:
        yield section(
            f"Score: {shown_points(scored.score, scored.score.points, view.role)} of 100, {scored.score.band}"
        )
        yield _factors(view, scored.score)
        if improvements:
            yield Text("\nWhat raises it, cheapest for the customer first", style="bold")
            yield _improvements(view, scored.score, improvements)
    if scored.win_probability is not None:
        yield Text(f"\nChance to win: {view.amounts.tenths(scored.win_probability)} ({_model(scored)})")
    if scored.guidance is not None:
        yield section("What to ask for, off list")
        yield _guidance(view, scored, scored.guidance)
        if scored.guidance.curve and may_see(view.role, "margin"):
            yield Text("\nWhat a discount on the whole deal is expected to bring, won or lost", style="bold")
            yield _curve(view, scored.guidance)


def _model(scored: Scored) -> str:
    return f"model {(scored.model or '')[:12]}"


def _factors(view: QuoteView, score: Score) -> RenderableType:
    table = columns(header=False)
    table.add_column(overflow="fold")
    add_amount_column(table)
    table.add_column(style="dim", overflow="fold")
    for factor in score.factors:
        points = view.amounts.number(factor.points) if may_see_part(factor, view.role) else "not shown"
        unknown = f", {words(factor.missing)} is not known" if factor.missing else ""
        table.add_row(f"  {words(factor.id)}", points, f"of {view.amounts.number(factor.weight)}{unknown}")
    return table


def _improvements(view: QuoteView, score: Score, improvements: Sequence[Improvement]) -> RenderableType:
    table = columns(header=False)
    add_amount_column(table)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    for each in improvements:
        table.add_row(f"  +{shown_gain(score, each, view.role)}", each.what, _cost(view, each))
    return table


def _cost(view: QuoteView, found: Improvement) -> str:
    """What more the customer pays for it."""
    amounts = [(found.per_year, " a year"), (found.once, " once")]
    told = [f"{'+' if amount > 0 else ''}{view.amounts.money(amount)}{often}" for amount, often in amounts if amount]
    return ", ".join(told) or "at the same price"


def _guidance(view: QuoteView, scored: Scored, of_quote: Guidance) -> RenderableType:
    table = columns()
    table.add_column("Line", overflow="fold")
    shows_floor = may_see(view.role, "floor")
    for name in ("Try first", "Aim for", *(("At most",) if shows_floor else ()), "Now"):
        add_amount_column(table, name)
    table.add_column("By", overflow="fold")
    lines = {line.id: line for line in view.quote.lines}
    whole = shown_guidance(of_quote, view.role, hides=any([is_cut(each.guidance) for each in scored.lines]))
    for each in scored.lines:
        line = lines[each.line]
        now = ONE - line.net_term / line.list_term
        shown = shown_guidance(each.guidance, view.role, hides=is_cut(each.guidance))
        table.add_row(view.line_name(line), *_shares(view, shown, now), _by(view, each.guidance.evidence))
    # Of a change these are the lines it is about, as the guidance is: not what the contract has besides.
    about = [lines[each.line] for each in scored.lines]
    if listed := sum([line.list_term for line in about], ZERO):
        table.add_section()
        now = ONE - sum([line.net_term for line in about], ZERO) / listed
        table.add_row(Text("The quote", style="bold"), *_shares(view, whole, now), "")
    return table


def _curve(view: QuoteView, guidance: Guidance) -> RenderableType:
    """The points a target from price response was chosen on, with that target marked."""
    table = columns()
    for name in ("Off list", "Chance to win", "Expected"):
        add_amount_column(table, name)
    table.add_column("")
    amounts = view.amounts
    for point in guidance.curve:
        is_target = "aim for" if point.discount == guidance.target else ""
        table.add_row(
            *(amounts.tenths(point.discount), amounts.tenths(point.chance), amounts.money(point.expected), is_target)
        )
    return table


def _shares(view: QuoteView, guidance: Guidance, now: Decimal) -> list[str]:
    shown = [guidance.stretch, guidance.target, *((guidance.floor,) if may_see(view.role, "floor") else ()), now]
    return ["—" if share is None else view.amounts.tenths(share) for share in shown]


def _by(view: QuoteView, evidence: Evidence) -> str:
    """Where it comes from, and how sure it is."""
    if evidence.source is Source.NOTHING:
        return evidence.why
    if evidence.source is Source.RULES:
        return f"rule {evidence.rule}: {evidence.why}"
    of = " and ".join([f"{words(fact)} {value}" for fact, value in evidence.peers]) or "all"
    told = [f"{evidence.deals} deals of {evidence.accounts} accounts ({of})"]
    if evidence.since is not None and evidence.until is not None:
        told.append(f"closed {evidence.since} to {evidence.until}")
    if evidence.low is not None and evidence.high is not None:
        told.append(f"half of them {view.amounts.tenths(evidence.low)} to {view.amounts.tenths(evidence.high)}")
    return ", ".join([*told, *filter(None, [evidence.why])])
