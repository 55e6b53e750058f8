"""`kaohe decide`: steps are registered, results locked by content, and no run goes round the lock (Y8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from kaohe import terms
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import Decision, decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.explain import assessed
from kaohe.jobs.master import open_master
from kaohe.jobs.settled import settled
from kaohe.sheets.registers import DECIDED as REGISTER
from kaohe.tables import BY_KEY
from kaohe.workbooks.package import fill
from kaohe.workbooks.plan import Scalar
from tests.support.command import kaohe
from tests.support.line import Desk, grid

FULL = "指标|完成值\nX1|100\nX2|90"
LESS = "指标|完成值\nX1|90\nX2|90"
REVIEWED, DECIDED, SHOWN, PUBLISHED = "领导小组审核", "常委会审定", "公示", "公布"
FIRST = 4
"""The first row of a yellow sheet below its headings."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, consolidated."""
    found = Desk.new(tmp_path)
    found.issue()
    found.fill("U1", FULL)
    found.fill("U2", LESS)
    found.consolidate()
    return found


def step(desk: Desk, state: str, day: str = "2007-07-20", **more: str) -> Decision:
    """A step of that day, registered in the evening."""
    asked = Asked(state, **{"basis": f"{state}的纪要", "person": "领导小组", "date": day, **more})
    evening = dt.datetime.fromisoformat(f"{day} 18:00:00")
    return decide(desk.master, asked, clock=lambda: evening)


def locked(desk: Desk) -> Decision:
    """The steps typed by hand, locked."""
    return decide(desk.master, clock=lambda: dt.datetime(2007, 7, 20, 18))


def typed(desk: Desk, sheet: str, values: Mapping[str, Scalar], row: int = FIRST) -> None:
    """A row typed into a yellow sheet by hand."""
    spec = next(spec for spec in BY_KEY.values() if spec.title == sheet)
    titles = [column.title for column in spec.columns]
    cells = {(row, titles.index(title) + 1): value for title, value in values.items()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), sheet, cells))


def adjusted(desk: Desk, score: float, row: int = FIRST) -> None:
    typed(
        desk,
        "人工调整",
        {
            "期次": "2007-H1",
            "单位代码": "U2",
            "指标代码": "X1",
            "项目": "得分",
            "调整为": score,
            "依据": "复核",
            "决定人": "组长",
            "日期": "2007-07-19",
        },
        row,
    )


def by_hand(desk: Desk, state: str, day: str = "2007-07-20", row: int = FIRST) -> None:
    given = {"期次": "2007-H1", "状态": state, "日期": day, "依据": "纪要", "决定人": "领导小组"}
    typed(desk, "审定", given, row)


def refused(desk: Desk, state: str = "", day: str = "2007-07-20", **more: str) -> str:
    """What the refusal says; the master is as it was."""
    before = desk.master.read_bytes()
    with pytest.raises(JobError) as told:
        step(desk, state, day, **more) if state else locked(desk)
    assert desk.master.read_bytes() == before
    return str(told.value)


def not_consolidated(desk: Desk) -> str:
    before = desk.master.read_bytes()
    with pytest.raises(JobError) as told:
        desk.consolidate()
    assert desk.master.read_bytes() == before
    return str(told.value)


def heading(desk: Desk, sheet: str = "排名") -> str:
    return str(grid(desk.master, sheet).rows[1][0])


def test_a_result_goes_through_its_steps_and_is_final_in_the_last(desk: Desk) -> None:
    assert settled(open_master(desk.master), None).state.name == "初步"
    assert heading(desk).endswith("状态:初步")
    for state, day in ((REVIEWED, "2007-07-20"), (DECIDED, "2007-07-21"), (SHOWN, "2007-07-22")):
        done = step(desk, state, day)
        assert (done.state.name, done.locked, done.units) == (state, (state,), 2)
        assert heading(desk).endswith(f"状态:{state}")
    last = step(desk, PUBLISHED, "2007-07-27", number="〔2007〕第8期")
    assert last.state.final
    book = open_master(desk.master)
    found = settled(book, "2007-H1")
    assert (found.state.final, found.state.number) == (True, "〔2007〕第8期")
    assert [(row.unit, row.total, row.rank, row.of) for row in book.decided[-2:]] == [
        ("U1", 100.0, 1, 2),
        ("U2", 94.0, 2, 2),
    ]
    assert [row.state for row in book.decided] == [
        state for state in (REVIEWED, DECIDED, SHOWN, PUBLISHED) for _ in range(2)
    ]
    assert [run.command for run in book.runs][-4:] == ["审定"] * 4
    assert [(row.state, row.date, row.basis, row.person) for row in book.ledger.states] == [
        (REVIEWED, "2007-07-20", "领导小组审核的纪要", "领导小组"),
        (DECIDED, "2007-07-21", "常委会审定的纪要", "领导小组"),
        (SHOWN, "2007-07-22", "公示的纪要", "领导小组"),
        (PUBLISHED, "2007-07-27", "公布的纪要", "领导小组"),
    ]


