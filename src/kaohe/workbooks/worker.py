"""The other end of :mod:`worker_client`: a process that works on files, one after the other, within limits.

It speaks through its standard input and output, in pickles: first the module path, then the work, then lists
of paths; it answers once per file. It ends when its input does, so it never outlives who started it.
"""

from __future__ import annotations

import math
import os
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from kaohe.workbooks.read_file import work_on
from kaohe.workbooks.worker_limits import Budget

READY, DONE, RAISED, TOO_MUCH_MEMORY = "ready", "done", "raised", "memory"


def serve() -> None:
    """Answer until the input ends. What a library prints goes nowhere: the output carries answers only."""
    source, target = sys.stdin.buffer, _own_output()
    work, budget = pickle.load(source)
    _limit_memory(budget)
    _answer(target, READY, None)
    while True:
        try:
            paths = pickle.load(source)
        except EOFError:
            return
        for path in paths:
            _limit_seconds(budget)
            if not _work(Path(path), work, target):
                return


def _work(path: Path, work: Callable[[bytes, str], object], target: BinaryIO) -> bool:
    """Answer for one file; False when this process has been used up by it."""
    try:
        _answer(target, DONE, work_on(path, work))
    except MemoryError:
        _answer(target, TOO_MUCH_MEMORY, None)
        return False
    except Exception as error:  # noqa: BLE001  (raised again by who asked)
        _answer(target, RAISED, error)
    return True


def _answer(target: BinaryIO, kind: str, content: object) -> None:
    target.write(pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL))
    target.flush()


def _own_output() -> BinaryIO:
    """Standard output for us alone; prints of libraries go nowhere."""
    own = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return own


def _limit_memory(budget: Budget) -> None:
    """Address space on Linux: what this process has now, and the budget on top. No core files."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        allowed = pages * resource.getpagesize() + budget.memory
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard == resource.RLIM_INFINITY or allowed < hard:
            resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_seconds(budget: Budget) -> None:
    """Processor seconds on Linux, counted anew for each file."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        allowed = math.ceil(time.process_time() + budget.seconds)
        if hard == resource.RLIM_INFINITY or allowed < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
