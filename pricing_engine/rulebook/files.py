"""Sorts the files of a rule repository by what they are: rules, tests beside them, tables; the rest is left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing_engine.rulebook.faults import FILE_START, Fault, Severity

TEST_ENDING = ".test.yaml"
_ENDINGS = {"yaml": "yaml", "yml": "yaml", "csv": "csv"}


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """The files of a repository by name, each mapping in the order of names; what is neither is left out."""

    rules: Mapping[str, bytes]
    tests: Mapping[str, bytes]
    tables: Mapping[str, bytes]
    misnamed: tuple[str, ...]


def split_files(files: Mapping[str, bytes]) -> RepositoryFiles:
    """The files by what their names say they are: *.test.yaml, *.yaml, *.csv; names with a hidden part are left out."""
    names = sorted(name for name in files if not any(part.startswith(".") for part in name.split("/")))
    yaml = [name for name in names if name.endswith(".yaml")]
    return RepositoryFiles(
        rules={name: files[name] for name in yaml if not name.endswith(TEST_ENDING)},
        tests={name: files[name] for name in yaml if name.endswith(TEST_ENDING)},
        tables={name: files[name] for name in names if name.endswith(".csv")},
        misnamed=tuple(name for name in names if _renamed(name) not in (None, name)),
    )


def _renamed(name: str) -> str | None:
    """The name with its ending as it must be written; None for a file that is no rule file by any spelling."""
    stem, _, ending = name.rpartition(".")
    right = _ENDINGS.get(ending.lower())
    return f"{stem}.{right}" if right is not None else None


def refuse_misnamed(files: RepositoryFiles) -> tuple[Fault, ...]:
    """A fault for every file that its author surely takes for a rule file, but that would be left out."""
    return tuple(
        Fault(
            "E120",
            Severity.ERROR,
            name,
            FILE_START,
            1,
            "",
            "a rule file ends in .yaml, a table in .csv; this one would be left out",
            f"rename it to {_renamed(name)}",
        )
        for name in files.misnamed
    )