def test_only_the_new_row_of_the_register_is_touched(desk: Desk) -> None:
    before = openpyxl.load_workbook(desk.master)
    step(desk, REVIEWED)
    after = openpyxl.load_workbook(desk.master)
    for sheet in before.worksheets:
        if sheet.title in {spec.title for spec in BY_KEY.values()}:
            old = {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
            new = {cell.coordinate: cell.value for row in after[sheet.title].iter_rows() for cell in row}
            changed = {at for at in new if new[at] != old.get(at)}
            assert changed == ({"A4", "B4", "C4", "D4", "E4"} if sheet.title == "审定" else set())
    for list_of_work in ("问题清单", "报送情况", "催报"):
        assert "状态" not in heading(desk, list_of_work)
        assert [c.value for c in before[list_of_work][5]] == [c.value for c in after[list_of_work][5]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"state": DECIDED}, "应先登记“领导小组审核”"),
        ({"state": "拍板"}, "状态应为 领导小组审核、常委会审定、公示、公布、重新开启 之一"),
        ({"state": terms.STATE_REOPENED}, "还没有审定,不需要重新开启"),
        ({"state": REVIEWED, "basis": ""}, "没有写依据"),
        ({"state": REVIEWED, "person": " "}, "没有写决定人"),
        ({"state": REVIEWED, "until": "2007-07-25"}, "只有“公示”有截止日期"),
        ({"state": REVIEWED, "date": "后天"}, "日期“后天”看不懂"),
        ({"state": REVIEWED, "date": "2007-07-21"}, "日期 2007-07-21 在今天(2007-07-20)之后"),
    ],
)
def test_a_step_that_could_not_be_followed_is_not_registered(
    desk: Desk, asked: dict[str, str], told: str
) -> None:
    assert told in refused(desk, **asked)


