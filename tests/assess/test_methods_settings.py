"""Settings of 方案 become defaults of the methods' parameters; a value in 参数 goes first."""

from __future__ import annotations

import pytest

from kaohe import settings as s
from kaohe.assess.load import load_scheme
from kaohe.assess.load_rows import parse_parameters
from kaohe.assess.methods import BUILT_IN, method_book, same_as_built_in, setting_number, with_defaults
from kaohe.assess.scoring import score
from kaohe.model import Scheme
from kaohe.rules.methods import METHODS, emit_score
from kaohe.sheets.scheme_tables import method_row
from tests.support.returns import H1
from tests.support.schemes import draw, small_scheme

FOLLOWED = {
    "超额封顶": {
        "目标完成率", "目标完成率逆向", "目标完成率逆向比值", "负目标完成率", "序时进度", "功效系数",
        "增长率增减", "降幅完成率", "总量增幅",
    },
    "序时容差": {"序时进度", "序时进度逆向", "序时进度逆向按序时"},
    "逆向完成率": {"目标完成率逆向"},
    "正向目标为0": {"目标完成率", "负目标完成率", "分档计分", "序时进度", "逐步扣分"},
    "组内相同": {
        "功效系数", "功效系数组内", "功效系数组内逆向", "极差法", "极差法逆向", "标准分", "标准分逆向",
        "增幅功效组内", "对标增速", "对标加速",
    },
    "上年值非正": {"总量增幅", "增幅功效组内"},
}  # fmt: skip
"""Setting → the methods that follow it; 标杆值比率 and 比例计分 have the cap of their source."""


def test_which_method_follows_which_setting() -> None:
    found: dict[str, set[str]] = {}
    for method in METHODS:
        for parameter in method.parameters:
            if parameter.setting:
                found.setdefault(parameter.setting, set()).add(method.name)
    assert found == FOLLOWED
    assert set(FOLLOWED) <= s.RULES


def test_the_defaults_of_the_settings_are_those_of_the_methods() -> None:
    """Worksheet functions know no 方案: they score as under the defaults."""
    assert {name: book.method for name, book in method_book(Scheme({})).methods.items()} == dict(BUILT_IN)
    for method in METHODS:
        assert with_defaults(method, s.DEFAULTS) == method


@pytest.mark.parametrize("name", FOLLOWED)
def test_every_choice_stands_for_a_number(name: str) -> None:
    setting = s.BY_NAME[name]
    numbers = [setting_number(name, {name: choice}) for choice in setting.choices or (0.0, 5.0)]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)
    assert setting_number("得分小数位", {}) is None


def under(setting: str, choice: str, method: str, actual: float, **tables: str | None) -> float | None:
    """The score of 60 points of U1 under one setting; target 100, prior 80, half the year unless drawn."""
    direction = "逆向" if "逆向" in method else "正向"
    rows = f"X1|A|产值|{direction}|60|{method}|按月\nX2|B|满意率|正向|40|目标完成率|无"
    drawn: dict[str, str | None] = {
        "方案": f"项目|值\n方案代码|T\n考核年度|2007\n{setting}|{choice}",
        "指标": f"指标代码|上级|指标名称|指标性质|权重|计分方法|序时\n{rows}",
    }
    row = score(small_scheme(**{**drawn, **tables}), H1, {"X1": {"U1": actual, "U2": actual}}).results["X1"]
    return int(row.points[0]) / 100 if row.scored[0] else None


def targets(target: float, prior: float = 80) -> str:
    return f"指标代码|单位代码|目标值|上年值\nX1|*|{target}|{prior}\nX2|*|90|85"


@pytest.mark.parametrize(
    ("setting", "choice", "method", "actual", "tables", "expected"),
    [
        ("超额封顶", "100%", "目标完成率", 150, {}, 60),
        ("超额封顶", "120%", "目标完成率", 150, {}, 72),
        ("超额封顶", "不封顶", "目标完成率", 150, {}, 90),
        ("超额封顶", "120%", "目标完成率", 150, {"参数": "指标代码|对象|参数|值\nX1|*|封顶|1.1"}, 66),
        ("超额封顶", "120%", "序时进度", 80, {}, 72),
        ("超额封顶", "不封顶", "标杆值比率", 200, {"参数": "指标代码|对象|参数|值\nX1|*|对标值|100"}, 60),
        ("超额封顶", "不封顶", "比例计分", 200, {}, 60),
        ("序时容差", "0", "序时进度", 48, {}, 57.6),
        ("序时容差", "5", "序时进度", 48, {}, 60),
        ("序时容差", "5", "序时进度", 47, {}, 56.4),
        ("序时容差", "5", "序时进度", 48, {"参数": "指标代码|对象|参数|值\n*|*|容差|0.01"}, 57.6),
        ("序时容差", "2.5", "序时进度逆向", 102.5, {}, 60),
        ("逆向完成率", "2-完成值/目标值", "目标完成率逆向", 160, {}, 24),
        ("逆向完成率", "目标值/完成值", "目标完成率逆向", 160, {}, 37.5),
        ("逆向完成率", "2-完成值/目标值", "目标完成率逆向比值", 160, {}, 37.5),
        ("正向目标为0", "报错", "目标完成率", 5, {"目标": targets(0)}, None),
        ("正向目标为0", "不小于0为达标", "目标完成率", 5, {"目标": targets(0)}, 60),
        ("正向目标为0", "不小于0为达标", "目标完成率", -5, {"目标": targets(0)}, 0),
        ("正向目标为0", "不小于0为达标", "序时进度", 0, {"目标": targets(0)}, 60),
        ("组内相同", "满分", "功效系数组内", 7, {}, 60),
        ("组内相同", "基础分", "功效系数组内", 7, {}, 36),
        ("组内相同", "基础分", "极差法逆向", 7, {}, 0),
        ("上年值非正", "报错", "总量增幅", 50, {"目标": targets(100, 0)}, None),
        ("上年值非正", "只计总量", "总量增幅", 50, {"目标": targets(100, 0)}, 30),
        ("上年值非正", "只计总量", "总量增幅", 100, {"目标": targets(100, 50)}, 60),
    ],
)  # fmt: skip
def test_a_setting_and_the_score_under_it(
    setting: str, choice: str, method: str, actual: float, tables: dict[str, str], expected: float | None
) -> None:
    if method == "总量增幅":
        tables = {**tables, "参数": "指标代码|对象|参数|值\nX1|*|增幅目标|10"}
    assert under(setting, choice, method, actual, **tables) == expected


