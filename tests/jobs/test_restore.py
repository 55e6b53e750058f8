"""`kaohe restore`: the list tells what is in each backup; one is put back byte for byte, or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from pathlib import Path

import pytest

from kaohe.jobs.common import JobError
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.master import open_master
from kaohe.jobs.restore import Restored, listed, restore
from kaohe.jobs.settled import settled
from kaohe.workbooks.package import AlreadyThere, MasterLocked
from kaohe.workbooks.package.backups import RULE
from kaohe.workbooks.package.runlock import held
from tests.support.command import kaohe
from tests.support.line import Desk

FULL = "指标|完成值\nX1|100\nX2|90"
EVENING = dt.datetime(2007, 7, 20, 18)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Issued, two units in, consolidated, the first step of 审定 taken: three backups."""
    found = Desk.new(tmp_path)
    found.issue()
    found.fill("U1", FULL)
    found.fill("U2", FULL)
    found.consolidate()
    asked = Asked("领导小组审核", basis="纪要", person="组长", date="2007-07-20")
    decide(found.master, asked, clock=lambda: EVENING)
    return found


def clock() -> dt.datetime:
    return dt.datetime(2007, 8, 1, 9)


def back(desk: Desk, which: str, to: Path | None = None) -> Restored:
    return restore(desk.master, which, to=to, clock=clock)


def names(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "备份").iterdir())


