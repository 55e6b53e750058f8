"""组参数: measures, ranks and figures of every range of comparison, live, and what 得分明细 makes of them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import Consolidation
from kaohe.workbooks.grid import Value
from tests.office.cached import kept
from tests.support.libreoffice import recalculate, require_soffice
from tests.support.line import Desk, table_rows

pytestmark = pytest.mark.full

METHODS = (
    "排名赋分",
    "达标进位",
    "功效系数组内",
    "功效系数组内逆向",
    "极差法",
    "极差法逆向",
    "标准分",
    "标准分逆向",
    "增幅功效组内",
    "对标增速",
    "对标加速",
    "增速极差",
)
CODES = {method: f"X{number}" for number, method in enumerate(METHODS, start=1)}
LOWER = "逆向"
OWN = (
    "名称|得分|完成率|达标|参数|填写类型|度量\n"
    "增速极差|权重*IF(组最大值=组最小值,1,(度量值-组最小值)/(组最大值-组最小值))|度量值|度量值>=组平均值||数值|"
    "(完成值-上年值)/上年值"
)
UNITS = """
    单位代码|单位名称|类别|考核组
    U1|东区|一类|甲组
    U2|西区|一类|甲组
    U3|南区|二类|甲组
    U4|北区|二类|乙组
    U5|=1+1|二类|丙组
    """
FIGURES = {"U1": 8.4, "U2": 9.1, "U3": 7.7, "U4": 9.1, "U5": 0.3}
PRIORS = {"U1": 8.0, "U2": 7.0, "U3": 7.7, "U4": -1.0, "U5": 0.1}
PARTNERS = {"U1": (7.9, 7.0), "U2": (9.6, 8.0), "U4": (6.0, 6.5)}
"""对标值 and 对标上年值; U3 and U5 have no partner."""


def tables(scope: str) -> dict[str, str]:
    rows = [f"{code}|A|{m}|{'逆向' if LOWER in m else '正向'}|5|{m}|无|" for m, code in CODES.items()]
    rows += ["X20|A|只考西区和北区|正向|0|排名赋分|无|U2、U4", "X21|B|满意率|正向|40|目标完成率|无|"]
    codes = [*CODES.values(), "X20", "X21"]
    targets = [f"{code}|{unit}|8|{PRIORS[unit]}" for code in codes for unit in FIGURES]
    partners = [
        f"{CODES[method]}|{unit}|{name}|{value}"
        for method in ("对标增速", "对标加速")
        for unit, pair in PARTNERS.items()
        for name, value in zip(("对标值", "对标上年值"), pair, strict=True)
        if (method, name) != ("对标增速", "对标上年值")
    ]
    shares = [f"{CODES[method]}|*|无对标系数|0.8" for method in ("对标增速", "对标加速")]
    return {
        "方案": f"项目|值\n方案代码|T\n考核年度|2007\n比较范围|{scope}\n上年值非正|只计总量",
        "部分": f"代码|名称|上级|满分\nA|发展||{5 * len(METHODS)}\nB|民生||40",
        "指标": "指标代码|上级|指标名称|指标性质|权重|计分方法|序时|适用\n" + "\n".join(rows),
        "单位": UNITS,
        "目标": "指标代码|单位代码|目标值|上年值\n" + "\n".join(targets),
        "参数": "指标代码|对象|参数|值\n" + "\n".join([*partners, *shares]),
        "计分方法": OWN,
    }


def played(folder: Path, scope: str) -> tuple[Desk, Consolidation]:
    desk = Desk.new(folder, **tables(scope))
    desk.issue()
    for unit, figure in FIGURES.items():
        codes = [*CODES.values(), *(["X20"] if unit in ("U2", "U4") else [])]
        lines = [f"{code}|{figure}|受灾|追赶" for code in codes]
        desk.fill(unit, "\n".join(["指标|完成值|原因|措施", *lines, "X21|8|受灾|追赶"]))
    return desk, desk.consolidate()


@pytest.fixture(scope="module")
def by_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Consolidation]:
    return played(tmp_path_factory.mktemp("class"), "类别")


def blocks(desk: Desk, heading: str) -> dict[tuple[str, str], dict[str, dict[str, Value]]]:
    """(indicator code, range) → 项目 → row of 组参数."""
    found: dict[tuple[str, str], dict[str, dict[str, Value]]] = {}
    for row in table_rows(desk.master, "组参数", "组最大值"):
        key = (str(row["指标代码"]), str(row[heading]))
        found.setdefault(key, {})[str(row["项目"])] = row
    return found


def test_measures_ranks_and_figures(by_class: tuple[Desk, Consolidation]) -> None:
    """Growth of U1 and U2 over the prior value, within the first class."""
    found = blocks(by_class[0], "类别")
    block = found[CODES["增幅功效组内"], "一类"]
    growth = [(8.4 - 8) / 8, (9.1 - 7) / 7]
    assert [block["单位"][f"第{n}个单位"] for n in (1, 2)] == ["东区", "西区"]
    assert [block["度量值"][f"第{n}个单位"] for n in (1, 2)] == pytest.approx(growth)
    assert [block["名次"][f"第{n}个单位"] for n in (1, 2)] == [2, 1]
    row = block["度量值"]
    assert [row["组最小值"], row["组最大值"]] == pytest.approx(growth)
    assert row["组标准差"] == pytest.approx((growth[1] - growth[0]) / 2)
    assert row["组单位数"] == 2
    other = found[CODES["增幅功效组内"], "二类"]
    assert [other["度量值"].get(f"第{n}个单位") for n in (1, 2, 3)] == [0, None, pytest.approx(2)]
    assert other["度量值"]["组单位数"] == 2


def test_only_those_it_applies_to_stand_there(by_class: tuple[Desk, Consolidation]) -> None:
    found = blocks(by_class[0], "类别")
    names = {key[1]: block["单位"]["第1个单位"] for key, block in found.items() if key[0] == "X20"}
    assert names == {"一类": "西区", "二类": "北区"}
    assert found["X20", "一类"]["完成值"]["组单位数"] == 1


def test_a_name_that_begins_with_a_sign_stays_text(by_class: tuple[Desk, Consolidation]) -> None:
    block = blocks(by_class[0], "类别")[CODES["极差法"], "二类"]
    assert block["单位"]["第3个单位"] == "=1+1"


def test_nothing_is_wrong_with_the_run(by_class: tuple[Desk, Consolidation]) -> None:
    """The units without a partner get the declared share, the one with a negative prior its base points."""
    _, done = by_class
    assert {f.code for f in done.assessment.findings} <= {"S21"}
    results = done.assessment.scores.results
    assert results[CODES["对标增速"]].points.tolist()[2] == 400
    assert results[CODES["增幅功效组内"]].points.tolist()[3] == 300


def formulas(master: Path, sheet: str, word: str) -> list[str]:
    return [cell.formula for cell in kept(master, sheet).values() if word in cell.formula]


def test_a_detail_row_refers_to_its_own_row_and_to_group_values(by_class: tuple[Desk, Consolidation]) -> None:
    live = [text for text in formulas(by_class[0].master, "得分明细", "组参数!") if text.startswith("IF(")]
    assert len(live) >= len(METHODS) * len(FIGURES)
    for text in live:
        own = set(re.findall(r"(?<![!$A-Z])[A-Z]{1,2}(\d+)\b", text))
        assert len(own) == 1, text
        assert set(re.findall(r"([^\s(),*/+=<>-]+)!", text)) == {"组参数"}


def test_one_block_of_figures_per_range(tmp_path: Path) -> None:
    desk, _ = played(tmp_path, "全部")
    found = blocks(desk, "比较范围")
    assert {key[1] for key in found} == {"全部"}
    block = found[CODES["排名赋分"], "全部"]
    ranks = {str(block["单位"][f"第{n}个单位"]): block["名次"][f"第{n}个单位"] for n in range(1, 6)}
    assert ranks == {"东区": 3, "西区": 1, "南区": 4, "北区": 1, "=1+1": 5}
    assert block["完成值"]["组标准差"] == pytest.approx(
        math.sqrt(sum((x - sum(FIGURES.values()) / 5) ** 2 for x in FIGURES.values()) / 5)
    )


@pytest.mark.soffice
@pytest.mark.parametrize("scope", ["考核组", "类别", "全部"])
def test_what_is_kept_is_what_libreoffice_computes(scope: str, tmp_path: Path) -> None:
    """Groups of three, one and one; classes of two and three; all five."""
    require_soffice()
    (tmp_path / "desk").mkdir()
    desk, _ = played(tmp_path / "desk", scope)
    saved = recalculate(desk.master, tmp_path / "saved")
    for sheet in ("组参数", "得分明细", "排名"):
        ours, theirs = kept(desk.master, sheet), kept(saved, sheet)
        live = {place: cell.value for place, cell in ours.items() if cell.formula}
        assert len(live) > 10
        wrong = [
            f"{sheet} {place} {ours[place].formula}: {value!r}, LibreOffice {theirs[place].value!r}"
            for place, value in live.items()
            if not _same(value, theirs[place].value if place in theirs else "")
        ]
        assert wrong == []


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-13, abs_tol=1e-15)
    return ours == theirs
