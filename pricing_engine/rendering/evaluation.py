"""How a model was judged as one HTML page: no script, nothing loaded, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from pricing_engine.rendering.plots import Estimate, estimates_plot, lines_plot, reliability_plot

Plain = Mapping[str, Any]

PARTS: Final = {
    "peers": "Guidance from comparable deals",
    "win": "Chance to win",
    "response": "What a discount does (price response)",
}
POLICIES: Final = {
    "history": "history: sellers go on as they did",
    "peers": "peers: who gave more than the floor gives that",
    "guidance": "guidance: what this engine would say",
    "naive": "naive: a logit that takes the discount for a lever (the bad example)",
    "best": "best: one price for all alike, by the truth",
}


def render_evaluation(evaluation: Plain) -> bytes:
    """The page in UTF-8, of the evaluation as JSON; equal ones give equal bytes."""
    return (
        _template()
        .render(
            evaluation=evaluation,
            parts=PARTS,
            usable=[PARTS[each["part"]] for each in evaluation["verdicts"] if each["is_usable"]],
            leaks=grouped_leaks(evaluation["leaks"]),
            policies=POLICIES,
            gains=_gains(evaluation),
            reliability=_reliability(evaluation),
            worths=list(_worths(evaluation)),
        )
        .encode()
    )


def grouped_leaks(leaks: Sequence[Plain]) -> list[Plain]:
    """Leaks of which all is alike but the fact as one, with `facts`: those of an account are filled in together."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    names = ("suspicion", "check", "why", "fix", "kept")
    for leak in leaks:
        groups.setdefault(tuple([leak[name] for name in names]), []).append(leak["fact"])
    return [{"facts": facts, **dict(zip(names, alike, strict=True))} for alike, facts in groups.items()]


def _gains(evaluation: Plain) -> Markup:
    win = evaluation["win"]
    if win is None:
        return Markup("")
    rows = [
        _estimate("log-loss, less than the base rate", win["log_loss_gain"]),
        _estimate("Brier score, less than the base rate", win["brier_gain"]),
        _estimate("log-loss, gradient boosting less than logit", win["challenger_gain"]),
    ]
    return estimates_plot(rows, what="Gains with their intervals; what lies right of 0 is better")


def _reliability(evaluation: Plain) -> Markup:
    win = evaluation["win"]
    if win is None or not win["reliability"]:
        return Markup("")
    rows = win["reliability"][0]["rows"]
    return reliability_plot([(float(each["said"]), _estimate(each["group"], each["won"])) for each in rows])


def _worths(evaluation: Plain) -> Iterator[tuple[str, Markup]]:
    """For each way that prices of the past came about, what policies gain over them."""
    for prices in dict.fromkeys([each["prices"] for each in evaluation["policies"]]):
        series: dict[str, list[tuple[float, float]]] = {}
        for each in evaluation["policies"]:
            if each["prices"] == prices:
                series.setdefault(each["policy"], []).append((float(each["strength"]), float(each["gain"])))
        what = f"Gain over history by policy, prices {prices}"
        yield prices, lines_plot(series, what=what, below="how much sellers give to harder buyers (0: no confounding)")


def _estimate(label: str, interval: Plain) -> Estimate:
    value = float(interval["value"])
    low, high = (value if interval[each] is None else float(interval[each]) for each in ("low", "high"))
    return Estimate(label, value, low, high)


def percent(number: str) -> str:
    """A fraction in hundredths, with one decimal."""
    return f"{float(number):z.1%}"


def grouped(number: int) -> str:
    """A count with its thousands told apart."""
    return f"{number:,}"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("pricing_engine.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update({"percent": percent, "grouped": grouped})
    return environment.get_template("evaluation.html.j2")
