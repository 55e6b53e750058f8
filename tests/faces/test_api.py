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
from kaohe.jobs.demo import demo
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
        "explain",
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
    text = ("unit", "name", "kind", "class", "group", "state", "grade", "first_grade", "vetoes", "notes")
    points = (
        *("total", "computed_total", "bonus", "deduction", "late", "lost", "measured_weight", "rate"),
        *("part.A", "part.B", "part.C", "part.D"),
    )
    counts = ("measured_indicators", "scored_indicators", "on_schedule", "behind")
    assert kinds(result.standings) == {
        **dict.fromkeys(text, "str"),
        **dict.fromkeys(points, "float"),
        **dict.fromkeys(counts, "int"),
        "rank": "Int64",
        "place": "Int64",
        "tied": "bool",
    }
    assert list(result.standings["rank"]) == list(range(1, 10))
    assert list(result.standings["name"])[:3] == ["江阴市", "新区", "滨湖区"]


def test_scores(result: kaohe.Result) -> None:
    text = (
        *("unit", "indicator", "name", "typed", "status", "mark", "reason", "measure", "method"),
        *("state", "source"),
    )
    numbers = ("weight", "target", "due", "actual", "rate", "score", "computed", "lost")
    expected = {**dict.fromkeys(text, "str"), **dict.fromkeys(numbers, "float"), "decided": "bool"}
    assert kinds(result.scores) == expected
    assert len(result.scores) == 9 * 29
    binhu = result.scores[result.scores["unit"] == "U05"]
    assert f"{binhu['score'].sum():.2f}" == "67.60"


def test_findings(result: kaohe.Result) -> None:
    names = ["code", "severity", "title", "unit", "indicator", "workbook", "sheet", "cell", "message"]
    assert kinds(result.findings) == dict.fromkeys(names, "str")
    assert not result.errors
    assert set(result.findings["code"]) == {"S08", "V09", "V10", "V16"}


def test_without_findings_the_columns_are_there() -> None:
    empty = kaohe.Result({"findings": [], "standings": [], "scores": [], "outcomes": []}, None)
    assert "code" in empty.findings.columns
    assert "proposal" in empty.outcomes.columns
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


def test_an_explanation_ends_at_the_score(result: kaohe.Result) -> None:
    assert result.backup is not None
    master = result.backup.parents[1] / MASTER
    steps = kaohe.explain(master, "滨湖区")
    text = ("unit", "indicator", "label", "text", "place")
    assert kinds(steps) == {**dict.fromkeys(text, "str"), "number": "float"}
    totals = steps[(steps["indicator"] == "") & (steps["label"] == "总分")]
    assert list(totals["number"]) == [67.6]
    scores = result.scores[result.scores["unit"] == "U05"].set_index("indicator")["score"]
    for code, score in scores.items():
        numbers = kaohe.explain(master, "U05", str(code), period="2007-H1")["number"].dropna()
        assert score in set(numbers), code
    assert set(steps["indicator"]) >= set(scores.index)


def test_an_explanation_of_nobody(result: kaohe.Result) -> None:
    assert result.backup is not None
    with pytest.raises(JobError, match="没有"):
        kaohe.explain(result.backup.parents[1] / MASTER, "没有这个区")


def test_grades_vetoes_and_outcomes(tmp_path: Path) -> None:
    """WXJ5: lowered by one and last in the grade; WXJ7: twenty of A and B, ten of C."""
    made = demo("WX-J", tmp_path / "演示")
    found = kaohe.consolidate(made.folder / MASTER, made.folder / INBOX, dry_run=True)
    barred = found.standings.set_index("unit").loc["B46"]
    assert (barred["first_grade"], barred["grade"], barred["vetoes"]) == ("优秀", "良好", "V2")
    group = found.standings[found.standings["group"] == barred["group"]]
    assert barred["place"] == group[group["grade"] == "良好"]["place"].max()
    assert set(kinds(found.outcomes).values()) == {"str"}
    proposed = found.outcomes[found.outcomes["state"] == "符合"]
    assert list(proposed["rule"].value_counts().loc[["R1", "R2"]]) == [20, 10]
    refused = found.outcomes[(found.outcomes["rule"] == "R1") & (found.outcomes["unit"] == "B46")]
    assert list(refused["proposal"]) == ["因否决不予:机关绩效考核二十佳"]


def test_an_earlier_version_can_be_named(result: kaohe.Result) -> None:
    assert result.backup is not None
    folder = result.backup.parents[1]
    version = result.report["scheme"]["version"]
    again = kaohe.consolidate(folder / MASTER, folder / INBOX, scheme_version=version, dry_run=True)
    assert list(again.standings["total"]) == list(result.standings["total"])
    with pytest.raises(JobError, match="0000000000"):
        kaohe.consolidate(folder / MASTER, folder / INBOX, scheme_version="0000000000", dry_run=True)


def test_the_report_is_what_the_json_holds(result: kaohe.Result) -> None:
    assert result.backup is not None
    path = result.backup.parents[1] / "report.json"
    assert json.loads(path.read_text(encoding="utf-8")) == result.report
