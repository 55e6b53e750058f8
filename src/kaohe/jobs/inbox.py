"""The folder of returns: which files are workbooks worth reading, and reading them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from kaohe.findings import Finding
from kaohe.jobs.common import JobError, Progress
from kaohe.model import Location, Return
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.read_many import FileTrouble, read_many

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods", ".csv", ".xltx", ".xltm", ".xlt", ".ett")
_IGNORED_PREFIXES = ("~$", ".~", ".")
UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".temp", ".filepart", ".download", ".opdownload")
"""Endings that copying programs give to what they have not finished."""
_OTHERS = frozenset(
    {
        *(".pdf", ".ofd", ".doc", ".docx", ".wps", ".ppt", ".pptx", ".dps", ".txt", ".rtf", ".msg", ".eml"),
        *(".htm", ".html", ".zip", ".rar", ".7z", ".gz"),
        *(".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif"),
        *UNFINISHED,
    }
)
"""Endings of files that are no workbooks, or not completely there; all others are looked into."""
_LOOKED_INTO = 1 << 17
"""Bytes at each end of a file that tell whether it is a workbook."""


def find_files(places: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """(workbooks, other files) in files and folders, sorted; owner files and hidden files are passed over."""
    workbooks: list[Path] = []
    others: list[Path] = []
    for place in places:
        if not place.exists():
            raise JobError(f"找不到“{place}”。请核对文件夹或文件名。")
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in inside:
            if path.is_dir() or _hidden(path, place):
                continue
            (workbooks if _is_workbook(path) else others).append(path)
    return workbooks, others


def _is_workbook(path: Path) -> bool:
    """By its ending; without one we know (江阴市, 江阴市.xlsx_, 江阴市.xlsx(1)) by what is in it."""
    ending = path.suffix.lower()
    if ending in WORKBOOKS or ending in _OTHERS:
        return ending in WORKBOOKS
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_INTO)
            file.seek(max(0, path.stat().st_size - _LOOKED_INTO))
            tail = file.read(_LOOKED_INTO)
    except OSError:
        return False
    if head.startswith(b"PK\x03\x04"):
        return b"xl/workbook." in tail
    return head.startswith(b"\xd0\xcf\x11\xe0") and "Workbook".encode("utf-16-le") in head + tail


def _hidden(path: Path, place: Path) -> bool:
    parts = path.relative_to(place).parts if path != place else (path.name,)
    return any(part.startswith(_IGNORED_PREFIXES) for part in parts)


def read_returns(paths: Sequence[Path], base: Path, jobs: int, progress: Progress) -> list[Return]:
    """Every file as a Return, named by its path below ``base``; never raises for a bad file."""
    found = []
    for path, outcome in read_many(paths, jobs, _work, lambda done, total: progress("读取", done, total)):
        name = shown_name(path, base)
        if isinstance(outcome, FileTrouble):
            facts = (("reason", outcome.reason.rstrip("。")), ("remedy", outcome.remedy.rstrip("。")))
            found.append(Return(name, "", "", problem="W01", facts=facts))
        else:
            found.append(outcome._replace(workbook=name, received=_received(path)))
    return found


def _work(data: bytes, name: str) -> Return:
    return read_return(data, name, "")


def shown_name(path: Path, base: Path) -> str:
    """The file's name below ``base`` as findings and registers show it.

    A name that is no UTF-8 (GBK, unpacked on a server) is shown as its bytes are most likely meant.
    """
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _received(path: Path) -> str:
    """When the file was last written, as the register shows it; '' when the file is gone by now."""
    try:
        moment = dt.datetime.fromtimestamp(int(path.stat().st_mtime))
    except OSError:
        return ""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def other_file_findings(others: Iterable[Path], base: Path) -> tuple[Finding, ...]:
    """W10 for files of the inbox that are no workbooks (scans, letters)."""
    return tuple(
        Finding("W10", Location(shown_name(path, base)), {"name": shown_name(path, base)}) for path in others
    )