def test_the_list_tells_what_is_in_each(desk: Desk) -> None:
    rows = listed(desk.master, clock=clock)
    assert [row.number for row in rows] == [1, 2, 3]
    told = [(row.last.command if row.last else "", row.state, row.backup.mark) for row in rows]
    assert told == [("汇总", "初步", "审定前"), ("下发", "", ""), ("新建", "", "")]
    assert [[run.command for run in row.replaced_by] for row in rows] == [["审定"], ["汇总"], ["下发"]]
    assert rows[0].time == "2007-07-20 18:00:00"
    data = rows[0].backup.path.read_bytes()
    assert (rows[0].size, rows[0].sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert not any(row.problem or row.ahead for row in rows)


def test_put_back_byte_for_byte_and_the_present_one_is_kept(desk: Desk) -> None:
    present = desk.master.read_bytes()
    wanted = listed(desk.master)[1].backup.path.read_bytes()
    done = back(desk, "2")
    assert desk.master.read_bytes() == wanted
    assert done.backup is not None
    assert done.backup.name == "总表.20070801-090000.恢复前.xlsx"
    assert done.backup.read_bytes() == present
    assert listed(desk.master)[0].state == "领导小组审核"
    again = restore(desk.master, done.backup.name, clock=lambda: clock() + dt.timedelta(hours=1))
    assert desk.master.read_bytes() == present
    assert again.notes == ()


def test_what_is_lost_is_told(desk: Desk) -> None:
    runs, issued, decided = back(desk, "3").notes
    assert "此后的 3 次运行" in runs
    assert "2 份自测表没有登记" in issued
    assert "2007-H1 领导小组审核" in decided


def test_asked_for_by_name_or_date(desk: Desk) -> None:
    name = listed(desk.master)[0].backup.path.name
    for which in (name, "20070720-180000.审定前", str(desk.folder / "备份" / name)):
        target = desk.folder / f"{len(which)}.xlsx"
        done = back(desk, which, target)
        assert done.source.name == name
        assert target.read_bytes() == done.source.read_bytes()


def test_to_a_file_leaves_the_master_alone(desk: Desk) -> None:
    present, before = desk.master.read_bytes(), names(desk)
    back(desk, "1", desk.folder / "另存.xlsx")
    with pytest.raises(AlreadyThere):
        back(desk, "1", desk.folder / "另存.xlsx")
    assert (desk.master.read_bytes(), names(desk)) == (present, before)


def refused(desk: Desk, which: str, kind: type[Exception]) -> str:
    """What the refusal says; the master and the backups are as they were."""
    present, before = desk.master.read_bytes(), names(desk)
    with pytest.raises(kind) as told:
        back(desk, which)
    assert (desk.master.read_bytes(), names(desk)) == (present, before)
    return str(told.value)


def test_there_is_no_such_backup(desk: Desk) -> None:
    assert "共有 3 份" in refused(desk, "4", JobError)
    assert "共有 3 份" in refused(desk, "0", JobError)
    assert "kaohe restore 总表.xlsx" in refused(desk, "没有的.xlsx", JobError)


def test_open_elsewhere(desk: Desk) -> None:
    (desk.folder / "~$总表.xlsx").write_bytes(b"")
    assert "正在 Excel" in refused(desk, "1", MasterLocked)


def test_another_run_is_going(desk: Desk) -> None:
    told: list[str] = []
    with held(desk.master.resolve(), "2007-08-01 09:00:00"):
        thread = threading.Thread(target=lambda: told.append(refused(desk, "1", MasterLocked)))
        thread.start()
        thread.join()
    assert "另一次运行" in told[0]


def test_a_backup_that_is_no_master(desk: Desk) -> None:
    rows = listed(desk.master)
    half = rows[2].backup.path
    half.write_bytes(half.read_bytes()[:5000])
    rows[1].backup.path.write_bytes(desk.form("U1").read_bytes())
    assert [bool(row.problem) for row in listed(desk.master)] == [False, True, True]
    assert "不能当总表打开" in refused(desk, "3", JobError)
    assert "不能当总表打开" in refused(desk, "2", JobError)


def test_the_same_content(desk: Desk) -> None:
    back(desk, "1")
    assert "不需要恢复" in refused(desk, "2", JobError)


def test_a_damaged_master_and_one_that_is_gone(desk: Desk) -> None:
    wanted = listed(desk.master)[0].backup.path.read_bytes()
    desk.master.write_bytes(b"half")
    done = back(desk, "1")
    assert done.backup is not None
    assert (desk.master.read_bytes(), done.backup.read_bytes()) == (wanted, b"half")
    desk.master.unlink()
    assert [row.number for row in listed(desk.master)] == [1, 2, 3, 4]
    done = back(desk, "2")
    assert (desk.master.read_bytes(), done.backup) == (wanted, None)
    assert "读不了" in done.notes[0]


def test_the_year_goes_on_after_it(desk: Desk) -> None:
    """From the restored master the same consolidation comes to the same scores."""
    before = settled(open_master(desk.master), None).standings
    back(desk, "2")
    done = desk.consolidate()
    assert len(before) == 2
    assert [row.total for row in done.assessment.standings] == [row.total for row in before]


def test_a_date_ahead_is_told(desk: Desk) -> None:
    rows = listed(desk.master, clock=lambda: dt.datetime(2007, 7, 15))
    assert [row.ahead for row in rows] == [True, False, False]


def test_at_the_console(desk: Desk) -> None:
    shown = kaohe("restore", desk.master)
    assert shown.code == 0
    assert "审定前" in shown.out
    assert listed(desk.master)[0].sha256[:12] in shown.out
    assert kaohe("restore", desk.master, "--to", desk.folder / "a.xlsx").code == 2
    done = kaohe("restore", desk.master, "2")
    assert done.code == 0
    assert ".恢复前.xlsx" in done.out
    assert "不需要恢复" in kaohe("restore", desk.master, "3").err
    (desk.folder / ".~lock.总表.xlsx#").write_text(",王芳,pc,2007;", encoding="utf-8")
    locked = kaohe("restore", desk.master, "2")
    assert (locked.code, "没有写入" in locked.err, "王芳" in locked.err) == (3, True, True)
    assert kaohe("restore", desk.folder / "别的.xlsx").code == 2


def test_the_help_says_the_rule() -> None:
    help_text = kaohe("restore", "--help").out
    assert "".join(RULE.split()) in "".join(help_text.split())
