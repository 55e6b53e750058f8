"""What may not be shown is nowhere in a public document: not hidden, not in its properties (WXJ6, WXJ7)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import openpyxl
import pytest

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import State
from kaohe.assess.outcomes import LISTED
from kaohe.documents.notice import held_back, notice
from kaohe.documents.publicity import publicity
from kaohe.documents.publicity_book import publicity_book
from kaohe.documents.results import assessed, groups
from kaohe.documents.shown import Shown, shown, unknown_words
from kaohe.jobs.publish_templates import template
from tests.documents.demos import DEMOS, DRAFT, FINAL, MOMENT, results, with_settings
from tests.documents.docx import everything, parts_of, texts


def word(kind: str, context: Mapping[str, object], moment: dt.datetime = MOMENT) -> bytes:
    """A filled template of ours."""
    return template(kind, None).fill(context, kind, "考核办", moment)


def public(assessment: Assessment, state: State) -> dict[str, bytes]:
    """The documents everybody may read."""
    return {
        "通报.docx": word("通报", notice(assessment, state)),
        "公示.docx": word("公示", publicity(assessment, state)),
        "公示.xlsx": publicity_book(assessment, state, MOMENT),
    }


def forms(total: float) -> tuple[str, ...]:
    """How a total would be printed, or stored as a number."""
    stored = f">{total:.16G}<"
    # A whole number cannot be told from the place of a text in the table of texts.
    return (f"{total:.2f}", stored) if "." in stored else (f"{total:.2f}",)


def totals(assessment: Assessment) -> list[str]:
    """Every total in every form."""
    return [form for row in assessed(assessment) for form in forms(row.total)]


@pytest.mark.parametrize("state", [DRAFT, FINAL])
def test_grades_are_published_and_not_the_scores(state: State) -> None:
    assessment = results("WX-J")
    for name, data in public(assessment, state).items():
        text = everything(data)
        assert [total for total in totals(assessment) if total in text] == [], name
        assert "名次" not in text
        assert "优秀" in text


def test_the_same_search_finds_scores_where_they_are_shown() -> None:
    assessment = with_settings(results("WX-J"), 公示内容="得分、名次、等次")
    for name, data in public(assessment, DRAFT).items():
        text = everything(data)
        rows = [row for row in assessed(assessment) if row.total % 1]
        missing = [row for row in rows if not any(form in text for form in forms(row.total))]
        assert missing == [], name


def test_the_order_of_names_does_not_tell_the_ranks() -> None:
    assessment = results("WX-J")
    order = [unit.name for unit in assessment.scores.units]
    open_to_all = shown(assessment.scores.scheme, graded=True)
    for group in groups(assessment, open_to_all):
        listed = [line.name for line in group.lines]
        assert listed == sorted(listed, key=order.index)
        for _, held in group.grades:
            assert list(held) == sorted(held, key=order.index)
    by_rank = [
        row.unit.name for row in assessed(assessment) if row.unit.group == assessment.scores.units[0].group
    ]
    assert by_rank != sorted(by_rank, key=order.index), "in this demo the ranks are another order"


def test_bonuses_are_shown_and_deductions_only_where_the_scheme_says_so() -> None:
    """WXJ6"""
    closed, opened = results("WX-J"), with_settings(results("WX-J"), 扣分公开="是")
    parts = closed.beside.bonuses.parts.values()
    lines = [
        (part.kind, line.reason)
        for held in parts
        for part in held
        for item in part.all_items
        for line in item.lines
    ]
    bonuses = {reason for kind, reason in lines if kind == terms.PART_BONUS and reason}
    deductions = {reason for kind, reason in lines if kind == terms.PART_DEDUCTION and reason} - bonuses
    assert bonuses
    assert deductions
    for name, data in public(closed, FINAL).items():
        text = everything(data)
        assert [reason for reason in deductions if reason in text] == []
        assert "扣分情况" not in text
        assert name == "通报.docx" or all(reason in text for reason in bonuses)
    told = public(opened, FINAL)
    assert all(reason in everything(told["公示.docx"]) for reason in deductions)
    assert all(reason in everything(told["公示.xlsx"]) for reason in deductions)


def test_those_commended_are_named_in_the_order_of_the_units() -> None:
    """WXJ7: 二十佳 over A and B, 10 优胜单位 in C; whole grades are not listed twice."""
    assessment = results("WX-J")
    order = [unit.name for unit in assessment.scores.units]
    text = "\n".join(texts(word("通报", notice(assessment, FINAL))))
    for rule in ("R1", "R2"):
        rows = [row for row in assessment.outcomes.rows if row.rule.code == rule and row.state == LISTED]
        assert len(rows) == {"R1": 20, "R2": 10}[rule]
        assert "、".join(sorted((row.unit.name for row in rows), key=order.index)) + "。" in text
    graded = [row for row in assessment.outcomes.rows if row.rule.code == "R3" and row.state == LISTED]
    assert f"优秀单位通报表扬（{len(graded)}个）：本通报中等次为优秀的。" in text


def test_what_vetoes_and_talks_led_to_is_not_told() -> None:
    assessment = results("WX-J")
    vetoed = [row.unit.name for row in assessment.outcomes.rows if row.rule.condition == terms.VETOED]
    assert vetoed
    sections = notice(assessment, FINAL)["结果运用"]
    assert "一票否决" not in str(sections)
    assert "提醒" not in str(sections)
    assert any("一票否决" in line for line in held_back(assessment))
    text = everything(public(results("WX-D"), FINAL)["通报.docx"])
    assert "诫勉" not in text
    assert "先进地区" in text


@pytest.mark.parametrize("code", DEMOS)
def test_public_documents_have_one_sheet_and_no_hidden_thing(code: str) -> None:
    for name, data in public(results(code), DRAFT).items():
        if name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(data))
            assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"]
            assert not book.defined_names
        assert not [part for part in parts_of(data) if "comment" in part or "custom" in part.lower()]


@pytest.mark.parametrize("code", DEMOS)
def test_every_group_and_name_is_there(code: str) -> None:
    assessment = results(code)
    for kind, context in (("通报", notice(assessment, DRAFT)), ("公示", publicity(assessment, DRAFT))):
        text = "\n".join(texts(word(kind, context)))
        assert all(row.unit.name in text for row in assessed(assessment))
        assert "{{" not in text
        assert "{%" not in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("得分、名次、等次", Shown(True, False, True, True, False)),
        ("等次", Shown(False, False, False, True, False)),
        ("名次", Shown(False, False, True, False, False)),
        ("得分", Shown(True, False, False, False, False)),
        ("", Shown(False, False, False, False, False)),
    ],
)
def test_the_setting_names_the_columns(words: str, expected: Shown) -> None:
    scheme = with_settings(results("WX-J"), 公示内容=words).scores.scheme
    assert shown(scheme, graded=True) == expected
    assert unknown_words(scheme) == []


def test_where_only_grades_are_shown_and_there_are_none_the_names_are() -> None:
    assessment = with_settings(results("BH"), 公示内容="等次")
    for name, data in public(assessment, DRAFT).items():
        text = everything(data)
        assert all(row.unit.name in text for row in assessed(assessment)), name
        assert [total for total in totals(assessment) if total in text] == []


def test_a_word_nobody_knows_is_told() -> None:
    assert unknown_words(with_settings(results("BH"), 公示内容="得分、排名").scores.scheme) == ["排名"]
