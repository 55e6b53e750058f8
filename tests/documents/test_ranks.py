"""One rank in every document, that of 排名; 定等次序 beside it, by its name, where it is another one."""

from __future__ import annotations

from kaohe.assess.standing import Standing
from kaohe.documents.feedback import Feedbacks
from kaohe.documents.forms import appeal
from kaohe.documents.notice import held_back, notice
from kaohe.documents.publicity import publicity
from kaohe.documents.results import assessed
from tests.documents.demos import DRAFT, results, with_settings
from tests.documents.docx import parts_of, texts
from tests.documents.test_held_back import word
from tools.documents_xml import document


def moved() -> list[Standing]:
    """WX-J: those a veto gave another place than their rank."""
    return [row for row in assessed(results("WX-J")) if row.rank and row.place != row.rank]


def test_the_unit_reads_the_rank_of_the_ranking() -> None:
    assessment = results("WX-J")
    feedbacks = Feedbacks(assessment, DRAFT)
    assert moved()
    for row in moved():
        told = feedbacks.of(row)
        assert dict(told.cards)["组内名次"].split("（")[0].split(" /")[0] == str(row.rank)
        assert any("定等次序" in note and note.endswith(f"第{row.place}") for note in told.notes)
        said = str(appeal(assessment, row, DRAFT)["名次等次"])
        assert said.startswith(f"第{row.rank}")
        assert f"定等次序第{row.place}" in said


def test_where_nothing_moved_nothing_is_said_of_it() -> None:
    assessment = results("BH")
    row = assessed(assessment)[0]
    assert not any("定等次序" in note for note in Feedbacks(assessment, DRAFT).of(row).notes)
    assert "定等次序" not in str(appeal(assessment, row, DRAFT)["名次等次"])


def test_a_public_table_shows_both_where_they_differ() -> None:
    assessment = with_settings(results("WX-J"), 公示内容="得分、名次、等次")
    said = "".join(texts(word("公示", publicity(assessment, DRAFT))))
    for row in moved():
        assert f"定等次序{row.place}）" in said
    summaries = str(notice(assessment, DRAFT)["各组"])
    assert "并列第" not in summaries or any(row.tied for row in assessed(assessment))


def test_what_a_notice_leaves_out_is_told_with_the_reason() -> None:
    """The twenty best are in it; the one a veto bars is not."""
    (line,) = (line for line in held_back(results("WX-J")) if "二十佳" in line)
    assert line.endswith("中“因否决不予”的1个没有写入通报\uff0c其余已写入")


def test_no_page_ends_in_a_signature_alone_and_no_comma_is_lost() -> None:
    """LibreOffice pushes a comma out of a justified line; the end of the text keeps with who signs."""
    styles = parts_of(document("样", [], ""))["word/styles.xml"].decode()
    assert 'w:val="both"' not in styles
    body = parts_of(word("通报", notice(results("WX-J"), DRAFT)))["word/document.xml"].decode()
    closing = next(part for part in body.split("</w:p>") if "认真整改" in part)
    assert "<w:keepNext/>" in closing
