"""A master that is open elsewhere: the new one is kept beside it, nothing is lost, and it is joined later."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.workbooks.package import KeptBeside, OpenElsewhere, pending
from tests.support.line import Desk, table_rows
from tests.watch.desk import FULL, OTHER, Guard


@pytest.fixture
def desk(guard: Guard) -> Desk:
    """Forms issued, nothing returned."""
    return guard.desk


def opened(desk: Desk) -> Path:
    """The owner file that LibreOffice puts beside an open master."""
    owner = desk.master.with_name(f".~lock.{desk.master.name}#")
    owner.write_text(",王芳,pc,2007;", encoding="utf-8")
    return owner


def beside(desk: Desk) -> list[Path]:
    return sorted(desk.folder.glob("总表.待写入-*.xlsx"))


def saved_by_somebody(book: Path) -> bytes:
    """The same workbook in other bytes, as a program leaves it that saved it."""
    with zipfile.ZipFile(book, "a") as package:
        package.writestr("docProps/custom.txt", "x")
    return book.read_bytes()


def standings(book: Path) -> list[tuple[object, object]]:
    return [(row["单位"], row["总分"]) for row in table_rows(book, "排名")]


def refused(desk: Desk) -> KeptBeside:
    with pytest.raises(KeptBeside) as caught:
        desk.consolidate()
    return caught.value


def test_the_result_is_kept_beside_it_whole(desk: Desk) -> None:
    desk.fill("U1", FULL)
    desk.fill("U2", OTHER)
    before, owner = desk.master.read_bytes(), opened(desk)
    error = refused(desk)
    (file,) = beside(desk)
    assert re.fullmatch(r"总表\.待写入-\d{8}-\d{6}-[0-9a-f]{8}\.xlsx", file.name)
    assert error.beside == file
    assert all(word in str(error) for word in ("LibreOffice", "王芳", file.name, owner.name))
    assert desk.master.read_bytes() == before
    assert [unit for unit, _ in standings(file)] == ["东区", "西区"]
    owner.unlink()
    desk.consolidate()
    assert beside(desk) == []


@pytest.mark.parametrize(
    ("content", "who"),
    [
        (b"\x02" + b" " * 53 + b"\x02\0" + "王芳".encode("utf-16-le") + b" " * 40, "王芳"),
        (b" " * 165, ""),
        (b"\xff" * 165, ""),
        (bytes(range(165)), ""),
        (b"", ""),
    ],
)
def test_who_has_it_open(desk: Desk, content: bytes, who: str) -> None:
    """The name, or none where the owner file is damaged."""
    desk.fill("U1", FULL)
    desk.master.with_name(f"~${desk.master.name}").write_bytes(content)
    text = str(refused(desk))
    assert (f"(使用者:{who})" in text) if who else ("使用者" not in text)


def test_it_is_the_same_as_if_the_master_had_been_closed(desk: Desk) -> None:
    desk.fill("U1", FULL)
    desk.fill("U2", OTHER)
    owner = opened(desk)
    refused(desk)
    (file,) = beside(desk)
    kept = standings(file)
    owner.unlink()
    done = desk.consolidate()
    assert standings(desk.master) == kept
    assert any(file.name in note for note in done.notes)


def test_returns_that_are_gone_by_then_are_not_lost(desk: Desk) -> None:
    """The inbox is emptied while the master is open: what came in stands in the file beside it."""
    path, owner = desk.fill("U1", FULL), opened(desk)
    refused(desk)
    path.unlink()
    second = desk.fill("U2", OTHER)
    refused(desk)
    second.unlink()
    assert len(beside(desk)) == 1
    owner.unlink()
    desk.consolidate()
    assert {row["单位代码"] for row in desk.rows("填报数据")} == {"U1", "U2"}
    assert sum(row["操作"] == "汇总" for row in desk.rows("运行记录")) == 3


def test_a_return_that_was_replaced_meanwhile_stays_replaced(desk: Desk) -> None:
    first = desk.fill("U1", FULL)
    desk.consolidate()
    owner = opened(desk)
    second = desk.fill("U1", OTHER)
    assert first == second
    refused(desk)
    second.unlink()
    owner.unlink()
    desk.consolidate()
    counted = [row["识别值"] for row in desk.rows("填报数据") if not row["被替代"]]
    assert counted == [90, 92]


def test_what_the_office_changed_in_the_open_master_stays(desk: Desk) -> None:
    desk.fill("U1", FULL)
    owner = opened(desk)
    refused(desk)
    owner.unlink()
    changed = saved_by_somebody(desk.master)
    desk.consolidate()
    backups = [file.read_bytes() for file in (desk.folder / "备份").iterdir()]
    assert changed in backups
    assert desk.rows("填报数据")


def test_a_kept_file_that_somebody_changed_goes_to_the_backups(desk: Desk) -> None:
    desk.fill("U1", FULL)
    owner = opened(desk)
    refused(desk)
    (file,) = beside(desk)
    changed = saved_by_somebody(file)
    owner.unlink()
    desk.consolidate()
    assert (desk.folder / "备份" / file.name).read_bytes() == changed
    assert beside(desk) == []


def test_a_kept_file_that_cannot_be_read_stays_and_is_told(desk: Desk) -> None:
    desk.fill("U1", FULL)
    broken = desk.folder / "总表.待写入-20070101-000000-00000000.xlsx"
    broken.write_bytes(b"nothing")
    done = desk.consolidate()
    assert broken.exists()
    assert any(broken.name in note for note in done.notes)


def test_a_kept_file_in_the_inbox_is_no_return(desk: Desk) -> None:
    desk.fill("U1", FULL)
    opened(desk)
    with pytest.raises(KeptBeside):
        consolidate(desk.master, desk.folder, clock=desk.clock)
    assert pending.is_kept(beside(desk)[0], desk.master)
    done = consolidate(desk.master, desk.folder, dry_run=True, clock=desk.clock)
    assert not any("待写入" in item.workbook for item in done.assessment.intake.inputs)


def test_other_jobs_leave_nothing_beside(desk: Desk) -> None:
    opened(desk)
    with pytest.raises(OpenElsewhere) as caught:
        desk.issue("2007-Q3")
    assert not isinstance(caught.value, KeptBeside)
    assert beside(desk) == []


def test_the_watch_joins_it_when_the_master_is_closed(guard: Guard) -> None:
    desk = guard.desk
    owner = opened(desk)
    desk.fill("U1", FULL)
    said = guard.look(times=20)
    assert len(said) == 1
    assert "待写入" in said[0]
    assert not guard.watch.idle
    desk.fill("U2", OTHER)
    assert len(guard.look(times=20)) == 1
    assert len(beside(desk)) == 1
    owner.unlink()
    said = guard.look(times=3)
    assert any("已并入" in text for text in said)
    assert (guard.units(), beside(desk), guard.watch.idle) == ({"U1", "U2"}, [], True)
    assert guard.runs() == 3


def test_started_again_while_it_is_open_the_watch_does_nothing_twice(guard: Guard) -> None:
    owner = opened(guard.desk)
    guard.desk.fill("U1", FULL)
    guard.look(times=3)
    kept = beside(guard.desk)
    guard.begin()
    assert guard.look(times=10) == []
    assert beside(guard.desk) == kept
    owner.unlink()
    guard.look(times=2)
    assert guard.units() == {"U1"}
