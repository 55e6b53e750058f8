"""Equal totals, different ranks: with whom, and what decided; in 排名, 反馈单 and explain."""

from __future__ import annotations

import pytest

from kaohe import terms
from kaohe.assess.explain_total import explain_total
from kaohe.assess.scoring import score
from kaohe.assess.standing import standings
from kaohe.assess.ties import parted
from kaohe.documents.feedback import Feedbacks
from kaohe.sheets.ranking_note import note_of
from tests.assess.test_standing import marked
from tests.documents.demos import DRAFT, results, with_settings
from tests.support.returns import H1


def told(
    marks: dict[str, tuple[float, float]], provisional: tuple[str, ...] = (), **settings: str
) -> dict[str, list[str]]:
    """Unit → what is said of ties; ``marks``: points of parts A and B."""
    scheme = marked(" ".join(f"{code}:甲" for code in marks), **settings)
    values = {
        "X1": {code: pair[0] for code, pair in marks.items()},
        "X2": {code: pair[1] for code, pair in marks.items()},
    }
    found = parted(scheme, standings(score(scheme, H1, values), provisional))
    return {code: [one.words() for one in rows] for code, rows in found.items()}


def test_the_part_that_decides_is_named_with_both_figures() -> None:
    found = told({"U1": (50, 30), "U2": (55, 25), "U3": (40, 30)}, 并列再比="A、B")
    part = marked("U1:甲").part_by_code["A"].name
    assert found == {
        "U2": [f"与单位U1同分,{part} 55.00>50.00"],
        "U1": [f"与单位U2同分,{part} 50.00<55.00"],
    }


def test_those_before_and_those_after_are_both_told() -> None:
    found = told({"U1": (50, 30), "U2": (45, 35), "U3": (45, 35), "U4": (40, 40)}, 并列再比="A")
    part = marked("U1:甲").part_by_code["A"].name
    assert found["U1"] == [f"与单位U2、单位U3同分,{part} 50.00>45.00"]
    assert found["U2"] == [f"与单位U1同分,{part} 45.00<50.00", f"与单位U4同分,{part} 45.00>40.00"]
    assert found["U4"] == [f"与单位U2、单位U3同分,{part} 40.00<45.00"]


def test_a_rank_before_rounding_says_so() -> None:
    found = told({"U1": (50.004, 30), "U2": (50.001, 30)}, 排名取数="舍入前")
    assert found["U1"] == ["与单位U2同分,舍入前总分 80.004>80.001"]


@pytest.mark.parametrize(
    ("marks", "provisional"),
    [
        ({"U1": (50, 30), "U2": (50, 30)}, ()),
        ({"U1": (50, 30), "U2": (50, 29)}, ()),
        ({"U1": (50, 30), "U2": (55, 25)}, ("U2",)),
    ],
    ids=["shared rank", "other totals", "provisional"],
)
def test_nothing_is_said_where_nothing_parts_equals(
    marks: dict[str, tuple[float, float]], provisional: tuple[str, ...]
) -> None:
    assert told(marks, provisional, 并列再比="A、B") == {}


def test_wxj_says_it_where_the_unit_asks() -> None:
    """市统计局 is 6th with 97.63, 市经济和信息化委员会 7th with the same total: 社会评议 decided."""
    assessment = results("WX-J")
    (row,) = (row for row in assessment.standings if row.unit.name == "市经济和信息化委员会")
    expected = "与市统计局同分,社会评议 22.94<23.09"
    mine = parted(assessment.scores.scheme, assessment.standings)[row.unit.code]
    assert expected in (note_of(row, assessment.scores.scheme, mine) or "")
    assert any(step.text == expected for step in explain_total(assessment, row.unit).steps)
    open_to_all = with_settings(assessment, 公示内容="得分、名次、等次")
    assert expected.replace(",", "\uff0c") in Feedbacks(open_to_all, DRAFT).of(row).notes
    assert row.state == terms.VALID


def test_others_scores_stay_closed_where_only_grades_are_open() -> None:
    """WXJ7: neither the name nor the figure of the other unit stands on the sheet."""
    assessment = with_settings(results("WX-J"), 公示内容="等次")
    (row,) = (row for row in assessment.standings if row.unit.name == "市经济和信息化委员会")
    notes = "".join(Feedbacks(assessment, DRAFT).of(row).notes)
    assert "有其他考核对象与本单位同分\uff0c比社会评议\uff0c本单位在后" in notes
    assert "市统计局" not in notes
    assert "23.09" not in notes
