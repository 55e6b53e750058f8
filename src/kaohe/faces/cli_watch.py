"""`kaohe watch` on the command line: signals, one line per event, exit codes."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from kaohe.faces.cli_common import DONE, Master
from kaohe.jobs.common import JobError
from kaohe.jobs.watch import ERROR, INFO, NOTICE, Options, Watch
from kaohe.jobs.watch_master import one_watch
from kaohe.jobs.watch_words import goodbye, hello

_SLICE = 0.25
"""Seconds in which a signal is acted upon at the latest."""
_LONGEST = 3600
"""Seconds between looks, at the most."""


def watch_inbox(
    inbox: Annotated[Path, typer.Argument(metavar="收件文件夹", help="单位把自测表放进来的文件夹")],
    master: Master,
    period: Annotated[
        str | None, typer.Option("--period", "-p", metavar="期次", help="只汇总这一期;不写则按各表自己的期次")
    ] = None,
    every: Annotated[
        float, typer.Option("--every", metavar="秒", help="隔多少秒看一次收件文件夹,1 到 3600")
    ] = 30,
    once: Annotated[bool, typer.Option("--once", help="把现有的文件处理完就结束(给定时任务用)")] = False,
) -> None:
    """看守:收件文件夹里来了新的自测表就汇总进总表,一直运行到收到停止信号。"""
    if not 1 <= every <= _LONGEST:
        raise JobError(f"--every 要在 1 到 {_LONGEST} 秒之间,写的是 {every:g}。")
    if not master.is_file():
        raise JobError(f"找不到总表“{master}”。请核对文件名和所在文件夹。")
    signals = _Signals()
    watch = Watch(Options(inbox, master, period, every, once=once), line_writer(), lambda: signals.stop)
    with one_watch(master):
        watch.say(INFO, hello(inbox, master, period, every))
        _go_on(watch, signals, once)
        watch.say(INFO, goodbye(watch.idle))
    if once and not signals.stop and watch.code != DONE:
        raise typer.Exit(watch.code)


def _go_on(watch: Watch, signals: _Signals, once: bool) -> None:
    """Step after step until told to stop, or (``once``) until nothing more can be done now."""
    while not signals.stop:
        if signals.again:
            signals.again = False
            watch.say(NOTICE, "收到重读信号:已隔离的文件再试一次。")
            watch.forget()
        watch.step(time.monotonic())
        if once and (watch.idle or watch.failed):
            if watch.idle and not watch.ran:
                watch.say(INFO, "没有新文件。")
            return
        until = time.monotonic() + watch.pause
        while time.monotonic() < until and not (signals.stop or signals.again):
            time.sleep(_SLICE)


class _Signals:
    """What the service manager asked for: plain flags, because a handler may come between any two steps."""

    def __init__(self) -> None:
        self.stop = self.again = False
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            self._on(name, self._stopped)
        self._on("SIGHUP", self._asked_again)

    def _on(self, name: str, handler: Callable[[int, FrameType | None], None]) -> None:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, handler)

    def _stopped(self, number: int, frame: FrameType | None) -> None:
        self.stop = True

    def _asked_again(self, number: int, frame: FrameType | None) -> None:
        self.again = True


def line_writer() -> Callable[[int, str], None]:
    """Writes one line per event: for journald with its level, elsewhere with the time."""
    journal = _is_journal(sys.stdout.fileno())

    def write(level: int, text: str) -> None:
        if journal:
            head = f"<{level}>"
        else:
            word = "错误 " if level <= ERROR else "注意 " if level < INFO else ""
            head = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S} {word}"
        line = f"{head}{one_line(text)}\n"
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.buffer.write(line.encode(encoding, "backslashreplace"))
        sys.stdout.flush()

    return write


def _is_journal(handle: int) -> bool:
    """Whether what we write goes to journald: it says so by naming the stream it gave us."""
    device, _, number = os.environ.get("JOURNAL_STREAM", "").partition(":")
    try:
        status = os.fstat(handle)
        return (status.st_dev, status.st_ino) == (int(device), int(number))
    except (OSError, ValueError):
        return False


def one_line(text: str) -> str:
    """The text without anything that would begin a new line or command a terminal: file names may hold it."""
    return "".join(
        f"\\u{ord(ch):04x}" if unicodedata.category(ch) in ("Cc", "Cf", "Zl", "Zp", "Cs") else ch
        for ch in text
    )
