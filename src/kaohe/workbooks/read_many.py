"""Read many files, one after the other or in several processes; results come in the order of the paths.

for path, outcome in read_many(paths, jobs=2, work=summarise):
    if isinstance(outcome, FileTrouble): ...
"""

from __future__ import annotations

import errno
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int, int], None]

_SHARING_VIOLATIONS = frozenset({32, 33})  # Windows: the file is open elsewhere


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """Why a file's bytes could not be had, or why the work on them broke off: Chinese reason and remedy.

    ``code``: 'vanished', 'locked', 'no_rights', 'folder', 'io', 'crashed'.
    """

    code: str
    reason: str
    remedy: str


_TROUBLES = {
    "vanished": ("文件已不存在", "可能正在移动或同步,请重新运行"),
    "locked": ("文件正被其他程序占用", "请在 Excel 中关闭该文件后重新运行"),
    "no_rights": ("没有读取权限,或文件正被其他程序独占", "请关闭打开该文件的程序,或检查文件的权限设置"),
    "folder": ("这是文件夹,不是文件", "请指定文件"),
    "io": ("读取文件出错", "请检查磁盘或网络后重新运行"),
    "crashed": ("读取程序在处理此文件时中断", "请用 Excel 或 WPS 打开,另存为 .xlsx 后再报送"),
}


def trouble(error: OSError) -> FileTrouble:
    """What an operating-system error means for whoever has to mend it."""
    if getattr(error, "winerror", None) in _SHARING_VIOLATIONS or error.errno in (errno.EBUSY, errno.ETXTBSY):
        code = "locked"
    elif isinstance(error, FileNotFoundError):
        code = "vanished"
    elif isinstance(error, IsADirectoryError):
        code = "folder"
    elif isinstance(error, PermissionError):
        code = "no_rights"
    else:
        code = "io"
    return _trouble(code, error.strerror or "")


def _trouble(code: str, detail: str = "") -> FileTrouble:
    reason, remedy = _TROUBLES[code]
    return FileTrouble(code, f"{reason}({detail})" if detail else reason, remedy)


def read_many(
    paths: Sequence[Path],
    jobs: int,
    work: Callable[[bytes, str], T],
    progress: Progress | None = None,
) -> Iterator[tuple[Path, T | FileTrouble]]:
    """Yield (path, ``work(bytes, file name)``) for every path, in their order, as soon as each is ready.

    ``jobs`` 1 works in this process; more start that many processes (spawned, so ``work`` must be a
    top-level function and its result picklable: return summaries, not rows). A file that cannot be read, or
    one that takes its process down, yields a FileTrouble in its place; what ``work`` raises comes through.
    ``progress`` is called with (done, total) after each file.
    """
    results = _in_process(paths, work) if jobs <= 1 or len(paths) < 2 else _in_pool(paths, jobs, work)
    for done, result in enumerate(results, 1):
        if progress:
            progress(done, len(paths))
        yield result


def work_on(path: Path, work: Callable[[bytes, str], T]) -> T | FileTrouble:
    """Read the file once and work on its bytes."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return trouble(error)
    return work(data, path.name)


def _in_process(
    paths: Sequence[Path], work: Callable[[bytes, str], T]
) -> Iterator[tuple[Path, T | FileTrouble]]:
    return ((path, work_on(path, work)) for path in paths)


def _work_on_chunk(paths: Sequence[Path], work: Callable[[bytes, str], T]) -> list[T | FileTrouble]:
    return [work_on(path, work) for path in paths]


def _in_pool(
    paths: Sequence[Path], jobs: int, work: Callable[[bytes, str], T]
) -> Iterator[tuple[Path, T | FileTrouble]]:
    """Chunks in order; a chunk whose process died is repeated file by file, each in a process of its own."""
    size = max(1, min(32, -(-len(paths) // (jobs * 4))))
    chunks = [paths[at : at + size] for at in range(0, len(paths), size)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool:
        futures = [pool.submit(_work_on_chunk, chunk, work) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                results = future.result()
            except BrokenProcessPool:
                results = [_alone(path, work) for path in chunk]
            yield from zip(chunk, results, strict=True)


def _alone(path: Path, work: Callable[[bytes, str], T]) -> T | FileTrouble:
    """One file in its own process, so that a crash names the file that caused it."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        try:
            return pool.submit(work_on, path, work).result()
        except BrokenProcessPool:
            return _trouble("crashed")
