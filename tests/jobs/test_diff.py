"""`kaohe diff`: what differs between two masters, and which change moved which score, rank and grade."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from kaohe.assess.differences_replay import Cause
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.demo import demo
from kaohe.jobs.diff import Diff, diff
from kaohe.jobs.diff_report import diff_report
from kaohe.jobs.whatif import Asked, whatif
from kaohe.tables import plain
from kaohe.workbooks.grid import Value
from kaohe.workbooks.package import fill
from kaohe.workbooks.read import read_book
from tests.support.command import kaohe
from tests.support.line import Desk, grid

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "diff.schema.json"
TABLES = {
    "部分": """
        代码|名称|上级|满分|性质
        A|发展||60|计分
        B|民生||40|计分
        J|加分||5|加分
        """,
    "指标": """
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|条款
        X1|A|产值|亿元|正向|60|目标完成率|月度|无|第三条
        X2|B|满意率|%|正向|25|功效系数组内|月度|无|第四条
        X3|B|投诉办结率|%|正向|15|比例计分|月度|无|第五条
        """,
    "单位": """
        单位代码|单位名称|考核组
        U1|东区|甲组
        U2|西区|甲组
        U3|南区|甲组
        """,
    "目标": """
        指标代码|单位代码|目标值|上年值
        X1|*|100|80
        """,
    "等次": """
        等次|对象|最低分|比例|名额
        优秀|*|||1
        合格|*|||
        """,
    "否决事项": """
        代码|事项|后果|降档
        V1|事故|降等次|1
        """,
}
VALUES = {"U1": (95, 90, 80), "U2": (90, 85, 90), "U3": (70, 70, 85)}


def typed(values: tuple[int, ...]) -> str:
    return "指标|完成值|原因|措施\n" + "\n".join(
        f"X{at}|{value}|缺人|补人" for at, value in enumerate(values, start=1)
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Issued, returned by three units, consolidated."""
    home = tmp_path / "台"
    home.mkdir()
    desk = Desk.new(home, **TABLES)
    desk.issue()
    for unit, values in VALUES.items():
        desk.fill(unit, typed(values))
    desk.consolidate()
    return desk


def place(master: Path, sheet: str, match: str, title: str) -> tuple[int, int]:
    """(row, column) of a cell by a value in its row and the heading of its column."""
    rows = grid(master, sheet).rows
    head = next(at for at, row in enumerate(rows) if title in map(plain, row))
    at = next(at for at, row in enumerate(rows) if at > head and match in map(plain, row))
    return at + 1, [plain(cell) for cell in rows[head]].index(title) + 1


def put(master: Path, sheet: str, match: str, title: str, value: float | str) -> None:
    """Type a value over a cell."""
    master.write_bytes(fill(master.read_bytes(), sheet, {place(master, sheet, match, title): value}))


def append(master: Path, sheet: str, **cells: float | str) -> None:
    """Type a row below the last one of a register."""
    rows = grid(master, sheet).rows
    head = next(at for at, row in enumerate(rows) if "期次" in map(plain, row))
    titles = [plain(cell) for cell in rows[head]]
    last = max(at for at, row in enumerate(rows) if any(cell is not None for cell in row)) + 2
    master.write_bytes(
        fill(master.read_bytes(), sheet, {(last, titles.index(k) + 1): v for k, v in cells.items()})
    )


def before_and_after(desk: Desk, change: Callable[[Path], object]) -> Diff:
    """The master before a change, and after it was consolidated anew."""
    before = desk.folder.parent / "先前.xlsx"
    shutil.copy2(desk.master, before)
    change(desk.master)
    desk.consolidate()
    return diff(before, desk.master)


def causes(found: Diff) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    """(unit, indicator or '') → kinds of the causes, and whether they came through others."""
    told = {(row.unit.code, row.indicator): row.causes for row in found.attribution.scores}
    told |= {(row.unit.code, ""): row.causes for row in found.attribution.units}
    chained(found)
    return {key: [(cause.kind, cause.others) for cause in row] for key, row in told.items()}


