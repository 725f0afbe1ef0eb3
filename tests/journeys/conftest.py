"""The demo as its users have it: a database with the sample rules in force, and the command line in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pricing_engine.cli.program import program
from pricing_engine.demo import prepare_demo
from pricing_engine.desk import open_desk
from pricing_engine.imports.book.read_mapping import read_book_mapping
from pricing_engine.settings import Settings
from pricing_engine.usecases.import_book import BookFiles, import_book
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from tests import databases, ravenstack

ROOT = Path(__file__).parents[2]

QUOTE = ("quote", "--account", "acc_bluefin", "--add", "core:users=10", "--effective", "2026-12-01")
DESPITE = ("--despite-failed-examples", "they follow tomorrow")

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def demo_template(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo in it, to be copied and not written to."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    databases.copy_sqlite(migrated_sqlite, path)
    prepare_demo(Settings(database_url=databases.sqlite_url(path), rules_dir=ROOT / "rules"))
    return path


@pytest.fixture
def demo_database(demo_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of its own with the demo in it, which the settings name; the working directory is the checkout."""
    path = tmp_path / "demo.sqlite"
    databases.copy_sqlite(demo_template, path)
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", databases.sqlite_url(path))
    monkeypatch.chdir(ROOT)
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as typed after `pricing-engine`, in 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)

    def invoke(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(program, list(arguments), input=given, catch_exceptions=False)

    return invoke


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the sample rules, to be spoiled."""
    return shutil.copytree(ROOT / "rules", tmp_path / "rules")


@pytest.fixture(scope="session")
def imported_ravenstack(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database that RavenStack's subscriptions were imported into; nothing is written to it."""
    path = tmp_path_factory.mktemp("ravenstack") / "book.sqlite"
    databases.copy_sqlite(migrated_sqlite, path)
    url = databases.sqlite_url(path)
    desk = open_desk(Settings(database_url=url))
    try:
        publish_rulebook(desk, ravenstack.rule_files(), author="ada", activate=True, reason="as they were sold")
        mapping, faults = read_book_mapping("mapping.yaml", ravenstack.mapping_text().encode())
        assert mapping is not None, faults
        files = BookFiles(ravenstack.path("subscriptions"), mapping, ravenstack.path("accounts"))
        assert import_book(desk, files, by="ada").is_whole
    finally:
        desk.close()
    return url


@pytest.fixture
def book(run: Run, imported_ravenstack: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands over that database."""
    monkeypatch.setenv("PRICING_ENGINE_DATABASE_URL", imported_ravenstack)
    return run
