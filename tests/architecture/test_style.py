"""The promises about size, names and numbers in shared/design/architecture.md, kept by reading the syntax trees."""

import ast
from pathlib import Path

from tests.architecture.layout import core_names, core_sources, functions, place, sources, tree

LINES_PER_FILE = 300
LINES_PER_FUNCTION = 40
VAGUE_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "base", "misc"}
)


def test_every_file_is_under_three_hundred_lines() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {where: length for where, length in lengths.items() if length >= LINES_PER_FILE} == {}


def test_every_function_is_under_forty_lines() -> None:
    lengths = {
        f"{place(path, function.lineno)} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in sources()
        for function in functions(path)
    }
    assert {where: length for where, length in lengths.items() if length >= LINES_PER_FUNCTION} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [place(path) for path in sources() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES] == []


def test_the_core_has_no_floating_point_numbers() -> None:
    found = [
        place(path, node.lineno)
        for path in core_sources()
        if not _is_about_chances(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.expr) and _makes_a_float(node)
    ]
    assert found == []


def _is_about_chances(path: Path) -> bool:
    """Chances are worked out in floats, and shown as rounded decimals; nothing in these files is an amount of money."""
    return path.parent.name == "learning" or path.name in {"win_model.py", "price_response.py"}


def test_every_module_says_in_its_docstring_what_it_is_for() -> None:
    assert [place(path) for path in sources() if not ast.get_docstring(tree(path))] == []


def test_no_exception_is_swallowed() -> None:
    found = [
        place(path, node.lineno)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert found == []


def test_the_core_is_there_to_be_checked() -> None:
    assert {"pricing", "money"} <= core_names()
    assert core_sources()


def _makes_a_float(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