def chained(found: Diff) -> None:
    """Causes lead without a gap from what was to what is."""
    for unit in found.attribution.units:
        before, after = unit.before, unit.after
        assert before is not None
        assert after is not None
        linked(unit.causes, before.total, after.total)
    for score in found.attribution.scores:
        linked(score.causes, score.before, score.after)


def linked(causes: Sequence[Cause], before: float | None, after: float | None) -> None:
    for one, next_ in itertools.pairwise(causes):
        assert one.after == next_.before
    if causes:
        assert (causes[0].before, causes[-1].after) == (before, after)
    else:
        assert before == after


def test_the_same_master_differs_in_nothing(desk: Desk, tmp_path: Path) -> None:
    shutil.copy2(desk.master, tmp_path / "另.xlsx")
    found = diff(desk.master, tmp_path / "另.xlsx")
    assert not found.any
    assert found.replayed


def test_a_new_return_changes_its_unit_and_through_the_group_the_others(desk: Desk) -> None:
    """X2 compares the units: when the best one falls, the others gain without having done anything."""
    found = before_and_after(desk, lambda _: desk.fill("U1", typed((95, 80, 80)), name="东区-改.xlsx"))
    told = causes(found)
    assert told["U1", "X2"] == [("填报", False)]
    assert told["U2", "X2"] == [("填报", True)]
    assert told["U2", ""] == [("填报", True)]
    assert ("U2", "X1") not in told
    changed = [row for row in found.differences if row.indicator == "X2"]
    assert [(row.title, row.field, row.before, row.after, row.file) for row in changed] == [
        ("填报数据", "完成值", "90", "80", "东区-改.xlsx")
    ]
    cell = changed[0].place_after.cell
    rows = grid(desk.master, "填报数据").rows
    assert rows[int(cell[1:]) - 1][6] == 80 or rows[int(cell[1:]) - 1][6] == "80"
    moved = {row.unit.code: row for row in found.attribution.units}
    assert (moved["U1"].before.rank, moved["U1"].after.rank) == (1, 2)  # type: ignore[union-attr]
    assert [(c.kind, c.before, c.after, c.others) for c in moved["U2"].ranked] == [("填报", 2, 1, True)]
    assert [(c.kind, c.before, c.after) for c in moved["U2"].graded] == [("填报", "合格", "优秀")]


def reweigh(master: Path) -> None:
    put(master, "指标", "X2", "权重", 20)
    put(master, "指标", "X3", "权重", 20)


def everybody(*codes: str) -> set[tuple[str, str]]:
    return {(unit, code) for unit in VALUES for code in codes}


SCHEME: list[tuple[Callable[[Path], None], str, set[tuple[str, str]]]] = [
    (reweigh, "权重", everybody("X2", "X3")),
    (lambda m: put(m, "指标", "X1", "计分方法", "达标得满分"), "计分方法", everybody("X1")),
    (lambda m: put(m, "目标", "X1", "目标值", 95), "目标", everybody("X1")),
    (lambda m: put(m, "方案", "得分小数位", "值", 0), "设置", set()),
]


@pytest.mark.parametrize(("change", "kind", "scores"), SCHEME, ids=[row[1] for row in SCHEME])
def test_a_change_of_the_scheme(
    desk: Desk, change: Callable[[Path], None], kind: str, scores: set[tuple[str, str]]
) -> None:
    if kind == "设置":
        put(desk.master, "目标", "X1", "目标值", 97)  # scores with decimals
        desk.consolidate()
    found = before_and_after(desk, change)
    told = causes(found)
    assert {kinds for row in told.values() for kinds, _ in row} == {kind}
    assert not any(others for row in told.values() for _, others in row)
    if scores:
        assert {key for key in told if key[1]} == scores
    assert all(row.of_scheme for row in found.differences)


