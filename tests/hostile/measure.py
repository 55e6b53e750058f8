"""What a call costs: processor seconds, and the most memory the process had beyond what it had before."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_STATUS, _REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Cost(NamedTuple):
    """Processor seconds (of all threads), and bytes at the highest point."""

    seconds: float
    memory: int


def cost(call: Callable[[], object]) -> Cost:
    """The cost of a call. On Linux parsers in other languages count too; elsewhere Python's memory only."""
    if not _resettable():
        return _python_cost(call)
    before = _kilobytes("VmRSS")
    began = time.process_time()
    call()
    return Cost(time.process_time() - began, max(0, _kilobytes("VmHWM") - before) << 10)


def _resettable() -> bool:
    """Whether the kernel keeps a high-water mark for us, now reset."""
    try:
        _REFS.write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _kilobytes(name: str) -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def _python_cost(call: Callable[[], object]) -> Cost:
    tracemalloc.start()
    began = time.process_time()
    call()
    seconds = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Cost(seconds, peak)
