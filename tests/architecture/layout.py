"""What the architecture tests look at: the source files, and which packages pyproject.toml puts in the core."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pricing_engine"
LOWEST_SHELL_LAYER = "settings"


@cache
def pyproject() -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(contract_id: str) -> dict[str, Any]:
    """The import contract with this id."""
    contracts: list[dict[str, Any]] = pyproject()["tool"]["importlinter"]["contracts"]
    return next(found for found in contracts if found["id"] == contract_id)


def core_names() -> frozenset[str]:
    """The packages and modules below the lowest layer of the shell."""
    layers = [frozenset(re.findall(r"\w+", layer)) for layer in contract("layers")["layers"]]
    lowest_shell = layers.index(frozenset({LOWEST_SHELL_LAYER}))
    return frozenset().union(*layers[lowest_shell + 1 :])


def sources() -> tuple[Path, ...]:
    """Every Python file of the package, in order."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


def core_sources() -> tuple[Path, ...]:
    """Every Python file of the core, in order."""
    core = core_names()
    return tuple(path for path in sources() if path.relative_to(PACKAGE).parts[0].removesuffix(".py") in core)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of one file, nested ones included."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def place(path: Path, line: int = 1) -> str:
    """`file:line`, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}"


def own_files() -> tuple[Path, ...]:
    """Every file that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())
