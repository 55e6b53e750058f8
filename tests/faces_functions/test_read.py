"""KH_READ, KH_READ_NOTE, KH_CHECK, KH_ELAPSED: single cells and what they say; parity stands in test_bh."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from kaohe.faces.functions import KH_CHECK, KH_ELAPSED, KH_READ, KH_READ_NOTE, KH_SCORE
from kaohe.values.typed import read_typed

CASES = Path(__file__).resolve().parents[1] / "values" / "cases.csv"

READ: tuple[tuple[object, str | None, object, str], ...] = (
    (None, None, "", ""),
    ("", "亿元", "", ""),
    ("请填写完成值", None, "", ""),
    (92.16, "%", 92.16, ""),
    (0, None, 0.0, ""),
    ("1,746万", "亿元", 0.1746, "按 0.1746亿元 理解"),
    ("92.16%", "%", 92.16, ""),
    ("预计为92%", "%", 92.0, "预计数"),
    ("是", None, "是", ""),
    ("√", None, "是", "按“是”理解"),
    (False, None, "否", "按“否”理解"),
    ("#N/A", None, "#N/A", "是公式错误值"),
    ("约80", None, "#近似数", "约80;近似数,默认不计分"),
    ("不少于1次", "次", "#近似数", "不少于1次"),
)


@pytest.mark.parametrize(("cell", "unit", "number", "said"), READ, ids=lambda value: repr(value))
def test_what_was_understood(cell: object, unit: str | None, number: object, said: str) -> None:
    assert KH_READ(cell, unit) == number
    assert KH_READ_NOTE(cell, unit) == said


def test_approximate_values_where_the_office_allows_them() -> None:
    assert KH_READ("约80", None, "是") == 80.0
    assert KH_READ("约80", None, "否") == "#近似数"
    assert KH_READ("约80", None, "也许") == "#近似值计分应为 否 或 是,现为“也许”"
    assert KH_READ("较好", None, "是").startswith("#")


def test_every_case_of_the_reader_is_a_number_a_reason_or_a_blank() -> None:
    with CASES.open(encoding="utf-8-sig", newline="") as file:
        texts = [row[0] for row in csv.reader(file) if row][1:]
    assert len(texts) > 100
    for text, (cell,) in zip(texts, KH_READ([[text] for text in texts], None, "是"), strict=True):
        typed = read_typed(text)
        if typed.number is not None:
            assert cell == typed.number, text
        else:
            assert cell in ("", "是", "否") or str(cell).startswith("#"), text


def test_a_table_and_units_of_its_columns() -> None:
    cells = [["1,746万", "3公顷"], [None, "45亩"]]
    assert KH_READ(cells, [["亿元", "亩"]]) == [[0.1746, 45.0], ["", 45.0]]


def test_read_values_go_on_to_be_scored() -> None:
    typed = [["92.16%"], ["约80"], [None]]
    assert KH_SCORE("目标完成率", 2, 96, KH_READ(typed, "%")) == [[1.92], ["#完成值无法识别"], [""]]


def test_checks_ask_for_reason_and_measure_only_where_the_column_is_given() -> None:
    behind = ("目标完成率", 5, 100, 95)
    assert KH_CHECK(*behind) == ""
    assert KH_CHECK(*behind, reason="停产", measure="追赶") == ""
    ((only,),) = KH_CHECK(*behind, reason=None, measure=[[None]])
    assert only == "存疑:《本项》未达序时,没有填写措施。请在“措施”一栏说明。"
    both = KH_CHECK(*behind, reason="", measure="", indicator="产值")
    assert both.count("《产值》未达序时") == 2


def test_checks_of_rows_that_cannot_be_scored() -> None:
    assert KH_CHECK("目标完成率", 5, None, 95).startswith("错误:《本项》无法计分:目标值是空的。")
    assert KH_CHECK("没有这个", 5, 100, 95).startswith("错误:《本项》无法计分:计分方法“没有这个”不存在")
    assert KH_CHECK("目标完成率", 5, 100, None).startswith("错误:《本项》完成值未填。")
    assert KH_CHECK(None, None, None, None) == ""
    assert KH_CHECK([["目标完成率"], [None]], 5, 100, [[100.0], [None]]) == [[""], [""]]


ELAPSED: tuple[tuple[object, object, object, object], ...] = (
    ("2007-H1", None, None, 0.5),
    ("2007-q3", "按月", None, 0.75),
    ("2007", None, None, 1.0),
    (2007, None, None, 1.0),
    (2007.0, "无", None, 1.0),
    ("2007-07", "7月起", None, 1 / 6),
    ("2007-06", "7月起", None, 0.0),
    (dt.datetime(2007, 7, 1), None, None, 7 / 12),
    (dt.date(2007, 7, 1), None, None, 7 / 12),
    (39264.0, None, None, 7 / 12),
    (None, None, None, ""),
    ("", "按月", None, ""),
    ("#N/A", None, None, "#N/A"),
    ("2007-H1", "曲线", "序时6月=45%", 0.45),
    ("2007-H1", "曲线", [["序时5月", 0.4], ["序时6月", 0.45]], 0.45),
    ("2007-H1", "曲线", [[n / 12 * 0.9] for n in range(1, 13)], 0.45),
    ("2007-H1", "曲线", None, "#曲线没有6月的数"),
    ("2007-H1", "曲线", [["x"]] * 12, "#曲线应为12个数:1月到12月末的累计序时,如 0.05"),
    ("2007-H1", "曲线", "序时13月=1", "#这里没有叫“序时13月”的参数"),
    ("2007-H1", "按周", None, "#序时方式“按周”看不懂,应为 按月、无、曲线 或 N月起(如 7月起)"),
)


@pytest.mark.parametrize(("period", "pace", "curve", "share"), ELAPSED, ids=lambda value: repr(value))
def test_elapsed(period: object, pace: object, curve: object, share: object) -> None:
    assert KH_ELAPSED(period, pace, curve) == (pytest.approx(share) if isinstance(share, float) else share)


def test_elapsed_says_what_periods_look_like() -> None:
    assert KH_ELAPSED("上半年").startswith("#期次“上半年”看不懂。期次写作 2007-07")
    assert KH_ELAPSED([["2007-H1", "2007"]], [["按月"], ["无"]]) == [[0.5, 1.0], [1.0, 1.0]]
