"""Rule files of a folder as commands need them: read, checked, and their faults shown with paths one can open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pricing_engine.cli.outcome import CommandStopped, ExitCode
from pricing_engine.rulebook.fault_report import count_text, render_json, render_text
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.load import CheckResult, check_rulebook
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.usecases.rule_directory import known_currency_digits, read_rule_directory


@dataclass(frozen=True, slots=True)
class RuleFolder:
    """The files of a directory by name, and what checking them gave."""

    directory: Path
    files: Mapping[str, bytes]
    result: CheckResult

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults with files named as from the working directory."""
        return self.located(self.result.faults)

    def located(self, faults: Sequence[Fault]) -> tuple[Fault, ...]:
        """Faults of these files, with files named as from the working directory."""
        return tuple(
            replace(
                fault,
                file=self._path(fault.file),
                related=tuple(replace(note, file=self._path(note.file)) for note in fault.related),
            )
            for fault in faults
        )

    def text(self, faults: Sequence[Fault]) -> str:
        """Located faults as a person reads them."""
        return render_text(faults, {self._path(name): content for name, content in self.files.items()})

    def _path(self, name: str) -> str:
        return (shown_directory(self.directory) / name).as_posix()


def check_rule_folder(directory: Path) -> RuleFolder:
    """The folder, read and checked.

    Raises: RuleFilesRefused when it cannot be read at all.
    """
    files = read_rule_directory(directory)
    return RuleFolder(directory, files, check_rulebook(files, currency_digits=known_currency_digits()))


def compiled_rulebook(folder: RuleFolder) -> Rulebook:
    """The rulebook of a folder without errors.

    Raises: CommandStopped with the faults.
    """
    if folder.result.rulebook is None:
        raise rules_refused(folder)
    return folder.result.rulebook


def rules_refused(folder: RuleFolder) -> CommandStopped:
    """The exception that ends a command whose rules have errors."""
    return CommandStopped(
        f"the rules in {shown_directory(folder.directory)} have {count_text(folder.result.faults)}",
        fix=f"mend what pricing-engine rules check {shown_directory(folder.directory)} shows",
        exit_code=ExitCode.REFUSED,
        code="rulebook-refused",
        report=folder.text(folder.faults),
        facts={"faults": render_json(folder.faults)},
    )


def shown_directory(directory: Path) -> Path:
    """The directory as from the working directory when it lies below it, else as given."""
    here, there = Path.cwd(), directory.resolve()
    return there.relative_to(here) if there.is_relative_to(here) else directory
