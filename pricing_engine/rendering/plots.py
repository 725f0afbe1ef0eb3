"""Plots as SVG, written by hand: no script, nothing loaded, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

_LEFT: Final = 64
_BOTTOM: Final = 38
_TOP: Final = 12
_COLORS: Final = ("#1f4b7a", "#b3541e", "#4d7c4a", "#7a4f8a", "#6b7480")


class Estimate(NamedTuple):
    """A figure with its bounds, and what it is of."""

    label: str
    value: float
    low: float
    high: float


class _Scale(NamedTuple):
    """Where a number lies between two places."""

    low: float
    high: float
    start: float
    end: float

    def at(self, number: float) -> str:
        share = (number - self.low) / ((self.high - self.low) or 1.0)
        return f"{self.start + share * (self.end - self.start):.1f}"


def reliability_plot(rows: Sequence[tuple[float, Estimate]]) -> Markup:
    """What was said across, what came true upwards, with its interval; on the dashed line both are the same."""
    size = 360
    across = _Scale(0, 1, _LEFT, size - 24)
    upwards = _Scale(0, 1, size - _BOTTOM, _TOP)
    parts = [*_grid(across, upwards, [each / 5 for each in range(6)])]
    parts.append(_line(across.at(0), upwards.at(0), across.at(1), upwards.at(1), "#9aa4b0", dashed=True))
    for said, won in rows:
        x = across.at(said)
        parts.append(_line(x, upwards.at(won.low), x, upwards.at(won.high), _COLORS[0]))
        parts.append(Markup('<circle cx="{}" cy="{}" r="3.5" fill="{}"/>').format(x, upwards.at(won.value), _COLORS[0]))
    parts.append(_text(size / 2 + 20, size - 6, "chance that was said", "middle"))
    return _drawn(size, size, "Share won against the chance that was said, by tenth", parts)


def _grid(across: _Scale, upwards: _Scale, ticks: Sequence[float]) -> Iterator[Markup]:
    for tick in ticks:
        yield _line(across.at(0), upwards.at(tick), across.at(1), upwards.at(tick), "#e3e8ee")
        yield _text(_LEFT - 6, float(upwards.at(tick)) + 4, f"{tick:.0%}", "end")
        yield _text(float(across.at(tick)), float(upwards.at(0)) + 16, f"{tick:.0%}", "middle")


def estimates_plot(rows: Sequence[Estimate], *, what: str, reference: float = 0.0) -> Markup:
    """Figures with their intervals, one below the other, beside a line to compare them with."""
    label, width, step = 270, 680, 30
    ends = [reference, *(each.low for each in rows), *(each.high for each in rows)]
    room = (max(ends) - min(ends)) * 0.08 or 0.01
    across = _Scale(min(ends) - room, max(ends) + room, label, width - 12)
    height = _TOP + step * len(rows) + 24
    parts = [_line(across.at(reference), _TOP, across.at(reference), height - 20, "#b3541e", dashed=True)]
    parts.append(_text(float(across.at(reference)), height - 5, f"{reference:g}", "middle"))
    for at, each in enumerate(rows):
        y = _TOP + step * at + step / 2
        parts.append(_text(label - 12, y + 4, each.label, "end"))
        parts.append(_line(across.at(each.low), y, across.at(each.high), y, _COLORS[0]))
        parts.append(Markup('<circle cx="{}" cy="{}" r="4" fill="{}"/>').format(across.at(each.value), y, _COLORS[0]))
    return _drawn(width, height, what, parts)


def lines_plot(series: Mapping[str, Sequence[tuple[float, float]]], *, what: str, below: str) -> Markup:
    """A line for each name, with shares upwards and numbers across."""
    width, height, legend = 640, 260, 110
    points = [point for line in series.values() for point in line]
    across = _Scale(min(x for x, _ in points), max(x for x, _ in points), _LEFT, width - legend - 10)
    low, high = min(0.0, *(y for _, y in points)), max(0.0, *(y for _, y in points))
    upwards = _Scale(low, high, height - _BOTTOM, _TOP)
    parts = [_line(_LEFT, upwards.at(0), width - legend, upwards.at(0), "#9aa4b0", dashed=True)]
    parts += [_text(_LEFT - 6, float(upwards.at(each)) + 4, f"{each:+.0%}", "end") for each in (low, 0.0, high)]
    for x in sorted({x for x, _ in points}):
        parts.append(_text(float(across.at(x)), height - 22, f"{x:g}", "middle"))
    for at, (name, line) in enumerate(series.items()):
        color = _COLORS[at % len(_COLORS)]
        path = " ".join(f"{across.at(x)},{upwards.at(y)}" for x, y in line)
        parts.append(Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>').format(path, color))
        y = _TOP + 14 + 18 * at
        parts.append(_line(width - legend + 4, y - 4, width - legend + 22, y - 4, color))
        parts.append(_text(width - legend + 28, y, name, "start"))
    parts.append(_text((width - legend + _LEFT) / 2, height - 6, below, "middle"))
    return _drawn(width, height, what, parts)


def _drawn(width: float, height: float, what: str, parts: Sequence[Markup]) -> Markup:
    head = Markup('<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img"><title>{2}</title>')
    return head.format(width, height, escape(what)) + Markup("").join(parts) + Markup("</svg>")


def _line(x1: object, y1: object, x2: object, y2: object, color: str, *, dashed: bool = False) -> Markup:
    dash = Markup(' stroke-dasharray="5 4"') if dashed else Markup("")
    line = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>')
    return line.format(x1, y1, x2, y2, color, 1 if dashed or color == "#e3e8ee" else 2, dash)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(f"{x:.1f}", f"{y:.1f}", anchor, text)
