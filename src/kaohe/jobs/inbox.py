"""The folder of returns: which files are workbooks worth reading, and reading them."""

from __future__ import annotations

import datetime as dt
import os
import stat
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
_LINK = (
    ("reason", "这是一个链接,指向收件文件夹之外的文件或文件夹,没有打开"),
    ("remedy", "请把文件本身放进收件文件夹"),
)


def find_files(places: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """(workbooks, other files) in files and folders, sorted; owner files and hidden files are passed over.

    Links that lead out of a folder are among the others, and so are links to folders: whoever may put files
    into an inbox is not to choose what is read from elsewhere.
    """
    workbooks: list[Path] = []
    others: list[Path] = []
    for place in places:
        if not place.exists():
            raise JobError(f"找不到“{place}”。请核对文件夹或文件名。")
        inside = _all_inside(place) if place.is_dir() else [place]
        for path in inside:
            if _hidden(path, place):
                continue
            if path != place and path.is_symlink() and leads_out(path, place):
                others.append(path)
            elif not path.is_dir():
                (workbooks if _is_workbook(path) else others).append(path)
    return workbooks, others


def _all_inside(folder: Path) -> list[Path]:
    """Everything in a folder and the folders in it, sorted; links to folders are not followed.

    Raises JobError for a folder that cannot be looked into: what stands in it would be missing in silence.
    """

    def told(error: OSError) -> None:
        raise JobError(
            f"看不了文件夹“{error.filename}”:{error.strerror}。里面的表会漏掉,所以没有往下做。请检查权限和网络盘。"
        )

    walk = os.walk(folder, onerror=told)
    return sorted(Path(place, name) for place, folders, files in walk for name in (*folders, *files))


def leads_out(path: Path, place: Path) -> bool:
    """Whether a link leads to a folder, out of this one, or nowhere that can be told."""
    try:
        path.stat()
        return path.is_dir() or not path.resolve().is_relative_to(place.resolve())
    except (OSError, RuntimeError):  # a link that leads nowhere or to itself
        return True


def _is_workbook(path: Path) -> bool:
    """By its ending; without one we know (江阴市, 江阴市.xlsx_, 江阴市.xlsx(1)) by what is in it."""
    ending = path.suffix.lower()
    if ending in WORKBOOKS or ending in _OTHERS:
        return ending in WORKBOOKS
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe that nobody writes into is never read to its end
            return False
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
    """When the file was last written, as the register shows it; '' when the file is gone by now.

    A time that has not come yet, or that no calendar has, is the clock's of whoever wrote the file: it counts
    from when the file was made or moved here.
    """
    try:
        status = path.stat()
    except OSError:
        return ""
    changed = _moment(status.st_mtime)
    if changed is None or _is_future(changed):
        changed = _moment(status.st_ctime)
    return f"{changed:%Y-%m-%d %H:%M:%S}" if changed else ""


def _moment(seconds: float) -> dt.datetime | None:
    """A file's time by the calendar; None where there is none (years beyond 9999 or before 1)."""
    try:
        return dt.datetime.fromtimestamp(int(seconds))
    except (OSError, ValueError, OverflowError):
        return None


def _is_future(moment: dt.datetime) -> bool:
    """A day is left for clocks and zones that differ."""
    return moment > dt.datetime.now() + dt.timedelta(days=1)


def time_findings(paths: Iterable[Path], base: Path) -> tuple[Finding, ...]:
    """W21 for returns whose file time has not come yet or is none: the order of returns depends on it."""
    found = []
    for path in paths:
        try:
            seconds = path.stat().st_mtime
        except OSError:
            continue
        moment = _moment(seconds)
        if moment is None or _is_future(moment):
            name = shown_name(path, base)
            shown = f"{moment:%Y-%m-%d}" if moment else "日历上没有的日期"
            found.append(
                Finding("W21", Location(name), {"shown": shown, "counted": _received(path) or "不明"})
            )
    return tuple(found)


def other_file_findings(others: Iterable[Path], base: Path) -> tuple[Finding, ...]:
    """W10 for files that are no workbooks (scans, letters), W01 for links that lead out of the inbox."""
    return tuple(_about_other(path, base) for path in others)


def _about_other(path: Path, base: Path) -> Finding:
    name = shown_name(path, base)
    if path.is_symlink() and (path.suffix.lower() in WORKBOOKS or leads_out(path, base)):
        return Finding("W01", Location(name), dict(_LINK))
    return Finding("W10", Location(name), {"name": name})
