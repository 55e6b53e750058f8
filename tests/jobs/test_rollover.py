"""`kaohe rollover` (Y12): next year's master from a decided year, with renamed, merged and split units."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.demo import demo, demo_periods
from kaohe.jobs.issue import issue
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.rollover import Rollover, rollover
from kaohe.workbooks.package import AlreadyThere, fill
from tests.support.command import kaohe
from tests.support.line import Desk, grid

CLOCK = dt.datetime(2008, 2, 1, 9)
TABLES = {
    "方案": "项目|值\n方案代码|QS\n方案名称|2007年度考核\n考核年度|2007\n审定程序|公布",
    "单位": "单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组\nU3|南区|甲组",
    "部分": "代码|名称\nA|发展",
    "指标": (
        "指标代码|上级|指标名称|计量单位|权重|计分方法|序时|生效止\n"
        "X1|A|工业产值|亿元|60|目标完成率|无|\n"
        "X2|A|群众满意率|%|40|目标完成率|无|\n"
        "X9|A|旧指标|个|10|目标完成率|无|2006-12-31"
    ),
    "目标": (
        "指标代码|单位代码|目标值|上年值|依据\n"
        "X1|U1|100|90|任务书\nX1|U2|80|70|任务书\nX1|U3|60|50|任务书\n"
        "X2|*|90||办法\nX2|U1|95|91|任务书"
    ),
    "督办": ("编号|单位代码|问题|状态\nD1|U2|河道整治|办理中\nD2|U1|信访积案|已销号\nD3|U3|违建|办理中"),
    "历史": "年度|单位代码|单位名称|考核组|得分|名次|单位数\n2006|U1|东区|甲组|88.5|1|3",
    "参数": "指标代码|对象|参数|值\nX1|U2|封顶|1.1\nX1|U3|封顶|1.2",
}
MERGED = "日期,原单位代码,原单位名称,现单位代码,现单位名称,方式\n" + "".join(
    f"2007-10-01,{old},{name},U4,新南区,合并\n" for old, name in (("U2", "西区"), ("U3", "南区"))
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three units, a whole year in and consolidated."""
    found = Desk.new(tmp_path, **TABLES)
    found.issue("2007")
    for unit, value in (("U1", 110), ("U2", 75), ("U3", 62)):
        found.fill(unit, f"指标|完成值\nX1|{value}\nX2|92.5")
    found.consolidate()
    return found


def publish(desk: Desk) -> None:
    asked = Asked("公布", "常委会纪要", "2008-01-20", "常委会", "〔2008〕第1期")
    decide(desk.master, asked, clock=lambda: dt.datetime(2008, 1, 20, 18))


def roll(
    desk: Desk, succession: str = "", *, keep_targets: bool = False, provisional: bool = False
) -> Rollover:
    path = desk.folder / "沿革.csv"
    path.write_text(succession, encoding="utf-8-sig")
    return rollover(
        desk.master,
        desk.folder / "2008.xlsx",
        succession=path if succession else None,
        clock=lambda: CLOCK,
        keep_targets=keep_targets,
        provisional=provisional,
    )


def targets(book: Master) -> set[tuple[str, str, float | None, float | None]]:
    return {(row.indicator, row.unit, row.value, row.prior) for row in book.scheme.targets}


def test_values_become_prior_values_and_results_history(desk: Desk) -> None:
    publish(desk)
    before = desk.master.read_bytes()
    done = roll(desk)
    book = open_master(done.master)
    assert desk.master.read_bytes() == before
    assert book.scheme.settings["考核年度"] == 2008
    assert book.scheme.settings["方案名称"] == "2008年度考核"
    assert {row.code for row in book.scheme.indicators} == {"X1", "X2"}
    assert targets(book) == {
        ("X1", "U1", None, 110),
        ("X1", "U2", None, 75),
        ("X1", "U3", None, 62),
        ("X2", "*", 90, None),
        ("X2", "U1", None, 92.5),
        ("X2", "U2", 90, 92.5),
        ("X2", "U3", 90, 92.5),
    }
    assert {(row.year, row.unit, row.score, row.rank, row.of) for row in book.ledger.history} == {
        (2006, "U1", 88.5, 1, 3),
        (2007, "U1", 98.95, 2, 3),
        (2007, "U2", 96.25, 3, 3),
        (2007, "U3", 102, 1, 3),
    }
    assert [row.number for row in book.ledger.supervisions] == ["D1", "D3"]
    assert (done.history, done.open_problems) == (3, 2)


def test_what_was_handed_in_stays_in_the_old_master(desk: Desk) -> None:
    publish(desk)
    book = open_master(roll(desk).master)
    assert (book.records, dict(book.issues), book.receipts, book.decided, book.ledger.states) == (
        (),
        {},
        (),
        (),
        (),
    )
    assert [run.command for run in book.runs] == ["结转"]
    assert not any("2007" in str(cell) for row in grid(book.path, "排名").rows for cell in row if cell)


