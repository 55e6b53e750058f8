"""The few calls that change files, in one place: tests stop the writer before each of them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

BINARY = getattr(os, "O_BINARY", 0)
_NO_LINKS = {
    getattr(errno, name)
    for name in ("EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV", "EINVAL")
    if hasattr(errno, name)
}
"""What a system says of a disk that knows no second name for a file (FAT, some network disks)."""


def create(path: Path) -> int:
    """A new file, opened for writing. Raises FileExistsError when there is one."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o666)


def write(handle: int, data: bytes) -> None:
    """All of the bytes."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync(handle: int) -> None:
    """Not before this returns is the file on the disk."""
    os.fsync(handle)


def close(handle: int) -> None:
    """Close a file."""
    os.close(handle)


def replace(source: Path, target: Path) -> None:
    """Put a file in the place of another in one step."""
    os.replace(source, target)


def put_new(source: Path, target: Path) -> None:
    """Give a file its name in one step, unless something has that name: FileExistsError, even in a race.

    ``source`` may stay behind under its own name. On a disk without links the name is taken by an empty file
    first, which is replaced at once.
    """
    if os.name == "nt":
        os.rename(source, target)
        return
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _take_name(source, target)


def _take_name(source: Path, target: Path) -> None:
    close(create(target))
    try:
        replace(source, target)
    except OSError:
        remove(target)
        raise


def remove(path: Path) -> None:
    """Delete a file; it may be gone already."""
    path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """A folder, unless it is there."""
    path.mkdir(exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names in a folder last through a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_mode(source: Path, target: Path) -> None:
    """Give a file the permissions of another, where they differ."""
    mode = source.stat().st_mode & 0o7777
    if target.stat().st_mode & 0o7777 != mode:
        os.chmod(target, mode)


def write_whole(path: Path, data: bytes, durable: bool = True) -> None:
    """A new file with this content, on the disk when this returns (unless not ``durable``).

    Raises OSError; what was written until then is left to the caller to remove.
    """
    handle = create(path)
    try:
        write(handle, data)
        if durable:
            sync(handle)
    finally:
        close(handle)
