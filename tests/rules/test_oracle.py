"""The LibreOffice oracle really computes: a wrong cached value is corrected, unless told not to look."""

from __future__ import annotations

from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from tests.support.libreoffice import Recalc, recalculate, require_soffice

POISON = 999.0


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """A workbook with =A1*2 over 3, whose cache claims 999."""
    require_soffice()
    path = tmp_path / "poisoned.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_number(0, 0, 3)
    sheet.write_formula(0, 1, "=A1*2", None, POISON)
    book.close()
    return path


def second_cell(path: Path) -> object:
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[0][1]


@pytest.mark.soffice
def test_the_oracle_corrects_a_poisoned_cache(poisoned: Path, tmp_path: Path) -> None:
    assert second_cell(poisoned) == POISON
    assert second_cell(recalculate(poisoned, tmp_path / "always")) == 6


@pytest.mark.soffice
def test_without_recalculation_the_poison_is_seen(poisoned: Path, tmp_path: Path) -> None:
    assert second_cell(recalculate(poisoned, tmp_path / "never", mode=Recalc.NEVER)) == POISON


@pytest.mark.soffice
def test_originals_are_never_overwritten(poisoned: Path) -> None:
    with pytest.raises(ValueError, match="originals"):
        recalculate(poisoned, poisoned.parent)
