"""A master made before the year's registers were: what it can do, what upgrade adds, what works then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.jobs import new as new_job
from kaohe.jobs.common import JobError
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked, cells_of
from kaohe.jobs.master import open_master
from kaohe.jobs.upgrade import upgrade
from kaohe.model import StateRow
from kaohe.tables import SPECS, YEAR
from tests.support.line import Desk

LATER_SHEETS = tuple(spec.title for spec in YEAR)
LATER_COLUMNS = {"申诉": ("类别", "提出人")}
FULL = "指标|完成值\nX1|100\nX2|90"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose master knows nothing of them."""
    known = tuple(
        replace(
            spec, columns=tuple(c for c in spec.columns if c.title not in LATER_COLUMNS.get(spec.title, ()))
        )
        for spec in SPECS
        if spec.title not in LATER_SHEETS
    )
    with monkeypatch.context() as patched:
        patched.setattr(new_job, "SPECS", known)
        patched.setattr(new_job, "BY_KEY", {spec.key: spec for spec in known})
        return Desk.new(tmp_path)


def test_upgrade_adds_them_and_the_results_can_be_decided(desk: Desk) -> None:
    lacking = {finding.facts["what"] for finding in open_master(desk.master).findings}
    assert lacking >= {f"《{title}》" for title in LATER_SHEETS}
    with pytest.raises(JobError, match="kaohe upgrade"):
        cells_of(open_master(desk.master), StateRow("2007-H1", "领导小组审核"))
    done = upgrade(desk.master, clock=desk.clock)
    assert set(done.sheets) >= set(LATER_SHEETS)
    assert {text.partition("(")[0] for text in done.columns} == {"申诉:类别", "申诉:提出人"}
    assert open_master(desk.master).findings == ()
    assert _decide(desk) == "领导小组审核"
    assert [row.state for row in open_master(desk.master).ledger.states] == ["领导小组审核"]


def _decide(desk: Desk) -> str:
    """Both units in, consolidated, and taken to the first step."""
    desk.issue()
    for unit in ("U1", "U2"):
        desk.fill(unit, FULL)
    desk.consolidate()
    asked = Asked("领导小组审核", "纪要", "2007-07-20", "领导小组")
    return decide(desk.master, asked, clock=lambda: dt.datetime(2007, 7, 20, 18)).state.name
