"""Workbooks nobody here wrote: our sheets come in and change, and every other part stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.workbooks.package import PatchRefused, adopt, create, patch_bytes
from tests.conftest import SHARED
from tests.package.books import allowed, opened, outside, parts, skeleton
from tests.package.office import edited_by_the_office
from tests.package.plans import just, notes_sheet, ranking
from tests.support.libreoffice import recalculate_all

pytestmark = pytest.mark.corpus

FOLDER = SHARED / "corpus" / "masters"
FILES = sorted(FOLDER.glob("*.xlsx")) if FOLDER.is_dir() else []
REFUSED = {"workbookProtection_workbook_revision_protected.xlsx": "共享工作簿"}
"""Files the patch must leave alone, and the word in its reason."""
TAKEN = [path for path in FILES if path.name not in REFUSED]
MEANT_TO_BE_HERE = (
    "chart",
    "pivot",
    "table",
    "comments",
    "activeX",
    "embeddings",
    "externalLink",
)


def first(source: bytes) -> bytes:
    """The workbook with our sheets in it."""
    return patch_bytes(adopt(source, skeleton()), just(ranking(9), notes_sheet()))


def ids(path: Path) -> str:
    return path.stem


def opens(data: bytes) -> bool:
    """Whether openpyxl opens it; some real files it does not."""
    try:
        opened(data)
    except (ValueError, KeyError, TypeError):
        return False
    return True


def test_the_corpus_has_what_must_survive() -> None:
    names = [name for path in FILES for name in parts(path.read_bytes())]
    missing = [kind for kind in MEANT_TO_BE_HERE if not any(kind in name for name in names)]
    assert missing == []
    assert len(FILES) >= 14


@pytest.mark.parametrize("path", TAKEN, ids=ids)
def test_everything_else_stays(path: Path) -> None:
    source = path.read_bytes()
    one = first(source)
    assert outside(source, one, allowed(source) | {"xl/styles.xml"}) == {}
    two = patch_bytes(one, just(ranking(12)))
    assert outside(one, two, allowed(one, "排名")) == {}
    assert patch_bytes(two, just(ranking(12))) == two
    assert opens(two) == opens(source)


@pytest.mark.parametrize("path", TAKEN, ids=ids)
def test_our_cells_have_our_formats_among_theirs(path: Path) -> None:
    source = path.read_bytes()
    if not opens(source):
        pytest.fail(f"openpyxl does not open {path.name}: give it another check")
    ours, theirs = opened(first(source))["排名"], opened(create(skeleton(), just(ranking(9))))["排名"]
    styled = [(one, ours[one.coordinate]) for row in theirs.iter_rows() for one in row if one.has_style]
    assert len(styled) > 50
    for one, two in styled:
        assert (one.value, one.number_format) == (two.value, two.number_format)
        assert (one.font.name, one.font.sz, one.font.b) == (two.font.name, two.font.sz, two.font.b)
        assert (one.fill.fgColor.rgb, one.border.left.style) == (two.fill.fgColor.rgb, two.border.left.style)


@pytest.mark.parametrize("name", REFUSED)
def test_left_alone_with_a_reason(name: str) -> None:
    with pytest.raises(PatchRefused, match=REFUSED[name]):
        first((FOLDER / name).read_bytes())


@pytest.mark.full
@pytest.mark.soffice
def test_libreoffice_opens_what_it_opened_before(tmp_path: Path) -> None:
    written = []
    for path in TAKEN:
        target = tmp_path / path.name
        target.write_bytes(patch_bytes(first(path.read_bytes()), just(ranking(12))))
        written.append(target)
    for saved in recalculate_all(written, tmp_path / "saved"):
        sheet = opened(saved.read_bytes())["排名"]
        assert [cell.value for cell in sheet["C"]][4:] == [69.0 - n for n in range(12)]


@pytest.mark.full
@pytest.mark.soffice
def test_a_master_with_theirs_and_ours_saved_by_libreoffice(tmp_path: Path) -> None:
    written = []
    for path in TAKEN:
        target = tmp_path / path.name
        target.write_bytes(first(path.read_bytes()))
        written.append(target)
    for saved in recalculate_all(written, tmp_path / "saved"):
        before = saved.read_bytes()
        after = patch_bytes(before, just(ranking(12)))
        assert outside(before, after, allowed(before, "排名")) == {}
        assert opened(after)["排名"]["A16"].value == 12


def test_the_office_s_additions_are_no_stranger_than_these() -> None:
    """The additions of test_office_additions are written as the real files write theirs."""
    own = create(skeleton(), just(ranking(9), notes_sheet()))
    kinds = {name.rsplit("/", 1)[0] for name in parts(edited_by_the_office(own))}
    real = {name.rsplit("/", 1)[0] for path in FILES for name in parts(path.read_bytes())}
    assert kinds <= real
