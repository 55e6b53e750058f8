"""Every page says how far the result has come; only what is final has a number and a date (Y8, Y10)."""

from __future__ import annotations

import dataclasses
import io

import openpyxl
import pytest

from kaohe.assess.deciding import State
from kaohe.documents.feedback import Feedbacks
from kaohe.documents.feedback_book import feedback_book
from kaohe.documents.forms import appeal, until_words
from kaohe.documents.notice import notice
from kaohe.documents.overview import overview
from kaohe.documents.overview_book import overview_book
from kaohe.documents.publicity import publicity, shown_for
from kaohe.documents.publicity_book import publicity_book
from kaohe.documents.results import assessed
from kaohe.documents.words import UNDATED
from kaohe.model import StateRow
from tests.documents.demos import DRAFT, FINAL, MOMENT, results, with_settings
from tests.documents.docx import texts
from tests.documents.test_held_back import word

REVIEWED = State("领导小组审核", "2017-01-05", "纪要", decided=True)
SHOWN = State("公示", "2017-01-10", "纪要", until="2017-01-14", decided=True)
AGAIN = DRAFT._replace(reopened=True)


@pytest.mark.parametrize(
    ("state", "draft", "words"),
    [
        (DRAFT, True, "初步结果"),
        (AGAIN, True, "已重新开启"),
        (REVIEWED, True, "状态：领导小组审核"),
        (SHOWN, True, "状态：公示"),
        (FINAL, False, "状态：公布"),
    ],
)
def test_every_page_of_every_kind_says_its_state(state: State, draft: bool, words: str) -> None:
    assessment = results("BH")
    standing = assessed(assessment)[0]
    for kind, context in (
        ("通报", notice(assessment, state)),
        ("公示", publicity(assessment, state)),
        ("申诉表", appeal(assessment, standing, state)),
    ):
        (header,) = texts(word(kind, context), "word/header1.xml")
        assert (words if (kind, state) != ("公示", SHOWN) else "公示稿") in header
        drafted = ("送审稿", "公示稿") if kind == "公示" else ("送审稿",)
        assert any(header.startswith(one) for one in drafted) is draft
    for data in (
        feedback_book(Feedbacks(assessment, state).of(standing), MOMENT),
        overview_book(overview(assessment, state), MOMENT),
        publicity_book(assessment, state, MOMENT),
    ):
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        up = state == SHOWN and sheet.title == "公示"
        assert ("公示稿" if up else words) in str(sheet.oddHeader.right.text)


NUMBER = "〔2017〕第8期"


@pytest.mark.parametrize(
    ("state", "number", "date"),
    [
        (DRAFT, "", UNDATED),
        (SHOWN._replace(number=NUMBER), "", UNDATED),
        (FINAL, NUMBER, "2017年1月20日"),
    ],
)
def test_only_what_is_final_has_a_number_and_a_date(state: State, number: str, date: str) -> None:
    told = notice(results("BH"), state)
    assert (told["文号"], told["日期"]) == (number, date)
    said = texts(word("通报", told))
    assert ("〔2017〕第8期" in said) is bool(number)


def test_a_text_names_who_decided_it() -> None:
    assessment = results("BH")
    assert notice(assessment, DRAFT)["审定说明"] == ""
    assert notice(assessment, REVIEWED)["审定说明"] == "考核结果已经领导小组审核（纪要）。"
    assert notice(assessment, FINAL)["审定说明"] == "考核结果已经审定（纪要〔2017〕1号）。"


def test_a_public_list_says_from_when_to_when_and_an_appeal_until_when() -> None:
    """Y9: 公示天数 5 with the first day, 申诉天数 5 from the 公示 on, as 申诉 is checked."""
    assessment = results("BH")
    assert shown_for(assessment, DRAFT) == "公示期为5天，自公示之日起算"
    steps = ("领导小组审核", "2007-08-01"), ("常委会审定", "2007-08-02"), ("公示", "2007-08-06")
    rows = tuple(StateRow("2007-H1", name, day, "纪要", "书记") for name, day in steps)
    shown = dataclasses.replace(assessment, ledger=dataclasses.replace(assessment.ledger, states=rows))
    assert shown_for(shown, SHOWN) == "公示期为2007年8月6日至2007年8月10日"
    assert publicity(shown, SHOWN)["日期"] == "2007年8月6日"
    assert "2007年8月10日前（含当日）" in until_words(shown, SHOWN), "the day the 公示 ends"
    assert "2007年8月10日届满" in until_words(shown, FINAL)
    assert "前（含当日）" in until_words(shown, FINAL._replace(date="2007-08-10"))
    longer = with_settings(shown, 申诉天数="10")
    assert "2007年8月16日前（含当日）" in until_words(longer, SHOWN)
    assert "后5天内" in until_words(assessment, DRAFT)