@pytest.mark.parametrize(
    ("setting", "choice"), [("超额封顶", "120%"), ("逆向完成率", "目标值/完成值"), ("序时容差", "5")]
)
def test_a_setting_changes_the_version(setting: str, choice: str) -> None:
    changed = small_scheme(方案=f"项目|值\n方案代码|T\n考核年度|2007\n{setting}|{choice}")
    assert changed.version != small_scheme().version


def test_what_a_setting_decided_stays_out_of_the_cells() -> None:
    """F2 on a score shows the rule as it applies, not the choices that were not taken."""
    cells = {"权重": "J5", "目标值": "K5", "完成值": "O5", "封顶": "1"}
    book = method_book(Scheme({})).methods
    plain = emit_score(book["目标完成率"], cells | {"零目标": "0"}, 2)
    assert plain == (
        "IF(AND(ISNUMBER(O5),ISNUMBER(J5),ISNUMBER(K5)),IFERROR(ROUND(J5*MAX(0,MIN(1,"
        'IF(K5<0,1+(O5-K5)/ABS(K5),O5/K5))),2),""),"")'
    )
    ratio = emit_score(book["目标完成率逆向"], cells | {"逆向比值": "1"}, 2)
    assert "K5/O5" in ratio
    assert "2-" not in ratio
    assert "1=1" not in ratio


METHOD = "名称|得分|完成率|达标|参数|填写类型|度量\n"


def row_text(name: str, **changed: str) -> str:
    """A built-in method as it stands in 计分方法, with cells changed."""
    values = {**method_row(BUILT_IN[name]).values, **changed}
    keys = ("name", "score", "rate", "met", "parameters", "accepts", "measure")
    return METHOD + "|".join(str(values[key] or "") for key in keys)


@pytest.mark.parametrize("name", [method.name for method in METHODS])
@pytest.mark.parametrize("cap", ["100%", "120%"])
def test_a_built_in_row_of_the_sheet_is_recognised(name: str, cap: str) -> None:
    """Written as it is, it follows the settings, whatever they are when it is read."""
    scheme = f"项目|值\n方案代码|T\n考核年度|2007\n超额封顶|{cap}"
    found, findings = load_scheme(draw(方案=scheme, 计分方法=row_text(name)))
    assert found.methods == ()
    assert [f.message for f in findings] == []


def test_a_number_in_the_row_goes_before_the_setting() -> None:
    scheme = "项目|值\n方案代码|T\n考核年度|2007\n超额封顶|120%"
    given = row_text("目标完成率", parameters="封顶=1.5;零目标=正向目标为0")
    found, _ = load_scheme(draw(方案=scheme, 计分方法=given))
    assert [row.parameters for row in found.methods] == [(("封顶", 1.5), ("零目标", 0.0))]
    assert method_book(found).findings == ()
    assert not same_as_built_in(found.methods[0], found.settings)


def test_defaults_as_typed() -> None:
    assert parse_parameters("封顶=超额封顶;容差;基础=60%", {"超额封顶": "120%"}) == (
        ("封顶", 1.2),
        ("容差", None),
        ("基础", 0.6),
    )


def test_an_own_method_with_a_measure_of_its_own() -> None:
    """60 × how far the growth of U1 (25%) and U2 (50%) lies between the extremes of the group."""
    own = METHOD + (
        "增速极差|权重*(度量值-组最小值)/(组最大值-组最小值)|度量值|度量值>=组平均值|"
        "|数值|(完成值-上年值)/上年值"
    )
    scheme = small_scheme(
        指标="指标代码|上级|指标名称|权重|计分方法|序时\nX1|A|产值|60|增速极差|无\nX2|B|满意率|40|目标完成率|无",
        计分方法=own,
    )
    row = score(scheme, H1, {"X1": {"U1": 100.0, "U2": 120.0}}).results["X1"]
    assert row.points.tolist() == [0, 6000]
    assert row.rate.tolist() == pytest.approx([0.25, 0.5])


@pytest.mark.parametrize(
    ("measure", "token"), [("完成值-组最小值", "组最小值"), ("度量值*2", "度量值"), ("A1", "A1")]
)
def test_a_measure_knows_only_its_own_unit(measure: str, token: str) -> None:
    own = METHOD + f"自定|权重*组名次/组单位数|完成值|完成值>0||数值|{measure}"
    found = method_book(load_scheme(draw(计分方法=own))[0]).findings
    assert [(f.code, f.facts["column"]) for f in found] == [("S04", "度量")]
    assert f"“{token}”" in found[0].message


def test_a_rewritten_measure_is_reported() -> None:
    found, _ = load_scheme(draw(计分方法=row_text("对标增速", measure="完成值/对标值")))
    assert [f.code for f in method_book(found).findings] == ["S18"]
