"""KH_RANK, KH_GRADE, KH_PART_TOTALS: ties, groups, quotas, exact sums."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.faces.functions import KH_GRADE, KH_PART_TOTALS, KH_RANK
from kaohe.faces.functions_rank import Grade, quotas

CUTS = [["优秀", 90.0], ["良好", 80.0], ["合格", 60.0], ["不合格", None]]
SHARES = [["优秀", 0.15], ["良好", 0.2], ["合格", None]]
SCORES = st.lists(st.integers(0, 12).map(lambda n: n / 4), min_size=1, max_size=12)


def column(*cells: object) -> list[list[object]]:
    return [[cell] for cell in cells]


def test_ties_by_both_rules() -> None:
    scores = column(90.0, 85.5, 85.5, 60.0)
    assert KH_RANK(scores) == column(1, 2, 2, 4)
    assert KH_RANK(scores, ties="1,2,2,3") == column(1, 2, 2, 3)
    assert KH_RANK(scores, ties="1,2,2,3") == column(1, 2, 2, 3)
    assert KH_RANK(scores, ties="1224") == "#并列规则应为 1,2,2,4 或 1,2,2,3,现为“1224”"


def test_groups_blanks_words_and_errors() -> None:
    scores = column(90.0, 95.0, None, 80.0, "暂定", "#DIV/0!", 70.0)
    groups = column("甲", "乙", "甲", "甲", "甲", "乙", None)
    assert KH_RANK(scores, groups) == column(2 - 1, 1, "", 2, "#得分不是数字", "#DIV/0!", 1)


def test_scores_that_show_the_same_are_tied() -> None:
    assert KH_RANK([0.1 + 0.2, 0.3, 0.2]) == [1, 1, 3]


@given(SCORES)
def test_ranks_against_counting(scores: list[float]) -> None:
    assert KH_RANK(scores) == [1 + sum(other > score for other in scores) for score in scores]
    assert KH_RANK(scores, None, "1,2,2,3") == [1 + len({o for o in scores if o > s}) for s in scores]


def test_grades_by_cut_points() -> None:
    scores = column(95.0, 90.0, 89.99, 60.0, 59.0, None, "x", "#N/A")
    expected = column("优秀", "优秀", "良好", "合格", "不合格", "", "#得分不是数字", "#N/A")
    assert KH_GRADE(scores, CUTS) == expected
    assert KH_GRADE(scores, [["等次", "分数线"], *CUTS]) == expected
    assert KH_GRADE(scores, pd.DataFrame(CUTS)) == expected
    assert KH_GRADE(50.0, CUTS[:3]) == "#低于最低的分数线60"


@pytest.mark.parametrize("best", ["90", "≥90", "90分", "90分以上", " 90 ", "九十", "\uff19\uff10"])
def test_a_cut_point_typed_as_text_is_no_heading(best: str) -> None:
    scores = column(95.0, 90.0, 89.99, 60.0)
    expected = column("优秀", "优秀", "良好", "合格")
    table = [["优秀", best], ["良好", "80"], ["合格", "≥60"]]
    assert KH_GRADE(scores, table) == expected
    assert KH_GRADE(scores, [["等次", "分数线"], *table]) == expected


@pytest.mark.parametrize("best", ["50%", "50\uff05", "0.5"])
def test_a_share_typed_as_text_is_no_heading(best: str) -> None:
    table = [["优秀", best], ["其余", None]]
    assert KH_GRADE([4.0, 3.0, 2.0, 1.0], table, basis="比例") == ["优秀", "优秀", "其余", "其余"]


@pytest.mark.parametrize(
    "heading",
    [["等次", "比例(0-1)"], ["等次", "比例"], ["等级", "100分制"], [None, "线"], ["Grade", "Share"]],
)
def test_headings_are_passed_over(heading: list[object]) -> None:
    assert KH_GRADE([9.0, 8.0], [heading, ["优秀", 0.5], ["其余", None]], basis="比例") == ["优秀", "其余"]


QUOTAS: tuple[tuple[int, list[int]], ...] = (
    (1, [1, 0, 0]),
    (2, [1, 1, 0]),
    (3, [1, 1, 1]),
    (9, [1, 2, 6]),
    (10, [2, 2, 6]),
    (30, [5, 6, 19]),
)
"""15% of 10 is 1.5 and of 30 is 4.5: half up; at least 1 while there is somebody left."""


@pytest.mark.parametrize(("size", "counts"), QUOTAS)
def test_quotas_round_half_up_and_give_at_least_one(size: int, counts: list[int]) -> None:
    grades = [Grade("优秀", 0.15), Grade("良好", 0.2), Grade("合格", None)]
    assert [count for _, count in quotas(grades, size)] == counts
    found = KH_GRADE([float(n) for n in range(size)], SHARES, basis="比例")
    assert [found.count(name) for name in ("优秀", "良好", "合格")] == counts


def test_shares_are_taken_in_each_group() -> None:
    scores = column(*map(float, range(20, 0, -1)))
    groups = column(*["甲", "乙"] * 10)
    found = KH_GRADE(scores, SHARES, groups, "比例")
    assert found == column(*["优秀"] * 4, *["良好"] * 4, *["合格"] * 12)


def test_a_tie_at_the_edge_is_left_to_the_office() -> None:
    found = KH_GRADE(
        column(9.0, 8.0, 8.0, 5.0, 5.0, 5.0, 1.0),
        [["优秀", 0.3], ["良好", 0.3], ["合格", None]],
        None,
        "比例",
    )
    assert found == column("优秀", *["#同分待定:优秀或良好"] * 2, *["#同分待定:良好或合格"] * 3, "合格")


def test_shares_without_a_rest() -> None:
    found = KH_GRADE(column(4.0, 3.0, 3.0, 1.0), [["优秀", 0.5]], None, "比例")
    assert found == column("优秀", *["#同分待定:优秀或名额外"] * 2, "#各等次名额已满")


BAD_GRADES: tuple[tuple[Any, str, str], ...] = (
    ([["优秀"]], "分数线", "#等次表应为两列:等次名称、分数线"),
    ([[None, None]], "分数线", "#等次表是空的"),
    ([["优秀", 60.0], ["良好", 80.0]], "分数线", "#分数线应从高到低排列,不能相同"),
    ([["优秀", None], ["良好", 80.0]], "分数线", "#只有最后一个等次可以不写分数线,表示其余"),
    ([["优秀", 90.0], ["良好", "较高"]], "分数线", "#等次“良好”的分数线“较高”不是数字"),
    ([["优秀", "约90"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“约90”不是数字"),
    ([["优秀", "90余分"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“90余分”不是数字"),
    ([["优秀", "待定"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“待定”不是数字"),
    ([["优秀", "预计90"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“预计90”不是数字"),
    ([["优秀", "90-100"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“90-100”不是数字"),
    ([["优秀", "<90"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“<90”不是数字"),
    ([["优秀", ">90"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“>90”不是数字"),
    ([["优秀", "90%"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“90%”不是数字"),
    ([["优秀", "第1档"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“第1档”不是数字"),
    ([["优秀", "≥15%"], ["良好", 0.2]], "比例", "#等次“优秀”的比例“≥15%”不是数字"),
    ([["优秀", "15分"], ["良好", 0.2]], "比例", "#等次“优秀”的比例“15分”不是数字"),
    ([["优秀", "#N/A"], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线不是数字"),
    ([["优秀", True], ["良好", 80.0]], "分数线", "#等次“优秀”的分数线“True”不是数字"),
    ([["优秀", 90.0], ["良好", "#N/A"]], "分数线", "#等次“良好”的分数线不是数字"),
    ([[None, 90.0]], "分数线", "#等次表第1个等次没有名称"),
    ([["优秀", 15.0]], "比例", "#比例应在0到100%之间,合计不超过100%"),
    ([["优秀", 0.6], ["良好", 0.6]], "比例", "#比例应在0到100%之间,合计不超过100%"),
    (CUTS, "随意", "#方式应为 分数线 或 比例,现为“随意”"),
)


@pytest.mark.parametrize(("grades", "basis", "message"), BAD_GRADES)
def test_tables_of_grades_that_cannot_be_used(grades: Any, basis: str, message: str) -> None:
    assert KH_GRADE(95.0, grades, None, basis) == message


def totals(parts: Any, scores: Any, places: Any = None) -> list[list[Any]]:
    table = KH_PART_TOTALS(parts, scores, places)
    assert isinstance(table, pd.DataFrame), table
    assert list(table.columns) == ["部分", "得分"]
    rows: list[list[Any]] = table.to_numpy().tolist()
    return rows


def test_part_totals_in_the_order_of_the_parts() -> None:
    parts = column("民生", "发展", "民生", None, None, "生态")
    scores = column(1.5, 2.0, 0.25, None, 3.0, None)
    assert totals(parts, scores) == [["民生", 1.75], ["发展", 2.0], ["(未填部分)", 3.0], ["生态", ""]]
    assert totals([[row[0] for row in parts]], [[row[0] for row in scores]]) == totals(parts, scores)


def test_a_word_or_an_error_among_the_scores_is_not_passed_over() -> None:
    assert totals("总分", column(1.0, "#目标值是空的", 2.0)) == [["总分", "#有1项得分不是数字"]]
    assert totals("总分", column(1.0, "#N/A", 2.0)) == [["总分", "#N/A"]]


def test_a_total_beyond_all_numbers_is_an_error() -> None:
    assert totals("总分", column(1.7e308, 1.7e308, -1.0)) == [["总分", "#NUM!"]]


def test_sums_are_exact_at_their_places() -> None:
    """Plain summing in floating point misses the half: 1.005 shows as 1.01."""
    assert totals("总分", column(*[0.335] * 3)) == [["总分", 1.01]]
    rng = np.random.default_rng(20070630)
    points = rng.integers(0, 500, 2_000)
    found = totals("总分", [[int(p) / 1000] for p in points])
    assert found == [["总分", math.floor((int(points.sum()) + 5) / 10) / 100]]


def test_places_of_totals() -> None:
    assert totals("总分", column(1.25, 1.25), 0) == [["总分", 3.0]]
    assert KH_PART_TOTALS("总分", 1.0, 9) == "#小数位应为0到4的整数"
    assert KH_PART_TOTALS([["a", "b"]], [[1.0, 2.0, 3.0]]) == "#各区域的行数列数不同:部分列 1×2、得分列 1×3"
