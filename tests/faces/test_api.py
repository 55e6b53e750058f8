"""The public Python API: the same jobs, tables as DataFrames whose columns and types are as documented."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import kaohe
from kaohe.jobs.common import JobError
from kaohe.workbooks.package import NothingWritten
from tests.support import example
from tests.support.example import INBOX, ISSUED, MASTER


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> kaohe.Result:
    folder = example.copy(tmp_path_factory.mktemp("api"))
    return kaohe.consolidate(str(folder / MASTER), str(folder / INBOX), json=folder / "report.json")


def test_the_names_are_those_of_the_package() -> None:
    assert set(kaohe.__all__) == {
        "Result",
        "__version__",
        "check",
        "consolidate",
        "dump",
        "issue",
        "new",
        "schemes",
    }
    assert all(getattr(kaohe, name) for name in kaohe.__all__)
    with pytest.raises(AttributeError, match="frobnicate"):
        kaohe.frobnicate  # noqa: B018


def test_importing_is_quick_because_nothing_heavy_comes_with_it() -> None:
    """pandas costs as much as reading 600 workbooks; `import kaohe` brings neither it nor numpy."""
    heavy = "numpy, pandas, openpyxl, xlwings, formulas, typer"
    ask = f"import kaohe, sys; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_whole_line(tmp_path: Path) -> None:
    master = tmp_path / MASTER
    assert [finding.code for finding in kaohe.new("BH", master)] == ["S08"]
    issued = kaohe.issue(master, "2007-H1", tmp_path / ISSUED, units=["滨湖区", "U01"])
    assert len(issued.written) == 12
    assert {finding.code for finding in kaohe.check(tmp_path / ISSUED, master=master)} >= {"V01"}
    assert kaohe.consolidate(master, tmp_path / ISSUED, dry_run=True).errors
    files = kaohe.dump(master, tmp_path / "方案")
    assert {path.name for path in files} >= {"方案.csv", "指标.csv", "目标.csv"}
    assert ("BH", 9) in [(info.code, info.units) for info in kaohe.schemes()]


def test_paths_may_be_text(tmp_path: Path) -> None:
    kaohe.new(None, str(tmp_path / "空.xlsx"))
    assert (tmp_path / "空.xlsx").is_file()


def test_errors_are_two_kinds(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="没有名为"):
        kaohe.new("ZZ", tmp_path / MASTER)
    kaohe.new(None, tmp_path / MASTER)
    with pytest.raises(NothingWritten, match="没有覆盖"):
        kaohe.new(None, tmp_path / MASTER)


def kinds(frame: pd.DataFrame) -> dict[str, str]:
    """Column → str, float, int, Int64, bool."""
    return {str(column): _kind(frame[column]) for column in frame.columns}


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_string_dtype(column):
        return "str"
    name = str(column.dtype)
    return {"float64": "float", "int64": "int"}.get(name, name)


def test_standings(result: kaohe.Result) -> None:
    text = ("unit", "name", "group", "state")
    points = ("total", "lost", "measured_weight", "rate", "part.A", "part.B", "part.C", "part.D")
    counts = ("measured_indicators", "scored_indicators", "on_schedule", "behind")
    assert kinds(result.standings) == {
        **dict.fromkeys(text, "str"),
        **dict.fromkeys(points, "float"),
        **dict.fromkeys(counts, "int"),
        "rank": "Int64",
        "tied": "bool",
    }
    assert list(result.standings["rank"]) == list(range(1, 10))
    assert list(result.standings["name"])[:3] == ["江阴市", "新区", "滨湖区"]


def test_scores(result: kaohe.Result) -> None:
    text = ("unit", "indicator", "name", "typed", "status", "mark", "reason", "measure", "method", "state")
    numbers = ("weight", "target", "due", "actual", "rate", "score", "lost")
    assert kinds(result.scores) == {**dict.fromkeys(text, "str"), **dict.fromkeys(numbers, "float")}
    assert len(result.scores) == 9 * 29
    binhu = result.scores[result.scores["unit"] == "U05"]
    assert f"{binhu['score'].sum():.2f}" == "67.60"


def test_findings(result: kaohe.Result) -> None:
    names = ["code", "severity", "title", "unit", "indicator", "workbook", "sheet", "cell", "message"]
    assert kinds(result.findings) == dict.fromkeys(names, "str")
    assert not result.errors
    assert set(result.findings["code"]) == {"S08", "V09", "V10", "V16"}


def test_without_findings_the_columns_are_there() -> None:
    empty = kaohe.Result({"findings": [], "standings": [], "scores": []}, None)
    assert "code" in empty.findings.columns
    assert len(empty.standings) == 0
    assert not empty.errors


def test_a_provisional_unit_has_no_rank(tmp_path: Path) -> None:
    folder = example.copy(tmp_path)
    (folder / INBOX / "新区-自测完成情况表-2007-H1.xlsx").write_bytes(b"")
    other = folder / "新总表.xlsx"
    kaohe.new("BH", other)
    kaohe.issue(other, "2007-H1", folder / "新下发")
    found = kaohe.consolidate(other, folder / INBOX, period="2007-H1", dry_run=True)
    assert found.errors
    assert found.standings["rank"].isna().all()
    assert str(found.standings["rank"].dtype) == "Int64"


def test_the_report_is_what_the_json_holds(result: kaohe.Result) -> None:
    assert result.backup is not None
    path = result.backup.parents[1] / "report.json"
    assert json.loads(path.read_text(encoding="utf-8")) == result.report
