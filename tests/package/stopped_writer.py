"""A program the kill tests run: writes a master, and stops dead at the call it is told.

    python -m tests.package.stopped_writer MASTER COUNT CLOCK [CALL before|half|after]

Stopped, it leaves with exit code 9 and no clearing up. Run to its end, it prints how many calls it made.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kaohe.workbooks.package import fs
from kaohe.workbooks.package.save import apply
from tests.package.plans import just, ranking

CALLS = ("create", "write", "sync", "close", "replace", "remove", "make_folder", "sync_folder", "copy_mode")
KILLED = 9
made = 0


def stopping(name: str, real: Callable[..., Any], at: int, when: str) -> Callable[..., Any]:
    """The call, but ending the process before, halfway through or after it when it is number ``at``."""

    def call(*args: Any) -> Any:
        global made
        made += 1
        if made != at:
            return real(*args)
        if when == "half" and name == "write":
            os.write(args[0], args[1][: len(args[1]) // 2])
        if when == "after":
            real(*args)
        os._exit(KILLED)

    return call


def main(arguments: list[str]) -> None:
    master, count, clock, *stop = arguments
    at, when = (int(stop[0]), stop[1]) if stop else (0, "")
    for name in CALLS:
        setattr(fs, name, stopping(name, getattr(fs, name), at, when))
    apply(Path(master), just(ranking(int(count))), clock=dt.datetime.fromisoformat(clock))
    print(made)


if __name__ == "__main__":
    main(sys.argv[1:])
