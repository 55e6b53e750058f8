"""BH7: the rows of 方案版本 are the scheme again, whole; what somebody edited is found."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from kaohe.assess.load import load_scheme
from kaohe.assess.restore import Restored, restore
from kaohe.assess.versions import changes, version_rows
from kaohe.jobs.schemes import built_in_codes, scheme_tables
from kaohe.model import Location, Scheme, VersionRow
from kaohe.periods import parse_period
from tests.support.returns import H1, assess_forms, form, registered
from tests.support.schemes import small_scheme

EVERY_TABLE = {
    "方案": """
        项目|值
        方案代码|T
        方案名称|小方案
        考核年度|2007
        得分小数位|3
        省级权重倍数|1.5
        """,
    "指标": """
        指标代码|上级|指标名称|权重|计分方法|序时|取值|适用|考评部门|数据截至|生效起|生效止
        X1|A|产值|40|进位|按月|填报|||5月||2007-06-30
        X1|A|产值|40|进位|7月起|填报|||5月|2007-07-01|
        X2|B|满意率|40|目标完成率|无|考评|U1、U2|督查室|||
        """,
    "目标": """
        指标代码|单位代码|目标值|上年值|层级|依据
        X1|*|100|0.1|省|省政府文件
        X1|*|90||市|
        X2|*|-90.5|85||
        """,
    "参数": "指标代码|对象|参数|值\nX1|甲组|系数|0.95\n*|*|封顶|1",
    "计分方法": "名称|得分|完成率|达标|参数|来源\n进位|权重*系数|1|完成值>=上年值|系数=0.9;别的|本办",
    "等次": "等次|对象|最低分|比例|名额\n优秀|*|90|0.15|\n合格|*|||3",
    "否决事项": "代码|事项|后果|降档\nV1|安全事故|降等次并列末位|2\nV2|其他|取消评优|",
    "结果规则": """
        代码|结果|性质|范围|合并|条件|指标|数量|年数|受否决限制
        R1|先进|表彰|甲组、乙组|是|总分前列||3||是
        """,
    "票种": "指标代码|类型|名称|比重|去最高最低\n*|票种|群众|1|是\n*|轮次|上半年|0.5|",
    "勾稽": "代码|左式|关系|右式|容差|适用\nC1|完成值_X1|≥|完成值_X2|0.5|甲组",
}
"""A scheme that uses every table a version keeps."""


def kept(scheme: Scheme) -> list[tuple[VersionRow, Location]]:
    """The rows as they stand in the master."""
    rows = enumerate(version_rows(scheme), start=3)
    return [(row, Location("总表.xlsx", "方案版本", f"E{number}")) for number, row in rows]


def again(scheme: Scheme) -> Restored:
    return restore(kept(scheme), scheme)


def built_in(code: str) -> Scheme:
    scheme, _ = load_scheme(scheme_tables(code))
    return scheme


@pytest.mark.parametrize("month", ["2007-03-31", "2007-12-31"])
def test_every_table_comes_back_as_it_was(month: str) -> None:
    scheme = small_scheme(**EVERY_TABLE).at(dt.date.fromisoformat(month))
    found = again(scheme)
    assert found.findings == ()
    assert found.scheme.version == scheme.version
    assert found.scheme.as_of == scheme.as_of
    assert list(version_rows(found.scheme)) == list(version_rows(scheme))
    assert all(rows for _, rows in found.scheme.tables)


def test_xt3_tilted_weights_are_not_tilted_again() -> None:
    scheme = small_scheme(**EVERY_TABLE).at(H1.end)
    found = again(scheme).scheme.at(dt.date(2007, 9, 30))
    assert [(row.weight, row.base_weight) for row in found.indicators] == [(60, 40), (40, None)]


@pytest.mark.parametrize("code", built_in_codes())
@pytest.mark.parametrize("part", ["03", "06", "09", "12"])
def test_bh7_versions_of_the_built_in_schemes(code: str, part: str) -> None:
    whole = built_in(code)
    scheme = whole.at(parse_period(f"{whole.settings['考核年度']:g}-{part}").end)
    found = again(scheme)
    assert (found.findings, found.scheme.version) == ((), scheme.version)


def test_what_no_version_keeps_comes_from_today() -> None:
    old = small_scheme().at(H1.end)
    today = small_scheme(
        方案="项目|值\n方案代码|T\n方案名称|改了名\n考核年度|2007\n得分小数位|4",
        单位="单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|乙组",
    )
    found = restore(kept(old), today).scheme
    assert found.settings["方案名称"] == "改了名"
    assert found.settings["得分小数位"] == 2
    assert [unit.group for unit in found.units] == ["甲组", "乙组"]
    assert found.version == old.version


def test_bh7_what_was_issued_under_the_old_version_scores_under_it() -> None:
    old = small_scheme()
    new = small_scheme(
        目标="指标代码|单位代码|目标值\nX1|*|200\nX2|*|95",
        部分="代码|名称|满分\nA|发展|70\nB|民生|30",
        指标=(
            "指标代码|上级|指标名称|计量单位|权重|计分方法|序时\n"
            "X1|A|产值|亿元|70|目标完成率|无\nX2|B|满意率|%|30|目标完成率|无"
        ),
    )
    returns = [form(unit, "指标|完成值\nX1|100\nX2|95", scheme=old) for unit in ("U1", "U2")]
    register = registered(old, [("U1", ""), ("U2", "")])
    under_old = assess_forms(restore(kept(old.at(H1.end)), new).scheme, returns, register=register)
    under_new = assess_forms(new, returns, register=register)
    assert [s.total for s in under_old.standings] == [100, 100]
    assert [s.total for s in under_new.standings] == [65, 65]
    assert under_old.scores.scheme.version == old.at(H1.end).version
    assert "W06" not in {finding.code for finding in under_old.findings}
    assert "W06" in {finding.code for finding in under_new.findings}


def test_s50_a_row_nobody_can_read() -> None:
    scheme = small_scheme(**EVERY_TABLE).at(H1.end)
    for broken in ("{不是", "[]", json.dumps({"权重": "约40", "指标代码": "X1"}), '{"权重": true}'):
        rows = kept(scheme)
        at = next(n for n, (row, _) in enumerate(rows) if row.table == "指标")
        rows[at] = (rows[at][0]._replace(content=broken), rows[at][1])
        found = restore(rows, scheme)
        assert [(f.code, f.location) for f in found.findings] == [("S50", rows[at][1])]
        assert len(found.scheme.indicators) == len(scheme.indicators) - 1


def test_s50_a_table_nobody_knows() -> None:
    scheme = small_scheme().at(H1.end)
    rows = [
        (row._replace(table="别的") if row.table == "目标" else row, place) for row, place in kept(scheme)
    ]
    assert {f.code for f in restore(rows, scheme).findings} == {"S50"}


def test_s51_a_row_somebody_changed_or_took_out() -> None:
    scheme = small_scheme().at(H1.end)
    rows = kept(scheme)
    changed = [(row._replace(content=row.content.replace("100", "99")), place) for row, place in rows]
    for edited in (changed, rows[:-1], [*rows, rows[-1]]):
        found = restore(edited, scheme)
        assert [(f.code, f.location.cell) for f in found.findings] == [("S51", "E3")]
    assert restore(rows[::-1], scheme).findings == ()


def test_a_number_typed_anew_is_the_same_number() -> None:
    """LibreOffice or a person may write 60.0 as 60."""
    scheme = small_scheme().at(H1.end)
    rows = [(row._replace(content=row.content.replace(".0", "")), place) for row, place in kept(scheme)]
    assert restore(rows, scheme).findings == ()
    assert restore(rows, scheme).scheme.version == scheme.version


def test_what_an_earlier_program_did_not_write_is_no_change() -> None:
    """Columns and settings that came later stand at their default: no form is of another version."""
    scheme = small_scheme(**EVERY_TABLE).at(H1.end)
    rows = list(version_rows(scheme))
    later = ("性质", "取值", "满意度分值", "名额边缘", "省级权重倍数")
    earlier = [row._replace(content=without(row.content, later[:-1])) for row in rows]
    assert [row.content for row in earlier] != [row.content for row in rows]
    assert changes(earlier, rows) == {}
    changed = [row._replace(content=without(row.content, later)) for row in rows]
    assert {name for names in changes(changed, rows).values() for name in names} == {"方案设置"}


def without(content: str, headings: tuple[str, ...]) -> str:
    """The facts without some that came later; a value that is not the default was typed and stays."""
    facts = json.loads(content).items()
    kept = {key: value for key, value in facts if key not in headings or value in ("考评", "表彰")}
    return json.dumps(kept, ensure_ascii=False)