def test_a_unit_that_did_not_return_stands_in_the_way_until_it_is_decided(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.consolidate()
    assert "还不能登记“领导小组审核”:\n- 西区结果暂定:西区未报送" in refused(desk, REVIEWED)
    zero = {"期次": "2007-H1", "单位代码": "U2", "项目": "按0分"}
    typed(desk, "人工调整", {**zero, "依据": "会议", "决定人": "组长", "日期": "2007-07-18"})
    assert "请先汇总" in refused(desk, REVIEWED)
    desk.consolidate()
    assert step(desk, REVIEWED).state.name == REVIEWED


def test_what_was_changed_since_the_consolidation_is_not_decided(desk: Desk) -> None:
    adjusted(desk, 58)
    told = refused(desk, REVIEWED)
    assert "与《排名》不同:西区:总分《排名》94,应为 98" in told
    with pytest.raises(JobError, match="请先汇总"):
        settled(open_master(desk.master), None)
    assert settled(open_master(desk.master), None, check=False).standings[1].total == 98
    desk.consolidate()
    assert step(desk, REVIEWED).units == 2


def test_a_ranking_somebody_typed_over_is_not_decided(desk: Desk) -> None:
    titles = list(grid(desk.master, "排名").rows[3])
    at = titles.index("总分") + 1
    desk.master.write_bytes(fill(desk.master.read_bytes(), "排名", {(5, at): 99.5}))
    assert "总分《排名》99.5,应为 100" in refused(desk, REVIEWED)


def test_the_same_result_is_consolidated_again_and_another_is_refused(desk: Desk) -> None:
    step(desk, REVIEWED)
    desk.consolidate()
    assert heading(desk).endswith("状态:领导小组审核")
    adjusted(desk, 58)
    looked = consolidate(desk.master, desk.inbox, dry_run=True, clock=desk.clock)
    assert [note[:23] for note in looked.notes] == ["正式汇总会被拒绝:2007年上半年的结果已经“"]
    told = not_consolidated(desk)
    assert "已经“领导小组审核”(2007-07-20,依据:领导小组审核的纪要),现在算出的不同:西区:总分 94→98" in told
    assert "重新开启" in told
    with pytest.raises(JobError, match="西区:总分 94→98"):
        settled(open_master(desk.master), None)


def test_a_late_form_that_changes_a_decided_result_is_refused(desk: Desk) -> None:
    step(desk, REVIEWED)
    path = desk.fill("U2", FULL)
    assert "西区:总分 94→100、名次 2→1" in not_consolidated(desk)
    assert path.is_file()


def test_reopening_is_recorded_and_everything_begins_anew(desk: Desk) -> None:
    step(desk, REVIEWED)
    step(desk, DECIDED, "2007-07-21")
    adjusted(desk, 58)
    again = step(desk, terms.STATE_REOPENED, "2007-07-22")
    assert (again.state.decided, again.state.reopened, again.locked) == (False, True, ())
    assert "请先汇总" in refused(desk, REVIEWED, "2007-07-22")
    desk.consolidate()
    assert heading(desk).endswith("状态:初步(重新开启)")
    assert "应先登记“领导小组审核”" in refused(desk, DECIDED, "2007-07-23")
    assert step(desk, REVIEWED, "2007-07-23").locked == (REVIEWED,)
    book = open_master(desk.master)
    assert [(row.state, row.total) for row in book.decided if row.unit == "U2"] == [
        (REVIEWED, 94.0),
        (DECIDED, 94.0),
        (REVIEWED, 98.0),
    ]
    assert settled(book, None).standings[1].total == 98
    desk.consolidate()


def test_rows_of_the_scheme_changed_later_belong_to_later_results(desk: Desk) -> None:
    """What was decided is reckoned under the version it was decided under, until it is reopened."""
    step(desk, REVIEWED)
    old = open_master(desk.master).decided[0].version
    for row, weight in ((FIRST, 50), (FIRST + 1, 50)):
        typed(desk, "指标", {"权重": weight}, row)
    typed(desk, "部分", {"满分": 50}, FIRST)
    typed(desk, "部分", {"满分": 50}, FIRST + 1)
    book = open_master(desk.master)
    assert book.scheme.at(dt.date(2007, 6, 30)).version != old
    again = settled(book, None)
    assert (again.scores.scheme.version, again.standings[1].total) == (old, 94)
    assert desk.consolidate().assessment.standings[1].total == 94
    assert f"方案版本 {old}" in heading(desk)
    assert assessed(desk.master).standings[1].total == 94
    step(desk, DECIDED, "2007-07-21")
    step(desk, terms.STATE_REOPENED, "2007-07-22")
    assert desk.consolidate().assessment.standings[1].total == 95


def test_steps_typed_by_hand_are_locked_by_the_command_alone(desk: Desk) -> None:
    by_hand(desk, REVIEWED)
    by_hand(desk, DECIDED, "2007-07-20", FIRST + 1)
    assert "结果还没有锁定。请先运行 kaohe decide 总表.xlsx" in not_consolidated(desk)
    with pytest.raises(JobError, match="还没有锁定"):
        settled(open_master(desk.master), None)
    done = locked(desk)
    assert (done.locked, done.state.name) == ((REVIEWED, DECIDED), DECIDED)
    assert len(open_master(desk.master).decided) == 4
    assert "《审定》没有等待锁定的一步" in refused(desk)
    desk.consolidate()


def test_a_typed_step_that_is_not_followed_is_named(desk: Desk) -> None:
    by_hand(desk, DECIDED)
    assert "《审定》中没有采用的行:B4“常委会审定”:应先登记“领导小组审核”" in refused(desk)
    found = desk.consolidate()
    assert "Y02" in {finding.code for finding in found.assessment.findings}


def test_a_step_taken_out_of_the_register_or_dated_anew_is_seen(desk: Desk) -> None:
    step(desk, REVIEWED)
    whole = desk.master.read_bytes()
    typed(desk, "审定", {"日期": "2007-07-19"})
    for told in (refused(desk), not_consolidated(desk)):
        assert told.startswith(
            "《审定》的“领导小组审核”(2007-07-19)与《定稿登记》的“领导小组审核”(2007-07-20)"
        )
    desk.master.write_bytes(whole)
    typed(desk, "审定", dict.fromkeys(("期次", "状态", "日期", "依据", "决定人")))
    assert "请恢复该行" in not_consolidated(desk)


def test_a_register_of_decisions_that_was_lost_stops_every_run(desk: Desk) -> None:
    step(desk, REVIEWED)
    cells: dict[tuple[int, int], Scalar] = {
        (row, column): None
        for row in range(1, 8)
        for column in range(1, len(REGISTER.columns) + 1)
    }  # fmt: skip
    desk.master.write_bytes(fill(desk.master.read_bytes(), "定稿登记", cells))
    with pytest.raises(JobError, match="《定稿登记》不见了"):
        open_master(desk.master)


def test_a_result_kept_beside_an_open_master_is_taken_in_first(desk: Desk) -> None:
    beside = desk.master.with_name("总表.待写入-20070702-093005-1a2b3c4d.xlsx")
    beside.write_bytes(desk.master.read_bytes())
    assert "还没有并入" in refused(desk, REVIEWED)


@pytest.mark.parametrize(
    "cells",
    [
        {(8, 4): "万元"},
        {(8, 3): "满意率", (10, 3): "产值"},
        {(11, 2): "X1", (11, 3): "产值", (11, 11): 70},
        {(8, 11): "约 90"},
    ],
)
def test_an_error_of_a_form_is_known_from_the_master_alone(
    tmp_path: Path, cells: dict[tuple[int, int], Scalar]
) -> None:
    """Otherwise the result would be another one without the returned files, and never be settled."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    path = desk.fill("U2", LESS)
    path.write_bytes(fill(path.read_bytes(), "自测表", cells))
    first = desk.consolidate().assessment
    again = settled(open_master(desk.master), None)
    assert [row.rank for row in first.standings] == [row.rank for row in again.standings] == [1, None]
    assert "- 西区结果暂定:" in refused(desk, REVIEWED)


def test_evidence_is_looked_for_below_the_masters_folder(desk: Desk) -> None:
    (desk.folder / "佐证").mkdir()
    (desk.folder / "佐证" / "合同.pdf").write_bytes(b"%PDF")
    outside = desk.folder.parent / "外面.pdf"
    outside.write_bytes(b"%PDF")
    (desk.folder / "佐证" / "链接.pdf").symlink_to(outside)
    row = {"期次": "2007-H1", "单位代码": "U1", "指标代码": "X1"}
    for at, file in enumerate(("佐证/合同.pdf", "佐证\\合同.pdf", "佐证/没有.pdf", "佐证/链接.pdf", "佐证")):
        typed(desk, "佐证材料", {**row, "编号": at + 1, "文件": file}, FIRST + at)
    for found in (desk.consolidate().assessment, settled(open_master(desk.master), None)):
        missing = [finding.facts["file"] for finding in found.findings if finding.code == "Y09"]
        assert missing == ["佐证/没有.pdf", "佐证/链接.pdf", "佐证"]
        assert {row.state for row in found.standings} == {terms.VALID}
    assert step(desk, REVIEWED).findings[0].code == "Y09"


def test_a_unit_not_heard_is_told_and_decided_all_the_same(desk: Desk) -> None:
    row = {"期次": "2007-H1", "单位代码": "U2", "指标代码": "X1", "核定值": "95"}
    typed(desk, "核定", {**row, "日期": "2007-07-19", "依据": "核查"})
    desk.consolidate()
    done = step(desk, REVIEWED)
    assert [finding.code for finding in done.findings] == ["Y03"]
    assert done.units == 2


def test_feedback_left_open_is_told_before_anything_is_issued(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    typed(
        desk,
        "征求意见",
        {"稿次": "送审稿", "来自": "财政局", "条款": "X1", "意见": "降低权重", "处理": "待定"},
    )
    done = desk.issue()
    assert [finding.code for finding in done.findings] == ["Y08"]
    assert len(done.written) == 2


def test_the_command_registers_refuses_and_locks(desk: Desk) -> None:
    early = kaohe("decide", desk.master, "--state", DECIDED, "--basis", "纪要", "--person", "常委会")
    assert (early.code, "应先登记“领导小组审核”" in early.err) == (2, True)
    done = kaohe("decide", desk.master, "--state", REVIEWED, "--basis", "纪要", "--person", "领导小组")
    assert done.code == 0
    assert "已锁定 2 个单位的结果(领导小组审核),见《定稿登记》。" in done.out
    assert kaohe("decide", desk.master).code == 2
