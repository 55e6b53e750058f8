"""Another writer puts the same plan into the same master: a third program sees the same cells in both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.store import Cells, Written
from kaohe.workbooks.package import patch_bytes
from kaohe.workbooks.plan import BookPlan
from tests.package.books import edited, master
from tests.package.office import with_board
from tests.package.plans import just, notes_sheet, ranking
from tests.support.example import copy
from tests.survival.oracle import REASON, around, excelize, seen, written_by_excelize

pytestmark = pytest.mark.skipif(excelize() is None, reason=REASON)


def unlike(one: bytes, two: bytes) -> list[str]:
    """Where two workbooks differ, in cells or in what stands around them."""
    found = []
    for look in (seen, around):
        first, second = look(one), look(two)
        assert list(first) == list(second)
        for sheet in first:
            for key in sorted({*first[sheet], *second[sheet]}):
                mine, other = first[sheet].get(key), second[sheet].get(key)
                if mine != other:
                    found.append(f"{sheet} {key}: {mine} / {other}")
    return found


@pytest.mark.parametrize("count", [12, 9, 4, 2])
def test_the_same_cells_on_ours_and_everywhere_else(count: int, tmp_path: Path) -> None:
    before = with_board(master(9))
    plan = just(ranking(count, top=71.35), notes_sheet())
    theirs = written_by_excelize(before, plan, tmp_path / "另.xlsx")
    assert unlike(patch_bytes(before, plan), theirs) == []


def test_a_difference_is_seen(tmp_path: Path) -> None:
    """The oracle is no rubber stamp: one other score, one cell of the office's, one range are told."""
    before = with_board(master(9))
    theirs = written_by_excelize(before, just(ranking(12)), tmp_path / "另.xlsx")
    mine = patch_bytes(before, just(ranking(12, top=69.01)))
    assert any(text.startswith("排名 C5: ") for text in unlike(mine, theirs))
    other = edited(patch_bytes(before, just(ranking(12))), "xl/worksheets/sheet9.xml", ("C5:C16", "C5:C15"))
    assert [text.partition(":")[0] for text in unlike(other, theirs)] == ["领导看板 B1"]
    part = "xl/worksheets/sheet2.xml"
    short = edited(
        patch_bytes(before, just(ranking(12))), part, ('<autoFilter ref="A4:E16"', '<autoFilter ref="A4:E15"')
    )
    assert [text.partition(":")[0] for text in unlike(short, theirs)] == ["排名 filter"]


@dataclass
class Caught:
    """A store that keeps the plan of a run instead of writing it."""

    path: Path
    plans: list[BookPlan] = field(default_factory=list)

    def read(self) -> Master:
        """The master as it is now."""
        return open_master(self.path)

    def write(self, plan: BookPlan, master: Master, moment: dt.datetime, added: Cells = ()) -> Written:
        """Keep the plan."""
        self.plans.append(plan)
        return Written(None)


@pytest.mark.full
def test_a_whole_run_of_the_example(tmp_path: Path) -> None:
    """All result sheets of BH, into the master of before the run and once more into that of after it."""
    folder = copy(tmp_path)
    before = max((folder / "备份").glob("总表.*.xlsx")).read_bytes()
    for source in (before, (folder / "总表.xlsx").read_bytes()):
        (folder / "总表.xlsx").write_bytes(source)
        caught = Caught(folder / "总表.xlsx")
        consolidate(caught, folder / "回收", period_code="2007-H1")
        (plan,) = caught.plans
        theirs = written_by_excelize(source, plan, tmp_path / "另.xlsx")
        assert sum(len(cells) for cells in seen(theirs).values()) > 10_000
        assert unlike_cells(patch_bytes(source, plan), theirs) == []


def unlike_cells(one: bytes, two: bytes) -> list[str]:
    """Where the cells differ; an empty table's first row widens ranges in a way excelize does not follow."""
    first, second = seen(one), seen(two)
    assert list(first) == list(second)
    return [
        f"{sheet} {ref}: {first[sheet].get(ref)} / {second[sheet].get(ref)}"
        for sheet in first
        for ref in sorted({*first[sheet], *second[sheet]})
        if first[sheet].get(ref) != second[sheet].get(ref)
    ]
