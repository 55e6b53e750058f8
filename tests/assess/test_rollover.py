"""Which measures of two merged units add up, and who follows whom within a year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaohe import terms
from kaohe.assess.rollover import adds_up
from kaohe.assess.rollover_units import moves_of
from kaohe.tables import BY_KEY
from tests.support.schemes import small_scheme, table

SIMPLE = small_scheme().indicators[0]


@pytest.mark.parametrize(
    ("name", "measure", "expected"),
    [
        ("地区生产总值", "亿元", True),
        ("一般公共预算收入", "亿元", True),
        ("规模以上服务业营业收入", "亿元", True),
        ("重大产业项目开工", "个", True),
        ("居民人均可支配收入", "元", False),
        ("城镇居民可支配收入", "万元", False),
        ("最低生活保障标准", "元", False),
        ("单位GDP能耗", "吨标准煤/万元", False),
        ("恩格尔系数", "%", False),
        ("万人发明专利拥有量", "件", False),
        ("亩均税收", "万元/亩", False),
        ("群众满意率", "%", False),
        ("考核得分", "分", False),
        ("空气质量", "", False),
    ],
)
def test_what_adds_up(name: str, measure: str, expected: bool) -> None:
    indicator = replace(SIMPLE, name=name, unit_of_measure=measure, direction=terms.HIGHER_BETTER)
    assert adds_up(indicator) is expected


def test_a_range_does_not_add_up() -> None:
    indicator = replace(SIMPLE, name="库存", unit_of_measure="吨", direction=terms.TARGET_RANGE)
    assert not adds_up(indicator)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2007-02-01|U1||U9|更名\n2007-05-01|U9||U1|更名", {"U1": ("U1",)}),
        ("2007-02-01|U1||U9|更名\n2007-05-01|U9||U8|合并", {"U1": ("U8",)}),
        ("2007-02-01|U1||U9|合并\n2007-02-01|U2||U9|合并", {"U1": ("U9",), "U2": ("U9",)}),
        ("2007-02-01|U1||U8|拆分\n2007-02-01|U1||U9|拆分", {"U1": ("U8", "U9")}),
        ("2007-02-01|U1||U8|拆分\n2007-02-01|U1||U9|拆分\n2007-03-01|U9||U7|更名", {"U1": ("U8", "U7")}),
        ("2007-01-01|U1||U9|更名", {}),
        ("2008-01-01|U1||U9|更名", {"U1": ("U9",)}),
        ("2008-01-02|U1||U9|更名", {}),
        ("2007-05-01|X1||X9|更名", {}),
    ],
)
def test_who_follows_whom(rows: str, expected: dict[str, tuple[str, ...]]) -> None:
    drawn = table(BY_KEY["succession"], "日期|原单位代码|原单位名称|现单位代码|方式\n" + rows)
    moves, notes = moves_of(drawn, 2007, ["U1", "U2"])
    assert dict(moves.onwards) == expected
    assert notes == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("某天|U1||U9|更名", "日期"),
        ("2007-05-01|U1||U9|", "不全"),
        ("2007-05-01|U1||U2|更名", "与《单位》不符"),
    ],
)
def test_what_cannot_be_followed_is_told(row: str, told: str) -> None:
    drawn = table(BY_KEY["succession"], "日期|原单位代码|原单位名称|现单位代码|方式\n" + row)
    moves, notes = moves_of(drawn, 2007, ["U1", "U2"])
    assert dict(moves.onwards) == {}
    assert told in notes[0]