WHO = {"单位代码": "U1", "依据": "纪要", "决定人": "甲", "日期": "2007-06-03"}
REGISTERS: list[tuple[str, dict[str, Any]]] = [
    ("核定", {"单位代码": "U1", "指标代码": "X1", "核定值": "80", "核定人": "甲", "依据": "核"}),
    ("人工调整", {**WHO, "指标代码": "X1", "项目": "得分", "调整为": "40"}),
    (
        "申诉",
        {
            "单位代码": "U1",
            "指标代码": "X1",
            "状态": "变更",
            "变更项目": "得分",
            "变更为": "59",
            "依据": "纪要",
        },
    ),
    ("加减分", {**WHO, "项目代码": "J", "分数": 2, "事由": "表彰"}),
    ("否决", {**WHO, "事项代码": "V1"}),
]


@pytest.mark.parametrize(("register", "cells"), REGISTERS, ids=[row[0] for row in REGISTERS])
def test_a_row_of_a_register(desk: Desk, register: str, cells: dict[str, Any]) -> None:
    found = before_and_after(desk, lambda master: append(master, register, 期次="2007-H1", **cells))
    told = causes(found)
    assert [(row.title, row.kind, row.unit) for row in found.differences] == [(register, "增", "U1")]
    mine = next(row for row in found.attribution.units if row.unit.code == "U1")
    if register == "否决":
        assert mine.causes == ()
        assert [(c.kind, c.before, c.after, c.others) for c in mine.graded] == [
            ("否决", "优秀", "合格", False)
        ]
    else:
        assert told["U1", ""] == [(register, False)]
    if register in ("核定", "人工调整", "申诉"):
        assert told["U1", "X1"] == [(register, False)]
    through = [row for row in found.attribution.units if row.unit.code != "U1"]
    assert all(cause.others for row in through for cause in (*row.causes, *row.ranked, *row.graded))


def test_several_at_once_are_told_apart(desk: Desk) -> None:
    def change(master: Path) -> None:
        reweigh(master)
        desk.fill("U3", typed((99, 70, 85)), name="南区-改.xlsx")
        append(master, "加减分", 期次="2007-H1", 单位代码="U3", 项目代码="J", 分数=1, 事由="表彰", 依据="文")

    found = before_and_after(desk, change)
    told = causes(found)
    assert told["U3", ""] == [("权重", False), ("填报", False), ("加减分", False)]
    assert told["U1", ""] == [("权重", False)]
    assert told["U3", "X1"] == [("填报", False)]


def test_the_step_of_the_register_of_states(desk: Desk, tmp_path: Path) -> None:
    before = tmp_path / "先前.xlsx"
    shutil.copy2(desk.master, before)
    done = kaohe(
        "decide",
        desk.master,
        "--state",
        "领导小组审核",
        "--basis",
        "纪要1号",
        "--person",
        "甲",
        "--date",
        "2007-07-12",
    )
    assert done.code == 0, done.err
    found = diff(before, desk.master)
    assert (found.before.state, found.after.state) == ("初步", "领导小组审核")
    told = [(row.title, row.kind, row.before, row.after) for row in found.differences if row.title != "审定"]
    assert told == [("定稿登记", "改", "0", "3")]
    assert [row.kind for row in found.differences if row.title == "审定"] == ["增"]
    assert found.attribution.units == ()
    assert found.any


def test_one_that_was_never_consolidated(tmp_path: Path) -> None:
    home = tmp_path / "台"
    home.mkdir()
    desk = Desk.new(home, **TABLES)
    desk.issue()
    before = tmp_path / "先前.xlsx"
    shutil.copy2(desk.master, before)
    for unit, values in VALUES.items():
        desk.fill(unit, typed(values))
    desk.consolidate()
    found = diff(before, desk.master)
    assert found.before.assessment is None
    assert not found.replayed
    assert {(row.unit.code, row.before) for row in found.attribution.units} == {(u, None) for u in VALUES}
    assert {row.causes for row in found.attribution.units} == {()}
    assert {row.title for row in found.differences} == {"填报数据"}
    back = diff(desk.master, before)
    assert {row.after for row in back.attribution.units} == {None}
    assert {row.kind for row in back.differences} == {"删"}


