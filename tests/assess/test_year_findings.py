"""Group Y: steps not followed, units not heard, appeals out of time, feedback and evidence left undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from kaohe import terms
from kaohe.assess.assessment import assess
from kaohe.assess.deciding_findings import feedback_findings
from kaohe.assess.evidence import evidence_findings, outside
from kaohe.assess.load import load_scheme
from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.returns import take_in
from kaohe.findings import QUERY, Finding
from kaohe.model import Appeal, Evidence, Feedback, Ledger, StateRow, Verdict
from kaohe.periods import parse_period
from tests.support.returns import form, registered
from tests.support.schemes import draw, small_scheme

H1 = parse_period("2007-H1")
SCHEME = small_scheme()
STEPS = (
    StateRow("2007-H1", "领导小组审核", "2007-07-18", "纪要1", "领导小组"),
    StateRow("2007-H1", "常委会审定", "2007-07-20", "纪要2", "常委会"),
    StateRow("2007-H1", "公示", "2007-07-21", "公示", "考核办", until="2007-07-25"),
)


def told(ledger: Ledger) -> list[Finding]:
    """What group Y says of the small scheme with both forms in and these registers."""
    sent = [form(unit, "指标|完成值\nX1|100\nX2|90", scheme=SCHEME) for unit in ("U1", "U2")]
    register = registered(SCHEME, [("U1", ""), ("U2", "")], H1)
    intake = take_in(sent, register, (), SCHEME.at(H1.end), H1)
    found = assess(SCHEME, H1, intake, register, (), ledger)
    assert {row.state for row in found.standings} == {terms.VALID}, "nothing here takes a rank"
    return [finding for finding in found.findings if finding.code.startswith("Y")]


def said(ledger: Ledger) -> list[tuple[str, str]]:
    return [(finding.code, finding.what) for finding in told(ledger)]


def test_a_step_out_of_order_and_one_of_no_period_are_told() -> None:
    rows = (replace(STEPS[1]), replace(STEPS[0], period="上半年"), replace(STEPS[0], period=""))
    assert said(Ledger(states=rows)) == [
        ("Y02", "《审定》的“领导小组审核”没有采用:期次“上半年”看不懂。"),
        ("Y02", "《审定》的“领导小组审核”没有采用:没有写期次。"),
        ("Y02", "《审定》的“常委会审定”没有采用:应先登记“领导小组审核”。"),
    ]
    assert said(Ledger(states=STEPS)) == []


def test_a_unit_not_heard_about_its_figure_is_told_once_a_step_is_taken() -> None:
    other = Verdict("2007-H1", "U2", "X1", "99", date="2007-07-15", basis="核查")
    verdicts = (other, replace(other, unit="U1", value="100"), replace(other, period="2007"))
    assert said(Ledger(verdicts=verdicts)) == []
    assert said(Ledger(verdicts=verdicts, states=STEPS[:1])) == [
        ("Y03", "《产值》核定为“99”,单位所报为“100”,《核定》没有记单位意见。")
    ]
    heard = (replace(other, answer="无"),)
    assert said(Ledger(verdicts=heard, states=STEPS[:1])) == []


CLAIM = Appeal(
    "2007-H1",
    "U2",
    "X1",
    "产值口径有误",
    "2007-07-22",
    terms.APPEAL_REFUSED,
    answered="2007-07-24",
    basis="复核记录",
    person="考核办",
)


@pytest.mark.parametrize(
    ("appeal", "codes"),
    [
        (CLAIM, []),
        (replace(CLAIM, filed="2007-07-26", answered="2007-07-28"), []),
        (replace(CLAIM, filed="2007-07-27", answered="2007-07-28"), ["Y04"]),
        (replace(CLAIM, kind=terms.APPEAL_PUBLIC, filed="2007-07-25", answered="2007-07-28"), []),
        (replace(CLAIM, kind=terms.APPEAL_PUBLIC, filed="2007-07-26", answered="2007-07-28"), ["Y04"]),
        (replace(CLAIM, filed="2007-07-10", answered="2007-07-12"), []),
        (replace(CLAIM, answered="2007-08-01"), []),
        (replace(CLAIM, answered="2007-08-02"), ["Y05"]),
        (replace(CLAIM, answered=""), ["Y06"]),
        (replace(CLAIM, basis="", person=""), ["Y06"]),
        (replace(CLAIM, answered="2007-07-20"), ["Y06"]),
        (replace(CLAIM, state=terms.APPEAL_OPEN, answered="", basis="", person=""), []),
        (replace(CLAIM, state=terms.APPEAL_WITHDRAWN, answered="", basis="", person=""), []),
        (replace(CLAIM, period="2007", answered=""), []),
    ],
)
def test_appeals_have_their_days(appeal: Appeal, codes: list[str]) -> None:
    assert [code for code, _ in said(Ledger(appeals=(appeal,), states=STEPS))] == codes


def test_an_appeal_before_anything_was_public_is_in_time() -> None:
    late = replace(CLAIM, filed="2007-12-01", answered="2007-12-02")
    assert said(Ledger(appeals=(late,))) == []
    assert said(Ledger(appeals=(late,), states=STEPS)) == [
        ("Y04", "申诉“产值口径有误”于 2007-12-01 提出,期限是 2007-07-26。")
    ]


def test_after_a_second_notice_the_days_count_anew() -> None:
    again = (
        *STEPS,
        StateRow("2007-H1", terms.STATE_REOPENED, "2007-07-28", "纪要3", "领导小组"),
        replace(STEPS[0], date="2007-07-29"),
        replace(STEPS[1], date="2007-07-30"),
        replace(STEPS[2], date="2007-07-31", until=""),
    )
    appeal = replace(CLAIM, filed="2007-08-05", answered="2007-08-06")
    assert said(Ledger(appeals=(appeal,), states=again)) == []


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (Feedback("送审稿", source="财政局", clause="X1", opinion="降低权重", answer="采纳"), []),
        (
            Feedback("送审稿", source="财政局", opinion="降低权重", answer="未采纳", reason="与上级口径一致"),
            [],
        ),
        (Feedback("送审稿", source="财政局", clause="X1", opinion="降低权重", answer="未采纳"), ["Y07"]),
        (Feedback("送审稿", source="财政局", clause="X1", opinion="降低权重", answer="部分采纳"), ["Y07"]),
        (Feedback("送审稿", source="财政局", opinion="降低权重", answer="同意"), ["Y07"]),
        (Feedback("送审稿", source="财政局", answer="采纳"), ["Y07"]),
        (Feedback("送审稿", source="财政局", opinion="降低权重"), ["Y08"]),
        (Feedback("送审稿", opinion="降低权重", answer="待定"), ["Y08"]),
    ],
)
def test_feedback_is_answered_with_a_reason(row: Feedback, codes: list[str]) -> None:
    found = list(feedback_findings([row]))
    assert [finding.code for finding in found] == codes
    assert {finding.severity for finding in found} <= {QUERY}


def of_evidence(
    *rows: Evidence,
    existing: Collection[str] = ("a.pdf",),
    returned: Collection[str] = ("U1",),
    scan: str = "否",
) -> list[tuple[str, str]]:
    scheme = small_scheme(方案=f"项目|值\n方案代码|T\n考核年度|2007\n要求扫描件|{scan}").at(H1.end)
    found = evidence_findings(scheme, H1, rows, existing, returned)
    return [(finding.code, finding.what) for finding in found]


PROOF = Evidence("2007-H1", "U1", "X1", "1", "a.pdf")


def test_evidence_in_order_says_nothing() -> None:
    scan = Evidence("2007-H1", "U1", "", "", "a.pdf")
    assert of_evidence(PROOF, replace(PROOF, number="2"), replace(PROOF, unit="U2"), scan, scan="是") == []
    assert of_evidence(replace(PROOF, period="2007", file="gone.pdf", unit="U9")) == []


@pytest.mark.parametrize(
    ("row", "code", "what"),
    [
        (replace(PROOF, file="b.pdf"), "Y09", "《佐证材料》U1 X1 第1号登记的文件“b.pdf”找不到。"),
        (
            replace(PROOF, file="../a.pdf"),
            "Y09",
            "《佐证材料》U1 X1 第1号登记的文件“../a.pdf”不在总表所在的文件夹之下。",
        ),
        (replace(PROOF, file=""), "Y10", "《佐证材料》U1 X1 第1号:没有写文件。"),
        (replace(PROOF, number=""), "Y10", "《佐证材料》U1 X1:没有写编号。"),
        (replace(PROOF, unit="U9"), "Y10", "《佐证材料》U9 X1 第1号:单位代码“U9”不在《单位》《人员》中。"),
        (replace(PROOF, unit=""), "Y10", "《佐证材料》X1 第1号:没有写单位代码。"),
        (replace(PROOF, indicator="X9"), "Y10", "《佐证材料》U1 X9 第1号:指标代码“X9”不在《指标》中。"),
        (replace(PROOF, period="七月"), "Y10", "《佐证材料》U1 X1 第1号:期次“七月”看不懂。"),
        (replace(PROOF, period=""), "Y10", "《佐证材料》U1 X1 第1号:没有写期次。"),
    ],
)
def test_a_fault_in_the_evidence(row: Evidence, code: str, what: str) -> None:
    assert of_evidence(row) == [(code, what)]


def test_numbers_are_unique_within_an_indicator() -> None:
    assert of_evidence(PROOF, PROOF) == [("Y10", "《佐证材料》U1 X1 第1号:编号重复(另见 )。")]


def test_a_scan_is_asked_for_where_the_scheme_says_so_and_the_unit_returned() -> None:
    assert of_evidence(PROOF, scan="是") == [("Y11", "东区已报送,《佐证材料》没有登记签字盖章的扫描件。")]
    assert of_evidence(PROOF, scan="是", returned=()) == []
    assert of_evidence(PROOF) == []


@pytest.mark.parametrize(
    "name", ["/etc/x.pdf", "C:\\x.pdf", "C:x.pdf", "..\\x.pdf", "佐证/../../x.pdf", "\\\\a\\b\\x"]
)
def test_names_that_lead_out_of_the_folder(name: str) -> None:
    assert outside(name)


@pytest.mark.parametrize("name", ["x.pdf", "佐证/A01/x.pdf", "佐证\\A01\\x.pdf", "a..b.pdf"])
def test_names_inside_the_folder(name: str) -> None:
    assert not outside(name)


def test_the_years_registers_are_read_and_touch_no_score() -> None:
    """A blank, a wrong choice, a date nobody can read: no ERROR of everybody's, and no row passed over."""
    tables = draw(
        审定="期次|状态|日期|依据|决定人|文号|公示截止\n2007-H1|公示|下周|纪要|组长||2007/7/25\n|公布||||〔2007〕第8期|",
        佐证材料="期次|单位代码|指标代码|编号|文件\n2007-Q2|U1||1|扫描/U1.pdf",
        征求意见="稿次|日期|来自|意见|处理\n|2007年3月1日|财政局|降低权重|看看",
        申诉="期次|单位代码|类别|提出人|申诉内容|提出日期\n2007-H1|U1|公示异议|群众|名次有误|2007-07-22",
    )
    assert load_scheme(tables)[1] == ()
    ledger = load_ledger(tables)
    assert [(row.period, row.state, row.date, row.until) for row in ledger.states] == [
        ("2007-H1", "公示", "下周", "2007-07-25"),
        ("", "公布", "", ""),
    ]
    assert [(row.period, row.file, row.location.cell) for row in ledger.evidence] == [
        ("2007-H1", "扫描/U1.pdf", "E2")
    ]
    assert [(row.date, row.answer) for row in ledger.feedback] == [("2007-03-01", "看看")]
    assert [(row.kind, row.by) for row in ledger.appeals] == [(terms.APPEAL_PUBLIC, "群众")]
