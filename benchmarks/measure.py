"""Contestants run by turns in one process, so that a busy machine slows all of them alike.

A ratio is taken round by round and the middle one counts: once of the time on the clock, once of the
processors' time (children included), which other programs on the machine disturb less. pytest-benchmark
keeps the time of whole rounds, and each contestant's middle time in ``extra_info``.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

Contestant = Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """Seconds of every contestant, round by round: on the clock, and of the processors."""

    seconds: Mapping[str, tuple[float, ...]]
    cpu: Mapping[str, tuple[float, ...]]

    def middle(self, name: str) -> float:
        """The median of a contestant's seconds."""
        return median(self.seconds[name])

    def ratio(self, name: str, against: str) -> float:
        """How many times as long ``name`` takes as ``against``: the median of the rounds' ratios."""
        return _middle_ratio(self.seconds[name], self.seconds[against])

    def cpu_ratio(self, name: str, against: str) -> float:
        """The same of the processors' time."""
        return _middle_ratio(self.cpu[name], self.cpu[against])


def _middle_ratio(mine: Iterable[float], others: Iterable[float]) -> float:
    return median(own / other for own, other in zip(mine, others, strict=True))


@dataclass(frozen=True)
class Line:
    """One line of the closing table: ``ratio`` is ``seconds`` over those of ``against``; ``cpu_ratio`` is
    the same of the processors' time.

    ``aim`` is an upper bound for ratios of cost and a lower bound (``at_least``) for gains.
    """

    subject: str
    against: str
    units: int
    seconds: float
    ratio: float
    cpu_ratio: float | None = None
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
    cpu: dict[str, list[float]] = {name: [] for name in contestants}

    def one_round() -> None:
        for name, contestant in contestants.items():
            if prepare is not None:
                prepare()
            gc.collect()
            start, busy = time.perf_counter(), _cpu_seconds()
            contestant()
            seconds[name].append(time.perf_counter() - start)
            cpu[name].append(_cpu_seconds() - busy)

    warm_up = int(rounds > 1)
    benchmark.pedantic(one_round, rounds=rounds, iterations=1, warmup_rounds=warm_up)
    counted, busy = ({name: tuple(kept[-rounds:]) for name, kept in all_.items()} for all_ in (seconds, cpu))
    measured = Measured(counted, busy)
    benchmark.extra_info.update({name: measured.middle(name) for name in contestants})
    return measured


def _cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
