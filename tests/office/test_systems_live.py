"""Native formulas of every bundled system come to the cached scores, ranks and grades in LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.jobs.demo import Demo, demo, demo_periods
from tests.office.cached import differences, formula_count
from tests.office.desk import Desk

pytestmark = [pytest.mark.soffice, pytest.mark.full]
CODES = [code for code in demo_periods() if code != "BH"]


@pytest.fixture(scope="module", params=CODES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo of one system, played once."""
    return demo(request.param, tmp_path_factory.mktemp(request.param) / "演示")


def test_masters_recalculate_to_what_they_keep(desk: Desk, made: Demo) -> None:
    master = made.folder / "总表.xlsx"
    assert formula_count(master) > 200
    with desk.open(master) as book:
        assert book.errors() == []
        assert differences(master, book) == []


def test_forms_and_marking_sheets_recalculate_to_what_they_keep(desk: Desk, made: Demo) -> None:
    """One form and one 考评打分表 of every system, as issued and as filled in."""
    assessors = {path.name for path in made.issued.assessors}
    names = sorted(path.name for path in (made.folder / "下发").glob("*.xlsx"))
    chosen = [next(n for n in names if n not in assessors), next(n for n in names if n in assessors)]
    for path in (Path(made.folder / folder / name) for folder in ("下发", "回收") for name in chosen):
        assert formula_count(path) > 0
        with desk.open(path) as book:
            assert book.errors() == [], path.name
            assert differences(path, book) == [], path.name
