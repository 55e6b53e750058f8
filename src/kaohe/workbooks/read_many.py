"""Read many files, one after the other or in several processes; results come in the order of the paths.

for path, outcome in read_many(paths, jobs=2, work=summarise):
    if isinstance(outcome, FileTrouble): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from kaohe.workbooks.read_file import FileTrouble, load, trouble, work_on
from kaohe.workbooks.worker_client import Worker
from kaohe.workbooks.worker_limits import DEFAULT_BUDGET, Budget, is_plain

__all__ = ["FileTrouble", "read_many", "trouble", "work_on"]

T = TypeVar("T")
Progress = Callable[[int, int], None]


def read_many(
    paths: Sequence[Path],
    jobs: int,
    work: Callable[[bytes, str], T],
    progress: Progress | None = None,
    budget: Budget = DEFAULT_BUDGET,
) -> Iterator[tuple[Path, T | FileTrouble]]:
    """Yield (path, ``work(bytes, file name)``) for every path, in their order, as soon as each is ready.

    ``jobs`` 1 works in this process, except on files that are not plain: they have a process of their own.
    More jobs start that many processes (``work`` must be a top-level function and its result picklable:
    return summaries, not rows). A file that cannot be read, or one that takes its process down or beyond the
    budget, yields a FileTrouble in its place; what ``work`` raises comes through. ``progress`` is called with
    (done, total) after each file.
    """
    several = jobs > 1 and len(paths) > 1
    results = _in_pool(paths, jobs, work, budget) if several else _one_by_one(paths, work, budget)
    for done, result in enumerate(results, 1):
        if progress:
            progress(done, len(paths))
        yield result


def _one_by_one(
    paths: Sequence[Path], work: Callable[[bytes, str], T], budget: Budget
) -> Iterator[tuple[Path, T | FileTrouble]]:
    with Worker(work, budget) as apart:
        for path in paths:
            data = load(path)
            if isinstance(data, FileTrouble):
                yield path, data
            elif is_plain(data):
                yield path, work(data, path.name)
            else:
                yield from ((path, outcome) for outcome in apart.read([path]))


def _in_pool(
    paths: Sequence[Path], jobs: int, work: Callable[[bytes, str], T], budget: Budget
) -> Iterator[tuple[Path, T | FileTrouble]]:
    """Chunks in order, each done by whichever process is idle; a thread waits for each process."""
    size = max(1, min(32, -(-len(paths) // (jobs * 4))))
    chunks = [paths[at : at + size] for at in range(0, len(paths), size)]
    jobs = min(jobs, len(chunks))
    with ExitStack() as ended:
        idle: SimpleQueue[Worker[T]] = SimpleQueue()
        for _ in range(jobs):
            idle.put(ended.enter_context(Worker(work, budget)))

        def run(chunk: Sequence[Path]) -> list[T | FileTrouble]:
            worker = idle.get()
            try:
                return list(worker.read(chunk))
            finally:
                idle.put(worker)

        pool = ThreadPoolExecutor(jobs)
        ended.callback(pool.shutdown, cancel_futures=True)
        futures = [pool.submit(run, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            yield from zip(chunk, future.result(), strict=True)
