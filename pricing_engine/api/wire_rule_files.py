"""Rule files sent to be checked: a mapping of relative names to texts, none of which is ever written to disk."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_models import NO_OTHER_NAMES, WireModel

MAX_FILES: Final = 500
MAX_FILE_CHARACTERS: Final = 256_000

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*")
_NAME_LENGTH: Final = 200


def _read_name(value: object) -> str:
    if not isinstance(value, str) or len(value) > _NAME_LENGTH or not _NAME.fullmatch(value):
        raise PydanticCustomError("not-a-file-name", "name files as products/crm.yaml: relative, without .. or blanks")
    return value


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "send the file's text as a string")
    if len(value) > MAX_FILE_CHARACTERS:
        raise PydanticCustomError("too-long", "at most {limit} characters", {"limit": MAX_FILE_CHARACTERS})
    return value


def _refuse_collisions(files: dict[str, str]) -> dict[str, str]:
    seen: dict[str, str] = {}
    for name in files:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise PydanticCustomError(
                "names-collide",
                "{first} and {second} are one file where case does not count",
                {"first": other, "second": name},
            )
    return files


FileName = Annotated[
    str,
    PlainValidator(_read_name),
    WithJsonSchema({"type": "string", "maxLength": _NAME_LENGTH, "pattern": f"^{_NAME.pattern}$"}),
]
FileText = Annotated[
    str,
    PlainValidator(_read_text),
    WithJsonSchema({"type": "string", "description": f"At most {MAX_FILE_CHARACTERS} characters."}),
]


class RuleFilesIn(WireModel):
    """The files of a rule repository."""

    files: Annotated[
        dict[FileName, FileText],
        Field(
            min_length=1,
            max_length=MAX_FILES,
            description="Name → text, as in a rule repository. Tests (`*.test.yaml`) are read, and not run.",
            json_schema_extra=NO_OTHER_NAMES,
        ),
        AfterValidator(_refuse_collisions),
    ]