def test_the_new_master_is_worked_with(desk: Desk) -> None:
    """Targets are filled in; it is issued, and what comes back is scored against last year's values."""
    publish(desk)
    done = roll(desk)
    rows = grid(done.master, "目标").rows
    head = next(at for at, row in enumerate(rows) if "目标值" in row)
    at = [str(title) for title in rows[head]].index("目标值") + 1
    cells = {(n, at): 100.0 for n in range(head + 2, head + 8)}
    done.master.write_bytes(fill(done.master.read_bytes(), "目标", cells))
    sent = issue(done.master, "2008", desk.folder / "下发08", clock=lambda: CLOCK)
    assert len(sent.written) == 3
    taken = consolidate(done.master, desk.folder / "下发08", clock=lambda: CLOCK)
    assert taken.files_counted == 3


def test_nothing_is_carried_before_it_is_final(desk: Desk) -> None:
    with pytest.raises(JobError, match="还没有公布"):
        roll(desk)
    assert not (desk.folder / "2008.xlsx").exists()
    done = roll(desk, provisional=True)
    assert "没有公布" in done.notes[0]


def test_a_file_that_is_there_is_not_overwritten(desk: Desk) -> None:
    publish(desk)
    (desk.folder / "2008.xlsx").write_bytes(b"mine")
    with pytest.raises(AlreadyThere):
        roll(desk)
    assert (desk.folder / "2008.xlsx").read_bytes() == b"mine"


def test_a_half_year_is_not_carried(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, **TABLES)
    desk.issue("2007-H1")
    desk.fill("U1", "指标|完成值\nX1|50")
    desk.consolidate()
    with pytest.raises(JobError, match="2007"):
        roll(desk, provisional=True)


def test_targets_may_be_kept(desk: Desk) -> None:
    publish(desk)
    assert ("X1", "U1", 100, 110) in targets(open_master(roll(desk, keep_targets=True).master))


def test_merged_units(desk: Desk) -> None:
    """Amounts add up, rates do not; parameters that differ, problems and the unit's place are told."""
    publish(desk)
    done = roll(desk, MERGED)
    book = open_master(done.master)
    assert [(row.code, row.name, row.group) for row in book.scheme.units] == [
        ("U1", "东区", "甲组"),
        ("U4", "新南区", "甲组"),
    ]
    assert {row for row in targets(book) if row[1] == "U4"} == {("X1", "U4", None, 137)}
    assert {row.unit for row in book.ledger.supervisions} == {"U4"}
    assert [(row.scope, row.value) for row in book.scheme.parameters] == [("U4", 1.1)]
    assert [(row.old, row.new) for row in book.ledger.successions] == [("U2", "U4"), ("U3", "U4")]
    told = "".join(done.notes)
    assert "不能相加(X2)" in told
    assert "值不同,取第一个" in told
    assert done.moved == ("U2 并入 U4", "U3 并入 U4")


def test_targets_kept_of_merged_units_add_up_where_they_can(desk: Desk) -> None:
    publish(desk)
    assert ("X1", "U4", 140, 137) in targets(open_master(roll(desk, MERGED, keep_targets=True).master))


def test_a_split_unit_has_no_prior_value(desk: Desk) -> None:
    publish(desk)
    split = (
        "日期,原单位代码,原单位名称,现单位代码,现单位名称,方式\n"
        "2007-12-01,U2,西区,U2a,西一区,拆分\n2007-12-01,U2,西区,U2b,西二区,拆分\n"
    )
    done = roll(desk, split)
    book = open_master(done.master)
    assert [row.code for row in book.scheme.units] == ["U1", "U2a", "U2b", "U3"]
    mine = {row for row in targets(book) if row[0] == "X1" and row[1].startswith("U2")}
    assert mine == {("X1", "U2a", None, None), ("X1", "U2b", None, None)}
    assert "拆分" in "".join(done.notes)
    assert [row.unit for row in book.ledger.supervisions if row.number == "D1"] == ["U2a"]


def test_a_renamed_unit_keeps_its_figures(desk: Desk) -> None:
    publish(desk)
    done = roll(
        desk, "日期,原单位代码,原单位名称,现单位代码,现单位名称,方式\n2008-01-01,U2,西区,W2,新西区,更名\n"
    )
    book = open_master(done.master)
    assert ("W2", "新西区") in [(row.code, row.name) for row in book.scheme.units]
    assert ("X1", "W2", None, 75) in targets(book)


HEAD = "日期,原单位代码,原单位名称,现单位代码,现单位名称,方式\n"


def test_steps_of_one_year_follow_each_other(desk: Desk) -> None:
    publish(desk)
    done = roll(desk, HEAD + "2007-10-01,U4,四区,U5,五区,更名\n2007-03-01,U3,南区,U4,四区,更名\n")
    book = open_master(done.master)
    assert [row.code for row in book.scheme.units] == ["U1", "U2", "U5"]
    assert ("X1", "U5", None, 62) in targets(book)
    assert done.moved == ("U3 更名为 U5",)


