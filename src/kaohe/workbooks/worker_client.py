"""A process of its own for reading files: it may crash, hang or run out of memory, and costs one file then.

    with Worker(work) as worker:
        outcomes = worker.read(paths)

The process is started when first needed and anew after each death. It is no prison: what runs in it has the
rights of the user. It bounds time (everywhere) and memory (on Linux).
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from kaohe.workbooks.read_file import FileTrouble, trouble_of, work_on
from kaohe.workbooks.worker import DONE, RAISED, READY, TOO_MUCH_MEMORY
from kaohe.workbooks.worker_limits import DEFAULT_BUDGET, Budget

T = TypeVar("T")

# Isolated: neither the environment nor the current folder (which may hold what was sent in) decides what is
# imported; the module path comes from the process that asks.
_COMMAND = ("-I", "-X", "utf8", "-c")
_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
    "from kaohe.workbooks.worker import serve; serve()"
)
_START_SECONDS = 60.0
_CHECK_SECONDS = 0.2
_DEAD = (EOFError, OSError, pickle.UnpicklingError)


class Worker(Generic[T]):
    """One process that does ``work(bytes, file name)``: a top-level function whose result can be pickled."""

    def __init__(self, work: Callable[[bytes, str], T], budget: Budget = DEFAULT_BUDGET) -> None:
        self._work, self._budget = work, budget
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = float("inf")
        self._late = False
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, paths: Sequence[Path]) -> Iterator[T | FileTrouble]:
        """The outcome for each path, in order; what the work raises comes through.

        Where no process can be started (a frozen program, no rights), the work is done in this one.
        """
        left = list(paths)
        while left:
            if not self._started(left):
                yield from (work_on(path, self._work) for path in left)
                return
            for outcome in self._outcomes(len(left)):
                left.pop(0)
                yield outcome

    def close(self) -> None:
        """End the process; the worker may be used again after it."""
        self._closed.set()
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                _close(stream)

    def _started(self, paths: Sequence[Path]) -> bool:
        """Whether a process has been given these paths."""
        for _ in range(2):  # one that died idle is replaced
            if self._process is None and not self._start():
                return False
            self._late, self._deadline = False, time.monotonic() + self._budget.seconds
            if self._send([str(path.absolute()) for path in paths]):
                return True
            self.close()
        return False

    def _start(self) -> bool:
        self._deadline, self._late = time.monotonic() + _START_SECONDS, False
        self._closed = threading.Event()
        try:
            self._process = subprocess.Popen(
                [sys.executable, *_COMMAND, _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, ValueError):
            return False
        watch = threading.Thread(target=self._stop_when_late, args=(self._process, self._closed), daemon=True)
        watch.start()
        if self._send(sys.path) and self._send((self._work, self._budget)) and self._receive()[0] == READY:
            return True
        self.close()
        return False

    def _send(self, content: object) -> bool:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))
            self._process.stdin.flush()
        except OSError:
            return False
        return True

    def _receive(self) -> tuple[str, object]:
        """The next answer; ('', None) when the process is dead."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            kind, content = pickle.load(self._process.stdout)
        except _DEAD:
            return "", None
        return kind, content

    def _outcomes(self, count: int) -> Iterator[T | FileTrouble]:
        """Answers for the files it has, fewer when the process dies; the last is then why."""
        for _ in range(count):
            self._deadline = time.monotonic() + self._budget.seconds
            kind, content = self._receive()
            if kind == RAISED:
                self.close()
                assert isinstance(content, Exception)
                raise content
            if kind != DONE:
                yield self._cause(kind)
                return
            yield content  # type: ignore[misc]
        self._deadline = float("inf")

    def _cause(self, kind: str) -> FileTrouble:
        """Why the process died; it is gone after this."""
        assert self._process is not None
        if kind == TOO_MUCH_MEMORY:
            self.close()
            return trouble_of("memory")
        process = self._process
        try:
            code = process.wait(_CHECK_SECONDS * 10)
        except subprocess.TimeoutExpired:  # it answers nonsense, but lives
            code = 0
        self.close()
        too_long = self._late or code == -getattr(signal, "SIGXCPU", 1 << 16)
        return trouble_of("slow" if too_long else "crashed")

    def _stop_when_late(self, process: subprocess.Popen[bytes], closed: threading.Event) -> None:
        """Kill the process once its time for a file is over."""
        while not closed.wait(_CHECK_SECONDS):
            if time.monotonic() > self._deadline:
                self._late = True
                process.kill()
                return
            if process.poll() is not None:
                return


def _close(stream: object) -> None:
    """Close a pipe whose other end may be gone."""
    try:
        stream.close()  # type: ignore[attr-defined]
    except OSError:
        return
