"""The year in the office, Y1 to Y12 of the systems' rules, played with the 125 departments of WX-J."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from kaohe.jobs.audit import audit
from kaohe.jobs.close import close
from kaohe.jobs.close_verify import check
from kaohe.jobs.common import JobError
from kaohe.jobs.diff import diff
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.jobs.remind import remind
from kaohe.jobs.rollover import rollover
from kaohe.terms import PENDING_GRADE
from tests.year.office import Office, at, ranks

pytestmark = pytest.mark.full

REVIEWED, DECIDED, SHOWN, PUBLISHED, REOPENED = "领导小组审核", "常委会审定", "公示", "公布", "重新开启"
QUICK = ("anew", "returns", "content", "decision")
"""The audit's engines that need no other program; all of them run in tests/audit."""


def text_of(path: Path) -> str:
    """All XML of a Word or Excel file, tags and all."""
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.rglob(pattern)
    return found


def of(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def test_the_year(tmp_path: Path) -> None:
    office = Office.opened(tmp_path, "WX-J", "2016", "2016-01-05")
    consult_on_the_draft(office)
    sign_tasks(office)
    withheld = send_out_and_receive(office)
    press_for_the_missing(office, withheld)
    verify_and_adjust(office)
    decide_and_show(office)
    uphold_an_appeal(office)
    announce(office)
    seal_and_carry_on(office)


def consult_on_the_draft(office: Office) -> None:
    """Y1: the draft goes out, opinions come in, each is answered with its reason; the changes are listed."""
    draft = office.keep("征求意见稿")
    sheets = office.publish("2016-01-06", "征求意见表")
    assert of(sheets.folder, "征求意见表*.docx")
    row = office.types(
        "征求意见", 稿次="征求意见稿", 来自="市财政局(演示)", 条款="D02", 意见="口径请写明以督查通报为准"
    )
    office.types(
        "征求意见",
        稿次="征求意见稿",
        来自="市旅游局(演示)",
        条款="M01",
        意见="权重偏高",
        处理="未采纳",
        理由="与上级办法一致",
    )
    codes = [finding.code for finding in open_master(office.master).findings]
    assert "Y08" in codes
    indicator = next(
        row for row in open_master(office.master).tables["indicator"].rows if row.text("code") == "D02"
    )
    office.changes("指标", indicator.number, 口径="以督查室通报为准")
    office.changes("征求意见", row, 处理="采纳", 办理日期="2016-01-20")
    assert "Y08" not in [finding.code for finding in open_master(office.master).findings]
    listed = diff(draft, office.master, scheme_only=True).differences
    assert ["D02" in str(row) for row in listed] == [True]
    answered = text_of(only(office.publish("2016-01-21", "征求意见采纳情况表").folder, "*采纳*.docx"))
    assert "与上级办法一致" in answered


def sign_tasks(office: Office) -> None:
    """Y2: a letter of tasks for each of the 125 to sign, before any result is there."""
    tasks = office.publish("2016-02-01", "任务书")
    assert dict(tasks.files)["任务书"] == 125
    assert tasks.state == ""


def send_out_and_receive(office: Office) -> list[Path]:
    """Y3, Y4: everybody is in the register; all but three send in what was asked."""
    issued = office.issue("2017-01-01")
    book = open_master(office.master)
    assert {row.unit for row in book.issues.values() if row.unit} == {u.code for u in book.scheme.units}
    returned = office.receive(issued, "2017-01-06")
    names = {unit.code: unit.name for unit in book.scheme.units}
    aside = office.folder / "未到"
    aside.mkdir()
    found = []
    for code in ("A05", "B07", "C09"):
        path = next(path for path in returned if path.name.startswith(f"{names[code]}-自测"))
        found.append(Path(shutil.move(path, aside / path.name)))
    return found


def press_for_the_missing(office: Office, withheld: list[Path]) -> None:
    """Y5: who is missing is told and written to; nothing becomes final before that is decided."""
    result = office.consolidate("2017-01-12")
    states = {row.unit.code: row.state for row in result.assessment.standings}
    assert {code for code, state in states.items() if state == "暂定"} == {"A05", "B07", "C09"}
    letters = remind(office.master, clock=lambda: at("2017-01-12")).letters
    assert len([letter for letter in letters if letter.name in {p.name.split("-")[0] for p in withheld}]) == 3
    with pytest.raises(JobError, match=r"(?s)还不能登记“领导小组审核”.*结果暂定"):
        office.decide(REVIEWED, "2017-01-12")
    late, extended, zero = withheld
    office.arrives(late, "2017-01-13")
    office.types(
        "人工调整",
        期次="2016",
        单位代码="B07",
        项目="延期",
        调整为="2017-01-16",
        依据="虚构:系统故障,领导小组同意",
        决定人="领导小组(演示)",
        日期="2017-01-13",
    )
    office.types(
        "人工调整",
        期次="2016",
        单位代码="C09",
        项目="按0分",
        依据="虚构:两次催报未报",
        决定人="领导小组(演示)",
        日期="2017-01-13",
    )
    office.arrives(extended, "2017-01-15")
    result = office.consolidate("2017-01-16")
    assert {row.unit.code for row in result.assessment.standings if row.state == "暂定"} == set()
    assert zero.exists()


def verify_and_adjust(office: Office) -> None:
    """Y6, Y7: a department's figure, which the unit is told and answers; both figures stay visible."""
    office.types(
        "核定",
        期次="2016",
        单位代码="A01",
        指标代码="M02",
        核定值=96.5,
        核定部门="目标办",
        核定人="审核员(演示)",
        日期="2017-01-17",
        依据="虚构:核查记录",
    )
    result = office.consolidate("2017-01-18").assessment
    claims = result.claims.of("A01", "M02")
    assert [str(claim.typed) for claim in claims[:2]] == ["96.5", "97.3"]


def decide_and_show(office: Office) -> None:
    """Y8, Y9: reviewed, decided, shown to the public without scores; an objection is answered."""
    preliminary = office.publish("2017-01-18", "通报")
    assert not preliminary.final
    assert "送审稿" in text_of(only(preliminary.folder, "通报*.docx"))
    office.keep("初步")
    with pytest.raises(JobError, match="等次待定"):
        office.decide(REVIEWED, "2017-01-19")
    settle_grades(office, "2017-01-19")
    told = office.decide(REVIEWED, "2017-01-19").findings
    assert [f.location.unit for f in told if f.code == "Y03"] == ["A01"]
    rows = open_master(office.master).tables["verdict"].rows
    mine = next(row for row in rows if row.text("unit") == "A01")
    office.changes("核定", mine.number, 单位意见="无异议")
    office.types(
        "加减分",
        期次="2016",
        单位代码="A01",
        项目代码="J01",
        分数=1,
        事由="虚构",
        依据="虚构",
        决定人="虚构",
        日期="2017-01-19",
    )
    with pytest.raises(JobError, match="重新开启"):
        office.consolidate("2017-01-19")
    take_back_last_bonus(office)
    office.consolidate("2017-01-20")
    assert not [f for f in office.decide(DECIDED, "2017-01-20").findings if f.code == "Y03"]
    office.decide(SHOWN, "2017-01-21", until="2017-01-25")
    shown = office.publish("2017-01-21", "公示")
    totals = {f"{row.total:.2f}" for row in open_master(office.master).decided}
    for path in of(shown.folder, "公示*"):
        assert not [total for total in totals if f">{total}<" in text_of(path)], path
    number = office.types(
        "申诉",
        期次="2016",
        单位代码="B10",
        类别="公示异议",
        提出人="群众(演示)",
        申诉内容="虚构:反映窗口服务态度",
        提出日期="2017-01-23",
        状态="受理",
    )
    with pytest.raises(JobError, match="还没有答复"):
        office.decide(PUBLISHED, "2017-01-26", number="〔2017〕第8期")
    answer = {"状态": "维持", "答复日期": "2017-01-25", "依据": "虚构:调查记录", "决定人": "考核办(演示)"}
    office.changes("申诉", number, **answer)


def settle_grades(office: Office, day: str) -> None:
    """Units tied at the edge of a quota: the office decides each one's grade."""
    result = office.consolidate(day).assessment
    for row in result.standings:
        if row.grade == PENDING_GRADE:
            office.types(
                "人工调整",
                期次="2016",
                单位代码=row.unit.code,
                项目="等次",
                调整为="良好",
                依据="虚构:会议纪要",
                决定人="领导小组(演示)",
                日期=day,
            )
    office.consolidate(day)


def take_back_last_bonus(office: Office) -> None:
    """The last row of 加减分 blanked again."""
    row = open_master(office.master).tables["bonus"].rows[-1]
    blank = dict.fromkeys(("期次", "单位代码", "项目代码", "分数", "事由", "依据", "决定人", "日期"))
    office.changes("加减分", row.number, **blank)


def uphold_an_appeal(office: Office) -> None:
    """Y9: an appeal that changes a rank needs the decided result to be reopened, on record."""
    before = ranks(office.consolidate("2017-01-26").assessment)
    last = max((rank, code) for code, rank in before.items() if rank is not None and code.startswith("A"))[1]
    office.types(
        "申诉",
        期次="2016",
        单位代码=last,
        指标代码="D01",
        申诉内容="虚构:督办件统计有误",
        提出日期="2017-01-24",
        状态="变更",
        变更项目="得分",
        变更为=10,
        答复日期="2017-01-26",
        依据="虚构:复核记录",
        决定人="督查室(演示)",
    )
    with pytest.raises(JobError, match="重新开启"):
        office.consolidate("2017-01-26")
    office.decide(REOPENED, "2017-01-26")
    after = ranks(office.consolidate("2017-01-26").assessment)
    moved = {code for code in after if after[code] != before[code]}
    assert moved
    found = diff(office.kept["初步"], office.master)
    assert any("申诉" in str(row) for row in found.differences)


def announce(office: Office) -> None:
    """Y8 again, then Y10: the notice with its number, and a sheet for each unit that tells the same."""
    for state, day in ((REVIEWED, "2017-01-27"), (DECIDED, "2017-01-28")):
        office.decide(state, day)
    office.decide(SHOWN, "2017-01-29", until="2017-02-03")
    with pytest.raises(JobError, match="公示到 2017-02-03"):
        office.decide(PUBLISHED, "2017-02-03", number="〔2017〕第8期")
    office.decide(PUBLISHED, "2017-02-04", number="〔2017〕第8期")
    done = office.publish("2017-02-05")
    assert done.final
    notice = text_of(only(done.folder, "通报*.docx"))
    assert "〔2017〕第8期" in notice
    assert "送审稿" not in notice
    assert dict(done.files)["反馈单"] == 125
    assert audit(office.master, inbox=office.inbox, engines=QUICK).clean


def seal_and_carry_on(office: Office) -> None:
    """Y11, Y12: sealed with every return and the minutes; next year's master goes out to the same units."""
    minutes = office.folder / "纪要"
    minutes.mkdir()
    (minutes / "常委会纪要(虚构).txt").write_text("虚构", encoding="utf-8")
    target = office.folder / "2016归档.zip"
    done = close(
        office.master,
        target,
        inbox=office.inbox,
        added=[minutes, office.folder / "文书"],
        engines=QUICK,
        clock=lambda: at("2017-02-10"),
    )
    assert done.missing == ()
    assert check(target, done.sealed.seal).flaws == ()
    new = rollover(office.master, office.folder / "2017.xlsx", clock=lambda: at("2017-02-11"))
    book = open_master(new.master)
    assert book.scheme.settings["考核年度"] == 2017
    history = {row.unit: row.score for row in book.ledger.history}
    totals = {row.unit: row.total for row in open_master(office.master).decided}
    assert history == totals
    values = {(row.indicator, row.unit): row.prior for row in book.scheme.targets}
    assert values["M02", "A01"] == 96.5
    rows = open_master(new.master).tables["target"]
    assert rows.rows
    with pytest.raises(JobError):
        issue(new.master, "2016", office.folder / "下发17", clock=lambda: at("2017-02-12"))
