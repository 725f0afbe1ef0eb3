"""Reads a directory of rule files safely: only YAML and CSV, only what lies inside it, within limits."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pricing_engine.errors import DomainError

SUFFIXES = (".yaml", ".yml", ".csv")
"""Endings that are read, in any case; which of them a rule file may have, the rulebook says, so that none is missed."""


class RuleFilesRefused(DomainError):
    """The directory cannot be read as rules; `complaints` names every file that is in the way."""

    code = "rule-files-refused"

    def __init__(self, complaints: tuple[str, ...], *, fix: str = "mend or remove these files") -> None:
        super().__init__("; ".join(complaints), fix=fix, complaints=complaints)
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much one directory of rules may hold. Units: bytes, files."""

    file_bytes: int = 8_000_000
    total_bytes: int = 64_000_000
    files: int = 20_000


LIMITS = FileLimits()


def read_rule_files(directory: Path, *, limits: FileLimits = LIMITS) -> dict[str, bytes]:
    """The bytes of every rule file by its name, with forward slashes, from the directory.

    Hidden files and folders and files with other endings are left out.
    Raises: RuleFilesRefused for no directory, a link that leads out, a special or too large file, too many, two names
    that are one on some machines, or no rule file at all.
    """
    if not directory.is_dir():
        raise RuleFilesRefused((f"{directory} is not a directory",), fix="give a directory that exists")
    reading = _Reading(directory.resolve(), limits, {}, {}, [])
    for path in _rule_paths(directory, reading.complaints):
        reading.read(path, path.relative_to(directory).as_posix())
        if len(reading.files) > limits.files or reading.total_bytes > limits.total_bytes:
            reading.complaints.append(f"{directory} holds more than {limits.files} files or {limits.total_bytes} bytes")
            break
    if not reading.files and not reading.complaints:
        nothing = f"{directory} holds no .yaml or .csv file"
        raise RuleFilesRefused((nothing,), fix="give the directory that has rulebook.yaml in it")
    if reading.complaints:
        raise RuleFilesRefused(tuple(reading.complaints))
    return reading.files


def _rule_paths(directory: Path, complaints: list[str]) -> Iterator[Path]:
    def complain(error: OSError) -> None:
        complaints.append(f"{error.filename}: {error.strerror}")

    for folder, folders, names in os.walk(directory, onerror=complain):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(folder) / name).is_symlink():
                complaints.append(f"{(Path(folder) / name).relative_to(directory)} is a link to a folder")
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                yield Path(folder) / name


@dataclass(slots=True)
class _Reading:
    """What has been read so far; `seen` holds names as a machine that ignores case and accents' spelling sees them."""

    root: Path
    limits: FileLimits
    files: dict[str, bytes]
    seen: dict[str, str]
    complaints: list[str]
    total_bytes: int = 0

    def read(self, path: Path, name: str) -> None:
        """Adds the file, or a complaint."""
        complaint = self._complaint(path, name)
        if complaint is None:
            content = _read_regular(path, self.limits.file_bytes)
            if isinstance(content, bytes):
                self.files[name] = content
                self.total_bytes += len(content)
                return
            complaint = content
        self.complaints.append(f"{ascii(name)[1:-1] if not name.isprintable() else name} {complaint}")

    def _complaint(self, path: Path, name: str) -> str | None:
        if not name.isprintable():
            return "has a name that cannot be shown"
        if not path.resolve().is_relative_to(self.root):
            return "is a link that leads out of the rules"
        folded = unicodedata.normalize("NFC", name).casefold()
        other = self.seen.setdefault(folded, name)
        return None if other == name else f"and {other} are one name on machines that ignore case"


def _read_regular(path: Path, limit: int) -> bytes | str:
    """The content, or a complaint; a pipe or device is never waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return "is not a regular file"
        content = file.read(limit + 1)
    return content if len(content) <= limit else f"is larger than {limit} bytes"
