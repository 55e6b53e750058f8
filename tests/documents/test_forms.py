"""任务书, 申诉表, 征求意见, 催报: what stands in them, and nothing of anybody else (Y1, Y2, Y5, Y9)."""

from __future__ import annotations

import dataclasses

import pytest

from kaohe.documents import forms
from kaohe.documents.results import assessed
from kaohe.documents.words import UNDATED, dated, fact, figure, numeral
from kaohe.jobs.publish_kinds import file_names
from kaohe.model import Feedback, Unit
from tests.documents.demos import DEMOS, DRAFT, results
from tests.documents.docx import texts
from tests.documents.test_held_back import word


@pytest.mark.parametrize("code", DEMOS)
def test_targets_are_there_and_no_result(code: str) -> None:
    """WXJ0, XN1: a 任务书 is signed before there is any result."""
    scores = results(code).scores
    tasks = forms.Tasks(scores.scheme, scores.period.year)
    units = tasks.units()
    assert {row.unit.code for row in assessed(results(code))} <= {unit.code for unit in units}
    for unit in units[:3]:
        told = tasks.of(unit)
        said = texts(word("任务书", told))
        at = next(n for n, row in enumerate(scores.units) if row.code == unit.code)
        for row in scores.counted:
            if row.applies[at]:
                assert any(text.removeprefix("其中：") == row.indicator.name for text in said)
                target = fact(float(row.target[at]))
                assert not target or target in said
        assert not any("得分" in text for text in said)


def test_every_unit_has_its_own_targets() -> None:
    scores = results("WX-J").scores
    tasks = forms.Tasks(scores.scheme, 2016)
    first, second = (str(tasks.of(unit)["各行"]) for unit in scores.units[:2])
    assert first != second


def test_a_person_signs_as_a_person() -> None:
    scores = results("XN").scores
    person = next(unit for unit in scores.units if unit.kind == "个人")
    assert forms.Tasks(scores.scheme, 2017).of(person)["称谓"] == "人"


def test_an_appeal_form_has_the_units_own_scores() -> None:
    assessment = results("BH")
    rows = assessed(assessment)
    told = forms.appeal(assessment, rows[2], DRAFT)
    said = texts(word("申诉表", told))
    assert f"{rows[2].total:.2f}" in said
    assert f"第{rows[2].rank}名" in said
    assert [row.unit.name for row in rows if row.unit.name in "".join(said)] == [rows[2].unit.name]
    lines = told["各行"]
    assert isinstance(lines, list)
    points = sum(float(row["得分"]) for row in lines)
    assert points == pytest.approx(rows[2].computed_total)


def test_what_came_of_every_opinion() -> None:
    assessment = results("BH")
    rows = (
        Feedback(
            "征求意见稿", source="东区", clause="A01", opinion="权重{{ 偏高 }}", answer="采纳", reason="有理"
        ),
        Feedback("征求意见稿", source="西区", opinion="<删去>第三条", answer="未采纳", reason="上级要求"),
        Feedback("征求意见稿", source="西区", opinion="再议"),
    )
    ledger = dataclasses.replace(assessment.ledger, feedback=rows)
    told = forms.adopted(assessment.scores.scheme, ledger)
    assert told["小结"] == "共收到2个单位和部门的意见3条，其中采纳1条、未采纳1条、待定1条。"
    assert told["状态说明"] == "未办结：1条待定"
    said = texts(word("征求意见采纳情况表", told))
    assert {"权重{{ 偏高 }}", "<删去>第三条", "再议", "上级要求"} <= set(said)


def test_a_letter_keeps_its_lines() -> None:
    told = forms.letter(
        "滨湖区(联络员甲):\n    第一段。\n    1. 一件\n    考核办\n    2017年1月2日",
        results("BH").scores.scheme,
    )
    said = texts(word("催报", told))
    assert [text for text in said if text][1:6] == [
        "滨湖区(联络员甲):",
        "第一段。",
        "1. 一件",
        "考核办",
        "2017年1月2日",
    ]


def test_two_of_one_name_get_two_files() -> None:
    units = [
        Unit("A1", "甲局"),
        Unit("A2", "甲局"),
        Unit("A3", "乙/局"),
        Unit("a4", "ABC"),
        Unit("a5", "abc"),
    ]
    assert file_names(units) == {
        "A1": "A1-甲局",
        "A2": "A2-甲局",
        "A3": "乙_局",
        "a4": "a4-ABC",
        "a5": "a5-abc",
    }


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")],
)
def test_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


def test_figures_and_dates_as_they_are_printed() -> None:
    assert (figure(None), figure(float("nan")), figure(2.5, 2), figure(1000.0)) == ("", "", "2.50", "1000")
    assert (fact(93.0952180), fact(15.0), fact(None)) == ("93.0952", "15", "")
    assert (dated("2017-01-20"), dated(""), dated("待定")) == ("2017年1月20日", UNDATED, UNDATED)
