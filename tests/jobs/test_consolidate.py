"""Consolidating on files: again and again, with odd files in the folder, with the folder emptied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, KNOWN
from kaohe.jobs.check import check
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.master import open_master
from kaohe.jobs.report import report
from kaohe.model import Record
from kaohe.sheets.form_layout import FORM_TITLE
from kaohe.workbooks.grid import Value
from kaohe.workbooks.package import create, fill
from kaohe.workbooks.plan import BookPlan, Scalar, SheetPlan
from tests.jobs import file_cases
from tests.support import bh, example
from tests.support.line import Desk, filled, grid, table_rows

FULL = "指标|完成值\nX1|100\nX2|95"
LOW = "指标|完成值|原因|措施\nX1|80|停产|追赶\nX2|95||"
RESULTS = ("排名", "得分明细", "失分分析", "进度预警", "问题清单")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Both units' forms issued and returned."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", LOW)
    return desk


def results(desk: Desk) -> dict[str, list[list[object]]]:
    """What the result sheets show."""
    return {name: [list(row) for row in grid(desk.master, name).rows] for name in RESULTS}


def states(done: Consolidation) -> dict[str, str]:
    return {item.workbook: item.state for item in done.assessment.intake.inputs}


def ranks(done: Consolidation) -> dict[str, int | None]:
    return {s.unit.code: s.rank for s in done.assessment.standings}


def codes(done: Consolidation) -> list[str]:
    return [finding.code for finding in done.assessment.findings]


def test_the_master_shows_the_result(desk: Desk) -> None:
    done = desk.consolidate()
    assert codes(done) == []
    shown = [(row["名次"], row["单位"], row["总分"]) for row in desk.rows("排名")]
    assert shown == [(1, "东区", 100), (2, "西区", 88)]


def test_running_again_changes_no_result(desk: Desk) -> None:
    """填报数据 does not grow; only 运行记录 does."""
    first = desk.consolidate()
    shown, records = results(desk), desk.rows("填报数据")
    again = desk.consolidate()
    assert report(again.assessment)["standings"] == report(first.assessment)["standings"]
    assert results(desk) == shown
    assert desk.rows("填报数据") == records
    assert len(records) == 4
    assert set(states(again).values()) == {KNOWN}
    assert len(desk.rows("运行记录")) == 4


def test_an_emptied_folder_keeps_the_results(desk: Desk) -> None:
    first = desk.consolidate()
    for path in desk.inbox.iterdir():
        path.unlink()
    again = desk.consolidate()
    assert report(again.assessment)["standings"] == report(first.assessment)["standings"]
    assert codes(again) == []
    assert states(again) == {}


def test_the_old_master_is_backed_up_each_time(desk: Desk) -> None:
    before = desk.master.read_bytes()
    done = desk.consolidate()
    assert done.backup is not None
    assert done.backup.read_bytes() == before
    assert done.backup.parent.name == "备份"


def test_a_correction_replaces_and_the_register_says_so(desk: Desk) -> None:
    desk.consolidate()
    desk.fill("U2", FULL, name="西区 更正.xlsx")
    done = desk.consolidate()
    assert ranks(done) == {"U1": 1, "U2": 1}
    rows = [row for row in desk.rows("填报数据") if row["单位代码"] == "U2" and row["指标代码"] == "X1"]
    assert [row["原填内容"] for row in rows] == ["80", "100"]
    assert [str(row["被替代"] or "").partition("(")[0] for row in rows] == ["西区 更正.xlsx", ""]


@pytest.mark.parametrize("later", ["a.xlsx", "z.xlsx"])
def test_of_two_versions_the_later_by_time_counts(later: str, desk: Desk) -> None:
    """The time of the file decides, not its name; and again in the next run."""
    earlier = "z.xlsx" if later == "a.xlsx" else "a.xlsx"
    for path in desk.inbox.iterdir():
        path.unlink()
    desk.fill("U1", LOW, name=earlier)
    desk.fill("U1", FULL, name=later)
    desk.fill("U2", FULL)
    for _ in range(3):
        done = desk.consolidate()
        assert states(done)[earlier] == DUPLICATE
        assert codes(done) == ["W14"]
        assert ranks(done) == {"U1": 1, "U2": 1}


def test_the_same_file_twice(desk: Desk) -> None:
    original = desk.inbox / desk.form("U1").name
    shutil.copy2(original, desk.inbox / "东区 - 副本.xlsx")
    done = desk.consolidate()
    assert codes(done) == ["W07"]
    assert sorted(states(done).values()) == sorted([CONSOLIDATED, CONSOLIDATED, DUPLICATE])
    assert len(desk.rows("填报数据")) == 4


@pytest.mark.parametrize("case", file_cases.CASES, ids=lambda case: case.name)
def test_an_odd_file_never_stops_the_others(case: file_cases.FileCase, desk: Desk) -> None:
    (desk.inbox / case.name).parent.mkdir(exist_ok=True)
    (desk.inbox / case.name).write_bytes(case.data)
    done = desk.consolidate()
    assert ranks(done) == {"U1": 1, "U2": 2}
    found = [(f.code, f.location.workbook) for f in done.assessment.findings]
    assert found == ([(case.code, case.name)] if case.code else [])
    assert (case.name in states(done)) == (case.code in ("W01", "W02"))


def test_all_odd_files_at_once(desk: Desk) -> None:
    for case in file_cases.CASES:
        (desk.inbox / case.name).parent.mkdir(exist_ok=True)
        (desk.inbox / case.name).write_bytes(case.data)
    done = desk.consolidate()
    assert sorted(codes(done)) == sorted(file_cases.CODES)
    assert ranks(done) == {"U1": 1, "U2": 2}


def test_a_folder_in_the_folder(desk: Desk) -> None:
    (desk.inbox / "第二批").mkdir()
    name = desk.form("U2").name
    os.replace(desk.inbox / name, desk.inbox / "第二批" / name)
    done = desk.consolidate()
    assert states(done)[f"第二批/{name}"] == CONSOLIDATED
    assert ranks(done) == {"U1": 1, "U2": 2}


def shown(value: Value) -> Scalar:
    """A value as somebody copies it."""
    return value if isinstance(value, str | float | int) else None


def test_a_workbook_without_its_hidden_identity(desk: Desk) -> None:
    """Copied into a new workbook: the number on its face tells whose it is; the later of the two counts."""
    rows = grid(desk.inbox / desk.form("U1").name, "自测表").rows
    plan = SheetPlan("自测表", "自测表", [list(map(shown, row)) for row in rows], ("text",) * 19)
    skeleton = (Path(__file__).parents[2] / "templates" / "自测完成情况表.xlsx").read_bytes()
    (desk.inbox / "抄本.xlsx").write_bytes(create(skeleton, BookPlan((plan,))))
    done = desk.consolidate()
    found = [(f.code, f.location.workbook) for f in done.assessment.findings]
    assert sorted(found) == [("W07", desk.form("U1").name), ("W18", "抄本.xlsx")]


def test_the_master_in_the_folder_of_returns_is_no_return(desk: Desk) -> None:
    """Neither it nor its backups, run after run."""
    master = desk.inbox / "总表.xlsx"
    os.replace(desk.master, master)
    for _ in range(2):
        done = consolidate(master, desk.inbox, clock=desk.clock)
        assert codes(done) == []
        assert ranks(done) == {"U1": 1, "U2": 2}


def test_another_masters_form(desk: Desk, tmp_path: Path) -> None:
    """W03: its number is registered elsewhere; and the unit itself has not reported."""
    (tmp_path / "别处").mkdir()
    other = Desk.new(tmp_path / "别处")
    other.hours = 7
    other.issue()
    source = desk.inbox / desk.form("U1").name
    source.write_bytes(filled(other.form("U1").read_bytes(), FULL))
    done = desk.consolidate()
    assert sorted(codes(done)) == ["W03", "W08"]
    assert ranks(done) == {"U1": None, "U2": 1}


def test_another_periods_form(desk: Desk) -> None:
    """W15 for the odd one of a unit that has reported: the period most forms are of is consolidated."""
    desk.issue("2007-07", units=["U1"])
    july = filled((desk.out / "东区-自测完成情况表-2007-07.xlsx").read_bytes(), FULL)
    (desk.inbox / "东区 七月.xlsx").write_bytes(july)
    done = desk.consolidate()
    assert done.assessment.scores.period.code == "2007-H1"
    assert [(f.code, f.location.workbook) for f in done.assessment.findings] == [("W15", "东区 七月.xlsx")]
    named = desk.consolidate("2007-07")
    assert ranks(named) == {"U1": 1, "U2": None}


def test_two_processes_find_the_same(desk: Desk) -> None:
    (desk.inbox / "坏.xlsx").write_bytes(b"PK\x03\x04")
    one = consolidate(desk.master, desk.inbox, jobs=1, dry_run=True)
    two = consolidate(desk.master, desk.inbox, jobs=2, dry_run=True)
    assert report(two.assessment) == report(one.assessment)


def test_no_period_can_be_told(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="--period"):
        Desk.new(tmp_path).consolidate()


def test_a_period_that_was_never_issued(desk: Desk) -> None:
    before = desk.master.read_bytes()
    with pytest.raises(JobError, match=r"2007-Q3 没有下发过.已下发:2007-H1."):
        desk.consolidate("2007-Q3")
    assert desk.master.read_bytes() == before


def test_nothing_was_issued_yet(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    with pytest.raises(JobError, match="还没有下发过任何一期"):
        desk.consolidate("2007-H1")


@pytest.mark.parametrize(
    ("sheet", "heading", "says"),
    [
        ("指标", "", "没有找到《指标》"),
        ("单位", "", "没有找到《单位》"),
        ("指标", "指标代码", "没有找到《指标》的“指标代码”列"),
    ],
)
def test_a_table_or_column_that_is_missing_is_named(sheet: str, heading: str, says: str, desk: Desk) -> None:
    """S11, as issuing says it; not that the table is empty."""
    book = openpyxl.load_workbook(desk.master)
    if heading:
        cell = next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == heading)
        cell.value = "改了名"
    else:
        del book[sheet]
    book.save(desk.master)
    before = desk.master.read_bytes()
    with pytest.raises(JobError) as refused:
        desk.consolidate()
    assert says in str(refused.value)
    assert "是空的" not in str(refused.value)
    assert desk.master.read_bytes() == before


def test_checking_is_what_consolidating_would_find(desk: Desk) -> None:
    """The same findings about the same cells, and nothing is written."""
    desk.fill("U1", "指标|完成值\nX1|约90\nX2|较好")
    before = desk.master.read_bytes()
    checked = check([desk.inbox], master_path=desk.master).findings
    assert desk.master.read_bytes() == before
    done = desk.consolidate()
    assert [f.message for f in checked] == [f.message for f in done.assessment.findings]
    assert [(f.code, f.location.indicator) for f in checked] == [("V03", "X1"), ("V02", "X2")]


def test_checking_one_file_speaks_of_that_file_only(desk: Desk) -> None:
    path = desk.fill("U1", "指标|完成值\nX1|约90\nX2|95")
    found = check([path], master_path=desk.master).findings
    assert [(f.code, f.location.workbook) for f in found] == [("V03", path.name)]
    assert check([desk.inbox / desk.form("U2").name], master_path=desk.master).findings == ()


def test_what_the_clerk_altered_is_asked_about(desk: Desk) -> None:
    """V12, V13: weight and target typed over; the master's count. V11: the form's own score is stale."""
    path = desk.inbox / desk.form("U1").name
    path.write_bytes(fill(path.read_bytes(), FORM_TITLE, {(8, 6): 90.0, (8, 7): 50.0, (8, 14): 77.0}))
    done = desk.consolidate()
    assert sorted((f.code, f.location.indicator) for f in done.assessment.findings) == [
        ("V11", "X1"),
        ("V12", "X1"),
        ("V13", "X1"),
    ]
    assert ranks(done) == {"U1": 1, "U2": 2}


def test_bh9_the_query_names_the_masters_cell() -> None:
    """BH9 on files: 总表.xlsx《方案》, the cell where ten are declared."""
    (found,) = [f for f in example.made().result.assessment.findings if f.code == "S08"]
    master = example.made().folder / example.MASTER
    column, row = found.location.cell[0], int(found.location.cell[1:])
    assert found.location.sheet == "方案"
    assert grid(master, "方案").at(row, ord(column) - ord("A") + 1) == 10
    assert grid(master, "方案").at(row, 1) == "年度指标数"


def test_bh_files_and_pure_values_come_to_the_same() -> None:
    """The line on files adds nothing and loses nothing."""
    pure = {s.unit.code: (s.total, s.rank, dict(s.parts), s.behind) for s in bh.example().standings}
    made = example.made().result.assessment
    assert {s.unit.code: (s.total, s.rank, dict(s.parts), s.behind) for s in made.standings} == pure
    kept = open_master(example.made().folder / example.MASTER).records
    assert said(kept) == said(bh.example().intake.records)


def said(records: Iterable[Record]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What clerks typed; the value of a composite nobody types."""
    return {
        (r.unit, r.indicator): (r.department, "" if r.indicator == "D01" else r.typed, r.reason, r.mark)
        for r in records
    }


def test_bh8_progress_warning_carries_mark_reason_and_measure() -> None:
    """BH8, BH-O: the six that are behind, a marked component, and what the department said of each."""
    rows = table_rows(example.made().folder / example.MASTER, "进度预警")
    mine = {str(row["指标代码"]): row for row in rows if row["单位"] == "滨湖区"}
    assert {code for code, row in mine.items() if row["失分"]} == {"A04", "A08", "B01", "B03", "B05", "D01"}
    assert (mine["B03"]["标记"], mine["B05"]["标记"]) == ("有不确定性", "未达标")
    assert mine["B01"]["数据状态"] == "预计"
    typed = bh.entries()
    for code, row in mine.items():
        said = typed[bh.BINHU, code]
        assert (row["原因"] or "", row["措施"] or "") == (said["原因"], said["措施"])


def test_bh3_six_rows_of_the_warning_are_behind() -> None:
    """A reader who filters 未达序时 must count the six that the ranking counts."""
    rows = table_rows(example.made().folder / example.MASTER, "进度预警")
    states = [row["状态"] for row in rows if row["单位"] == "滨湖区"]
    assert states.count("未达序时") == 6
