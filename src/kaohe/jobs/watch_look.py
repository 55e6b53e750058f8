"""A first look at new files in a process of their own, so that none takes the watching one down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kaohe.findings import Finding
from kaohe.model import Location
from kaohe.sheets.form_read import read_return
from kaohe.workbooks.read_file import FileTrouble, load
from kaohe.workbooks.worker_client import Worker

_OF_THE_READER = ("crashed", "slow", "memory")


class Look(NamedTuple):
    """What a file is: ``poison`` why it must not be read again, ``why`` why it is no return; else ''.

    ``period``: the one its form was issued for, where it tells.
    """

    poison: str = ""
    why: str = ""
    period: str = ""


def look_at(paths: Iterable[Path]) -> dict[Path, Look]:
    """A look at each file; a file that takes the reader down is poison, whatever else it may be."""
    files = list(paths)
    with Worker(_look) as worker:
        return {path: _as_look(outcome) for path, outcome in zip(files, worker.read(files), strict=True)}


def digest_of(path: Path) -> str | FileTrouble:
    """The SHA-256 of a file's bytes as 填报数据 and 收件登记 have it, or why there is none."""
    data = load(path)
    return data if isinstance(data, FileTrouble) else hashlib.sha256(data).hexdigest()


def _look(data: bytes, name: str) -> Look:
    try:
        returned = read_return(data, name, "")
    except Exception as error:  # noqa: BLE001  (whatever a file makes go wrong is to be known of that file)
        return Look(poison=f"读取时程序内部错误({type(error).__name__}: {error})"[:200])
    if not returned.problem:
        return Look(period=returned.identity.period)
    return Look(why=Finding(returned.problem, Location(), dict(returned.facts)).what)


def _as_look(outcome: Look | FileTrouble) -> Look:
    if not isinstance(outcome, FileTrouble):
        return outcome
    if outcome.code in _OF_THE_READER:
        return Look(poison=outcome.reason)
    return Look(why=outcome.reason)
