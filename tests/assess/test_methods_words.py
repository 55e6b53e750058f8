"""档次 and estimated figures as they are read: XT6's four words, and 预计值计分."""

from __future__ import annotations

import pytest

from kaohe import settings as s
from kaohe.assess.entries import read_record, record_findings
from kaohe.assess.methods import method_book
from kaohe.assess.scoring import score
from kaohe.model import Indicator, Record, Scheme
from tests.support.returns import H1
from tests.support.schemes import small_scheme

INDICATOR = Indicator("X1", "重点工作", "A", method="档次计分", weight=10)
GRADED = method_book(Scheme({})).methods["档次计分"]


def record(typed: str, value: float | None = None, status: str = "") -> Record:
    return Record(
        period="2007-H1", unit="U1", indicator="X1", department="", version="V", number="N", typed=typed,
        value=value, status=status, mark="", reason="", measure="", shown_weight=None, shown_target=None,
        shown_score=None, workbook="甲.xlsx", sheet="自测表", cell="K7", sha256="", received="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "answer", "codes"),
    [
        ("优秀", "优秀", []),
        ("良好", "良好", []),
        (" 合格 ", "合格", []),
        ("不合格", "不合格", []),
        ("优", "优秀", ["V07"]),
        ("良", "良好", ["V07"]),
        ("合", "合格", ["V07"]),
        ("差", "不合格", ["V07"]),
        ("较好", None, ["V02"]),
        ("达标", None, ["V02"]),
        ("#N/A", None, ["V02"]),
    ],
)
def test_the_words_of_a_grade_xt6(typed: str, answer: str | None, codes: list[str]) -> None:
    reading = read_record(record(typed), INDICATOR, GRADED, s.DEFAULTS)
    assert (reading.filled, reading.answer) == (True, answer)
    assert [finding.code for finding in reading.findings] == codes


def test_a_number_is_no_grade() -> None:
    """A plain number, which is otherwise taken without looking further."""
    reading = read_record(record("90", 90.0), INDICATOR, GRADED, s.DEFAULTS)
    assert reading.answer is None
    assert "应填优秀、良好、合格、不合格之一" in reading.findings[0].message
    assert not read_record(record("  "), INDICATOR, GRADED, s.DEFAULTS).filled


def test_points_of_a_grade_xt6() -> None:
    rows = "X1|A|重点工作|60|档次计分|无\nX2|B|满意率|40|目标完成率|无"
    units = "单位代码|单位名称\n" + "\n".join(f"U{n}|{n}" for n in range(1, 7))
    scheme = small_scheme(
        指标=f"指标代码|上级|指标名称|权重|计分方法|序时\n{rows}",
        单位=units,
        参数="指标代码|对象|参数|值\nX1|*|良好系数|0.9",
    )
    words = ("优秀", "良好", "合格", "不合格", None)
    row = score(scheme, H1, {"X1": {f"U{n}": word for n, word in enumerate(words, start=1)}}).results["X1"]
    assert row.points.tolist() == [6000, 5400, 4200, 0, 0, 0]
    assert row.state.tolist() == ["已达序时"] * 3 + ["未达序时", "待识别", "未填"]


PLAIN = Indicator("X1", "产值", "A", method="目标完成率", weight=10)


@pytest.mark.parametrize(("typed", "value"), [("92", 92.0), ("预计92", 92.0), ("约92", None)])
def test_estimates_are_scored_unless_the_scheme_forbids_it(typed: str, value: float | None) -> None:
    method = method_book(Scheme({})).methods["目标完成率"]
    given = record(typed, value, "预计")
    refused = read_record(given, PLAIN, method, {**s.DEFAULTS, "预计值计分": "否"})
    assert refused.answer is None
    assert [finding.code for finding in refused.findings] == ["V24"]
    assert "预计值计分=是" in refused.findings[0].message
    blank = record("", None, "预计")
    assert not read_record(blank, PLAIN, method, {**s.DEFAULTS, "预计值计分": "否"}).filled
    scored = read_record(given, PLAIN, method, s.DEFAULTS)
    assert scored.answer == value


def test_what_is_not_scored_is_not_said_to_be_scored() -> None:
    given = record("92", 92.0, "预计")
    assert [f.code for f in record_findings(given, PLAIN, 100.0, True, "V")] == ["V16"]
    assert [f.code for f in record_findings(given, PLAIN, 100.0, True, "V", estimates_scored=False)] == []
