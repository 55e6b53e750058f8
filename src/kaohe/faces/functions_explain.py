"""KH_EXPLAIN: a score explained in cells, from a master on this computer's disk.

The path comes from a cell of any workbook, so nothing is opened that could lead elsewhere: no address of a
server or of the web (asking one for a file would hand it the user's credentials), no device, no relative
name, and nothing but an existing .xlsx or .xlsm file. It is only read; a file that is no master is told from
one by its names before its cells are looked at. In a server process no file is opened at all: its disk is not
the caller's.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.faces.functions_cells import CallError
from kaohe.jobs.common import JobError
from kaohe.jobs.explain import assessed, explained
from kaohe.jobs.store import FileStore
from kaohe.sheets.explain_sheet import place_of, sections

SUFFIXES = (".xlsx", ".xlsm")
KEPT = 3
"""Assessments kept in memory: one a file and period; the file is read again when it has been saved."""
_IN_BRACKETS = re.compile(r"(?P<folder>.*[\\/])\[(?P<name>[^\[\]\\/]+)\][^\\/]*", re.DOTALL)
"""What CELL("filename") gives: C:\\考核\\[总表.xlsx]排名."""
_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/])")
_kept: OrderedDict[tuple[str, int, int, str], Assessment | str] = OrderedDict()


def explanation_rows(
    master: str, unit: str, indicator: str = "", period: str = ""
) -> list[list[str | float]]:
    """Rows of label, text, number ('' for none) and place. Raises CallError in words for a cell."""
    if not unit:
        raise CallError("单位是空的")
    try:
        found = explained(_assessment(master_path(master), period), unit, indicator)
    except JobError as error:
        raise CallError(str(error)) from None
    rows: list[list[str | float]] = []
    for section in sections(found.period, found.total, found.indicators):
        rows.append([section.label, section.headline, _shown(section.score), ""])
        rows += [[step.label, step.text, _shown(step.number), place_of(step.place)] for step in section.steps]
    return rows


def _shown(number: float | None) -> str | float:
    return "" if number is None else number


def master_path(text: str) -> Path:
    """The file a cell names, written plainly or as CELL("filename") gives it. Raises CallError."""
    if os.environ.get("XLWINGS_ON_SERVER") == "true":
        raise CallError("网页版中不读取文件。请在总表中用按钮“得分说明”,或用 kaohe explain")
    text = text.strip()
    if not text:
        raise CallError('总表是空的:请写总表的完整路径。CELL("filename") 在没有保存过的工作簿中也是空的')
    _refuse_elsewhere(text)
    inside = _IN_BRACKETS.fullmatch(text)
    path = Path(inside["folder"] + inside["name"] if inside else text)
    if path.suffix.lower() not in SUFFIXES:
        raise CallError(f"总表应是 .xlsx 或 .xlsm 文件,现为“{path.name}”")
    if not path.is_absolute():
        raise CallError('总表应写完整路径,如 C:\\考核\\总表.xlsx,或 CELL("filename",排名!A1)')
    try:
        regular = path.is_file()
    except (OSError, ValueError):
        regular = False
    if not regular:
        raise CallError(f"找不到总表“{path}”。请核对路径;总表要先保存")
    return path


def _refuse_elsewhere(text: str) -> None:
    """CallError for what is not on a drive of this computer: servers, the web, devices, hidden streams."""
    if text[:1] in "\\/" and text[1:2] in ("\\", "/"):
        raise CallError("出于安全,不打开网络路径(\\\\服务器\\…)。请先复制到本机,或用映射的盘符")
    rest = _DRIVE.sub("", text, count=1) if _DRIVE.match(text) else text
    if ":" in rest or "\0" in rest:
        raise CallError("出于安全,只打开本机磁盘上的文件,不打开网址(http://…、OneDrive、SharePoint)")


def _assessment(path: Path, period: str) -> Assessment:
    """The file's assessment, kept until the file changes. Raises JobError, as often as it is asked."""
    try:
        seen = path.stat()
    except OSError as error:
        raise JobError(f"读取总表“{path}”时出错:{error.strerror}。") from None
    key = (str(path), seen.st_mtime_ns, seen.st_size, period)
    if key not in _kept:
        _kept[key] = _read(path, period)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    found = _kept[key]
    if isinstance(found, str):
        raise JobError(found)
    return found


def _read(path: Path, period: str) -> Assessment | str:
    try:
        return assessed(FileStore(path), period or None)
    except JobError as error:
        return str(error)
