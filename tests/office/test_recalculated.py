"""LibreOffice computes finished masters and forms anew: every value the files keep is what it comes to."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kaohe.sheets.detail_rows import COLUMNS
from kaohe.workbooks.grid import address
from tests.office.cached import differences, formula_count, kept, sheet_parts
from tests.office.conftest import Example
from tests.office.desk import Desk
from tests.package.books import rebuilt
from tests.support.libreoffice import recalculate

pytestmark = [pytest.mark.soffice, pytest.mark.full]

DETAIL = "得分明细"
SCORE_COLUMN = 1 + [key for key, *_ in COLUMNS].index("score")


def poison(path: Path, sheet: str, cell: str, value: str) -> None:
    """Put a wrong number behind a formula's cell."""
    part = sheet_parts(path)[sheet]
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    text = contents[part].decode()
    start = text.index(f'<c r="{cell}"')
    begin, end = text.index("<v>", start) + 3, text.index("</v>", start)
    assert end < text.index("</c>", start)
    path.write_bytes(rebuilt({**contents, part: (text[:begin] + value + text[end:]).encode()}))


def test_the_finished_master(desk: Desk, example: Example) -> None:
    assert formula_count(example.master) > 1500
    with desk.open(example.master) as book:
        assert book.errors() == []
        assert differences(example.master, book) == []


def test_a_poisoned_score_is_noticed_and_corrected(desk: Desk, example: Example, tmp_path: Path) -> None:
    """The control: were LibreOffice to trust what files keep, the test above could not fail."""
    place = next(
        p for p, cell in sorted(kept(example.master, DETAIL).items()) if p[1] == SCORE_COLUMN and cell.formula
    )
    right = kept(example.master, DETAIL)[place].value
    poison(example.master, DETAIL, address(*place), "987.65")
    assert kept(example.master, DETAIL)[place].value == 987.65
    with desk.open(example.master) as book:
        found = differences(example.master, book)
    assert [text.partition(":")[0] for text in found] == [f"{DETAIL} R{place[0]}C{place[1]}"]
    saved = recalculate(example.master, tmp_path / "saved")
    assert kept(saved, DETAIL)[place].value == right


def test_the_master_before_anything_was_returned(desk: Desk, example: Example) -> None:
    with desk.open(example.unconsolidated) as book:
        assert book.errors() == []
        assert differences(example.unconsolidated, book) == []


@pytest.mark.parametrize(
    "chosen", ["江阴市*", "*环境保护局*", pytest.param("*.xlsx", marks=pytest.mark.full, id="all")]
)
@pytest.mark.parametrize("folder", ["下发", "回收"])
def test_forms(desk: Desk, example: Example, folder: str, chosen: str) -> None:
    """As issued, and as filled in by the example's clerks."""
    paths = sorted((example.folder / folder).glob(chosen))
    assert paths
    for path in paths:
        assert formula_count(path) > 4
        with desk.open(path) as book:
            assert book.errors() == []
            assert differences(path, book) == [], path.name
