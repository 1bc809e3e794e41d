"""The engine is a function of its input: standard library only, no clock, no chance, no database, no language."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[2] / "scoring" / "engine"
MODULES = sorted(ENGINE.glob("*.py"))
OF_THE_COMMAND = {"argparse", "os", "sys"}
FORBIDDEN = {"random", "secrets", "time", "socket", "urllib", "http", "sqlite3", "gettext", "locale", "subprocess"}


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_of_the_engine_imports_the_standard_library_and_the_engine_only(module: Path) -> None:
    for name in imported(module):
        first = name.split(".")[0]
        assert name.startswith("scoring.engine") or first in sys.stdlib_module_names, name
        assert first not in FORBIDDEN, name
        assert module.stem == "__main__" or first not in OF_THE_COMMAND, name


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_of_the_engine_asks_no_clock(module: Path) -> None:
    asked = {
        node.attr for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    }
    assert not asked & {"today", "now", "utcnow"}


def test_the_engine_can_be_loaded_without_anything_around_it() -> None:
    assert (ENGINE / "__init__.py").read_text() == ""
    assert (ENGINE.parent / "__init__.py").read_text() == ""


def test_imports_inside_the_engine_make_no_circle() -> None:
    graph = {
        module.stem: {name.split(".")[2] for name in imported(module) if name.startswith("scoring.engine.")}
        for module in MODULES
    }
    done: set[str] = set()
    while len(done) < len(graph):
        free = {name for name, needs in graph.items() if name not in done and needs <= done}
        assert free, sorted(set(graph) - done)
        done |= free