def test_a_master_of_an_earlier_program(desk: Desk, tmp_path: Path) -> None:
    """It lacks registers and a setting of today; what is blank there, or at its default, is no difference."""
    before = tmp_path / "先前.xlsx"
    book = openpyxl.load_workbook(desk.master)
    for title in ("审定", "征求意见", "佐证材料"):
        del book[title]
    book.save(before)
    found = diff(before, desk.master)
    assert found.differences == ()
    assert found.attribution.scores == ()


def test_two_years(tmp_path: Path, desk: Desk) -> None:
    """Two periods: the results and the scheme are compared, causes are not told."""
    before = tmp_path / "先前.xlsx"
    shutil.copy2(desk.master, before)
    desk.issue("2007-Q3")
    for unit, values in VALUES.items():
        desk.fill(unit, typed((values[0] + 5, *values[1:])), name=f"{unit}-Q3.xlsx")
    desk.consolidate("2007-Q3")
    found = diff(before, desk.master)
    assert not found.replayed
    assert any("期次不同" in note for note in found.notes)
    assert ("下发登记", "3", "6") in [(row.title, row.before, row.after) for row in found.differences]
    assert {row.indicator for row in found.attribution.scores} == {"X1"}
    same = diff(before, desk.master, period_code="2007-H1")
    assert same.replayed
    assert not same.attribution.scores


def test_the_list_of_changes_to_the_scheme(desk: Desk, tmp_path: Path) -> None:
    """Y1: 修改对照表: clause, what stood there, what stands there now."""
    before, sheet = tmp_path / "先前.xlsx", tmp_path / "对照.xlsx"
    shutil.copy2(desk.master, before)
    put(desk.master, "指标", "X1", "权重", 55)
    append(desk.master, "加减分", 期次="2007-H1", 单位代码="U3", 项目代码="J", 分数=1, 事由="表彰", 依据="文")
    done = kaohe("diff", before, desk.master, "--scheme", "--out", sheet)
    assert done.code == 1
    found = read_book(sheet.read_bytes(), sheet.name).sheets
    assert list(found) == ["修改对照表"] or "修改对照表" in found
    rows = [list(row) for row in found["修改对照表"].rows[4:]]
    assert rows == [[1, "指标", "X1《产值》", "权重", "60", "55", "第三条"]]
    assert "变化" not in found
    same = kaohe("diff", before, before, "--scheme")
    assert (same.code, "没有不同" in same.out) == (0, True)


def test_sheets_say_what_the_comparison_says(desk: Desk, tmp_path: Path) -> None:
    found = before_and_after(desk, lambda _: desk.fill("U1", typed((95, 80, 80)), name="东区-改.xlsx"))
    sheet, report = tmp_path / "变化.xlsx", tmp_path / "变化.json"
    done = kaohe("diff", found.before.path, desk.master, "--out", sheet, "--json", report)
    assert done.code == 1
    sheets = read_book(sheet.read_bytes(), sheet.name).sheets
    titles = [plain(cell) for cell in sheets["变化"].rows[3]]
    rows: dict[str, dict[str, Value]] = {
        str(row[1]): dict(zip(titles, row, strict=False)) for row in sheets["变化"].rows[4:]
    }
    for change in found.attribution.units:
        assert change.before is not None
        assert change.after is not None
        row = rows[change.unit.name]
        assert (row["原名次"], row["现名次"]) == (change.before.rank, change.after.rank)
        assert (row["原得分"], row["现得分"]) == (change.before.total, change.after.total)
    assert "因他单位变化" in str(rows["西区"]["得分变化的原因"])
    assert "东区-改.xlsx" in str(rows["东区"]["得分变化的原因"])
    assert len(sheets["得分变化"].rows) == 4 + len(found.attribution.scores)
    assert len(sheets["改动清单"].rows) == 4 + len(found.differences)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    content = json.loads(report.read_text(encoding="utf-8"))
    jsonschema.validate(content, schema)
    assert content == json.loads(json.dumps(diff_report(found)))


