"""Charts in LibreOffice: live on their cells, there after it saved the master and after the next run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.master import open_master
from tests.office.cached import differences
from tests.office.conftest import Example
from tests.office.desk import Desk
from tests.office.test_pictures import BAD, pages
from tests.package.charted import cached, chart, charts_of, places, references
from tests.support.libreoffice import recalculate, to_pdf

pytestmark = [pytest.mark.soffice, pytest.mark.full]

CHARTS = ("kaohe:profile", "kaohe:own_losses", "kaohe:losses")


def caches(master: Path) -> dict[str, list[list[str | None]]]:
    data = master.read_bytes()
    return {name: cached(chart(data, name), "val") for name in charts_of(data)}


def test_another_unit_is_seen_at_once_and_stays_chosen(desk: Desk, example: Example) -> None:
    unit = example.assessment.standings[-1].unit
    with desk.open(example.master) as book:
        book.type("图表", {"C4": unit.name})
        assert book.cell("图表", "N4") == unit.code
        title = book.cell("图表", "S19")
        assert str(title).startswith(unit.name)
        saved = book.save(example.folder / "另存.xlsx")
    saved.replace(example.master)
    before = caches(example.master)
    consolidate(example.master, example.inbox, period_code="2007-H1")
    assert open_master(example.master).chosen == unit.name
    assert caches(example.master)["kaohe:profile"] == before["kaohe:profile"]
    with desk.open(example.master) as book:
        assert book.cell("图表", "C4") == unit.name
        assert book.errors() == []
        assert differences(example.master, book) == []


@pytest.mark.parametrize("typed", ["", "没有这家", "U05"])
def test_whatever_stands_in_the_choice(desk: Desk, example: Example, typed: str) -> None:
    """A code counts, and what is no unit counts as the first one: the kept values are those."""
    with desk.open(example.master) as book:
        book.type("图表", {"C4": typed})
        saved = book.save(example.folder / "另存.xlsx")
    saved.replace(example.master)
    consolidate(example.master, example.inbox, period_code="2007-H1")
    with desk.open(example.master) as book:
        assert book.errors() == []
        assert differences(example.master, book) == []


def test_a_master_that_libreoffice_saved(example: Example, tmp_path: Path) -> None:
    """It types linked titles out and counts its cells anew: the next run finds and mends the charts."""
    original = example.master.read_bytes()
    shutil.copy(recalculate(example.master, tmp_path / "saved"), example.master)
    assert set(charts_of(example.master.read_bytes())) == set(charts_of(original))
    consolidate(example.master, example.inbox, period_code="2007-H1")
    after = example.master.read_bytes()
    assert places(after) == places(original)
    for name in CHARTS:
        assert references(chart(after, name)) == references(chart(original, name)), name
        assert cached(chart(after, name), "val") == cached(chart(original, name), "val"), name
        assert cached(chart(after, name), "cat") == cached(chart(original, name), "cat"), name


def test_printed(example: Example, tmp_path: Path) -> None:
    """Each chart on one page with its title and every unit's name; the figures beside are not printed."""
    found = pages(to_pdf(example.master, tmp_path / "pdf"))
    charts = [text for text in found if "图表第" in text]
    assert len(charts) == 2
    text = "".join(charts)
    for row in example.assessment.standings:
        assert f"{row.unit.name}{row.total:.2f}" in text
    assert "全市总分排名(分,横条自63分画起)" in text
    assert "失分最多的指标" in text
    assert "指标代码" not in text
    assert not [bad for bad in BAD if bad in text]
    assert len([page for page in found if "进度热图第" in page]) == 2
