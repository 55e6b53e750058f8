"""BH's 1–7月 form: issued, filled in, checked and consolidated, beside the half-year's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe import terms
from kaohe.jobs.check import check
from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.jobs.issue import Issued, issue
from kaohe.jobs.master import open_master
from kaohe.sheets.form_read import read_return
from tests.support import bh, example
from tests.support.line import filled, grid


class July:
    """The example with the 1–7月 forms issued and half-year figures typed into them."""

    def __init__(self, folder: Path) -> None:
        self.folder = example.copy(folder)
        self.master = self.folder / example.MASTER
        self.inbox = self.folder / "回收七月"
        self.inbox.mkdir()
        self.issued: Issued = issue(self.master, "2007-07", self.folder / "下发七月")
        typed = bh.changed(*((unit.code, "D09", "86") for unit in bh.scheme().units))
        for path in self.issued.written:
            returned = read_return(path.read_bytes(), path.name, "")
            said = [
                (row.indicator, typed.get((returned.identity.unit, row.indicator))) for row in returned.rows
            ]
            rows = [f"{code}|{row['完成值']}|进度偏慢|加快" for code, row in said if row and row["完成值"]]
            text = "\n".join(("指标|完成值|原因|措施", *rows))
            (self.inbox / path.name).write_bytes(filled(path.read_bytes(), text))
        self.done: Consolidation = consolidate(self.master, self.inbox)


@pytest.fixture(scope="module")
def july(tmp_path_factory: pytest.TempPathFactory) -> July:
    return July(tmp_path_factory.mktemp("july"))


def test_the_form_is_headed_1_to_7(july: July) -> None:
    (form,) = [path for path in july.issued.written if path.name.startswith("新区")]
    heading = " ".join(str(v) for row in grid(form, "自测表").rows[:6] for v in row if v)
    assert "2007年1–7月" in heading
    assert "2007-08-10" in heading


def test_bh7_the_form_has_the_new_rows_and_the_new_target(july: July) -> None:
    """D09 and D014 are there; the COD row shows 400 and waits for the year's end."""
    (form,) = [path for path in july.issued.written if path.name.startswith("新区")]
    rows = {row.indicator: row for row in read_return(form.read_bytes(), "", "").rows}
    assert {"D09", "D014"} <= set(rows)
    assert rows["D07"].shown_target == 400
    assert rows["D07"].shown_state == terms.OUTSIDE_PERIOD
    assert rows["D03"].shown_weight == 1


def test_bh3_quarterly_figures_are_not_due_in_july(july: July) -> None:
    counted = {row.indicator.code for row in july.done.assessment.scores.counted}
    now = bh.scheme().at(bh.JULY.end)
    assert counted == {row.code for row in now.indicators if row.frequency == terms.MONTHLY}
    assert "D09" in counted


def test_everybody_is_ranked_over_the_same_weight(july: July) -> None:
    found = july.done.assessment.standings
    assert not july.done.errors
    for standing in found:
        assert standing.rank == 1 + sum(other.total > standing.total for other in found)
    assert len({(s.measured_weight, s.measured_indicators) for s in found}) == 1


def test_seven_twelfths_are_due(july: July) -> None:
    """BH3: 地区生产总值 is quarterly; 财政收入 50 for the year, 29.17 by July."""
    row = july.done.assessment.scores.results["A02"]
    at = [unit.code for unit in july.done.assessment.scores.units].index(bh.BINHU)
    assert f"{row.due[at]:.2f}" == "29.17"
    assert row.state[at] == terms.BEHIND


def test_checking_agrees(july: July) -> None:
    found = check([july.inbox], master_path=july.master).findings
    about_forms = [f.message for f in july.done.assessment.findings if f.location.workbook != "总表.xlsx"]
    assert [f.message for f in found if f.location.workbook != "总表.xlsx"] == about_forms


def test_the_half_year_stands_as_it_was(july: July) -> None:
    """Consolidating the first half again, after July: 67.6, third."""
    again = consolidate(july.master, july.folder / example.INBOX, period_code="2007-H1")
    (found,) = [s for s in again.assessment.standings if s.unit.code == bh.BINHU]
    assert (found.total, found.rank) == (67.6, 3)
    records = open_master(july.master).records
    assert {record.period for record in records} == {"2007-H1", "2007-07"}
    assert not [record for record in records if record.superseded]
