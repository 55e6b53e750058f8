"""BH7 on files: what was issued under a version is scored under it, after the office changed the master."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.jobs.common import JobError
from kaohe.jobs.consolidate import assess_returns, consolidate
from kaohe.jobs.inbox import find_files, read_returns
from kaohe.jobs.master import open_master
from kaohe.jobs.scheme_version import restored, scheme_under, under_version
from kaohe.periods import parse_period
from kaohe.workbooks.package import fill
from tests.support.line import Desk
from tests.support.returns import H1


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Issued under targets of 100 and 90, weights of 60 and 40; then the office changes both in place."""
    desk = Desk.new(tmp_path)
    desk.issue()
    for unit in ("U1", "U2"):
        desk.fill(unit, "指标|完成值\nX1|100\nX2|90")
    data = fill(desk.master.read_bytes(), "目标", {(4, 3): 200.0})
    data = fill(data, "指标", {(4, 6): 70.0, (5, 6): 30.0})
    desk.master.write_bytes(fill(data, "部分", {(4, 4): 70.0, (5, 4): 30.0}))
    return desk


def issued(desk: Desk) -> str:
    """The version under which the forms went out."""
    (version,) = {row.version for row in open_master(desk.master).issues.values()}
    return version


def scored(desk: Desk, version: str = "") -> Assessment:
    """The inbox under a version, or under the scheme as it is now."""
    master = open_master(desk.master)
    paths, _ = find_files([desk.inbox])
    returns = read_returns(paths, desk.inbox, 1, lambda *_: None)
    return assess_returns(under_version(master, version) if version else master, H1, returns)


def totals(assessment: Assessment) -> list[float]:
    return [standing.total for standing in assessment.standings]


def test_bh7_under_the_old_version_the_old_scores(desk: Desk) -> None:
    under = scored(desk, issued(desk))
    assert totals(under) == [100, 100]
    assert under.scores.scheme.version == issued(desk)
    assert [finding.code for finding in under.findings] == []


def test_bh7_under_the_new_version_the_new_scores(desk: Desk) -> None:
    now = scored(desk)
    assert totals(now) == [65, 65]
    assert now.scores.scheme.version != issued(desk)
    assert {finding.code for finding in now.findings} >= {"W06"}


def test_bh7_a_period_that_was_consolidated_keeps_giving_its_score(desk: Desk) -> None:
    """The returns stand in the master: taken in under the new scheme, scored again under the old one."""
    version = issued(desk)
    desk.consolidate("2007-H1")
    assert totals(scored(desk, version)) == [100, 100]
    assert totals(scored(desk)) == [65, 65]


def test_every_issued_version_is_kept(desk: Desk) -> None:
    old = issued(desk)
    desk.issue("2007")
    kept = list(dict.fromkeys(row.version for row in open_master(desk.master).versions))
    assert kept[0] == old
    assert len(kept) == 2
    for version in kept:
        found = restored(open_master(desk.master), version)
        assert (found.findings, found.scheme.version) == ((), version)


def test_the_scheme_of_a_version_can_be_looked_at(desk: Desk) -> None:
    old = scheme_under(open_master(desk.master), issued(desk))
    assert [row.weight for row in old.at(parse_period("2007").end).indicators] == [60, 40]


def test_a_version_nobody_issued(desk: Desk) -> None:
    version = issued(desk)
    near = version[:-1] + ("0" if version[-1] != "0" else "1")
    with pytest.raises(JobError, match=f"没有留存方案版本 {near}。相近的有:{version}"):
        scheme_under(open_master(desk.master), near)


def test_before_the_first_issue_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="还没有下发过"):
        scheme_under(open_master(Desk.new(tmp_path).master), "abc")


def test_s51_names_the_row_of_the_register(desk: Desk) -> None:
    version = issued(desk)
    rows = open_master(desk.master).versions
    at = next(n for n, row in enumerate(rows) if row.table == "目标")
    changed = rows[at].content.replace("100", "50")
    desk.master.write_bytes(fill(desk.master.read_bytes(), "方案版本", {(3 + at, 5): changed}))
    found = restored(open_master(desk.master), version)
    assert [(f.code, f.location.sheet, f.location.cell) for f in found.findings] == [
        ("S51", "方案版本", "E3")
    ]
    desk.master.write_bytes(fill(desk.master.read_bytes(), "方案版本", {(3 + at, 5): "涂改"}))
    found = restored(open_master(desk.master), version)
    assert [(f.code, f.location.cell) for f in found.findings] == [("S50", f"E{3 + at}")]


def test_findings_about_todays_tables_give_way_and_those_about_registers_stay(desk: Desk) -> None:
    version = issued(desk)
    data = fill(desk.master.read_bytes(), "目标", {(4, 3): "约200"})
    data = fill(data, "人工调整", {(4, 1): "2007-H1", (4, 2): "U9", (4, 4): "得分"})
    desk.master.write_bytes(data)
    master = open_master(desk.master)
    assert {finding.location.sheet for finding in master.findings} == {"目标", "人工调整"}
    assert {finding.location.sheet for finding in under_version(master, version).findings} == {"人工调整"}


def test_bh7_a_run_says_which_version_it_scored_under(desk: Desk) -> None:
    version = issued(desk)
    consolidate(desk.master, desk.inbox, scheme_version=version, clock=desk.clock)
    assert [row["总分"] for row in desk.rows("排名")[:2]] == [100, 100]
    assert open_master(desk.master).runs[-1].version == version
    consolidate(desk.master, desk.inbox, clock=desk.clock)
    assert [row["总分"] for row in desk.rows("排名")[:2]] == [65, 65]
    assert open_master(desk.master).runs[-1].version != version
