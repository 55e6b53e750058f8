"""Backups: which are ours, which are kept, and that a wrong clock clears nothing that is needed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from kaohe.workbooks.package import apply, backups, fs, pending
from kaohe.workbooks.package.backups import (
    BEFORE_DECISION,
    BEFORE_RESTORE,
    DAYS_KEPT,
    NEWEST_KEPT,
    Backup,
    back_up,
    clear,
    dated_ahead,
    free_name,
    superfluous,
)
from kaohe.workbooks.package.save import put_back
from tests.package.books import master
from tests.package.plans import just, ranking

NOON = dt.datetime(2007, 7, 2, 12)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A master on disk, alone in its folder."""
    path = tmp_path / "总表.xlsx"
    path.write_bytes(master())
    return path


def names(path: Path) -> list[str]:
    return sorted(file.name for file in (path.parent / "备份").iterdir())


def laid(path: Path, moments: Iterable[dt.datetime], mark: str = "") -> None:
    """A run at each of the moments: a backup is made, the older ones are cleared."""
    for moment in moments:
        clear(path, moment, back_up(path, f"{moment}".encode(), moment, mark))


def kept_after(moments: Iterable[dt.datetime]) -> list[Backup]:
    """What is left after a run at each of the moments, without a disk."""
    found: list[Backup] = []
    for moment in moments:
        found.append(Backup(Path(f"{moment}"), f"{moment:%Y%m%d-%H%M%S}"))
        gone = superfluous(found, moment)
        found = [backup for backup in found if backup not in gone]
    return found


def hours(start: dt.datetime, count: int, step: int = 1) -> list[dt.datetime]:
    return [start + dt.timedelta(hours=step * n) for n in range(count)]


def test_many_runs_in_a_day_leave_the_newest(old: Path) -> None:
    laid(old, [NOON + dt.timedelta(minutes=n) for n in range(50)])
    assert len(names(old)) == NEWEST_KEPT
    assert names(old)[0] == "总表.20070702-123000.xlsx"


def test_a_run_every_six_hours_for_a_year() -> None:
    found = [backup.when for backup in kept_after(hours(NOON, 4 * 365, 6))]
    days = sorted({when[:8] for when in found})
    months = {when[:6] for when in found}
    assert len(months) == 12 + 1
    assert len(days) == DAYS_KEPT + 10  # 60 days reach into three months; the others keep one day each
    assert found[-NEWEST_KEPT:] == [f"{each:%Y%m%d-%H%M%S}" for each in hours(NOON, 4 * 365, 6)[-20:]]


def test_a_run_once_a_week_keeps_sixty_days_that_have_one() -> None:
    """Days are counted, not reckoned back from today: an office that works rarely keeps as many."""
    assert (
        len(kept_after(hours(NOON, 70, 24 * 7))) == DAYS_KEPT + 2
    )  # the first ten weeks: one of each month besides


def test_what_was_made_before_a_decision_stays_for_ever(old: Path) -> None:
    laid(old, [NOON], BEFORE_DECISION)
    laid(old, [NOON + dt.timedelta(seconds=1)], BEFORE_RESTORE)
    laid(old, hours(NOON + dt.timedelta(hours=1), 30))
    assert names(old)[:2] == ["总表.20070702-120000.审定前.xlsx", "总表.20070702-120001.恢复前.xlsx"]


def test_a_clock_far_in_the_future_clears_nothing_more(old: Path) -> None:
    laid(old, hours(NOON, 21))
    before = names(old)
    laid(old, [dt.datetime(2099, 1, 1)])
    assert set(before) - set(names(old)) == {before[0]}  # as any other run: the newest 20 move on by one
    mended = NOON + dt.timedelta(hours=40)
    laid(old, hours(mended, 22))
    found = backups.backups(old)
    assert found[-1].when == "20990101-000000"  # it sorts last, is not counted, and goes when its time comes
    assert dated_ahead(found[-1], mended)
    newest = [backup.when for backup in found[:-1]][-NEWEST_KEPT:]
    assert newest == [f"{each:%Y%m%d-%H%M%S}" for each in hours(mended, 22)[-NEWEST_KEPT:]]


