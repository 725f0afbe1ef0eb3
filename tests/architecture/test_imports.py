"""The import contracts of pyproject.toml hold, and cover the whole core."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.layout import ROOT, contract, core_names


@pytest.fixture(autouse=True)
def loggers_left_as_they_were() -> Iterator[None]:
    """import-linter configures logging, which disables every logger there is: later tests would hear nothing."""
    known = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    before = [logger.disabled for logger in known]
    yield
    for logger, was_disabled in zip(known, before, strict=True):
        logger.disabled = was_disabled


def test_every_import_contract_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_the_purity_contract_names_every_package_of_the_core() -> None:
    assert {name.removeprefix("*.") for name in contract("pure-core")["source_modules"]} == core_names()


def test_a_forbidden_import_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The contract that names packages by wildcard really bites."""
    root = tmp_path / "pricing_engine_copy"
    (root / "money").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "money" / "__init__.py").write_text("import random\n")
    forbidden = ", ".join(f'"{name}"' for name in contract("pure-core")["forbidden_modules"])
    configuration = root.parent / "contracts.toml"
    configuration.write_text(
        f'[tool.importlinter]\nroot_package = "pricing_engine_copy"\ninclude_external_packages = true\n'
        f'[[tool.importlinter.contracts]]\nname = "pure"\ntype = "forbidden"\nallow_indirect_imports = true\n'
        f'source_modules = ["*.money", "*.absent"]\nforbidden_modules = [{forbidden}]\n'
    )
    monkeypatch.syspath_prepend(root.parent)
    assert lint_imports(config_filename=str(configuration), no_cache=True, no_logo=True) != EXIT_STATUS_SUCCESS
    assert "pricing_engine_copy.money -> random" in capsys.readouterr().out
