"""A sealed package: a zip with a directory of hashes, written as a stream.

``目录.csv`` lists every other file with kind, size and SHA-256; the SHA-256 of the directory itself is the
seal (封存码). Whoever has the seal can tell whether one byte of the package is another.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from kaohe.jobs.common import JobError, Progress, silent

DIRECTORY = "目录.csv"
HEADINGS = ("文件", "类别", "字节", "SHA-256", "说明")
CHUNK = 1 << 20
_SPARE = 32 << 20
"""Bytes that stay free on the disk beside the package."""


class Item(NamedTuple):
    """A file for the package: its name there, its kind, where its bytes are, and a remark.

    ``sha256``: what the bytes must come to; '' for whatever they are.
    """

    name: str
    kind: str
    source: Path | bytes
    note: str = ""
    sha256: str = ""


class Entry(NamedTuple):
    """One line of the directory."""

    name: str
    kind: str
    size: int
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class Sealed:
    """A package as written: ``seal`` is the SHA-256 of its directory."""

    path: Path
    seal: str
    entries: tuple[Entry, ...]


def seal(target: Path, items: Iterable[Item], moment: dt.datetime, progress: Progress = silent) -> Sealed:
    """Write the package, whole or not at all; ``moment`` dates its entries: same input gives same bytes.

    Raises JobError when the file exists, the disk has no room, a source cannot be read or is not what it
    must be, or writing failed; nothing is left behind then.
    """
    wanted = sorted(items, key=lambda item: item.name)
    _refuse_clashes(wanted)
    _refuse_no_room(target, wanted)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.未完成")
    try:
        with open(temporary, "xb") as file:
            entries, code = _write(file, wanted, moment, progress)
            file.flush()
            os.fsync(file.fileno())
        _name_it(temporary, target)
    except FileExistsError:
        raise JobError(f"“{target}”已经存在,没有覆盖。请换一个名字,或先移走它。") from None
    except OSError as error:
        raise JobError(
            f"归档包“{target}”没有写成:{error.strerror or error}。没有留下不完整的文件。"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    return Sealed(target, code, entries)


def _name_it(temporary: Path, target: Path) -> None:
    """Give the finished file its name; FileExistsError when somebody else has it meanwhile."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError(target) from None
        os.replace(temporary, target)


def _refuse_clashes(items: Sequence[Item]) -> None:
    seen: dict[str, str] = {}
    for item in items:
        key = item.name.casefold()
        if key in seen or not inside(item.name):
            raise JobError(f"归档包里会有两个同名的文件,或文件名不能用:“{item.name}”。请改名后重试。")
        seen[key] = item.name


def _refuse_no_room(target: Path, items: Sequence[Item]) -> None:
    if target.exists():
        raise JobError(f"“{target}”已经存在,没有覆盖。请换一个名字,或先移走它。")
    if not target.parent.is_dir():
        raise JobError(f"文件夹“{target.parent}”不存在。请先建好。")
    need = _SPARE + sum(len(i.source) if isinstance(i.source, bytes) else _size(i.source) for i in items)
    free = shutil.disk_usage(target.parent).free
    if free < need:
        raise JobError(f"磁盘空间不够:归档包最多需要 {need >> 20} MB,只有 {free >> 20} MB。请清理后重试。")


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except OSError as error:
        raise JobError(f"读不到“{path}”:{error.strerror}。请检查后重试。") from None
    if not stat.S_ISREG(found.st_mode):
        raise JobError(f"“{path}”不是普通文件,不能归档。")
    return found.st_size


def _write(
    file: IO[bytes], items: Sequence[Item], moment: dt.datetime, progress: Progress
) -> tuple[tuple[Entry, ...], str]:
    """The zip; returns the directory's lines and the seal."""
    entries = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for done, item in enumerate(items):
            progress("归档", done, len(items))
            entries.append(_add(archive, item, moment))
        directory = as_csv(entries)
        with archive.open(_info(DIRECTORY, moment), "w") as out:
            out.write(directory)
    progress("归档", len(items), len(items))
    return tuple(entries), hashlib.sha256(directory).hexdigest()


def _info(name: str, moment: dt.datetime) -> zipfile.ZipInfo:
    year = min(max(moment.year, 1980), 2107)
    info = zipfile.ZipInfo(
        name, (year, moment.month, moment.day, moment.hour, moment.minute, moment.second // 2 * 2)
    )
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _add(archive: zipfile.ZipFile, item: Item, moment: dt.datetime) -> Entry:
    digest, size = hashlib.sha256(), 0
    with archive.open(_info(item.name, moment), "w", force_zip64=True) as out:
        for chunk in _chunks(item.source):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    if item.sha256 and item.sha256 != digest.hexdigest():
        raise JobError(f"“{item.name}”在归档时被改动,没有写成归档包。请关闭打开它的程序后重试。")
    return Entry(item.name, item.kind, size, digest.hexdigest(), item.note)


def _chunks(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    try:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise JobError(f"读不到“{source}”:{error.strerror}。没有写成归档包。") from None


def as_csv(entries: Iterable[Entry]) -> bytes:
    """The directory as Excel opens it: UTF-8 with a mark, one file a line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(_line(entry) for entry in entries)
    return text.getvalue().encode("utf-8-sig")


def _line(entry: Entry) -> tuple[str | int, ...]:
    """A file name of others that begins like a formula is kept from being one when Excel opens the list."""
    return tuple(_tame(cell) if isinstance(cell, str) else cell for cell in entry)


def _tame(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "'") else text


def inside(name: str) -> bool:
    """Whether a name stays inside the package wherever it is unpacked."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and ".." not in parts
        and "\\" not in name
        and ":" not in name
    )
