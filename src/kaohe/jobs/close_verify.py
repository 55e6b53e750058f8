"""A sealed package checked without trust: files against the directory, the directory against the seal."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaohe.jobs.close_package import CHUNK, DIRECTORY, HEADINGS, Entry, inside
from kaohe.jobs.common import JobError, Progress, silent

_MOST_FILES = 500_000
_DIRECTORY_LIMIT = 256 << 20


class Flaw(NamedTuple):
    """What is wrong with a package: with which file, and what."""

    name: str
    what: str


@dataclass(frozen=True)
class Checked:
    """A package as checked: sound when there is no flaw."""

    path: Path
    seal: str
    entries: tuple[Entry, ...]
    flaws: tuple[Flaw, ...]


def check(path: Path, wanted_seal: str = "", progress: Progress = silent) -> Checked:
    """Compare a package with its directory, and the directory with the seal when one is given.

    Nothing is unpacked to disk; no more is read of a file than the directory says. Raises JobError when the
    file is no package at all.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(path, archive, wanted_seal, progress)
    except FileNotFoundError:
        raise JobError(f"找不到归档包“{path}”。请核对文件名。") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise JobError(f"“{path.name}”不是归档包,或已经损坏({error})。请换一份完好的副本。") from None
    except OSError as error:
        raise JobError(f"读不到归档包“{path}”:{error.strerror or error}。") from None


def _check(path: Path, archive: zipfile.ZipFile, wanted_seal: str, progress: Progress) -> Checked:
    infos = archive.infolist()
    names = Counter(info.filename for info in infos)
    if names[DIRECTORY] != 1 or len(infos) > _MOST_FILES:
        raise JobError(f"“{path.name}”里没有《{DIRECTORY}》(或有几份),不是 kaohe 的归档包。")
    directory = _read(archive, archive.getinfo(DIRECTORY), _DIRECTORY_LIMIT)
    if directory is None:
        raise JobError(f"“{path.name}”的《{DIRECTORY}》大得不合理,没有核对。")
    code = hashlib.sha256(directory).hexdigest()
    flaws: list[Flaw] = []
    if wanted_seal and code != wanted_seal.strip().lower():
        flaws.append(
            Flaw(DIRECTORY, f"封存码是 {code},应为 {wanted_seal.strip().lower()}:目录被改过,或不是这一份")
        )
    entries = _entries(directory, path)
    flaws += _name_flaws(names, entries)
    by_name = {info.filename: info for info in infos}
    listed = list({entry.name: entry for entry in entries}.values())
    for done, entry in enumerate(listed):
        progress("核对", done, len(listed))
        info = by_name.get(entry.name)
        if info is not None and names[entry.name] == 1 and (what := _against(archive, info, entry)):
            flaws.append(Flaw(entry.name, what))
    progress("核对", len(listed), len(listed))
    return Checked(path, code, tuple(entries), tuple(flaws))


def _entries(directory: bytes, path: Path) -> list[Entry]:
    try:
        rows = list(csv.reader(io.StringIO(directory.decode("utf-8-sig"), newline="")))
        if tuple(rows[0]) != HEADINGS:
            raise ValueError("表头不对")
        lines = [[cell[1:] if cell[:1] == "'" else cell for cell in row] for row in rows[1:] if row]
        return [Entry(row[0], row[1], int(row[2]), row[3], row[4]) for row in lines]
    except (UnicodeDecodeError, ValueError, IndexError, csv.Error) as error:
        raise JobError(f"“{path.name}”的《{DIRECTORY}》看不懂({error}),不能核对。") from None


def _name_flaws(names: Mapping[str, int], entries: Sequence[Entry]) -> Iterator[Flaw]:
    listed = {entry.name for entry in entries}
    for name, count in names.items():
        if count > 1:
            yield Flaw(name, "包里有同名的几份")
        elif not inside(name):
            yield Flaw(name, "文件名指到包外")
        elif name not in listed and name != DIRECTORY:
            yield Flaw(name, "目录里没有,是后来加进去的")
    yield from (Flaw(entry.name, "目录里有,包里没有") for entry in entries if entry.name not in names)


def _against(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry) -> str:
    """What differs from the directory; '' when nothing does."""
    if info.file_size != entry.size:
        return f"大小是 {info.file_size} 字节,目录为 {entry.size}"
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(info) as file:
            while size <= entry.size and (chunk := file.read(CHUNK)):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        return f"读不出来({error})"
    except Exception as error:  # noqa: BLE001 (a decompressor's own kinds of errors)
        return f"读不出来({error})"
    return "" if (size, digest.hexdigest()) == (entry.size, entry.sha256) else "内容与目录的 SHA-256 不符"


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """The bytes of an entry; None when there are more than ``most``."""
    with archive.open(info) as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None
