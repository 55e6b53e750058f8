"""Contestants run by turns in one process, so that a busy machine slows all of them alike.

A ratio is taken round by round and the middle one counts. pytest-benchmark keeps the time of whole rounds and
each contestant's middle time in ``extra_info``.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

Contestant = Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """Seconds of every contestant, round by round."""

    seconds: Mapping[str, tuple[float, ...]]

    def middle(self, name: str) -> float:
        """The median of a contestant's seconds."""
        return median(self.seconds[name])

    def ratio(self, name: str, against: str) -> float:
        """How many times as long ``name`` takes as ``against``: the median of the rounds' ratios."""
        pairs = zip(self.seconds[name], self.seconds[against], strict=True)
        return median(mine / other for mine, other in pairs)


@dataclass(frozen=True)
class Line:
    """One line of the closing table: ``ratio`` is ``seconds`` over the seconds of ``against``.

    ``aim`` is an upper bound for ratios of cost and a lower bound (``at_least``) for gains.
    """

    subject: str
    against: str
    units: int
    seconds: float
    ratio: float
    aim: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """达到, 未达到, or '' without an aim."""
        if self.aim is None:
            return ""
        reached = self.ratio >= self.aim if self.at_least else self.ratio <= self.aim
        return "达到" if reached else "未达到"


def by_turns(
    benchmark: Any,
    contestants: Mapping[str, Contestant],
    rounds: int,
    prepare: Contestant | None = None,
) -> Measured:
    """Run every contestant once a round, in turn; of several rounds one more comes first and does not count.

    ``prepare`` runs before each contestant and is not measured. ``benchmark`` is pytest-benchmark's fixture:
    it times whole rounds and keeps the result.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}

    def one_round() -> None:
        for name, contestant in contestants.items():
            if prepare is not None:
                prepare()
            gc.collect()
            start = time.perf_counter()
            contestant()
            seconds[name].append(time.perf_counter() - start)

    warm_up = int(rounds > 1)
    benchmark.pedantic(one_round, rounds=rounds, iterations=1, warmup_rounds=warm_up)
    measured = Measured({name: tuple(found[warm_up:]) for name, found in seconds.items()})
    benchmark.extra_info.update({name: measured.middle(name) for name in contestants})
    return measured
