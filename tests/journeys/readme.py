"""Reads the `console` blocks of a Markdown file: a command after `$`, and the output shown under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
_CHANGING = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "(hash)"),
    (re.compile(r"(?<=rulebook )[0-9a-f]{12}\b"), "(short hash)"),
    (re.compile(r"(?<=as of )\d{4}-\d\d-\d\d"), "(today)"),
    (re.compile(r"(?<=active from )[\d:\- ]+UTC"), "(now)"),
    (re.compile(r"(?<=published by )\S+"), "(somebody)"),
    (re.compile(r"\b\d+(?= examples passed)"), "(some)"),
    (re.compile(r" +\d+ of \d+$", re.MULTILINE), " (some of all)"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One command and the output the document claims it has."""

    command: str
    output: str


def shown_in(document: Path) -> tuple[Shown, ...]:
    """The commands of a document with their outputs."""
    return tuple(Shown(found["command"], found["output"]) for found in _BLOCK.finditer(document.read_text("utf-8")))


def steady(output: str) -> str:
    """The output without what differs from day to day and from version to version of the rules."""
    for pattern, name in _CHANGING:
        output = pattern.sub(name, output)
    return output.strip()


def rewrite(document: Path, outputs: dict[str, str]) -> None:
    """Puts the outputs under the commands of a document."""
    text = document.read_text("utf-8")
    text = _BLOCK.sub(
        lambda found: f"```console\n$ {found['command']}\n{outputs[found['command']].rstrip()}\n```", text
    )
    document.write_text(text, "utf-8")
