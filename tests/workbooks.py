"""Reads a workbook back with nothing but the standard library: what is text and what is a number, sheet by sheet."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}

Row = list[str | Decimal]


def read_workbook(content: bytes) -> dict[str, list[Row]]:
    """The rows of each sheet by its name; empty cells are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = ["".join(each.itertext()) for each in _all(archive, "xl/sharedStrings.xml", "m:si")]
        names = [each.attrib["name"] for each in _all(archive, "xl/workbook.xml", "m:sheets/m:sheet")]
        return {
            name: [
                [_value(cell, texts) for cell in row]
                for row in _all(archive, f"xl/worksheets/sheet{number}.xml", "m:sheetData/m:row")
            ]
            for number, name in enumerate(names, start=1)
        }


def _all(archive: zipfile.ZipFile, path: str, what: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(archive.read(path)).findall(what, _NAMES)


def _value(cell: ElementTree.Element, texts: list[str]) -> str | Decimal:
    assert cell.find("m:f", _NAMES) is None, "a formula"
    value = cell.findtext("m:v", namespaces=_NAMES)
    assert value is not None
    return texts[int(value)] if cell.attrib.get("t") == "s" else Decimal(value)