def test_results_that_are_not_those_of_the_ranking_are_said_to_be_so(desk: Desk, tmp_path: Path) -> None:
    """A target was changed, nothing consolidated: what stands in the tables counts, and a note says so."""
    before = tmp_path / "先前.xlsx"
    shutil.copy2(desk.master, before)
    put(desk.master, "目标", "X1", "目标值", 95)
    found = diff(before, desk.master)
    assert any("以现有内容重算" in note and "与《排名》不同" in note for note in found.notes)
    assert {row.indicator for row in found.attribution.scores} == {"X1"}
    notes = whatif(desk.master, draws=20).notes
    assert any("以总表现有的内容为准" in note for note in notes)


def test_a_trial_of_a_decided_period_starts_from_what_was_decided(desk: Desk) -> None:
    step = ("--state", "领导小组审核", "--basis", "纪要1号", "--person", "甲", "--date", "2007-07-12")
    assert kaohe("decide", desk.master, *step).code == 0
    found = whatif(desk.master, Asked(weights=["X2=20"]), draws=20)
    assert {row.rank for row in found.before.standings} == {1, 2, 3}
    assert not any("与《排名》不同" in note for note in found.notes)


def test_both_masters_are_only_read_and_never_written_over(desk: Desk, tmp_path: Path) -> None:
    before = tmp_path / "先前.xlsx"
    shutil.copy2(desk.master, before)
    looks = [(path.read_bytes(), path.stat().st_mtime_ns) for path in (before, desk.master)]
    for option in ("--out", "--json"):
        for target in (before, desk.master):
            assert kaohe("diff", before, desk.master, option, target, "--overwrite").code == 2
    assert kaohe("diff", before, desk.master).code == 0
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in (before, desk.master)] == looks


def test_wrong_use_is_told(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "不是.xlsx"
    openpyxl.Workbook().save(other)
    for arguments, told in (
        ((tmp_path / "没有.xlsx", desk.master), "找不到"),
        ((other, desk.master), "不是考核总表"),
        ((desk.master, desk.master, "--period", "2006"), "都没有汇总过"),
        ((desk.master, desk.master, "--out", tmp_path / "没有" / "变化.xlsx"), "不存在"),
    ):
        done = kaohe("diff", *arguments)
        assert done.code == 2
        assert told in done.err


def test_a_demo_of_125_units_with_every_kind_of_change(tmp_path: Path) -> None:
    """WX-J: causes chain to the totals; nothing is left unexplained."""
    made = demo("WX-J", tmp_path / "演示")
    master, before = made.folder / "总表.xlsx", tmp_path / "先前.xlsx"
    shutil.copy2(master, before)
    put(master, "指标", "M01", "权重", 21)
    put(master, "指标", "M02", "权重", 14)
    put(master, "方案", "总分小数位", "值", 1)
    more: dict[str, Any] = {"项目代码": "J01", "分数": 1.5, "事由": "新表彰", "日期": "2016-12-05"}
    append(master, "加减分", **{**WHO, **more, "期次": "2016", "单位代码": "A02"})
    consolidate(master, made.folder / "回收", period_code="2016", clock=lambda: dt.datetime(2017, 1, 20, 9))
    found = diff(before, master)
    kinds = {kind for row in causes(found).values() for kind, _ in row}
    assert kinds == {"权重", "设置", "加减分"}
    assert len(found.attribution.units) > 100
