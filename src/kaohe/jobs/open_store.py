"""A master that is open in a spreadsheet program, with its unsaved changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kaohe.jobs.common import JobError, make_folder
from kaohe.jobs.master import Master, as_master, wanted_sheets
from kaohe.jobs.store import Cells, Written, made_before
from kaohe.tables import SPECS
from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.open_book import digest, product_sheets, read_grids
from kaohe.workbooks.open_book_added import refuse_added, write_added
from kaohe.workbooks.open_book_write import refuse, write_plan
from kaohe.workbooks.package import BACKUP_FOLDER, NotWritable
from kaohe.workbooks.package.backups import free_name
from kaohe.workbooks.plan import BookPlan

NO_BACKUP = "本环境不能另存副本,这次没有备份;如不满意,请不保存就关闭总表。"
OLD_BACKUP = "本环境不能另存副本,备份的是总表上次保存的内容。"


def _silent(done: int, total: int) -> None:
    """Progress for those who do not look."""


@dataclass
class OpenStore:
    """The calling workbook as a Store (see :mod:`kaohe.jobs.store`).

    ``book`` is an xlwings Book. ``folder`` is for engines that tell only the book's name. ``keep``: save the
    book after writing, for jobs whose files on disk are worth nothing without it. ``writes``: whether a job
    will write; then a book that cannot be written is refused when it is read, before the work. ``started``
    tells, after an error, whether anything was written.
    """

    book: Any
    folder: Path | None = None
    keep: bool = False
    writes: bool = True
    progress: Callable[[int, int], None] = _silent
    started: bool = field(default=False, init=False)

    @property
    def path(self) -> Path:
        """The master's file. Raises JobError for a book without one, or one that lies on the web."""
        return self.folder / self.book.name if self.folder else path_of(self.book)

    def read(self) -> Master:
        """The master as it is on the screen; ``sha256`` is that of what was read.

        Raises JobError, and NothingWritten when it was to be written and cannot be.
        """
        path = self.path
        if self.writes:
            self.refuse_read_only()
        present = product_sheets(self.book)
        wanted = wanted_sheets(present, path.name)
        yellow = {present.get(spec.title, spec.title) for spec in SPECS}
        grids = read_grids(self.book, wanted.__contains__, yellow.__contains__)
        return as_master(path, digest(grids), present, grids)

    def write(self, plan: BookPlan, master: Master, moment: dt.datetime, added: Cells = ()) -> Written:
        """Put the plan into the open book, a dated copy first, ``added`` cells last. Raises NothingWritten.

        The book is as it was read: the program waits while a button's job runs.
        """
        path = self.path
        self.refuse_read_only()
        refuse(self.book, plan)
        refuse_added(self.book, added)
        backup, notes = _back_up(self.book, path, moment, made_before(plan))
        self.started = True
        notes += write_plan(self.book, plan, self.progress)
        write_added(self.book, added)
        if self.keep:
            self.book.save()
        return Written(backup, notes)

    def refuse_read_only(self) -> None:
        """NotWritable for a book the program opened for reading only."""
        if desktop.read_only(self.book):
            raise NotWritable(
                f"“{self.path.name}”是以只读方式打开的(可能已在别处打开,或文件带“只读”属性),没有写入。",
                "请在别处关闭它,或取消“只读”,重新打开后再试。",
            )


def path_of(book: Any) -> Path:
    """The file of an open book. Raises JobError when it was never saved or lies on the web."""
    from xlwings import XlwingsError

    try:
        path = Path(book.fullname)
    except XlwingsError:
        raise JobError(
            f"“{book.name}”是从网络位置(OneDrive 或 SharePoint)打开的。请先另存到本机文件夹,打开它再试。"
        ) from None
    if not path.is_absolute():
        raise JobError(f"“{book.name}”还没有保存过,不知道文件夹在哪里。请先保存,再重试。")
    return path


def _back_up(book: Any, path: Path, moment: dt.datetime, mark: str) -> tuple[Path | None, tuple[str, ...]]:
    """A dated copy in 备份/ beside the master, as it stands on the screen where the program can make one."""
    if not desktop.is_desktop(book) and not path.is_file():
        return None, (NO_BACKUP,)
    folder = path.parent / BACKUP_FOLDER
    make_folder(folder)
    target = free_name(path, moment, mark)
    try:
        if desktop.save_copy(book, target):
            return target, ()
    except OSError as error:
        raise NotWritable(
            f"写入前的备份“{target}”没有存成,总表没有改动。", "请检查文件夹权限和磁盘空间,再试一次。"
        ) from error
    target.write_bytes(path.read_bytes())
    return target, (OLD_BACKUP,)
