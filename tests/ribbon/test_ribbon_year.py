"""The buttons that end a year: 审定, 出文书, 复核, 试算, 比对, 归档, 结转, 恢复备份."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kaohe.faces.ribbon_dialog import LONGEST
from kaohe.jobs.close_verify import check
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.master import open_master
from kaohe.workbooks.package import fill
from tests.ribbon.press import desktop, pressed, selected
from tests.ribbon.remote import Screen, actions
from tests.support.line import Desk, grid

pytestmark = pytest.mark.full

TABLES = {
    "方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n审定程序|常委会审定、公布",
    "审定": "期次|状态|日期|依据|决定人",
}
FILED = {
    "publish": "出文书",
    "audit": "复核",
    "try_rules": "试算",
    "compare": "比对",
    "close_year": "归档",
    "roll_over": "结转",
}
DAY = dt.datetime(2008, 1, 20, 18)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let logs and new files go into the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def year(tmp_path: Path) -> Desk:
    """A small scheme, its year consolidated."""
    found = Desk.new(tmp_path, **TABLES)
    found.issue("2007")
    found.fill("U1", "指标|完成值\nX1|100\nX2|95")
    found.fill("U2", "指标|完成值\nX1|90\nX2|90")
    found.consolidate()
    return found


def announced(desk: Desk) -> Desk:
    """The results taken to their last step."""
    for state in ("常委会审定", "公布"):
        decide(desk.master, Asked(state, "纪要", "2008-01-20", "常委会"), clock=lambda: DAY)
    return desk


def typed_step(desk: Desk) -> None:
    """A step typed into 审定 by hand."""
    texts = ("2007", "常委会审定", "2008-01-20", "5号纪要", "常委会")
    sheet = open_master(desk.master).tables["state"].sheet
    head = open_master(desk.master).tables["state"].head
    cells = {(head + 1, column): text for column, text in enumerate(texts, 1)}
    desk.master.write_bytes(fill(desk.master.read_bytes(), sheet, cells))


def test_decide_leads_to_the_next_step(year: Desk) -> None:
    book = desktop(year.master)
    person = pressed("decide", book)
    head = open_master(year.master).tables["state"].head
    assert "2007年全年现在是“初步”" in person.last
    assert f"请在《审定》第 {head + 1} 行填写期次 2007、状态 常委会审定" in person.last
    assert selected(book) == ("审定", head + 1, 1)
    assert (person.asked, book.saved, book.api.copies) == ([], 0, [])


def test_decide_tells_what_is_in_the_way(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, **TABLES)
    desk.issue("2007")
    desk.fill("U1", "指标|完成值\nX1|100\nX2|95")
    desk.consolidate()
    person = pressed("decide", desktop(desk.master))
    assert "登记“常委会审定”之前先要解决:" in person.last


def test_decide_locks_a_typed_step_in_the_open_book(year: Desk) -> None:
    typed_step(year)
    before = year.master.read_bytes()
    book = desktop(year.master)
    assert "总表没有改动" in pressed("decide", book, "no").last
    assert actions(book.book) == []
    person = pressed("decide", book)
    assert "- 常委会审定,2008-01-20,依据:5号纪要,决定人:常委会" in person.asked[0]
    assert "已锁定 2 个单位的结果(常委会审定)" in person.last
    assert "保存总表" in person.last
    screen = Screen.of(before, "总表.xlsx").play(actions(book.book))
    assert "常委会审定" in set(screen.sheet("定稿登记").values.values())
    assert str(screen.sheet("排名").values[2, 1]).endswith("状态:常委会审定")
    assert (book.saved, year.master.read_bytes() == before) == (0, True)


def test_decide_names_a_row_that_is_not_followed(year: Desk) -> None:
    sheet, head = (
        open_master(year.master).tables["state"].sheet,
        open_master(year.master).tables["state"].head,
    )
    data = fill(year.master.read_bytes(), sheet, {(head + 1, 1): "2007", (head + 1, 2): "公布"})
    year.master.write_bytes(data)
    person = pressed("decide", desktop(year.master))
    assert f"B{head + 1}“公布”没有采用" in person.last or "“公布”没有采用:没有写依据" in person.last
    assert f"第 {head + 2} 行" in person.last


def test_decide_after_the_last_step(year: Desk) -> None:
    person = pressed("decide", desktop(announced(year).master))
    assert "现在是“公布”" in person.last
    assert "登记“重新开启”" in person.last


def test_decide_in_a_master_without_the_register(example: Path, tmp_path: Path) -> None:
    """An older master: what to run is said."""
    import zipfile

    old = tmp_path / "旧.xlsx"
    with zipfile.ZipFile(example / "总表.xlsx") as source, zipfile.ZipFile(old, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml":
                data = data.replace("审定".encode(), "别的".encode())
            target.writestr(name, data)
    person = pressed("decide", desktop(old))
    assert "kaohe upgrade 旧.xlsx" in person.last
    assert person.troubles == [True]


@pytest.mark.parametrize("name", FILED)
def test_what_is_on_the_screen_is_saved_first_or_nothing_is_done(year: Desk, name: str) -> None:
    book = desktop(year.master)
    before = set(year.folder.rglob("*"))
    person = pressed(name, book, "no")
    assert f"“{FILED[name]}”读取总表的文件" in person.asked[0]
    assert f"没有{FILED[name]}" in person.last
    assert (len(person.asked), book.saved, set(year.folder.rglob("*"))) == (1, 0, before)
    pressed(name, book, "yes", "no")
    assert book.saved == 1


def test_a_saved_book_is_not_saved_again(year: Desk) -> None:
    book = desktop(year.master)
    book.api.Saved = True
    person = pressed("publish", book, "no")
    assert person.last == "没有出文书。"
    assert book.saved == 0


def test_a_book_that_cannot_be_saved(year: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    book = desktop(year.master)

    def fail() -> None:
        raise RuntimeError("-2146827284")

    monkeypatch.setattr(book, "save", fail)
    person = pressed("audit", book)
    assert "总表没有保存成(-2146827284),没有复核" in person.last
    person = pressed("audit", desktop(year.master, read_only=True))
    assert "以只读方式打开" in person.last


def test_publish(year: Desk) -> None:
    person = pressed("publish", desktop(year.master))
    [folder] = (year.folder / "文书").iterdir()
    assert "2007年全年(初步):通报 1 份" in person.last
    assert str(folder) in person.last
    assert "送审稿" in person.last
    assert list(folder.glob("*.docx"))


def test_audit_of_a_master_as_it_was_written(year: Desk) -> None:
    before = year.master.read_bytes()
    person = pressed("audit", desktop(year.master))
    assert "核对相符" in person.last
    assert "回收文件:核对" in person.last
    assert person.troubles == [False]
    assert year.master.read_bytes() == before
    assert not (year.folder / "核对结果.xlsx").exists()


def test_audit_selects_the_first_cell_that_disagrees(year: Desk) -> None:
    rows = grid(year.master, "填报数据").rows
    at = next(number for number, row in enumerate(rows, 1) if "识别值" in row)
    column = rows[at - 1].index("识别值") + 1
    year.master.write_bytes(fill(year.master.read_bytes(), "填报数据", {(at + 1, column): 12.0}))
    book = desktop(year.master)
    person = pressed("audit", book)
    assert "不符" in person.last
    assert person.troubles == [True]
    assert (year.folder / "核对结果.xlsx").is_file()
    assert [action["func"] for action in actions(book.book)] == ["activateSheet", "rangeSelect"]
    assert len(person.last) <= 3 * LONGEST


def test_whatif_writes_a_sheet_beside(desk: Path) -> None:
    person = pressed("try_rules", desktop(desk / "总表.xlsx"))
    assert "有名次的共 9 个" in person.last
    assert "kaohe whatif 总表.xlsx --weight" in person.last
    assert (desk / "试算.xlsx").is_file()


def test_whatif_where_no_weight_can_change(year: Desk) -> None:
    (year.folder / "试算.xlsx").write_bytes(b"mine")
    assert "名次是否稳固没有试" in pressed("try_rules", desktop(year.master)).last
    assert (year.folder / "试算-2.xlsx").is_file()


def test_compare_with_the_backup_that_is_chosen(year: Desk) -> None:
    year.fill("U2", "指标|完成值\nX1|99\nX2|99")
    consolidate(year.master, year.inbox, clock=year.clock)
    person = pressed("compare", desktop(year.master), "yes", "yes")
    assert "与下面的备份比较吗" in person.asked[1]
    assert "个单位的得分、名次或等次" in person.last
    assert (year.folder / "变化.xlsx").is_file()
    assert "kaohe diff" in pressed("compare", desktop(year.master), "yes", "cancel").last


def test_compare_without_backups(tmp_path: Path, year: Desk) -> None:
    (year.folder / "备份").rename(tmp_path / "别处")
    assert "没有可比的" in pressed("compare", desktop(year.master)).last


def test_close_seals_what_is_published(year: Desk) -> None:
    person = pressed("close_year", desktop(year.master))
    assert "还没有公布" in person.last
    assert person.troubles == [True]
    announced(year)
    person = pressed("close_year", desktop(year.master))
    target = year.folder / "总表-归档.zip"
    seal = person.last.split("核对时用):\n")[1].split("\n")[0]
    assert check(target, seal).flaws == ()


def test_close_tells_that_the_seal_is_not_in_a_master_that_is_open(year: Desk) -> None:
    announced(year)
    (year.folder / "~$总表.xlsx").write_bytes(b"")
    person = pressed("close_year", desktop(year.master))
    assert "封存码没有记入总表" in person.last
    assert person.troubles == [True]
    assert (year.folder / "总表-归档.zip").is_file()


def test_roll_over(year: Desk) -> None:
    assert "还没有公布" in pressed("roll_over", desktop(year.master)).last
    announced(year)
    person = pressed("roll_over", desktop(year.master))
    target = year.folder / "总表-2008.xlsx"
    assert str(target) in person.asked[1]
    assert "上年值" in person.last
    assert open_master(target).scheme.settings["考核年度"] == 2008


def test_restore_lists_backups_and_says_how(year: Desk, tmp_path: Path) -> None:
    book = desktop(year.master)
    person = pressed("restore_backup", book)
    assert "总表开着时不能恢复" in person.last
    assert "kaohe restore 总表.xlsx 1" in person.last
    assert "\n1. 2007-07-01 " in person.last
    assert "最后一次运行:下发 2007" in person.last
    assert (person.asked, actions(book.book)) == ([], [])
    (year.folder / "备份").rename(tmp_path / "别处")
    assert "没有找到" in pressed("restore_backup", book).last
