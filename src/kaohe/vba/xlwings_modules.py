"""The VBA side of xlwings, from the installed wheel, bound to one add-in.

Four named changes, each of which must fit exactly: the add-in's own name, and three that keep the settings
with the add-in. As shipped, a sheet or a file beside *the workbook being looked at* could name the Python to
run; a workbook that came from outside must not.
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass

from kaohe.vba.errors import VbaError
from kaohe.vba.source import Module, class_module, standard_module

STANDALONE = "xlwings_custom_addin.bas"
DICTIONARY = "addin/Dictionary.cls"


@dataclass(frozen=True)
class Change:
    """A text of xlwings' module that stands there once, and what the add-in has instead."""

    old: str
    new: str


def changes(addin_name: str) -> tuple[Change, ...]:
    """What is changed for an add-in of that name (ASCII); its settings stand in its sheet NAME.conf."""
    conf = 'PROJECT_NAME & ".conf")'
    return (
        Change('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{addin_name}"'),
        Change(
            "For i = 1 To 2\n        If i = 1 Then", "For i = 2 To 2 'own code only\n        If i = 1 Then"
        ),
        Change(f"If SheetExists(ActiveWorkbook, {conf} = True Then", "If False Then 'own sheet only"),
        Change(
            "If FileExists(GetDirectoryConfigFilePath()) = True Then", "If False Then 'no file beside a book"
        ),
    )


def xlwings_modules(addin_name: str) -> tuple[Module, ...]:
    """xlwings' module for custom add-ins, and the class it uses on the Mac.

    Raises VbaError when the installed xlwings has no such files or a change does not fit them.
    """
    return (
        standard_module(adapted(_read(STANDALONE), changes(addin_name)), STANDALONE),
        class_module(_read(DICTIONARY), DICTIONARY),
    )


def adapted(text: str, wanted: tuple[Change, ...]) -> str:
    """The text (line ends \\n) with each change made at its one place."""
    for change in wanted:
        if text.count(change.old) != 1:
            raise VbaError(f"已安装的 xlwings 的 VBA 模块与预期不同:“{change.old}”应恰好出现一次。")
        text = text.replace(change.old, change.new)
    return text


def _read(name: str) -> str:
    """A file of the xlwings wheel with line ends \\n."""
    try:
        content = importlib.resources.files("xlwings").joinpath(name).read_bytes()
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise VbaError(f"已安装的 xlwings 中没有 {name}:{error}") from None
    return content.decode("utf-8").replace("\r\n", "\n")