def test_what_was_carried_out_already_is_not_done_twice(desk: Desk) -> None:
    """U3 was split off U1 on the first day of the year, or in it: both have their own results."""
    publish(desk)
    for day in ("2007-01-01", "2007-06-01"):
        done = roll(desk, HEAD + f"{day},U1,东区,U1,东区,拆分\n{day},U1,东区,U3,南区,拆分\n")
        book = open_master(done.master)
        assert {row for row in targets(book) if row[0] == "X1"} == {
            ("X1", "U1", None, 110),
            ("X1", "U2", None, 75),
            ("X1", "U3", None, 62),
        }
        assert [(row.scope, row.value) for row in book.scheme.parameters] == [("U2", 1.1), ("U3", 1.2)]
        done.master.unlink()


def test_a_unit_taken_over_by_one_that_goes_on(desk: Desk) -> None:
    publish(desk)
    book = open_master(roll(desk, HEAD + "2007-06-01,U3,南区,U2,,合并\n").master)
    assert [(row.code, row.name) for row in book.scheme.units] == [("U1", "东区"), ("U2", "西区")]
    assert ("X1", "U2", None, 137) in targets(book)


def test_a_rename_to_a_unit_that_is_there_is_not_followed(desk: Desk) -> None:
    publish(desk)
    done = roll(desk, HEAD + "2007-06-01,U3,南区,U2,西区,更名\n")
    assert "与《单位》不符" in "".join(done.notes)
    assert [row.code for row in open_master(done.master).scheme.units] == ["U1", "U2", "U3"]


def test_a_formula_in_a_yellow_sheet_becomes_its_value(desk: Desk) -> None:
    """It would go by last year's value beside it, which is another one now."""
    book = openpyxl.load_workbook(desk.master)
    sheet = book["目标"]
    sheet["C4"] = "=ROUND(D4*1.1111111,0)"
    book.save(desk.master)
    with_result = fill(desk.master.read_bytes(), "目标", {}, {(4, 3): 100.0})
    desk.master.write_bytes(with_result)
    desk.consolidate("2007")
    done = roll(desk, keep_targets=True, provisional=True)
    assert openpyxl.load_workbook(done.master)["目标"]["C4"].value == 100


def test_the_new_name_has_the_ending_of_the_old(desk: Desk) -> None:
    publish(desk)
    with pytest.raises(JobError, match="扩展名"):
        rollover(desk.master, desk.folder / "2008.xlsm", clock=lambda: CLOCK)


def test_percent_cells_and_dates_keep_their_meaning(desk: Desk) -> None:
    """A prior value that goes into a cell of percent format is 92.5%, not 9250%."""
    publish(desk)
    book = openpyxl.load_workbook(desk.master)
    sheet = book["目标"]
    titles = [cell.value for cell in sheet[3]]
    for row in range(4, 12):
        sheet.cell(row, titles.index("上年值") + 1).number_format = "0.00%"
    for row in range(4, 12):
        cell = sheet.cell(row, titles.index("上年值") + 1)
        if cell.value is not None:
            cell.value = cell.value / 100
    book.save(desk.master)
    desk.consolidate("2007")
    new = open_master(roll(desk, provisional=True).master)
    assert ("X2", "U1", None, 92.5) in targets(new)
    assert ("X1", "U1", None, 110) in targets(new)


def test_the_offices_own_sheets_stay(desk: Desk) -> None:
    publish(desk)
    book = openpyxl.load_workbook(desk.master)
    book.create_sheet("会议安排")["B2"] = "常委会 1月20日"
    book.save(desk.master)
    desk.consolidate("2007")
    done = roll(desk, provisional=True)
    assert openpyxl.load_workbook(done.master)["会议安排"]["B2"].value == "常委会 1月20日"


WHOLE_YEARS = sorted(code for code, period in demo_periods().items() if period.month == 12)


@pytest.mark.parametrize(
    "code", [code if code == "WX-D" else pytest.param(code, marks=pytest.mark.full) for code in WHOLE_YEARS]
)
def test_every_bundled_system(code: str, tmp_path: Path) -> None:
    made = demo(code, tmp_path / "演示")
    done = rollover(made.folder / "总表.xlsx", tmp_path / "新.xlsx", provisional=True, clock=lambda: CLOCK)
    old, new = open_master(made.folder / "总表.xlsx"), open_master(done.master)
    assert done.priors > 0
    assert len(new.ledger.history) == len(old.ledger.history) + done.history > 0
    assert {row.code for row in new.scheme.indicators} == {row.code for row in old.scheme.indicators}
    assert new.records == ()
    assert new.findings == ()


def test_the_command(desk: Desk) -> None:
    refused = kaohe("rollover", str(desk.master), str(desk.folder / "2008.xlsx"))
    assert refused.code == 2
    assert "--provisional" in refused.text
    done = kaohe("rollover", str(desk.master), str(desk.folder / "2008.xlsx"), "--provisional")
    assert done.code == 0, done.text
    assert "已做出 2008 年度的总表" in done.text
