"""Sizes, the offices they are measured on, and the closing table of ratios."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inbox import Office, full_office
from benchmarks.measure import Line

SIZES = tuple(int(size) for size in os.environ.get("KAOHE_BENCH_UNITS", "125,1000").split(","))
"""How many units are measured; `KAOHE_BENCH_UNITS=125,1000,10000` for the long run."""
ROUNDS = ((5_000, 1), (1_000, 3), (0, 5))
"""(from so many units, rounds)."""
_LINES = pytest.StashKey[list[Line]]()
Note = Callable[[Line], None]


def rounds(units: int) -> int:
    """More rounds where a round is short."""
    return next(count for size, count in ROUNDS if units >= size)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LINES] = []


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Office]:
    """The office with that many units, made when first asked for."""
    made: dict[int, Office] = {}

    def office(units: int) -> Office:
        if units not in made:
            made[units] = full_office(tmp_path_factory.mktemp(f"units{units}"), units)
        return made[units]

    return office


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Keep a ratio for the closing table."""
    return request.config.stash[_LINES].append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table for docs/performance.md; with KAOHE_BENCH_JSON also as a file."""
    lines = config.stash[_LINES]
    if not lines:
        return
    terminalreporter.section("同一次运行中的比值")
    for line in lines:
        terminalreporter.write_line(_as_row(line))
    target = os.environ.get("KAOHE_BENCH_JSON")
    if target:
        content = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
        Path(target).write_text(content, encoding="utf-8")


def _as_row(line: Line) -> str:
    """Subject, against, units, time, ratio, ratio of processor time, aim, verdict."""
    cpu = "" if line.cpu_ratio is None else f"{line.cpu_ratio:.2f}"
    aim = "" if line.aim is None else f"{'≥' if line.at_least else '≤'} {line.aim:g}"
    cells = (line.subject, line.against, f"{line.units}", _seconds(line.seconds), f"{line.ratio:.2f}", cpu)
    return "| " + " | ".join((*cells, aim, line.verdict)) + " |"


def _seconds(value: float) -> str:
    return f"{value:.2f} 秒" if value >= 0.1 else f"{value * 1000:.2f} 毫秒"
