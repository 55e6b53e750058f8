"""Buttons whose job reads the master's file: what is on the screen is saved first, after a yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kaohe.faces.ribbon_dialog import Dialog
from kaohe.faces.ribbon_office import refuse_form
from kaohe.jobs.common import JobError
from kaohe.jobs.open_store import path_of
from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.package.backups import BACKUP_FOLDER, backups


def saved_master(book: Any, dialog: Dialog, what: str) -> Path:
    """The master's file, with everything that is on the screen. ``what`` is about to be done.

    Raises JobError for a book that is no master's file, was not saved after the question, or could not be.
    """
    refuse_form(book)
    path = path_of(book)
    if _unsaved(book):
        _save(book, path, dialog, what)
    if not path.is_file():
        raise JobError(f"找不到总表的文件“{path}”。请先保存总表,再点“{what}”。")
    return path


def _unsaved(book: Any) -> bool:
    """Whether something on the screen may not be in the file; where the program does not say, it may."""
    return not (desktop.is_desktop(book) and book.api.Saved)


def _save(book: Any, path: Path, dialog: Dialog, what: str) -> None:
    if desktop.read_only(book):
        raise JobError(
            f"“{path.name}”是以只读方式打开的,改动没有保存。“{what}”以保存的文件为准:"
            "请关闭后重新打开,不改动就点这个按钮。"
        )
    if dialog.ask(f"“{what}”读取总表的文件,要先保存打开的总表。现在保存“{path.name}”吗?") != "yes":
        raise JobError(f"总表没有保存,没有{what}。")
    try:
        book.save()
    except Exception as error:  # a program says in its own way that it cannot save
        raise JobError(f"总表没有保存成({error}),没有{what}。请手工保存总表,再点一次。") from error


def backups_of(master: Path) -> list[Path]:
    """The dated copies in 备份/ beside the master, newest first. Raises JobError."""
    try:
        return [found.path for found in reversed(backups(master))]
    except OSError as error:
        raise JobError(f"“{BACKUP_FOLDER}”文件夹读不了:{error.strerror}。请检查权限后重试。") from None
