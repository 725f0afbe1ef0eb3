"""The one place JSON is read: bytes in, plain data out, and everything ambiguous refused with its place."""

from __future__ import annotations

import json
from typing import Final, NoReturn

from pricing_engine.api.json_places import Place, first_constant, first_duplicate, first_too_deep, line_and_column
from pricing_engine.api.pointers import pointer_to
from pricing_engine.errors import DomainError

MAX_DEPTH: Final = 12

_BOM: Final = b"\xef\xbb\xbf"
_NOT_STRUCTURE: Final = bytes(byte for byte in range(256) if byte not in b'[]{}"\\')


class MalformedJson(DomainError):
    """The body is not the strict JSON this API reads."""

    code = "malformed-json"


class _DuplicateKey(ValueError):
    """An object names a key twice; where is looked up only once it is known."""


class _NotANumber(ValueError):
    """NaN or an infinity, which JSON does not have."""


def read_json(body: bytes) -> object:
    """The data of a JSON text: dicts, lists, strings, numbers, booleans and None.

    Numbers stay what they are, so that a field that wants a decimal string can say so.
    Raises: MalformedJson, with line and column and where possible a pointer; never what was sent.
    """
    if body.startswith(_BOM):
        _refuse("the body starts with a byte order mark", "send UTF-8 without a byte order mark", Place("", 0), "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson(
            f"the body is not UTF-8: byte {error.start} fits no character",
            fix="encode the body as UTF-8",
            byte=error.start,
        ) from None
    if not _is_shallow(body):
        place = first_too_deep(text, MAX_DEPTH)
        if place is not None:
            _refuse(f"the body is nested more than {MAX_DEPTH} deep", "send a flatter body", place, text)
    data = _decode(text)
    if "\\u" in text:
        _refuse_surrogates(data)
    return data


def _decode(text: str) -> object:
    try:
        data: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        _refuse(f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}", "mend the syntax", Place("", error.pos), text)
    except _DuplicateKey:
        place = first_duplicate(text) or Place("", 0)
        _refuse("a key stands twice in one object", "name each key once", place, text)
    except _NotANumber:
        place = first_constant(text) or Place("", 0)
        _refuse("NaN and infinities are no JSON", "send decimals as strings", place, text)
    except ValueError:
        raise MalformedJson("a number has too many digits to be read", fix="send decimals as strings") from None
    return data


def _is_shallow(body: bytes) -> bool:
    """Whether brackets certainly nest no deeper than allowed; False means that it takes a slower look.

    A body without brackets or escapes inside strings is left with its brackets alone; each round takes away the
    innermost pairs, all in C.
    """
    left = body.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    for _ in range(MAX_DEPTH):
        if not left:
            return True
        left = left.replace(b"[]", b"").replace(b"{}", b"")
    return not left


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKey
    return found


def _no_constant(_: str) -> NoReturn:
    raise _NotANumber


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _refuse_surrogates(data: object, way: tuple[str | int, ...] = ()) -> None:
    """Raises MalformedJson for half a surrogate pair, which is no character and cannot be stored."""
    match data:
        case str():
            if not _is_encodable(data):
                what = "half a surrogate pair is no character"
                raise MalformedJson(what, fix="send both halves", pointer=pointer_to(way))
        case list():
            for index, item in enumerate(data):
                _refuse_surrogates(item, (*way, index))
        case dict():
            for key, item in data.items():
                _refuse_surrogates(key, way)
                _refuse_surrogates(item, (*way, key))
        case _:
            return


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(what: str, fix: str, place: Place, text: str) -> NoReturn:
    line, column = line_and_column(text, place.offset)
    raise MalformedJson(
        f"{what} (line {line}, column {column})", fix=fix, pointer=place.pointer, line=line, column=column
    )
