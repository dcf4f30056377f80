"""The laws of the house that no other tool checks."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from hub.errors import Rejected
from hub.logs import KEYS
from hub.message import Message, Rejection

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "hub", "adapters", "search", "biometrics", "deploy")
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\n")
SOURCES = [ROOT / name for name in TRACKED if name.endswith(".py") and (ROOT / name).exists()]
PRODUCT = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in PACKAGES]


def trees():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in PRODUCT]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_import_package_is_the_one_of_this_checkout(package):
    assert Path(importlib.import_module(package).__file__).parent == ROOT / package


def test_a_file_is_at_most_400_lines_and_a_function_at_most_80():
    long_files = [path.name for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    functions = [
        f"{path.name}:{node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 80
    ]
    assert (long_files, functions) == ([], [])


def test_the_first_line_of_a_module_says_what_it_is_for():
    silent = [
        path.name
        for path, tree in trees()
        if path.name != "__init__.py" and not (ast.get_docstring(tree) or "").startswith("This module ")
    ]
    assert silent == []


def test_packages_open_without_code():
    assert [path.name for path in PRODUCT if path.name == "__init__.py" and path.read_text().strip()] == []


def test_no_file_names_an_address_of_a_registry_or_a_private_path():
    # A letter in brackets keeps this very line from being found.
    told = re.compile(
        r"p[y]pi\.org|pyth[o]nhosted|m[a]ven\.org|n[p]mjs\.|deb\.d[e]bian|/(?:w[o]rk|r[o]ot|h[o]me)/[a-z]"
    )
    guilty = [
        name
        for name in TRACKED
        if name and (ROOT / name).is_file() and told.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert guilty == []


LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOG_CALLS = [
    (f"{path.name}:{node.lineno}", node)
    for path, tree in trees()
    for node in ast.walk(tree)
    if isinstance(node, ast.Call)
    and isinstance(node.func, ast.Attribute)
    and node.func.attr in LEVELS
    and "log" in ast.unparse(node.func.value)
]


def test_logs_are_written_with_constant_events():
    """An f-string in a log event, or words to be put into it, would let data in, and no line could be counted by it."""
    assert LOG_CALLS
    assert [
        place for place, call in LOG_CALLS if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant)
    ] == []


def test_logs_are_written_with_the_keys_that_a_line_may_bear_and_all_of_these_are_in_use():
    used = {(word.arg or ast.unparse(word.value), place) for place, call in LOG_CALLS for word in call.keywords}
    known = KEYS | {"exc_info", "rejection.told"}
    assert [(key, place) for key, place in used if key not in known] == []
    assert set(Rejection(Message("t", 0, 0, 0, None, None, ()), Rejected("No.")).told) <= KEYS
    assert {key for key, _ in used} >= KEYS - {"event", "level", "timestamp", "service", "at"}
