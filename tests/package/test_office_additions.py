"""What the office added to the master before a run is there after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from kaohe.workbooks.package import patch_bytes
from kaohe.workbooks.plan import BookPlan, SheetPlan
from tests.package.books import NS, allowed, cell, master, opened, outside, parts, sheet_part, sheet_xml
from tests.package.office import edited_by_the_office
from tests.package.plans import just, ranking
from tests.support.libreoffice import recalculate, to_pdf

KINDS = ("charts/chart", "drawings/drawing", "drawings/vmlDrawing", "media/image", "comments")


def added(data: bytes) -> dict[str, bytes]:
    """The parts of charts, drawings, pictures and comments."""
    return {n: c for n, c in parts(data).items() if any(kind in n for kind in KINDS) and "rels" not in n}


def without_data(chart: bytes) -> bytes:
    """A chart without its references and cached values, in canonical form."""
    root = etree.fromstring(chart)
    for node in [*root.iterfind(".//{*}strRef"), *root.iterfind(".//{*}numRef")]:
        node.clear()
    return bytes(etree.tostring(root, method="c14n"))


def check(before: bytes, after: bytes) -> None:
    """Every part outside the named list is the same, and our sheet still refers to what hangs on it.

    The office's chart of the whole table goes with the table, and changes in nothing else; so does the
    formula that counts its rows.
    """
    charts = {name for name in parts(before) if name.startswith("xl/charts/chart")}
    assert outside(before, after, allowed(before, "排名", "领导看板") | charts) == {}
    board = parts(before)[sheet_part(before, "领导看板")].replace(b"C5:C13", b"C5:C16")
    assert parts(after)[sheet_part(after, "领导看板")] == board.replace(b"C$5:C$13", b"C$5:C$16")
    for name in charts:
        old_chart, new_chart = parts(before)[name], parts(after)[name]
        assert re.findall(rb"<c:f>([^<]+)<", new_chart) == [
            ref.replace(b"$13", b"$16") for ref in re.findall(rb"<c:f>([^<]+)<", old_chart)
        ]
        assert without_data(new_chart) == without_data(old_chart)
    old, new = sheet_xml(before, "排名"), sheet_xml(after, "排名")
    for tag in ("drawing", "legacyDrawing"):
        assert [n.attrib for n in new.findall(f"m:{tag}", NS)] == [
            n.attrib for n in old.findall(f"m:{tag}", NS)
        ]
    rels = sheet_part(before, "排名").replace("worksheets/", "worksheets/_rels/") + ".rels"
    for kind in ("/drawing", "/comments", "/vmlDrawing"):
        assert parts(after)[rels].count(f'{kind}"'.encode()) == parts(before)[rels].count(f'{kind}"'.encode())
    sheet = opened(after)["排名"]
    assert sheet["C5"].comment is not None
    assert "口径已核对" in sheet["C5"].comment.text
    assert sheet["G13"].value == "手记"
    assert len(sheet._images) == 1
    assert "B5:B16" in {str(area.sqref) for area in sheet.conditional_formatting}


def test_it_is_all_there_after_a_patch() -> None:
    before = edited_by_the_office(master())
    assert {kind for kind in KINDS if any(kind in name for name in added(before))} == set(KINDS)
    check(before, patch_bytes(before, just(ranking(12))))


def test_again_and_again() -> None:
    before = edited_by_the_office(master())
    after = before
    for count in (12, 3, 12, 9, 12):
        after = patch_bytes(after, just(ranking(count)))
    check(before, after)


@pytest.mark.soffice
def test_it_is_all_there_after_libreoffice_saved_in_between(tmp_path: Path) -> None:
    (tmp_path / "总表.xlsx").write_bytes(edited_by_the_office(master()))
    before = recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes()
    assert {kind for kind in KINDS if any(kind in name for name in added(before))} == set(KINDS)
    check(before, patch_bytes(before, just(ranking(12))))


@pytest.mark.soffice
def test_the_office_s_formulas_see_the_new_numbers(tmp_path: Path) -> None:
    (tmp_path / "总表.xlsx").write_bytes(edited_by_the_office(master()))
    saved = recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes()
    for name, before in (("一", edited_by_the_office(master())), ("二", saved)):
        (tmp_path / f"{name}.xlsx").write_bytes(patch_bytes(before, just(ranking(12, top=55.5))))
        after = recalculate(tmp_path / f"{name}.xlsx", tmp_path / "after").read_bytes()
        assert cell(after, "领导看板", "A1").findtext("{*}v") == "55.5"
        assert len(added(after)) == len(added(saved))


@pytest.mark.soffice
def test_all_of_our_formats_survive_libreoffice_and_a_patch(tmp_path: Path) -> None:
    """After LibreOffice renumbered the styles, the cells we write look as they did before."""
    (tmp_path / "总表.xlsx").write_bytes(master())
    saved = recalculate(tmp_path / "总表.xlsx", tmp_path / "saved").read_bytes()
    fresh = opened(patch_bytes(master(), just(ranking(12))))["排名"]
    after = opened(patch_bytes(saved, just(ranking(12))))["排名"]
    for row, other in zip(fresh.iter_rows(), after.iter_rows(), strict=True):
        for one, two in zip(row, other, strict=True):
            assert one.value == two.value
            assert (one.font.b, one.font.sz, one.number_format) == (
                two.font.b,
                two.font.sz,
                two.number_format,
            )
            assert (one.fill.fgColor.rgb, one.border.left.style) == (
                two.fill.fgColor.rgb,
                two.border.left.style,
            )


@pytest.mark.soffice
def test_it_prints(tmp_path: Path) -> None:
    (tmp_path / "总表.xlsx").write_bytes(patch_bytes(edited_by_the_office(master()), just(ranking(12))))
    assert to_pdf(tmp_path / "总表.xlsx", tmp_path / "pdf").read_bytes().startswith(b"%PDF")


def test_a_plan_for_sheets_that_are_not_there_yet() -> None:
    before = edited_by_the_office(master())
    after = patch_bytes(before, BookPlan((SheetPlan("问题清单", "问题清单", [["无"]], ("text",)),)))
    assert outside(before, after, allowed(before)) == {}
    assert opened(after).sheetnames == ["排名", "方案", "样式", "领导看板", "问题清单"]
