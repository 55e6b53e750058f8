"""An office's own method from a row of 计分方法 to the ranking; a method that compares units."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from kaohe.findings import Finding, has_errors
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from tests.support.line import Desk, grid, table_rows, write_folder

OWN = {
    "指标": """
        指标代码|上级|指标名称|计量单位|权重|计分方法|序时
        X1|A|产值|亿元|60|进位|无
        X2|B|满意率|%|40|目标完成率|无
        """,
    "计分方法": """
        名称|得分|完成率|达标|参数|填写类型
        进位|权重*MIN(1,完成值/上年值)*系数|完成值/上年值|完成值>=上年值|系数=0.9|数值
        """,
    "参数": "指标代码|对象|参数|值\nX1|U2|系数|0.5",
}
GROUP = {
    "指标": """
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|序时
        X1|A|产值|亿元|正向|60|功效系数组内|无
        X2|B|满意率|%|正向|40|目标完成率|无
        """,
    "单位": """
        单位代码|单位名称|考核组
        U1|东区|甲组
        U2|西区|甲组
        U3|南区|甲组
        U4|北区|乙组
        """,
}
FILLED = "指标|完成值\nX1|{x1}\nX2|90"


def formulas(book: Path, word: str) -> list[str]:
    """Formulas of a workbook that hold a word."""
    with zipfile.ZipFile(book) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    return [found for text in texts for found in re.findall(r"<f[^>]*>([^<]*)</f>", text) if word in found]


def test_an_own_method_needs_no_code(tmp_path: Path) -> None:
    """60 × min(1, 88/80) × 0.9 = 54, and × 0.5 = 30 for the unit whose parameter is 0.5."""
    desk = Desk.new(tmp_path, **OWN)
    desk.issue()
    for unit in ("U1", "U2"):
        desk.fill(unit, FILLED.format(x1=88))
    done = desk.consolidate()
    assert [finding.message for finding in done.assessment.findings] == []
    detail = {(r["单位代码"], r["指标代码"]): r for r in desk.rows("得分明细")}
    assert (detail["U1", "X1"]["得分"], detail["U2", "X1"]["得分"]) == (54, 30)
    assert {r["单位"]: r["总分"] for r in desk.rows("排名")} == {"东区": 94, "西区": 70}


def test_its_formula_stands_live_in_form_and_master(tmp_path: Path) -> None:
    """A leader presses F2: the rule's own text with cells for names, each unit's parameter in it."""
    desk = Desk.new(tmp_path, **OWN)
    desk.issue()
    for unit in ("U1", "U2"):
        desk.fill(unit, FILLED.format(x1=88))
    desk.consolidate()
    for book, factor in ((desk.form("U1"), "0.9"), (desk.form("U2"), "0.5")):
        (score,) = formulas(book, "MIN(1,K8/H8)")
        assert re.search(rf"ROUND\(F8\*MIN\(1,K8/H8\)\*{factor},2\)", score), score
    live = [re.sub(r"\(([A-Z]+\d+)\)", r"\1", formula) for formula in formulas(desk.master, "MIN(1,")]
    for row, factor in ((5, "0.9"), (7, "0.5")):
        assert [f for f in live if f"ROUND(J{row}*MIN(1,O{row}/L{row})*{factor},2)" in f]


@pytest.mark.parametrize("formula", ["权重*A1", "权重*NOW()", "权重*MIN(1,完成值/上年度值)"])
def test_a_refused_formula_keeps_forms_from_going_out(formula: str, tmp_path: Path) -> None:
    method = f"名称|得分|完成率|达标|参数|填写类型\n进位|{formula}|完成值/上年值|完成值>=上年值||数值"
    source = write_folder(tmp_path / "方案", **{**OWN, "计分方法": method, "参数": None})
    findings = new(str(source), tmp_path / "总表.xlsx")
    assert [finding.code for finding in findings] == ["S04"]
    assert re.search(r"“(A1|NOW|上年度值)”", findings[0].message)
    done = issue(tmp_path / "总表.xlsx", "2007-H1", tmp_path / "下发")
    assert has_errors(done.findings)
    assert not done.written
    assert named(tmp_path / "总表.xlsx", done.findings[0]) == "进位"


def test_a_new_master_names_the_row_of_a_refused_method(tmp_path: Path) -> None:
    method = "名称|得分|完成率|达标|参数|填写类型\n进位|权重*A1|完成值/上年值|完成值>=上年值||数值"
    source = write_folder(tmp_path / "方案", **{**OWN, "计分方法": method, "参数": None})
    (finding,) = new(str(source), tmp_path / "总表.xlsx")
    assert named(tmp_path / "总表.xlsx", finding) == "进位"


def named(master: Path, finding: Finding) -> object:
    """What stands in the cell a finding names."""
    column, row = finding.location.cell[0], int(finding.location.cell[1:])
    return grid(master, finding.location.sheet).at(row, ord(column) - ord("A") + 1)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Four units in two groups: 10, 20 and 40; 7 alone."""
    desk = Desk.new(tmp_path_factory.mktemp("group"), **GROUP)
    desk.issue()
    for unit, value in (("U1", 10), ("U2", 20), ("U3", 40), ("U4", 7)):
        desk.fill(unit, FILLED.format(x1=value))
    desk.consolidate()
    return desk


def test_group_values_stand_once_per_group(compared: Desk) -> None:
    rows = [row for row in table_rows(compared.master, "组参数", "组最大值") if row["项目"] == "完成值"]
    shown = [[row[key] for key in ("考核组", "组最大值", "组最小值", "组单位数")] for row in rows]
    assert shown == [["甲组", 40, 10, 3], ["乙组", 7, 7, 1]]
    assert rows[0]["组平均值"] == pytest.approx(70 / 3, rel=1e-12)


def test_scores_are_by_comparison(compared: Desk) -> None:
    """60 × (0.6 + 0.4 × (A − m)/(M − m)); a group of one is all equal, which gives full marks."""
    detail = {r["单位代码"]: r["得分"] for r in compared.rows("得分明细") if r["指标代码"] == "X1"}
    assert detail == {"U1": 36, "U2": 44, "U3": 60, "U4": 60}
    assert {r["单位"]: r["名次"] for r in compared.rows("排名")} == {
        "南区": 1,
        "西区": 2,
        "东区": 3,
        "北区": 1,
    }


def test_a_detail_row_refers_to_its_own_row_and_to_the_group_values(compared: Desk) -> None:
    live = [formula for formula in formulas(compared.master, "组参数!") if formula.startswith("IF(")]
    assert len(live) >= 4
    for formula in live:
        own = set(re.findall(r"(?<![!$A-Z])[A-Z]{1,2}(\d+)\b", formula))
        assert len(own) == 1, formula
        assert set(re.findall(r"([^\s(),*/+=<>-]+)!", formula)) == {"组参数"}


def test_the_form_says_that_the_score_comes_later(compared: Desk) -> None:
    row = next(row for row in grid(compared.form("U1"), "自测表").rows if row and row[1] == "X1")
    assert [value for value in row if value == "汇总后得出"] == ["汇总后得出"] * 3
    assert open_master(compared.master).findings == ()


def test_the_counts_of_a_form_as_issued_are_those_of_its_states(compared: Desk) -> None:
    """Protected View shows what the file holds: one row 未填, not two."""
    rows = grid(compared.form("U1"), "自测表").rows
    shown = next(row for row in rows if row and row[0] == "未填:")
    states = [row[14] for row in rows[6:] if len(row) > 14]
    assert shown[2] == states.count("未填") == 1
