"""What the pages on names tell is what the code does: every example that has a score, every number and every table."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from search.names.compare import THRESHOLD, compare
from search.names.parse import parse

HOUSE = Path(__file__).parents[4]
PAGES = [HOUSE / "docs" / name for name in ("names.md", "names-comparison.md")]
TABLE = re.compile(r"^\|(.+)\|\n\|[ |-]+\|\n((?:\|.+\|\n)+)", re.MULTILINE)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile("^`([^`]+)`$")
ALIKE = {"yes": True, "no": False}
PACKAGE = HOUSE / "search" / "names"


def cells(row):
    return [cell.strip() for cell in row.strip("|").split("|")]


def rows(*columns):
    """Give the rows of the tables that end with some columns: what stands in these, without the signs of code."""
    return [
        tuple(CODE.sub(r"\1", cell) for cell in cells(row)[-len(columns) :])
        for page in PAGES
        for head, body in TABLE.findall(page.read_text(encoding="utf-8"))
        if cells(head)[-len(columns) :] == list(columns)
        for row in body.splitlines()
    ]


def told(heads):
    """Give what the first column of some tables of the first page names in signs of code."""
    return {
        name
        for head, body in TABLE.findall(PAGES[0].read_text(encoding="utf-8"))
        if cells(head)[0] == heads
        for row in body.splitlines()
        for name in re.findall("`(.+?)`", cells(row)[0])
    }


def test_the_pages_have_examples_of_all_kinds():
    kinds = ("one", "other", "score", "alike"), ("written", "words"), ("constant", "value", "what it is")
    assert min(len(rows(*kind)) for kind in kinds) > 10


@pytest.mark.parametrize(("one", "other", "score", "alike"), rows("one", "other", "score", "alike"))
def test_a_pair_scores_what_the_pages_tell(one, other, score, alike):
    found = compare(parse(one), parse(other)).score
    assert (f"{found:.2f}", found >= THRESHOLD) == (score, ALIKE[alike])


@pytest.mark.parametrize(("written", "parts"), rows("written", "words"))
def test_a_name_is_parted_as_the_pages_tell(written, parts):
    assert ", ".join(f"`{one.text}` {one.kind}" for one in parse(written).parts) == parts


@pytest.mark.parametrize(("constant", "value"), [row[:2] for row in rows("constant", "value", "what it is")])
def test_a_number_is_the_one_of_the_code(constant, value):
    module, name = constant.split(".")
    assert getattr(import_module(f"search.names.{module}"), name) == float(value)


def test_the_code_of_the_pages_runs():
    for page in PAGES:
        for code in PYTHON.findall(page.read_text(encoding="utf-8")):
            exec(code, {})


def test_each_module_and_each_table_has_its_place():
    modules = {file.name for file in PACKAGE.glob("*.py")} - {"__init__.py"} | {"tables/"}
    assert told("module") == modules
    assert told("table") == {file.stem for file in PACKAGE.glob("tables/*.tsv")}
