"""What of a result may leave the office: 公示内容 and 扣分公开 of 方案 (WXJ6, WXJ7)."""

from __future__ import annotations

from typing import NamedTuple

from kaohe import settings
from kaohe.assess.load_cells import listed
from kaohe.model import Scheme

OPEN = ("得分", "名次", "等次")


class Shown(NamedTuple):
    """Which columns of a result are open to everybody; what is not here is in no public document."""

    score: bool
    rate: bool
    """得分率, where that is what the ranks follow."""
    rank: bool
    grade: bool
    deductions: bool

    @property
    def tabular(self) -> bool:
        """Whether there is more to show than who has which grade."""
        return self.score or self.rank


def shown(scheme: Scheme, graded: bool) -> Shown:
    """The settings of the scheme; ``graded``: whether it gives grades at all.

    Where only grades may be shown and the scheme gives none, nothing is left: the names alone.
    """
    words = set(listed(str(scheme.settings["公示内容"])))
    score = "得分" in words
    return Shown(
        score=score,
        rate=score and scheme.settings["排名依据"] == settings.RANK_BY_RATE,
        rank="名次" in words,
        grade="等次" in words and graded,
        deductions=settings.allowed(scheme.settings, "扣分公开"),
    )


def unknown_words(scheme: Scheme) -> list[str]:
    """What stands in 公示内容 and is none of what a result has."""
    return [word for word in listed(str(scheme.settings["公示内容"])) if word not in OPEN]
