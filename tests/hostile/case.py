"""One hostile file: what it is called, how it is made, what must come of it and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Case:
    """A file of the inbox.

    ``refusal``: the guard's code, '' when the file is read. ``codes``: findings of the file in a whole run.
    ``seconds`` and ``memory`` (bytes beyond what the program has) bound the reading.
    """

    group: str
    what: str
    name: str
    build: Callable[[], bytes]
    refusal: str
    codes: tuple[str, ...] = ("W01",)
    seconds: float = 3.0
    memory: int = 64 * MIB


@dataclass(frozen=True)
class FormCase:
    """A form of ours with something done to it; the unit it was issued to has no other.

    ``change`` makes the file's bytes from those of the issued form; the rest is as in :class:`Case`.
    """

    group: str
    what: str
    change: Callable[[bytes], bytes]
    codes: tuple[str, ...] = ()
    refusal: str = ""
    suffix: str = ".xlsx"
    seconds: float = 3.0
    memory: int = 64 * MIB