def test_a_clock_set_back_clears_nothing_that_was_there(old: Path) -> None:
    laid(old, hours(NOON, 5))
    there = set(names(old))
    early = hours(dt.datetime(1999, 1, 1), 22)
    laid(old, early)
    assert there <= set(names(old))
    assert f"总表.{early[-1]:%Y%m%d-%H%M%S}.xlsx" in names(old)


def test_only_ours_are_cleared(old: Path) -> None:
    folder = old.parent / "备份"
    folder.mkdir()
    others = [
        "总表.我的.xlsx",
        "别表.20000101-000000.xlsx",
        "总表.20000101-000000.xlsx.bak",
        "总表.20000101-000000 副本.xlsx",
        "总表.20000101-000000.定稿.xlsx",
        "总表.待写入-20000101-000000-1a2b3c4d.xlsx",
        "年度总表.20000101-000000.xlsx",
    ]
    for name in others:
        (folder / name).write_bytes(b"theirs")
    (folder / "总表.20000102-000000.xlsx").mkdir()
    laid(old, hours(NOON, 24))
    assert {*others, "总表.20000102-000000.xlsx"} <= set(names(old))


if os.name == "posix":

    def test_a_link_is_not_ours(old: Path, tmp_path: Path) -> None:
        (old.parent / "备份").mkdir()
        (old.parent / "备份" / "总表.20000101-000000.xlsx").symlink_to(old)
        laid(old, hours(NOON, 24))
        assert "总表.20000101-000000.xlsx" in names(old)
        assert old.read_bytes() == master()


def test_no_copy_is_written_over(old: Path) -> None:
    assert [back_up(old, b"x", NOON, mark).name for mark in ("", BEFORE_DECISION, "")] == [
        "总表.20070702-120000.xlsx",
        "总表.20070702-120000-2.审定前.xlsx",
        "总表.20070702-120000-3.xlsx",
    ]
    (old.parent / "备份" / "总表.20070702-120000-4.xlsx").mkdir()
    assert free_name(old, NOON).name == "总表.20070702-120000-5.xlsx"


def test_nothing_is_cleared_before_the_new_one_is_on_the_disk(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(old, [NOON + dt.timedelta(minutes=n) for n in range(NEWEST_KEPT)])
    order: list[str] = []

    def told(name: str) -> None:
        real = getattr(fs, name)

        def call(*given: object) -> object:
            order.append(f"{name} {given[-1]}" if "kaohe" not in str(given[0]) else name)
            return real(*given)

        monkeypatch.setattr(fs, name, call)

    for name in ("sync", "replace", "sync_folder", "remove"):
        told(name)
    apply(old, just(ranking(12)), clock=NOON + dt.timedelta(hours=1))
    cleared = next(at for at, call in enumerate(order) if "20070702-120000" in call)
    last_sync = max(at for at, call in enumerate(order) if call.startswith(("sync", "replace")))
    assert cleared > last_sync
    assert order[last_sync] == f"sync_folder {old.parent}"


def test_superfluous_of_nothing() -> None:
    assert superfluous((), NOON) == ()


def test_the_master_is_put_back_and_what_stood_there_kept(old: Path) -> None:
    backup, notes = put_back(old, b"earlier", clock=NOON)
    assert backup is not None
    assert (old.read_bytes(), backup.read_bytes(), notes) == (b"earlier", master(), ())
    assert names(old) == ["总表.20070702-120000.恢复前.xlsx"]


def test_a_master_that_is_gone_is_put_back(old: Path) -> None:
    old.unlink()
    assert put_back(old, b"earlier", clock=NOON) == (None, ())
    assert [file.name for file in old.parent.iterdir()] == ["总表.xlsx"]


def test_a_changed_file_from_beside_is_not_put_over_another(old: Path) -> None:
    folder = old.parent / "备份"
    folder.mkdir()
    name = "总表.待写入-20070702-120000-1a2b3c4d.xlsx"
    (folder / name).write_bytes(b"an earlier one")
    beside = old.parent / name
    beside.write_bytes(b"changed by somebody")
    pending.retire(beside, folder)
    assert (folder / name).read_bytes() == b"an earlier one"
    assert (folder / name.replace(".xlsx", "-2.xlsx")).read_bytes() == b"changed by somebody"
    assert not beside.exists()
