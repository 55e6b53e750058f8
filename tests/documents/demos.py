"""The demos a test run makes once, and masters to publish from."""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import PRELIMINARY, State
from kaohe.jobs.demo import MASTER, demo
from kaohe.jobs.master import open_master
from kaohe.jobs.settled import settled

DEMOS = (
    "BH",
    "WX-J",
    *(pytest.param(code, marks=pytest.mark.full) for code in ("GN", "XN", "XT", "WX-D", "WX-Z")),
)
"""Codes to parametrize by; all seven in the full suite."""
MOMENT = dt.datetime(2017, 1, 20, 9)
DRAFT = PRELIMINARY
FINAL = State("公布", "2017-01-20", "纪要〔2017〕1号", "〔2017〕第8期", decided=True, final=True)


def clock() -> dt.datetime:
    """The moment everything is made at."""
    return MOMENT


@functools.cache
def master(code: str) -> Path:
    """The consolidated master of a demo. Nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return demo(code, folder / "演示").folder / MASTER


@functools.cache
def results(code: str) -> Assessment:
    """The assessment of a demo, as everything published is made from it."""
    return settled(open_master(master(code)), None)


def with_settings(assessment: Assessment, **settings: str) -> Assessment:
    """The same results under other settings that only say what is shown."""
    scheme = replace(assessment.scores.scheme, settings={**assessment.scores.scheme.settings, **settings})
    return replace(assessment, scores=replace(assessment.scores, scheme=scheme))
