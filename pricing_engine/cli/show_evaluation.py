"""How a model was judged, as a person reads it: what may be used and why, first of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pricing_engine.cli.quote_view import columns, section
from pricing_engine.rendering.evaluation import grouped_leaks
from pricing_engine.scoring.artefact import Artefact
from pricing_engine.scoring.evaluation import Coverage, Interval, PolicyValue, SinceTraining, WinEvaluation

_MOST_SEGMENTS: Final = 8


def evaluation_parts(artefact: Artefact, since: SinceTraining | None) -> Iterator[RenderableType]:
    """The verdicts, what speaks for and against them, and what a reader has to know besides."""
    trained = artefact.trained
    yield Text(f"Model {artefact.model.hash}", style="bold")
    yield Text(
        f"{trained.deals:,} deals, {trained.decided:,} decided and {trained.won:,} won, from {trained.since} to"
        f" {trained.until}; trained on {trained.on}"
    )
    yield section("What may be used, and why")
    for verdict in artefact.verdicts:
        word, style = ("may be used", "green") if verdict.is_usable else ("not used", "red")
        yield Text.assemble((f"{verdict.part}: ", "bold"), (word, style), f". {verdict.why}.")
    if artefact.leaks:
        yield section("Facts that tell more than was known")
        for leak in grouped_leaks([each._asdict() for each in artefact.leaks]):
            kept = "" if leak["kept"] is None else f", kept: {leak['kept']}"
            facts = ", ".join(leak["facts"])
            yield Text.assemble((facts, "bold"), f" ({leak['suspicion']}{kept}): {leak['why']}. Fix: {leak['fix']}.")
    yield from _win_parts(artefact.win)
    yield from _since_parts(since)
    yield from _coverage_parts(artefact.coverage)
    yield from _policy_parts(artefact.policies)
    yield section("To know besides")
    for said in artefact.said:
        yield Text(said)


def _win_parts(win: WinEvaluation | None) -> Iterator[RenderableType]:
    if win is None:
        return
    split = win.split
    yield section("The chance to win, out of time")
    yield Text(
        f"{split.train:,} deals closed before {split.cut} train, {split.test:,} created from it on test;"
        f" {split.between:,} do neither, {split.undecided:,} are open. {split.shared:,} accounts are on both sides:"
        f" {split.grouping}."
    )
    yield _table(
        ("Chances by", "Log-loss", "Brier", "AUC"),
        [(each.name, str(each.log_loss), str(each.brier), str(each.auc)) for each in win.measures],
    )
    yield Text(f"log-loss, less than the base rate: {_interval(win.log_loss_gain)}; AUC {_interval(win.auc)}")
    yield Text(f"calibration slope (1 is right): {_interval(win.slope)}")
    yield Text(f"gradient boosting, less log-loss than the logit: {_interval(win.challenger_gain)} (never used)")
    for table in win.reliability:
        yield _table(
            (f"By {table.by}", "Deals", "Said", "Won"),
            [
                (row.group, f"{row.deals:,}", _percent(row.said), _interval(row.won, as_percent=True))
                for row in table.rows
            ],
        )
    yield _table(("Drift of", "PSI", ""), [(each.fact, str(each.psi), each.says) for each in win.drift])


def _since_parts(since: SinceTraining | None) -> Iterator[RenderableType]:
    if since is None:
        return
    yield section("Since it was trained")
    measured = ", ".join([f"{each.name} {each.log_loss}" for each in since.measures])
    yield Text(
        f"{since.deals:,} deals of {since.accounts:,} accounts are decided: log-loss of {measured}, a gain of"
        f" {_interval(since.log_loss_gain)}; calibration slope {_interval(since.slope)}"
    )


def _coverage_parts(coverage: Coverage | None) -> Iterator[RenderableType]:
    if coverage is None:
        return
    yield section("Whether the band of guidance holds")
    yield Text(
        f"promised inside: {_percent(coverage.promised)} of lines won since the cut; {coverage.silent:,} had no peers"
    )
    rows = [("all", coverage.whole)]
    rows += [
        (", ".join([f"{fact}={value}" for fact, value in each.peers]) or "no finer peers", each)
        for each in coverage.segments[:_MOST_SEGMENTS]
    ]
    yield _table(
        ("Peers", "Accounts", "Below", "Inside", "Above", "Inside"),
        [
            (name, *(f"{each:,}" for each in covered[1:]), _percent(Decimal(covered.inside) / (covered.lines or 1)))
            for name, covered in rows
        ],
    )


def _policy_parts(policies: Sequence[PolicyValue]) -> Iterator[RenderableType]:
    if not policies:
        return
    yield section("What policies are worth in the simulator, over history (its truth is known; it is not your deals)")
    names = list(dict.fromkeys([each.policy for each in policies]))
    gains = {(each.prices, each.strength, each.policy): each.gain for each in policies}
    worlds = dict.fromkeys([(each.prices, each.strength) for each in policies])
    yield _table(
        ("Prices", "Confounding", *names),
        [
            (prices, str(strength), *(_percent(gains[prices, strength, name]) for name in names))
            for prices, strength in worlds
        ],
        words=1,
    )


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> Table:
    table = columns()
    for at, name in enumerate(names):
        table.add_column(name, justify="left" if at < words else "right", overflow="fold", no_wrap=at >= words)
    for row in rows:
        table.add_row(*row)
    return table


def _interval(found: Interval, *, as_percent: bool = False) -> str:
    shown = [_percent(each) if as_percent else str(each) for each in found if each is not None]
    return shown[0] if len(shown) < 3 else f"{shown[0]} ({shown[1]} to {shown[2]})"


def _percent(share: Decimal) -> str:
    return f"{share:z.1%}"
