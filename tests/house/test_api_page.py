"""docs/api.md is true: its example runs as it stands, its function signatures are the real ones."""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

import kaohe
from kaohe.faces import api
from kaohe.jobs.demo import demo
from tests.house.checkout import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```pycon\n(.*?)^```", re.MULTILINE | re.DOTALL)
LISTED = re.compile(r"^\| `(\w+)\((.*?)\)` \|", re.MULTILINE)


def run(example: str) -> doctest.TestResults:
    """Run a session; its printed differences are shown by pytest when it fails."""
    test = doctest.DocTestParser().get_doctest(example, {}, "docs/api.md", "docs/api.md", 0)
    return doctest.DocTestRunner(verbose=False).run(test)


def test_the_eye_sees() -> None:
    assert run(">>> 1 + 1\n2\n") == (0, 1)
    assert run(">>> 1 + 1\n3\n") == (1, 1)


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo("BH", tmp_path / "演示")
    monkeypatch.chdir(tmp_path)
    results = [run(block) for block in BLOCK.findall(PAGE)]
    assert sum(result.attempted for result in results) >= 10
    assert sum(result.failed for result in results) == 0


def plain_signature(name: str) -> str:
    """A function's parameters with defaults, without types."""
    signature = inspect.signature(getattr(api, name))
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()
    ]
    shown = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return str(shown)[1:-1]


def test_signatures_are_the_real_ones() -> None:
    listed = dict(LISTED.findall(PAGE))
    functions = {name for name in kaohe.__all__ if name.islower() and not name.startswith("_")}
    assert set(listed) == functions
    assert {name: arguments.replace('"', "'") for name, arguments in listed.items()} == {
        name: plain_signature(name) for name in functions
    }


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Collection[str]]:
    """Name → the columns of that table."""
    made = demo("BH", tmp_path_factory.mktemp("columns") / "演示")
    master = made.folder / "总表.xlsx"
    result = kaohe.consolidate(master, made.folder / "回收", dry_run=True)
    names = ("standings", "scores", "outcomes", "findings")
    found = {name: list(getattr(result, name).columns) for name in names}
    return {**found, "explain": list(kaohe.explain(master, "滨湖区").columns)}


@pytest.mark.parametrize("name", ["standings", "scores", "outcomes", "findings", "explain"])
def test_columns_are_named(name: str, tables: Mapping[str, Collection[str]]) -> None:
    columns = [column for column in tables[name] if not column.startswith("part.")]
    line = next(line for line in PAGE.split("\n\n") if line.startswith(f"`{name}` 的列"))
    assert set(re.findall(r"`([a-z_]+)`", line)) - {name} == set(columns)
