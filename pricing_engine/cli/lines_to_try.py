"""The demo's request as lines to paste into a shell: one for `curl`, one for this command line."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.settings import PREFIX, Settings

DATABASE_VARIABLE: Final = f"{PREFIX}DATABASE_URL"
PREVIEW: Final = "/v1/quotes/preview"


@dataclass(frozen=True, slots=True)
class LinesToTry:
    """Two shell lines that ask for the same quote."""

    curl: str
    cli: str


def lines_to_try(request: Mapping[str, Any], *, address: str, settings: Settings) -> LinesToTry:
    """The lines for a service at an address; the command line's names its database where it is not the usual one."""
    body = json.dumps(request, separators=(",", ":"))
    curl = ["curl", "-s", f"{address}{PREVIEW}", "-H", "Content-Type: application/json", "-d", body]
    cli = [*_program(), "quote", *_options(request)]
    return LinesToTry(shlex.join(curl), f"{_environment(settings)}{shlex.join(cli)}")


def _options(request: Mapping[str, Any]) -> list[str]:
    options = ["--account", request["account_id"]]
    for change in request["changes"]:
        quantities = ",".join(f"{metric}={number}" for metric, number in change["quantities"].items())
        options += ["--add", f"{change['product']}:{quantities}"]
    options += ["--tier", request["tier"], "--term", str(request["term_months"])]
    options += ["--effective", request["effective_date"]]
    for discount in request["discounts"]:
        percent = write_percent(Decimal(discount["percent"]))
        options += ["--discount", f"{discount['target']}={percent}", "--why", discount["why"]]
    return options


def _program() -> list[str]:
    """How this program is called in a shell: by name where that finds it, else by its path."""
    here = Path(sys.argv[0]).absolute()
    if here.name == "__main__.py":
        return [sys.executable, "-m", "pricing_engine"]
    found = shutil.which(here.name)
    if found is not None and Path(found).absolute() == here:
        return [here.name]
    return [os.path.relpath(here) if here.is_relative_to(Path.cwd()) else str(here)]


def _environment(settings: Settings) -> str:
    """The database's variable before a command; an address with a password is never printed, only named."""
    default = Settings.model_fields["database_url"].default
    if settings.database_url == default:
        return ""
    if settings.database_url.startswith("sqlite"):
        return f"{DATABASE_VARIABLE}={shlex.quote(settings.database_url)} "
    return f'{DATABASE_VARIABLE}="${DATABASE_VARIABLE}" '
