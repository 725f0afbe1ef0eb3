"""What must hold of the repository as a whole: its pins, its commands, and what it must never contain."""

import re
import stat

from tests.architecture.layout import ROOT, own_files, place, pyproject

# Written in two halves so that this file does not contain what it forbids.
REGISTRY_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com")
ADDRESS_IN_A_LOCK = re.compile(rb"/packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}")
REQUIREMENT = re.compile(r"^[A-Za-z][^#]*")


def test_no_file_names_a_package_registry() -> None:
    hosts = [host.encode() for host in REGISTRY_HOSTS]
    found = [
        place(path)
        for path in own_files()
        if any(host in (content := path.read_bytes()) for host in hosts) or ADDRESS_IN_A_LOCK.search(content)
    ]
    assert found == []


def test_there_is_one_lock_format_and_it_pins_every_package_by_hash() -> None:
    assert not (ROOT / "uv.lock").exists()
    for name in ("uv", "run", "dev", "bench"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
        assert blocks, name
        assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_the_package_declares_the_ranges_that_are_locked() -> None:
    lines = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
    locked = {match[0].strip().replace('"', "'") for line in lines if (match := REQUIREMENT.match(line))}
    project = pyproject()["project"]
    assert {*project["dependencies"], *project["optional-dependencies"]["document"]} == locked


def test_what_runs_and_what_is_tested_are_the_same_versions() -> None:
    tested = _pins("dev")
    assert {name: pin for name, pin in _pins("run").items() if tested.get(name) != pin} == {}


def test_every_make_command_a_document_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    shown = {
        (place(path), target)
        for path in own_files()
        if path.suffix == ".md"
        for target in re.findall(r"(?:^|`|\$ )make ([a-z]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    assert shown, "no document shows a make command"
    assert {(where, target) for where, target in shown if target not in targets} == set()


def test_continuous_integration_and_commit_hooks_run_the_same_checks() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR
    for name, commands in {
        ".ci/run": ("make check", "make test"),
        ".github/workflows/ci.yml": (".ci/run",),
        ".pre-commit-config.yaml": ("make check",),
    }.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [command for command in commands if command not in text] == [], name


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[\w+\])?==(\S+)", text, flags=re.MULTILINE))
