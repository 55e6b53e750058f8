"""What a button does when Excel does not answer: a message box of the operating system, hints, the log."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.faces.console import log_places, write_log
from kaohe.faces.ribbon_dialog import TITLE, Answer, Dialog

PROTECTED_VIEW = "有文件是在“受保护的视图”中打开的(窗口上方有黄色提示条)。请先点“启用编辑”,再点这个按钮。"
NO_BOOK = (
    "没有取得正在编辑的工作簿。\n"
    "如果窗口上方有“受保护的视图”的黄色提示条,请先点“启用编辑”,再点这个按钮。\n"
    "这些按钮只在 Microsoft Excel 中可用,不支持 WPS 表格;装有 WPS 时,请用 Excel 打开文件再试。"
)
_ERROR_ICON, _INFO_ICON = 0x10, 0x40
_IN_FRONT = 0x10000 | 0x40000
"""MB_SETFOREGROUND and MB_TOPMOST: a box nobody sees behind Excel would look as if the program hung."""


def message_box(text: str, trouble: bool = False) -> None:
    """A box of Windows that needs no Excel; on other systems the text goes to standard error."""
    windows: Any = getattr(ctypes, "windll", None)
    if windows is None:
        print(text, file=sys.stderr)
        return
    icon = _ERROR_ICON if trouble else _INFO_ICON
    windows.user32.MessageBoxW(None, text, TITLE, icon | _IN_FRONT)


@dataclass(frozen=True)
class Steady:
    """A dialog that never raises but from a question: progress may be lost, a message may not."""

    dialog: Dialog

    def tell(self, text: str, trouble: bool = False) -> None:
        """The dialog's message; without Excel, that of the operating system."""
        try:
            self.dialog.tell(text, trouble)
        except Exception:  # noqa: BLE001  (Excel is busy or gone, in whatever way it says so)
            message_box(text, trouble)

    def ask(self, text: str, cancel: bool = False) -> Answer:
        """The dialog's question: without an answer no work is done."""
        return self.dialog.ask(text, cancel)

    def status(self, text: str) -> None:
        """The dialog's progress: a busy Excel must not break off the work."""
        with suppress(Exception):
            self.dialog.status(text)


def protected_view(book: Any) -> str:
    """Where to click when the file meant is in Protected View; '' otherwise.

    Excel counts such a file among no workbooks: the active one is then another, never saved.
    """
    with suppress(Exception):
        if not Path(str(book.name)).suffix and book.app.api.ProtectedViewWindows.Count > 0:
            return PROTECTED_VIEW
    return ""


def logged() -> str:
    """Where the current exception was logged."""
    try:
        return f"请把日志发给维护人员:{write_log()}"
    except OSError as error:
        tried = "、".join(map(str, log_places()))
        return f"日志没有写成({error.strerror or error}):{tried}"
