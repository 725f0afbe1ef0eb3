"""`retention accounts` and `retention movements`: what is behind a figure, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.retention_options import By, GapDays, Months, On, Xlsx, read_day, written_once
from pricing_engine.cli.screen import JsonFlag, say, show, write_answer, write_text

if TYPE_CHECKING:
    from babel import Locale
    from rich.console import RenderableType

    from pricing_engine.rendering.workbook import Sheet
    from pricing_engine.usecases.read_retained import Behind, Within

Segment = Annotated[str | None, typer.Option(metavar="NAME", help="Only this segment, as --by tells the book apart.")]
Account = Annotated[str | None, typer.Option(metavar="ID", help="Only this account.")]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first so many; all if absent.")]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Write CSV.")]

_ALL: Final = 10**9
_ORIGINS: Final = {"/by": "--by"}


def accounts(
    on: On = None,
    months: Months = 12,
    by: By = None,
    segment: Segment = None,
    account: Account = None,
    limit: Limit = None,
    as_csv: CsvFlag = False,
    xlsx: Xlsx = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """List the accounts behind a figure, those that changed most first."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        written_once(as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        from pricing_engine.api.retention_json import accounts_json
        from pricing_engine.api.wire_retained import PositionOut
        from pricing_engine.cli.retention_sheets import accounts_sheets
        from pricing_engine.cli.show_retained import accounts_part
        from pricing_engine.usecases.read_retained import Within, read_accounts

        found = _read(read_accounts, (on, months, by, None), Within(segment, account), limit)
        answer = accounts_json(found, after=0)
        rows = [
            {"account_id": each["account_id"], "name": each["name"], **line}
            for each in answer["items"]
            for line in each["lines"]
        ]
        form = _Form(as_json=as_json, as_csv=as_csv, xlsx=xlsx, locale=locale)
        columns = "account_id", "name", *PositionOut.model_fields
        _write(found, answer, (columns, rows), accounts_part, accounts_sheets, form)


def movements(
    on: On = None,
    months: Months = 12,
    by: By = None,
    segment: Segment = None,
    account: Account = None,
    gap_days: GapDays = None,
    limit: Limit = None,
    as_csv: CsvFlag = False,
    xlsx: Xlsx = None,
    as_json: JsonFlag = False,
    locale: LocaleName = "en_US",
) -> None:
    """List the movements behind a figure, oldest first, with the quotes they come from."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        written_once(as_json=as_json, as_csv=as_csv, xlsx=xlsx)
        from pricing_engine.api.retention_json import entries_json
        from pricing_engine.api.wire_retained import LedgerEntryOut
        from pricing_engine.cli.retention_sheets import movements_sheets
        from pricing_engine.cli.show_retained import movements_part
        from pricing_engine.usecases.read_retained import Within, read_movements

        found = _read(read_movements, (on, months, by, gap_days), Within(segment, account), limit)
        answer = entries_json(found, after=0)
        form = _Form(as_json=as_json, as_csv=as_csv, xlsx=xlsx, locale=locale)
        _write(found, answer, (LedgerEntryOut.model_fields, answer["items"]), movements_part, movements_sheets, form)


def _read(
    read: Callable[..., Behind[Any]],
    asked: tuple[str | None, int, str | None, int | None],
    within: Within,
    limit: int | None,
) -> Behind[Any]:
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.usecases.read_retention import Asked

    on, months, by, gap_days = asked
    day = read_day(on, "--on")
    with open_ready_desk() as desk:
        return read(desk, Asked(day or desk.today(), months, by, gap_days), within, after=0, limit=limit or _ALL)


class _Form(NamedTuple):
    """How a list is written: as the one thing asked for, else as a table in a locale."""

    as_json: bool
    as_csv: bool
    xlsx: str | None
    locale: str


def _write(
    found: Behind[Any],
    answer: Mapping[str, Any],
    rows: tuple[Iterable[str], Sequence[Mapping[str, Any]]],
    part: Callable[[Behind[Any], Locale], RenderableType],
    sheets: Callable[[Behind[Any]], Sequence[Sheet]],
    form: _Form,
) -> None:
    from pricing_engine.cli.amounts import read_locale
    from pricing_engine.cli.retention_sheets import write_sheets

    chosen = read_locale(form.locale)
    if form.as_json:
        write_answer(answer)
    elif form.as_csv:
        write_text(csv_text(*rows))
    elif form.xlsx is not None:
        write_sheets(sheets(found), form.xlsx)
    else:
        show(part(found, chosen))
        if len(found.items) < found.count:
            say(f"{len(found.items)} of {found.count} are shown")


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows below a header, also of none. Text that a spreadsheet would run as a formula is kept as text."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows([{name: _inert(value) for name, value in row.items()} for row in rows])
    return written.getvalue()


def _inert(value: object) -> str:
    text = "" if value is None else str(value)
    is_number = text[:1] == "-" and text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not is_number else text
