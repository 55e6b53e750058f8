"""Units and indicators by what people call them: a code, a name, or enough of a name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from kaohe.jobs.common import JobError
from kaohe.tables import plain


class Named(Protocol):
    """A thing with a code and a name."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


Thing = TypeVar("Thing", bound=Named)


def the_one(things: Iterable[Thing], word: str, where: str) -> Thing:
    """The thing of that code or name, or the only one whose name holds the word. Raises JobError."""
    things = tuple(things)
    wanted = plain(word).casefold()
    exact = [t for t in things if wanted in (plain(t.code).casefold(), plain(t.name).casefold())]
    holding = exact or [t for t in things if wanted and wanted in plain(t.name).casefold()]
    if len(holding) == 1 or (exact and len({t.code for t in exact}) == 1):
        return holding[0]
    if holding:
        shown = "、".join(f"{t.code} {t.name}" for t in holding[:6])
        raise JobError(f"“{word}”在{where}中不止一个:{shown}。请用代码。")
    near = _near(word, [name for thing in things for name in (thing.code, thing.name)])
    hint = f"是不是{'、'.join(near)}?" if near else "请用代码或名称。"
    raise JobError(f"{where}中没有“{word}”。{hint}")


def _near(word: str, names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(difflib.get_close_matches(word, names, n=3, cutoff=0.4)))
